"""What a client does to a ticket, and what it could do: one resource a kind of fact."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from marshmallow import INCLUDE, RAISE

from servicedesk.actions.acting import act_on
from servicedesk.actions.opened import Expected
from servicedesk.actions.tokens import ACT, READ
from servicedesk.api.clients import client, desk, requires
from servicedesk.api.conditions import expected_by, versions_asked_for
from servicedesk.api.document import IDEMPOTENCY_KEY, IF_MATCH, etag_header, problems
from servicedesk.api.offers import offers
from servicedesk.api.once import once_of_request
from servicedesk.api.v1 import examples
from servicedesk.api.v1.blueprint import NUMBER_PARAMETER, TICKET, Systems
from servicedesk.api.v1.resources import RESOURCES, Resource
from servicedesk.api.v1.schemas import ActionsSchema, EntrySchema, TicketSchema
from servicedesk.api.v1.telling import Answer, shown, told
from servicedesk.core.errors import Conflict, KeyReused, Refusal
from servicedesk.store.queries.systems.timeline import system_changes
from servicedesk.store.queries.systems.told import version_of
from servicedesk.store.queries.tickets import find_known, view_found

bp = Systems("actions", __name__, "Acting on tickets.")


@bp.route(f"{TICKET}/actions", parameters=[NUMBER_PARAMETER])
@requires(READ)
@bp.doc(operationId="listActions")
@bp.response(200, ActionsSchema, example=examples.ACTIONS)
@problems(bp, 401, 403, 404, 503)
def actions(number: str) -> dict[str, Any]:
    """See what you can do to a ticket now, what each step takes, and why the others are not possible."""
    with desk().reading() as connection:
        book = desk().book(connection)
        found = find_known(connection, book, client(), number)
        view = view_found(book, client(), found)
        version = version_of(found.organisation, found.known.events, book).number
    return {"actions": offers(view, book, client()), "version": version}


def act(resource: Resource, number: str, given: Mapping[str, str]) -> Answer:
    """Carry it out and show the ticket as it is then."""
    once = once_of_request(given)
    with with_changes_told(number) as expected:
        ticket, status, headers = told(
            lambda: act_on(desk(), number, resource.act.do, given, actor=client(), expected=expected, once=once)
        )
    return ticket, status, {**headers, "Content-Location": f"/api/v1/tickets/{number}"}


@contextmanager
def with_changes_told(number: str) -> Iterator[Expected | None]:
    """Gives what If-Match asks for. A conflict tells what has changed since, and a refusal names the state
    that this client may see."""
    asked_for = versions_asked_for()
    try:
        yield expected_by(asked_for)
    except KeyReused:
        raise
    except Conflict as conflict:
        conflict.data["changes"] = _changes(number, max(asked_for or {0}))
        raise
    except Refusal as refusal:
        if "state" in refusal.data:
            ticket, *_ = shown(number)
            refusal.data["state"] = ticket.state.label[client().language]
        raise


def _changes(number: str, since: int) -> Any:
    with desk().reading() as connection:
        newer = system_changes(connection, desk().book(connection), client(), number, since)
    return EntrySchema(many=True).dump(newer)


def _route(resource: Resource) -> Callable[..., Any]:
    """The POST of one resource: the same for all, save for what it takes."""

    def view(given: Mapping[str, str], number: str) -> Any:
        return act(resource, number, given)

    view.__name__ = resource.act.name.replace("-", "_")
    view.__doc__ = resource.summary
    decorated = problems(bp, 400, 401, 403, 404, 409, 412, 413, 415, 503)(view)
    decorated = bp.response(200, TicketSchema, example=examples.TICKET, headers=etag_header())(decorated)
    decorated = bp.arguments(
        resource.schema,
        example=resource.example,
        required=bool(resource.example),
        unknown=INCLUDE if resource.act.verb else RAISE,
    )(decorated)
    decorated = bp.doc(operationId=resource.operation, parameters=[IDEMPOTENCY_KEY, IF_MATCH])(decorated)
    return requires(ACT)(decorated)


for each in RESOURCES:
    bp.route(f"{TICKET}/{each.act.name}", methods=["POST"], parameters=[NUMBER_PARAMETER])(_route(each))
