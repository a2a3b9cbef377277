"""What stands beside a ticket: a page, and the part of the ticket's page that is fetched when somebody comes to it."""

from flask.typing import ResponseReturnValue

from servicedesk.store.queries.tickets import view_ticket
from servicedesk.web import identity
from servicedesk.web.blueprint import bp
from servicedesk.web.reading import reading
from servicedesk.web.rendering import render, wants_fragment
from servicedesk.web.ticket.beside import beside


@bp.get("/tickets/<number>/beside")
def show_beside(number: str) -> ResponseReturnValue:
    with reading() as now:
        view = view_ticket(now.connection, now.book, identity.viewer(), number)
        part = "web/_beside.html" if wants_fragment("beside") else "web/beside.html"
        return render(part, now, view=view, beside=beside(view, now))
