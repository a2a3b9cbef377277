"""Reply templates, changed in pages."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from servicedesk.actions.administering import templates as acting
from servicedesk.actions.administering.templates import TemplateGiven
from servicedesk.extensions import desk
from servicedesk.web import identity
from servicedesk.web.administration import template_forms as forms
from servicedesk.web.administration.seeing import require_administration
from servicedesk.web.administration.sending import seen, send, sent_once, show, typed
from servicedesk.web.blueprint import bp
from servicedesk.web.forms import drafts
from servicedesk.web.speech import _


@bp.get("/administration/new/template")
def new_template() -> ResponseReturnValue:
    return show(forms.new_template)


@bp.post("/administration/new/template")
def create_template() -> ResponseReturnValue:
    def act() -> str:
        return _page_of(acting.add_template(desk(), _given(), actor=identity.viewer(), once=sent_once()))

    return send(forms.new_template, act, _("The template is there, and offered from now on."))


@bp.get("/administration/template/<key>/change")
def edit_template(key: str) -> ResponseReturnValue:
    return show(lambda now: forms.edit_template(key, now))


@bp.post("/administration/template/<key>/change")
def change_template(key: str) -> ResponseReturnValue:
    def act() -> str:
        acting.change_template(desk(), key, _given(), actor=identity.viewer(), seen=seen())
        return _page_of(key)

    return send(lambda now: forms.edit_template(key, now), act, _("Saved."))


@bp.post("/administration/template/<key>/withdrawal")
def withdraw_template(key: str) -> ResponseReturnValue:
    require_administration()
    if not drafts.is_brought_back():
        acting.withdraw_template(desk(), key, actor=identity.viewer())
        flash(_("The template is withdrawn: nobody is offered it any more."), "success")
    return redirect(_page_of(key), 303)


@bp.post("/administration/template/<key>/restoration")
def restore_template(key: str) -> ResponseReturnValue:
    require_administration()
    if not drafts.is_brought_back():
        acting.restore_template(desk(), key, actor=identity.viewer())
        flash(_("The template is offered again."), "success")
    return redirect(_page_of(key), 303)


def _given() -> TemplateGiven:
    said = typed()
    return TemplateGiven(said.get("title", ""), said.get("text", ""), said.get("place", ""))


def _page_of(key: str) -> str:
    return url_for("web.show_part", kind="template", key=key)
