"""The ticket, whole or the part of it that htmx renews."""

from flask import request
from flask.typing import ResponseReturnValue

from servicedesk.store.queries.notices import has_unread
from servicedesk.store.queries.tickets import version_now, view_ticket
from servicedesk.web import identity
from servicedesk.web.blueprint import bp
from servicedesk.web.reading import Reading, reading
from servicedesk.web.rendering import render, wants_fragment
from servicedesk.web.ticket.page import ticket_page
from servicedesk.web.ticket.timeline import shown

# The id of what htmx renews -> the template of that part; the page itself includes the same.
PAGE = "web/ticket.html"
PARTS = {"news": "web/_news.html", "happened": "web/_happened.html", "running": "web/_ticking.html"}


@bp.get("/tickets/<number>")
def show_ticket(number: str) -> ResponseReturnValue:
    with reading() as now:
        if wants_fragment("news") and _has_seen_all(number, now):
            return "", 204
        view = view_ticket(now.connection, now.book, identity.viewer(), number)
        part = next((template for name, template in PARTS.items() if wants_fragment(name)), PAGE)
        page = ticket_page(view, now, shown(request.args.get("show", "")))
        is_told = part == PAGE and has_unread(now.connection, identity.viewer(), number)
        return render(part, now, page=page, news=False, is_told=is_told)


def _has_seen_all(number: str, now: Reading) -> bool:
    """Whether nothing that this person may see has happened since the version that their page shows."""
    version = version_now(now.connection, now.book, identity.viewer(), number)
    return request.headers.get(identity.RENEWAL) == str(version)
