"""/api/v1: the systems' routes. Each reads what was sent, calls one query or action, and shows the ticket."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Response, request
from flask_smorest import Blueprint
from marshmallow import INCLUDE, RAISE

from servicedesk.actions.log import NewTicket, log_ticket
from servicedesk.actions.tokens import ACT, LOG, READ
from servicedesk.api import examples
from servicedesk.api.body import LARGEST_BODY, StrictParser
from servicedesk.api.clients import authenticate, client, desk, requires
from servicedesk.api.conditions import etag, versions_asked_for
from servicedesk.api.document import IF_MATCH, NUMBER_PARAMETER, etag_header, link_header, location_header, problems
from servicedesk.api.offers import Offer, offers
from servicedesk.api.resources import RESOURCES, Resource
from servicedesk.api.schemas import (
    NUMBER,
    ActionsSchema,
    EntrySchema,
    ListParameters,
    NewTicketGiven,
    PageSchema,
    TicketSchema,
    TimelineSchema,
)
from servicedesk.core.errors import Conflict, Invalid, NotFound, Refusal
from servicedesk.core.vocabulary import Channel, Tier
from servicedesk.store.queries.lists import Scope
from servicedesk.store.queries.supplier import (
    SupplierPage,
    SupplierTicket,
    shown_ticket,
    supplier_changes,
    supplier_tickets,
    supplier_timeline,
)
from servicedesk.store.queries.tickets import TicketView, view_ticket

CURSOR = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?\+00:00~\d{1,18}")
TICKET = "/tickets/<string:number>"


class Systems(Blueprint):
    ARGUMENTS_PARSER = StrictParser()


v1 = Systems("tickets", __name__, url_prefix="/api/v1", description="Tickets that are yours to see.")


@v1.before_request
def check_in() -> None:
    request.max_content_length = LARGEST_BODY
    authenticate()
    number = (request.view_args or {}).get("number")
    # Whatever is no number at all would only reach the database to be refused there.
    if number is not None and not re.fullmatch(NUMBER, number):
        raise NotFound("There is no such ticket.")


@v1.after_request
def keep_nowhere(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.vary.update(("Authorization", "Accept-Language"))
    return response


@v1.route("/tickets")
@requires(READ)
@v1.doc(operationId="listTickets")
@v1.arguments(ListParameters, location="query", error_status_code=400)
@v1.response(200, PageSchema, example=examples.PAGE, headers=link_header())
@problems(v1, 400, 401, 403, 503)
def tickets(parameters: Mapping[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """List your tickets.

    A page at a time: the header Link leads to the next page (rel="next") until there is none.
    """
    scope, limit = Scope(parameters["scope"]), parameters["limit"]
    with desk().reading() as connection:
        book = desk().book(connection)
        page = supplier_tickets(connection, book, client(), scope, cursor_of(parameters["after"]), limit)
    return {"tickets": page.lines}, 200, _next_link(page, scope, limit)


@v1.route("/tickets", methods=["POST"])
@requires(LOG)
@v1.doc(operationId="logTicket")
@v1.arguments(NewTicketGiven, example=examples.NEW_TICKET)
@v1.response(201, TicketSchema, example=examples.LOGGED, headers={**location_header(), **etag_header()})
@problems(v1, 400, 401, 403, 409, 413, 415, 422, 503)
def log(given: Mapping[str, Any]) -> tuple[SupplierTicket, int, dict[str, str]]:
    """Log a ticket in your municipality, for whoever asks.

    It goes to the team and with the priority that it would have had if a person had logged it.
    """
    [municipality] = client().organisations
    new = NewTicket(municipality, channel=Channel.API, **given)
    shown, _, headers = _shown(log_ticket(desk(), new, actor=client()).number)
    return shown, 201, {**headers, "Location": f"/api/v1/tickets/{shown.number}"}


@v1.route(TICKET, parameters=[NUMBER_PARAMETER])
@requires(READ)
@v1.doc(operationId="readTicket")
@v1.response(200, TicketSchema, example=examples.TICKET, headers=etag_header())
@problems(v1, 401, 403, 404, 503)
def ticket(number: str) -> tuple[SupplierTicket, int, dict[str, str]]:
    """Read a ticket.

    Send its ETag as If-Match when you act on it, and you act on what you have read or on nothing.
    """
    return _shown(number)


@v1.route(f"{TICKET}/actions", parameters=[NUMBER_PARAMETER])
@requires(READ, of=Tier.SUPPLIER)
@v1.doc(operationId="listActions")
@v1.response(200, ActionsSchema, example=examples.ACTIONS)
@problems(v1, 401, 403, 404, 503)
def actions(number: str) -> dict[str, Any]:
    """See what you can do to a ticket now, what each step takes, and why the others are not possible."""
    view = _view(number)
    found: list[Offer] = offers(view, client())
    return {"actions": found, "version": view.version}


@v1.route(f"{TICKET}/timeline", parameters=[NUMBER_PARAMETER])
@requires(READ, of=Tier.SUPPLIER)
@v1.doc(operationId="readTimeline")
@v1.response(200, TimelineSchema, example=examples.TIMELINE)
@problems(v1, 401, 403, 404, 503)
def timeline(number: str) -> dict[str, Any]:
    """Read what has happened to a ticket, as far as it concerns you, oldest first."""
    with desk().reading() as connection:
        return {"entries": supplier_timeline(connection, desk().book(connection), client(), number)}


def act(resource: Resource, number: str, given: Mapping[str, str]) -> tuple[SupplierTicket, int, dict[str, str]]:
    """Carry it out and show the ticket as it is now."""
    asked_for = versions_asked_for()
    try:
        resource.do(desk(), number, given, client(), _expected(number, asked_for))
    except Conflict as conflict:
        conflict.data["changes"] = _changes(number, max(asked_for or {0}))
        raise
    except Refusal as refusal:
        # The state that is named is the one that this client may see.
        if "state" in refusal.data:
            shown, _, _ = _shown(number)
            refusal.data["state"] = shown.state.label[client().language]
        raise
    shown, status, headers = _shown(number)
    return shown, status, {**headers, "Content-Location": f"/api/v1/tickets/{number}"}


def _expected(number: str, asked_for: set[int] | None) -> int | None:
    """Of several versions that would do, the present one; the action itself holds it against the locked ticket."""
    if asked_for is None or len(asked_for) == 1:
        return next(iter(asked_for), None) if asked_for else None
    present = _view(number).version
    return present if present in asked_for else max(asked_for)


def _changes(number: str, version: int) -> Any:
    with desk().reading() as connection:
        newer = supplier_changes(connection, desk().book(connection), client(), number, version)
    return EntrySchema(many=True).dump(newer)


def _shown(number: str) -> tuple[SupplierTicket, int, dict[str, str]]:
    with desk().reading() as connection:
        book, now = desk().book_and_now(connection)
        shown = shown_ticket(view_ticket(connection, book, client(), number), book, now)
    return shown, 200, {"ETag": etag(shown.version)}


def _view(number: str) -> TicketView:
    with desk().reading() as connection:
        return view_ticket(connection, desk().book(connection), client(), number)


def cursor_of(after: str) -> str:
    """The list's own cursor from what Link carries. Invalid for anything we did not write."""
    try:
        cursor = urlsafe_b64decode(after + "=" * (-len(after) % 4)).decode("ascii")
    except ValueError:
        cursor = "?"
    if cursor and not CURSOR.fullmatch(cursor):
        fault = Invalid({"after": ["Take this from the header Link, as it stands there."]})
        fault.code = "invalid_parameters"
        raise fault
    return cursor


