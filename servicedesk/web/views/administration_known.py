"""Known errors and answers, changed in pages."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from servicedesk.actions.administering import known as acting
from servicedesk.actions.administering.known import KnownGiven
from servicedesk.extensions import desk
from servicedesk.web import identity
from servicedesk.web.administration import known_forms as forms
from servicedesk.web.administration.seeing import require_administration
from servicedesk.web.administration.sending import seen, send, sent_once, show
from servicedesk.web.blueprint import bp
from servicedesk.web.forms import drafts
from servicedesk.web.reading import reading
from servicedesk.web.speech import _


@bp.get("/administration/new/known")
def new_known() -> ResponseReturnValue:
    return show(forms.new_known)


@bp.post("/administration/new/known")
def create_known() -> ResponseReturnValue:
    def act() -> str:
        return _page_of(acting.add_known(desk(), _given(), actor=identity.viewer(), once=sent_once()))

    return send(forms.new_known, act, _("It is there, and offered from now on."))


@bp.get("/administration/known/<key>/change")
def edit_known(key: str) -> ResponseReturnValue:
    return show(lambda now: forms.edit_known(key, now))


@bp.post("/administration/known/<key>/change")
def change_known(key: str) -> ResponseReturnValue:
    def act() -> str:
        acting.change_known(desk(), key, _given(), actor=identity.viewer(), seen=seen())
        return _page_of(key)

    return send(lambda now: forms.edit_known(key, now), act, _("Saved."))


@bp.post("/administration/known/<key>/withdrawal")
def withdraw_known(key: str) -> ResponseReturnValue:
    require_administration()
    if not drafts.is_brought_back():
        acting.withdraw_known(desk(), key, actor=identity.viewer())
        flash(_("It is withdrawn: nobody is offered it any more."), "success")
    return redirect(_page_of(key), 303)


@bp.post("/administration/known/<key>/restoration")
def restore_known(key: str) -> ResponseReturnValue:
    require_administration()
    if not drafts.is_brought_back():
        acting.restore_known(desk(), key, actor=identity.viewer())
        flash(_("It is offered again."), "success")
    return redirect(_page_of(key), 303)


def _given() -> KnownGiven:
    with reading() as now:
        return forms.given(now.installation)


def _page_of(key: str) -> str:
    return url_for("web.show_part", kind="known", key=key)
