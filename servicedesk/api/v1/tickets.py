"""Tickets: the list, one of them, what happened to it, and a new one."""

from collections.abc import Mapping
from typing import Any

from servicedesk.actions.log import NewTicket, log_known
from servicedesk.actions.tokens import LOG, READ
from servicedesk.api.clients import client, desk, requires
from servicedesk.api.document import IDEMPOTENCY_KEY, etag_header, link_header, location_header, problems
from servicedesk.api.once import once_of_request
from servicedesk.api.v1 import examples
from servicedesk.api.v1.blueprint import NUMBER_PARAMETER, TICKET, Systems
from servicedesk.api.v1.given import ListParameters, NewTicketGiven
from servicedesk.api.v1.paging import asked_for, links
from servicedesk.api.v1.schemas import PageSchema, TicketSchema, TimelineSchema
from servicedesk.api.v1.telling import Answer, shown, told
from servicedesk.core.vocabulary import Channel
from servicedesk.store.queries.systems.lists import system_tickets
from servicedesk.store.queries.systems.timeline import system_timeline

bp = Systems("tickets", __name__, "Tickets that are yours to see.")


@bp.route("/tickets")
@requires(READ)
@bp.doc(operationId="listTickets")
@bp.arguments(ListParameters, location="query", error_status_code=400)
@bp.response(200, PageSchema, example=examples.PAGE, headers=link_header())
@problems(bp, 400, 401, 403, 503)
def tickets(parameters: Mapping[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """List your tickets.

    A page at a time: the header Link leads to the next page (rel="next") until there is none, and back to the first.
    A ticket that changes meanwhile may move; none that stays where it is is left out or told twice.
    """
    with desk().reading() as connection:
        page = system_tickets(connection, desk().book(connection), client(), asked_for(parameters))
    return {"tickets": page.lines}, 200, links(parameters, page.after)


@bp.route("/tickets", methods=["POST"])
@requires(LOG)
@bp.doc(operationId="logTicket", parameters=[IDEMPOTENCY_KEY])
@bp.arguments(NewTicketGiven, example=examples.NEW_TICKET)
@bp.response(201, TicketSchema, example=examples.LOGGED, headers={**location_header(), **etag_header()})
@problems(bp, 400, 401, 403, 409, 413, 415, 422, 503)
def log(given: Mapping[str, Any]) -> Answer:
    """Log a ticket in your municipality, for whoever asks.

    It goes to the team and with the priority that it would have had if a person had logged it.
    """
    [municipality] = client().organisations
    new = NewTicket(municipality, channel=Channel.API, **given)
    once = once_of_request(given)
    ticket, status, headers = told(lambda: log_known(desk(), new, actor=client(), once=once), 201)
    return ticket, status, {**headers, "Location": f"/api/v1/tickets/{ticket.number}"}


@bp.route(TICKET, parameters=[NUMBER_PARAMETER])
@requires(READ)
@bp.doc(operationId="readTicket")
@bp.response(200, TicketSchema, example=examples.TICKET, headers=etag_header())
@problems(bp, 401, 403, 404, 503)
def ticket(number: str) -> Answer:
    """Read a ticket.

    Send its ETag as If-Match when you act on it, and you act on what you have read or on nothing.
    """
    return shown(number)


@bp.route(f"{TICKET}/timeline", parameters=[NUMBER_PARAMETER])
@requires(READ)
@bp.doc(operationId="readTimeline")
@bp.response(200, TimelineSchema, example=examples.TIMELINE)
@problems(bp, 401, 403, 404, 503)
def timeline(number: str) -> dict[str, Any]:
    """Read what has happened to a ticket, as far as it is yours to see, oldest first."""
    with desk().reading() as connection:
        return {"entries": system_timeline(connection, desk().book(connection), client(), number)}