def _next_link(page: SupplierPage, scope: Scope, limit: int) -> dict[str, str]:
    if not page.after:
        return {}
    after = urlsafe_b64encode(page.after.encode()).decode().rstrip("=")
    query = urlencode({"scope": str(scope), "limit": limit, "after": after})
    return {"Link": f'</api/v1/tickets?{query}>; rel="next"'}


def _route(resource: Resource) -> Callable[..., Any]:
    """The POST of one resource: the same for all, save for what it takes."""

    def view(given: Mapping[str, str], number: str) -> Any:
        return act(resource, number, given)

    view.__name__ = resource.name.replace("-", "_")
    view.__doc__ = resource.summary
    decorated = problems(v1, 400, 401, 403, 404, 409, 412, 413, 415, 503)(view)
    decorated = v1.response(200, TicketSchema, example=examples.TICKET, headers=etag_header())(decorated)
    decorated = v1.arguments(
        resource.schema,
        example=resource.example,
        required=bool(resource.example),
        unknown=INCLUDE if resource.verb else RAISE,
    )(decorated)
    decorated = v1.doc(operationId=resource.operation, parameters=[IF_MATCH])(decorated)
    return requires(ACT)(decorated)


for each in RESOURCES:
    v1.route(f"{TICKET}/{each.name}", methods=["POST"], parameters=[NUMBER_PARAMETER])(_route(each))
