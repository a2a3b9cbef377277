"""What waits to be done at the viewer's own tiers, sorted by what is to be done."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, bindparam, func

from servicedesk.core.codec import from_json
from servicedesk.core.facts import Actor, Seat
from servicedesk.core.ticket import TicketState
from servicedesk.core.triage import Lane, lane_of, verbs_of
from servicedesk.core.vocabulary import Tier
from servicedesk.core.workflows.definition import Who
from servicedesk.store import risks
from servicedesk.store.queries.lists import IS_OPEN, NARROWED, Filter, narrowing, values_of
from servicedesk.store.queries.visible import tickets_visible_to, visible_tickets, visible_to
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


class Waiting(NamedTuple):
    """What it takes to tell a ticket's lane: a tier has hundreds before it, and a page shows a few of each. `at_risk`:
    a promise of it is broken, or soon will be."""

    ticket_id: int
    workflow_version: str
    state: str
    holder_team: str
    holder_tier: str
    municipality: str
    assignee: str | None
    at_risk: bool


def triage(
    connection: Connection, book: RuleBook, viewer: Actor, wanted: Filter, now: datetime
) -> dict[Lane, list[int]]:
    """Every lane with the ids of its tickets, what runs out first on top. Of more than MOST tickets, those that run out
    first."""
    query = _waiting(viewer.organisations, narrowing(wanted))
    rows = connection.execute(query, {**values_of(wanted, now), "tiers": sorted(_reach(book, viewer))})
    sorting = _Sorting(book, viewer)
    lanes: dict[Lane, list[int]] = {lane: [] for lane in Lane}
    for one in map(Waiting._make, rows):
        calm, at_risk = sorting.lanes_of(one)
        lane = at_risk if calm is not at_risk and one.at_risk else calm
        if lane:
            lanes[lane].append(one.ticket_id)
    return lanes


@lru_cache(maxsize=256)
def _waiting(organisations: frozenset[str], by: tuple[str, ...]) -> Select[Any]:
    columns = (
        Ticket.id,
        Ticket.workflow_version,
        Ticket.state,
        Ticket.holder_team,
        Ticket.holder_tier,
        Ticket.municipality,
        Visibility.assignee,
        risks.is_late_or_at_risk(),
    )
    place = (Visibility.next_due_at, Visibility.ticket_id)
    at_their_tiers = Visibility.tier.in_(bindparam("tiers", expanding=True))
    page = visible_to(organisations, Visibility.ticket_id)
    page = page.where(IS_OPEN, at_their_tiers, *(NARROWED[name] for name in by)).order_by(*place).limit(MOST)
    return tickets_visible_to(organisations, *columns).where(Visibility.ticket_id.in_(page)).order_by(*place)


def folds(connection: Connection, viewer: Actor, ids: Collection[int]) -> dict[int, TicketState]:
    """Id -> the whole ticket, in one query."""
    query = visible_tickets(viewer, Ticket.id, Ticket.state_json).where(Ticket.id.in_(ids))
    return {row.id: from_json(TicketState, row.state_json) for row in connection.execute(query)}


def alike(connection: Connection, viewer: Actor, since: datetime) -> list[Alike]:
    """Services on which several municipalities have open tickets logged since then, of those the viewer may see."""
    municipalities = func.count(Ticket.municipality.distinct())
    query = (
        visible_tickets(viewer, Ticket.service, municipalities, func.count())
        .where(IS_OPEN, Visibility.opened_at >= since)
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


class _Sorting:
    """Tickets alike in what decides it are in the same lane: for each kind that is found out once."""

    def __init__(self, book: RuleBook, viewer: Actor) -> None:
        self.book, self.seats = book, viewer.seats
        self.tiers = {seat.tier for seat in viewer.seats}
        self._verbs = cache(verbs_of)
        self._known: dict[tuple[Any, ...], tuple[Lane | None, Lane | None]] = {}

    def lanes_of(self, one: Waiting) -> tuple[Lane | None, Lane | None]:
        """While nothing runs out soon, and when something does."""
        kind = (*one[1:6], bool(one.assignee))
        found = self._known.get(kind)
        if found is None:
            found = self._known[kind] = (self._lane(one, at_risk=False), self._lane(one, at_risk=True))
        return found

    def _lane(self, one: Waiting, *, at_risk: bool) -> Lane | None:
        definition = self.book.definition(one.workflow_version)
        team = self.book.installation.teams.get(one.holder_team)
        holder = team.organisation if team else ""
        who = _who(seat for seat in self.seats if _is_of(seat, one.municipality, holder))
        return lane_of(
            definition.states[one.state],
            self._verbs(definition, one.state, who),
            self.tiers,
            holds=any((seat.tier, seat.organisation) == (one.holder_tier, holder) for seat in self.seats),
            has_assignee=bool(one.assignee),
            at_risk=at_risk,
        )


def _is_of(seat: Seat, municipality: str, holder: str) -> bool:
    """core.workflows.who.is_party, of what is known here."""
    return seat.tier is Tier.JOINT or seat.organisation in (municipality, holder)


def _who(seats: Iterable[Seat]) -> frozenset[Who]:
    return frozenset(Who(seat.role, seat.tier) for seat in seats)
