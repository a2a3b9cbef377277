"""/tmf-api/troubleTicket/v4: TM Forum's TMF621 on the desk's own actions. Each view reads what was sent, calls one
query or action, and shows the ticket."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from flask import Response, request

from servicedesk.actions.bundle import Change, change, log_with_files
from servicedesk.actions.once import Outcome, outcome
from servicedesk.actions.tokens import ACT, LOG, READ
from servicedesk.api.clients import client, desk, requires
from servicedesk.api.conditions import etag, expected_by, versions_asked_for
from servicedesk.api.language import say
from servicedesk.api.once import REPLAYED, once_of_request
from servicedesk.api.tmf.answer import answer, nothing
from servicedesk.api.tmf.blueprint import bp
from servicedesk.api.tmf.creating import new_ticket
from servicedesk.api.tmf.filters import asked_for, fields_of, require_reach
from servicedesk.api.tmf.moves import possible
from servicedesk.api.tmf.patching import change_asked
from servicedesk.api.tmf.reading import read_body
from servicedesk.core.errors import AlreadyDone, Refusal
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import CancelReason, Need, TmfStatus, Verb
from servicedesk.store.queries.systems.told import Version, version_of
from servicedesk.store.queries.tickets import find_known, view_ticket
from servicedesk.store.queries.trouble.listing import trouble_tickets
from servicedesk.store.queries.trouble.loading import trouble_ticket
from servicedesk.store.queries.trouble.resource import href_of, represent
from servicedesk.store.queries.trouble.shown import TroubleTicket

TICKETS = "/troubleTicket"
TICKET = f"{TICKETS}/<string:number>"
DELETED = "Deleted by the client: logged by mistake."
IMPOSSIBLE = "It is %(now)s. A PATCH of status can make it: %(statuses)s."
NOTHING_POSSIBLE = "It is %(now)s, and a PATCH can make it nothing else now."


@bp.get(TICKETS)
@requires(READ)
def list_tickets() -> Response:
    with desk().reading() as connection:
        book = desk().book(connection)
        asked = asked_for(request.args, client(), book)
        page = trouble_tickets(connection, book, client(), asked.wanted, asked.offset, asked.limit)
    require_reach(asked, page.total)
    counts = {"X-Total-Count": str(page.total), "X-Result-Count": str(len(page.tickets))}
    exact = {} if page.exact else {"X-Total-Count-Is": "at-least"}
    return answer([represent(each, asked.fields) for each in page.tickets], 200, {**counts, **exact})


@bp.post(TICKETS)
@requires(LOG)
def create_ticket() -> Response:
    given = read_body(request)
    [municipality] = client().organisations
    with desk().reading() as connection:
        new, files = new_ticket(given, municipality, desk().book(connection))
    once = once_of_request(given.body, required=False)
    return _told(lambda: log_with_files(desk(), new, files, actor=client(), once=once), 201)


@bp.get(TICKET)
@requires(READ)
def read_ticket(number: str) -> Response:
    return _shown(number)


@bp.patch(TICKET)
@requires(ACT)
def patch_ticket(number: str) -> Response:
    given = read_body(request, required=True)
    before, once = _ticket(number), once_of_request(given.body, required=False)
    with _told_what_is_possible(number):
        asked = change_asked(given, represent(before))
        if asked == NO_CHANGE and once is None:
            return _shown(number)
        expected = expected_by(versions_asked_for())
        return _told(lambda: change(desk(), number, asked, actor=client(), expected=expected, once=once))


@bp.delete(TICKET)
@requires(ACT)
def delete_ticket(number: str) -> Response:
    """Cancelled as mistaken. The record stays, and can be read as before."""
    before, once = _ticket(number), once_of_request({}, required=False)
    if before.status is not TmfStatus.CANCELLED:
        mistaken = Change((Verb.CANCEL,), DELETED, {Need.CANCEL_REASON: CancelReason.MISTAKEN})
        with _told_what_is_possible(number), suppress(AlreadyDone):
            change(desk(), number, mistaken, actor=client(), expected=expected_by(versions_asked_for()), once=once)
    return nothing()


NO_CHANGE = Change(given={Need.UNTIL: "", Need.RESOLUTION_CODE: ""})


def _version(number: str, upto: int = 0) -> Version:
    with desk().reading() as connection:
        book = desk().book(connection)
        found = find_known(connection, book, client(), number, upto)
        return version_of(found.organisation, found.known.events, book)


@contextmanager
def _told_what_is_possible(number: str) -> Iterator[None]:
    """A refusal says which moves there are instead, in the standard's words."""
    try:
        yield
    except Refusal as refusal:
        _say_what_is_possible(number, refusal)
        raise


def _say_what_is_possible(number: str, refusal: Refusal) -> None:
    with desk().reading() as connection:
        book = desk().book(connection)
        now = trouble_ticket(connection, book, client(), number).status
        statuses = possible(view_ticket(connection, book, client(), number).options, now)
    if "state" in refusal.data:
        refusal.data["state"] = str(now)
    told = {"now": now, "statuses": ", ".join(statuses)}
    refusal.data["possible"] = say(IMPOSSIBLE if statuses else NOTHING_POSSIBLE, told)


def _told(act: Callable[[], TicketState], status: int = 200) -> Response:
    """Carry it out, and show the ticket as the act has left it: also when that was done before, and whatever others
    have done since."""
    try:
        done = act()
        came_of_it, more = Outcome(done.number, done.seq), {}
    except AlreadyDone as again:
        came_of_it, more = outcome(again.data["result"]), REPLAYED
    located = {"Location": href_of(came_of_it.number)} if status == 201 else {}
    return _shown(came_of_it.number, came_of_it.seq, status, {**located, **more})


def _ticket(number: str, upto: int = 0) -> TroubleTicket:
    with desk().reading() as connection:
        return trouble_ticket(connection, desk().book(connection), client(), number, upto)


def _shown(number: str, upto: int = 0, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    body = represent(_ticket(number, upto), fields_of(request.args))
    return answer(body, status, {"ETag": etag(_version(number, upto).number), **(headers or {})})
