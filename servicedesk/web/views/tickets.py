"""The ticket."""

from flask.typing import ResponseReturnValue

from servicedesk.store.queries.tickets import view_ticket
from servicedesk.web import identity
from servicedesk.web.blueprint import bp
from servicedesk.web.reading import reading
from servicedesk.web.rendering import render
from servicedesk.web.ticket_page import ticket_page


@bp.get("/tickets/<number>")
def show_ticket(number: str) -> ResponseReturnValue:
    with reading() as now:
        view = view_ticket(now.connection, now.book, identity.viewer(), number)
        return render("web/ticket.html", now, page=ticket_page(view, now))
