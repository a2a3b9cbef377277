"""Signing in and out."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from servicedesk.actions.signin import sign_in as check
from servicedesk.core.errors import Refusal
from servicedesk.extensions import desk
from servicedesk.web import identity
from servicedesk.web.addresses import safe_next
from servicedesk.web.blueprint import bp
from servicedesk.web.forms import drafts
from servicedesk.web.rendering import render_plain
from servicedesk.web.speech import _, said


@bp.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    if identity.is_signed_in():
        return redirect(_next(request.args.get("next")), 303)
    return _page()


@bp.post("/sign-in")
def check_sign_in() -> ResponseReturnValue:
    try:
        actor = check(
            desk(),
            request.form.get("email", ""),
            request.form.get("password", ""),
            origin=request.remote_addr or "",
        )
    except Refusal as refusal:
        return _page(said(refusal)), 429 if refusal.code == "locked" else 401
    identity.enter(actor)
    if draft := drafts.for_person(request.form.get(drafts.FIELD, ""), actor.key):
        return render_plain("web/brought_back.html", draft=draft, title=_("You are signed in again"))
    return redirect(_next(request.form.get("next")), 303)


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    identity.leave()
    return redirect(url_for("web.sign_in"), 303)


def _page(trouble: str = "") -> str:
    onward = safe_next(request.values.get("next"), "")
    typed = {name: request.form.get(name, "") for name in ("email", drafts.FIELD)}
    return render_plain("web/sign_in.html", trouble=trouble, onward=onward, **typed)


def _next(address: str | None) -> str:
    return safe_next(address, url_for("web.home"))
