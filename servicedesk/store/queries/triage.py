"""What waits to be done at the viewer's own tiers, sorted by what is to be done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func

from servicedesk.core.codec import from_json
from servicedesk.core.facts import Actor, Seat
from servicedesk.core.ticket import TicketState
from servicedesk.core.triage import Lane, lane_of, verbs_of
from servicedesk.core.vocabulary import Tier, Verb
from servicedesk.core.workflows.definition import Who
from servicedesk.store.queries.lines import Line, is_at_risk, line_of, select_lines
from servicedesk.store.queries.lists import NARROWED, Filter, narrowing, values_of
from servicedesk.store.queries.visible import visible_tickets
from servicedesk.store.rulebook import RuleBook
from servicedesk.store.tickets import Ticket, Visibility

# More than a tier can have before it; what runs out first comes first.
MOST = 1_000
# From this many municipalities on, the same service reported the same day is no coincidence.
ALIKE = 3


@dataclass(frozen=True, slots=True)
class Alike:
    """A service that several municipalities have reported lately, and by how many open tickets."""

    service: str
    municipalities: int
    tickets: int


def triage(
    connection: Connection, book: RuleBook, viewer: Actor, wanted: Filter, now: datetime
) -> dict[Lane, list[Line]]:
    """Every lane, each with what runs out first on top. Of more than MOST tickets, those that run out first."""
    query = select_lines(viewer).where(
        Visibility.is_open.is_(True),
        Ticket.holder_tier.in_(sorted(_reach(book, viewer))),
        *(NARROWED[name] for name in narrowing(wanted)),
    )
    rows = connection.execute(
        query.order_by(Visibility.next_due_at, Visibility.ticket_id).limit(MOST), values_of(wanted)
    )
    lanes: dict[Lane, list[Line]] = {lane: [] for lane in Lane}
    known: dict[tuple[str, str, frozenset[Who]], frozenset[Verb]] = {}
    for line in map(line_of, rows):
        lane = _lane(line, book, viewer, now, known)
        if lane:
            lanes[lane].append(line)
    return lanes


def folds(connection: Connection, viewer: Actor, lines: Iterable[Line]) -> dict[str, TicketState]:
    """Number -> the whole ticket, in one query."""
    ids = [line.ticket_id for line in lines]
    query = visible_tickets(viewer, Ticket.number, Ticket.state_json).where(Ticket.id.in_(ids))
    return {row.number: from_json(TicketState, row.state_json) for row in connection.execute(query)}


def alike(connection: Connection, viewer: Actor, since: datetime) -> list[Alike]:
    """Services on which several municipalities have open tickets logged since then, of those the viewer may see."""
    municipalities = func.count(Ticket.municipality.distinct())
    query = (
        visible_tickets(viewer, Ticket.service, municipalities, func.count())
        .where(Visibility.is_open.is_(True), Visibility.opened_at >= since)
        .group_by(Ticket.service)
        .having(municipalities >= ALIKE)
        .order_by(municipalities.desc(), Ticket.service)
    )
    return [Alike(*row) for row in connection.execute(query)]


def _reach(book: RuleBook, viewer: Actor) -> set[str]:
    """The tiers of which some workflow gives the viewer a step, and their own."""
    who = _who(viewer.seats)
    tiers = {str(seat.tier) for seat in viewer.seats}
    for definition in book.workflows():
        for state in definition.states.values():
            if state.tier and str(state.tier) not in tiers and verbs_of(definition, state.key, who):
                tiers.add(str(state.tier))
    return tiers


def _lane(
    line: Line,
    book: RuleBook,
    viewer: Actor,
    now: datetime,
    known: dict[tuple[str, str, frozenset[Who]], frozenset[Verb]],
) -> Lane | None:
    definition = book.definition(line.workflow_version)
    team = book.installation.teams.get(line.holder_team)
    holder = team.organisation if team else ""
    who = _who(seat for seat in viewer.seats if _is_of(seat, line, holder))
    key = (line.workflow_version, line.state, who)
    if key not in known:
        known[key] = verbs_of(definition, line.state, who)
    return lane_of(
        definition.states[line.state],
        known[key],
        {seat.tier for seat in viewer.seats},
        holds=any((seat.tier, seat.organisation) == (line.holder_tier, holder) for seat in viewer.seats),
        has_assignee=bool(line.assignee),
        at_risk=is_at_risk(line, now),
    )


def _is_of(seat: Seat, line: Line, holder: str) -> bool:
    """core.workflows.who.is_party, of what a line knows."""
    return seat.tier is Tier.JOINT or seat.organisation in (line.municipality, holder)


def _who(seats: Iterable[Seat]) -> frozenset[Who]:
    return frozenset(Who(seat.role, seat.tier) for seat in seats)
