"""Saved lists: made on the queue, seen to on a page of their own."""

from urllib.parse import parse_qsl

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from servicedesk.actions import views as acting
from servicedesk.core.errors import Invalid
from servicedesk.extensions import desk
from servicedesk.web.blueprint import bp
from servicedesk.web.forms.drafts import look_through_first
from servicedesk.web.forms.nonce import sent_once
from servicedesk.web.identity import viewer
from servicedesk.web.lists.queue import asked_in, asked_of
from servicedesk.web.lists.views import as_text, sharing, shown_views
from servicedesk.web.reading import reading
from servicedesk.web.rendering import render
from servicedesk.web.speech import _, sentence

ONE = "/views/<int(max=999999999999):view>"


@bp.get("/views")
def saved_views() -> ResponseReturnValue:
    return _page()


@bp.post("/views")
def save_view() -> ResponseReturnValue:
    asked = asked_of(*asked_in(dict(parse_qsl(request.form.get("asked", "")[:2000]))))
    audience, _slash, key = request.form.get("share", "").partition("/")
    try:
        look_through_first()
        made = acting.save_view(
            desk(), request.form.get("name", ""), as_text(asked), audience, key, actor=viewer(), once=sent_once()
        )
    except Invalid as error:
        return _page(error, asked)
    if request.form.get("start"):
        acting.start_with(desk(), made, actor=viewer())
    flash(_("The list is saved."), "success")
    return redirect(f"{url_for('web.queue')}?{as_text(asked)}", 303)


@bp.post(ONE)
def rename_view(view: int) -> ResponseReturnValue:
    try:
        acting.rename_view(desk(), view, request.form.get("name", ""), actor=viewer())
    except Invalid as error:
        return _page(error)
    return redirect(url_for("web.saved_views"), 303)


@bp.post(f"{ONE}/removal")
def remove_view(view: int) -> ResponseReturnValue:
    acting.remove_view(desk(), view, actor=viewer())
    return redirect(url_for("web.saved_views"), 303)


@bp.post(f"{ONE}/start")
def start_with_view(view: int) -> ResponseReturnValue:
    acting.start_with(desk(), view, actor=viewer(), starts=request.form.get("starts") == "1")
    return redirect(url_for("web.saved_views"), 303)


def _page(error: Invalid | None = None, asked: dict[str, str] | None = None) -> ResponseReturnValue:
    """With what was sent and what is wrong with it, if anything is."""
    trouble = [sentence(fault) for faults in error.fields.values() for fault in faults] if error else []
    with reading() as now:
        page = {
            "views": shown_views({}, now),
            "trouble": trouble,
            "asked": as_text(asked) if asked is not None else "",
            "again": asked is not None,
            "sharing": sharing(viewer(), now),
            "name": request.form.get("name", "")[:200],
            "share": request.form.get("share", ""),
        }
        return render("web/saved_views.html", now, page=page), 422 if error else 200
