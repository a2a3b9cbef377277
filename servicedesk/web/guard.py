"""Who may come in: nobody who is not signed in, save to the endpoints named here. One place, before every request."""

from urllib.parse import urlsplit

from flask import Flask, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from servicedesk.extensions import csrf
from servicedesk.web import identity
from servicedesk.web.forms import drafts, files
from servicedesk.web.rendering import kept_texts, render_plain
from servicedesk.web.requester.doors import is_by_link

OPEN = frozenset(
    {
        "healthz",
        "readyz",
        "metrics",
        "static",
        "web.static",
        "web.brand_style",
        "web.brand_mark",
        "web.accessibility",
        "web.sign_in",
        "web.check_sign_in",
        "web.set_preferences",
        "web.invitation",
        "web.accept_invitation",
        "web.public_disruptions",
        "web.disruptions_fragment",
        "web.disruptions_feed",
        "web.disruptions_data",
        "web.personal_data",
    }
)

# Edges with a guard of their own: there a bearer token says who it is, and no cookie counts.
GUARDED_ELSEWHERE = ("/api/", "/tmf-api/", "/oauth/", "/.well-known/")


def is_guarded_elsewhere(path: str) -> bool:
    """With or without the last slash."""
    return f"{path}/".startswith(GUARDED_ELSEWHERE)


def init_app(app: Flask) -> None:
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None)
    app.request_class = files.FormRequest
    csrf.init_app(app)
    app.before_request(guard)
    app.teardown_request(files.let_go)


def guard() -> ResponseReturnValue | None:
    """Sign-in first, then the form's token. A page that waited too long keeps what was typed."""
    if is_guarded_elsewhere(request.path):
        return None
    by_link = is_by_link(request.endpoint)
    if request.endpoint not in OPEN and not by_link and not identity.is_signed_in():
        return _to_sign_in()
    files.make_room()
    if not by_link:
        # A link is itself what no other site knows; whoever has it need have no cookie.
        csrf.protect()
    return None


def _to_sign_in() -> ResponseReturnValue:
    if "HX-Request" in request.headers:
        return _to_sign_in_from_a_part()
    if request.method in ("GET", "HEAD"):
        here = request.full_path if request.query_string else request.path
        return redirect(url_for("web.sign_in", next=here), 303)
    files.keep_only_words()
    page = render_plain("web/signed_out.html", kept=kept_texts(), draft=drafts.sent(), onward="", email="")
    return make_response(page, 401)


def _to_sign_in_from_a_part() -> ResponseReturnValue:
    """htmx would put a redirect's page into the part it asked for: the whole page is to go to sign-in, and back to
    where the person was. A page with something typed in it stays where it is (static/live.js)."""
    there = urlsplit(request.headers.get("HX-Current-URL", ""))
    here = f"{there.path}?{there.query}" if there.query else there.path
    return make_response("", 401, {"HX-Redirect": url_for("web.sign_in", next=here)})
