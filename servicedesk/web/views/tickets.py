"""The ticket, whole or the part of it that htmx renews."""

from flask import request
from flask.typing import ResponseReturnValue

from servicedesk.actions.drafts import Draft
from servicedesk.store.queries.notices import has_unread
from servicedesk.store.queries.tickets import TicketView, ticket_now, view_ticket
from servicedesk.web import identity
from servicedesk.web.blueprint import bp
from servicedesk.web.reading import Reading, reading
from servicedesk.web.rendering import render, wants_fragment
from servicedesk.web.ticket.drafts import begun
from servicedesk.web.ticket.news import news
from servicedesk.web.ticket.page import ticket_page
from servicedesk.web.ticket.presence import Others, polled, tell_open, tell_still_open
from servicedesk.web.ticket.timeline import Show, shown

# The id of what htmx renews -> the template of that part; the page itself includes the same.
PAGE = "web/ticket.html"
PARTS = {"happened": "web/_happened.html", "running": "web/_ticking.html"}
# Sent along by a page that is a form on the ticket: of what is new it is only told.
SHOWS, A_FORM = "X-Shows", "form"


@bp.get("/tickets/<number>")
def show_ticket(number: str) -> ResponseReturnValue:
    with reading() as now:
        answer = _news(number, now) if wants_fragment("news") else _page(number, now)
    if wants_fragment("news"):
        tell_still_open(number)
    elif not _part():
        tell_open(number)
    return answer


def _page(number: str, now: Reading) -> ResponseReturnValue:
    view = view_ticket(now.connection, now.book, identity.viewer(), number)
    if part := _part():
        return render(part, now, page=ticket_page(view, now, _show()), news=False)
    beside = polled(view.ticket, view.version, now)
    page = ticket_page(view, now, _show(), _begun(view, beside["others"], now))
    is_told = has_unread(now.connection, identity.viewer(), number)
    return render(PAGE, now, page=page, news=False, told=None, is_told=is_told, **beside)


def _news(number: str, now: Reading) -> ResponseReturnValue:
    """What the page does not show yet; nothing where there is nothing that this person may see."""
    ticket, version = ticket_now(now.connection, now.book, identity.viewer(), number)
    beside, of_form = polled(ticket, version, now), request.headers.get(SHOWS) == A_FORM
    if request.headers.get(identity.RENEWAL) != str(version):
        view = view_ticket(now.connection, now.book, identity.viewer(), number)
        told = news(view, request.headers.get(identity.RENEWAL, ""), now)
        if of_form:
            return render("web/_alongside_news.html", now, told=told, **beside)
        page = ticket_page(view, now, _show(), _begun(view, beside["others"], now))
        return render("web/_news.html", now, page=page, news=True, told=told, **beside)
    if beside["others"].is_shown_already:
        return "", 204
    return render("web/_alongside_news.html" if of_form else "web/_present.html", now, told=None, **beside)


def _begun(view: TicketView, beside: Others, now: Reading) -> list[Draft]:
    return begun(view, now) if beside.has_begun else []


def _show() -> Show:
    return shown(request.args.get("show", ""))


def _part() -> str | None:
    return next((template for name, template in PARTS.items() if wants_fragment(name)), None)
