"""A ticket as a system may see it, a supplier's or a municipality's. A field that is not here is not shown: this is
the allow-list.

It narrows what the one predicate (core.visibility) has already let through: while a ticket is elsewhere in the chain,
who has it and in which state is the municipality's own business until it is resolved. A municipality's system sees
that, and of the promises those to the requester.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from servicedesk.core.events import EntryAdded, Moved, PriorityChanged, PromiseWarned
from servicedesk.core.facts import Actor
from servicedesk.core.sla import is_broken, spent_at, whose
from servicedesk.core.ticket import Clock
from servicedesk.core.visibility import Access, changed_at
from servicedesk.core.vocabulary import Category, ClockEffect, Language, Metric, Tier, TmfStatus, WaitsOn
from servicedesk.core.workflows.definition import State
from servicedesk.store.queries.clients import all_clients
from servicedesk.store.queries.lines import Line
from servicedesk.store.queries.lists import Page, Scope, list_tickets
from servicedesk.store.queries.tickets import Entry, TicketView, changes_since, view_ticket
from servicedesk.store.rulebook import RuleBook

# The texts a supplier may ever read, and what the API calls them.
TEXTS = {
    "supplier_description": "description",
    "question": "question",
    "answer": "answer",
    "reason": "reason",
    "solution": "solution",
    "body": "note",
}
SYSTEMS = ("scheduler:", "operator:")
DESCRIPTION_ENTRY = "supplier_description"


@dataclass(frozen=True, slots=True)
class Named:
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class ShownState:
    category: Category
    tmf_status: TmfStatus
    label: Mapping[Language, str]


@dataclass(frozen=True, slots=True)
class ShownHolder:
    tier: Tier
    organisation: Named


@dataclass(frozen=True, slots=True)
class ShownClock:
    """A promise of the supplier's own contract. `outcome`: open, kept or broken; None without a target."""

    metric: Metric
    started_at: datetime
    state: ClockEffect
    target_seconds: int | None
    spent_seconds: int
    grace_seconds: int
    due_at: datetime | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class SupplierTicket:
    """`holder` is None while somebody else than the supplier or the joint organisation has the ticket."""

    number: str
    title: str
    description: str
    service: Named
    municipality: Named
    priority: int
    state: ShownState
    holder: ShownHolder | None
    opened_at: datetime
    handed_over_at: datetime | None
    updated_at: datetime
    clocks: list[ShownClock]
    version: int


@dataclass(frozen=True, slots=True)
class SupplierLine:
    """A ticket in a list. `due_at` is what runs out first of the supplier's own promises."""

    number: str
    title: str
    service: Named
    municipality: Named
    priority: int
    state: ShownState
    holder: ShownHolder | None
    opened_at: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """A line of the timeline. `party`: supplier (its own), customer or system. An erased text is None. A `correction`
    tells when something truly happened; `corrects` is the position of the line that it is read instead of."""

    position: int
    kind: str
    at: datetime
    party: str
    name: str | None
    texts: dict[str, str | None]
    resolution_code: str | None
    priority: int | None
    clock: str | None
    share: int | None
    correction: bool
    corrects: int | None


@dataclass(frozen=True, slots=True)
class SupplierPage:
    lines: list[SupplierLine]
    after: str


ELSEWHERE = ShownState(
    Category.ACTIVE, TmfStatus.IN_PROGRESS, {Language.SWEDISH: "Ligger inte hos er", Language.ENGLISH: "Not with you"}
)

# A workflow's own names for these may say which tier, team or person of the municipality it is about.
ASKED_BELOW = {Language.SWEDISH: "Väntar på svar", Language.ENGLISH: "Waits for an answer"}
ENDED = {
    TmfStatus.RESOLVED: {Language.SWEDISH: "Löst", Language.ENGLISH: "Resolved"},
    TmfStatus.CANCELLED: {Language.SWEDISH: "Makulerat", Language.ENGLISH: "Cancelled"},
    TmfStatus.REJECTED: {Language.SWEDISH: "Avvisat", Language.ENGLISH: "Rejected"},
}
OVER = {Language.SWEDISH: "Avslutat", Language.ENGLISH: "Closed"}
BELOW = (WaitsOn.REQUESTER, WaitsOn.FIRST_LINE, WaitsOn.SECOND_LINE)


def supplier_tickets(
    connection: Connection, book: RuleBook, viewer: Actor, scope: Scope, after: str, limit: int
) -> SupplierPage:
    """A page of the supplier's tickets: open ones by what runs out first, closed ones by what changed last."""
    page: Page = list_tickets(connection, viewer, scope, after=after, limit=limit)
    return SupplierPage([shown_line(line, book, viewer) for line in page.lines], page.after)


def supplier_ticket(
    connection: Connection, book: RuleBook, viewer: Actor, number: str, now: datetime
) -> SupplierTicket:
    """NotFound when it does not exist or is not the supplier's to see."""
    return shown_ticket(view_ticket(connection, book, viewer, number), book, now)


def shown_ticket(view: TicketView, book: RuleBook, now: datetime) -> SupplierTicket:
    ticket, organisation = view.ticket, view.organisation
    outside = view.access is Access.SUPPLIER
    is_near = not outside or _is_near(ticket.holder.tier, ticket.holder.organisation, organisation)
    return SupplierTicket(
        number=view.number,
        title=view.title,
        description=view.description,
        service=_service(book, ticket.service),
        municipality=_organisation(book, ticket.municipality),
        priority=ticket.priority,
        state=_state(view.state, is_near),
        holder=_holder(book, ticket.holder.tier, ticket.holder.organisation) if is_near else None,
        opened_at=ticket.opened_at,
        handed_over_at=_handed_over_at(view),
        updated_at=max((changed_at(entry.event) for entry in view.entries), default=ticket.opened_at),
        # A municipality's system is shown the promises to whoever asked.
        clocks=[_clock(clock, now, book) for clock in view.clocks if outside or whose(clock.key) == ("", "")],
        version=view.version,
    )


def supplier_timeline(connection: Connection, book: RuleBook, viewer: Actor, number: str) -> list[ShownEntry]:
    view = view_ticket(connection, book, viewer, number)
    return _entries(connection, book, view.organisation, view.entries)


def supplier_changes(
    connection: Connection, book: RuleBook, viewer: Actor, number: str, version: int
) -> list[ShownEntry]:
    """What the supplier may see of what happened after this version."""
    newer = {entry.event.seq for entry in changes_since(connection, viewer, number, version)}
    view = view_ticket(connection, book, viewer, number)
    shown = _entries(connection, book, view.organisation, view.entries)
    return [line for entry, line in zip(view.entries, shown, strict=True) if entry.event.seq in newer]


def _is_near(tier: str, holder: str, supplier: str) -> bool:
    return tier == Tier.JOINT or (tier == Tier.SUPPLIER and holder == supplier)


def _state(state: State, is_near: bool) -> ShownState:
    """By its own name only what is about the supplier or the joint organisation."""
    if state.category in (Category.RESOLVED, Category.CLOSED):
        return ShownState(state.category, state.tmf621, _ended(state))
    if not is_near:
        return ELSEWHERE
    return ShownState(state.category, state.tmf621, ASKED_BELOW if state.waits_on in BELOW else state.labels)


def _ended(state: State) -> Mapping[Language, str]:
    is_resolved = state.category is Category.RESOLVED
    return ENDED[TmfStatus.RESOLVED] if is_resolved else ENDED.get(state.tmf621, OVER)


def _holder(book: RuleBook, tier: str, organisation: str) -> ShownHolder:
    return ShownHolder(Tier(tier), _organisation(book, organisation))


def _organisation(book: RuleBook, key: str) -> Named:
    found = book.installation.organisations.get(key)
    return Named(key, found.name if found else key)


def _service(book: RuleBook, key: str) -> Named:
    found = book.installation.services.get(key)
    return Named(key, found.name if found else key)


def _handed_over_at(view: TicketView) -> datetime | None:
    """When it was handed over to the supplier the last time; to a municipality, to whoever has it. None before that."""
    last = max((stretch.number for stretch in view.custody), default=0)
    return min((stretch.started_at for stretch in view.custody if stretch.number == last > 1), default=None)


def _clock(clock: Clock, now: datetime, book: RuleBook) -> ShownClock:
    return ShownClock(
        metric=clock.metric,
        started_at=clock.started_at,
        state=clock.state,
        target_seconds=clock.target or None,
        spent_seconds=spent_at(clock, now, book),
        grace_seconds=clock.grace,
        due_at=clock.due_at,
        outcome=_outcome(clock, now),
    )


def _outcome(clock: Clock, now: datetime) -> str | None:
    if not clock.target:
        return None
    if is_broken(clock, now):
        return "broken"
    return "kept" if clock.state is ClockEffect.STOP else "open"


def shown_line(line: Line, book: RuleBook, viewer: Actor) -> SupplierLine:
    state = book.definition(line.workflow_version).states[line.state]
    team = book.installation.teams.get(line.holder_team)
    organisation = team.organisation if team else ""
    is_near = line.access is not Access.SUPPLIER or any(
        _is_near(line.holder_tier, organisation, mine) for mine in viewer.organisations
    )
    return SupplierLine(
        number=line.number,
        title=line.title,
        service=_service(book, line.service),
        municipality=_organisation(book, line.municipality),
        priority=line.priority,
        state=_state(state, is_near),
        holder=_holder(book, line.holder_tier, organisation) if is_near else None,
        opened_at=line.opened_at,
        due_at=line.due_at,
    )


def _entries(connection: Connection, book: RuleBook, organisation: str, entries: list[Entry]) -> list[ShownEntry]:
    names = names_of_own(connection, book, organisation)
    positions = {entry.event.seq: position for position, entry in enumerate(entries, start=1)}
    return [_entry(entry, positions, names) for entry in entries]


def names_of_own(connection: Connection, book: RuleBook, organisation: str) -> dict[str, str]:
    """Actor -> name, of the organisation's own people and systems."""
    people = {
        f"person:{person.key}": person.name
        for person in book.installation.people.values()
        if any(book.installation.teams[seat.team].organisation == organisation for seat in person.memberships)
    }
    return people | {f"client:{client.key}": client.name for client in all_clients(connection, organisation)}


def _entry(entry: Entry, positions: Mapping[int, int], names: Mapping[str, str]) -> ShownEntry:
    payload, actor = entry.event.payload, entry.event.actor
    is_description = isinstance(payload, EntryAdded) and payload.entry == DESCRIPTION_ENTRY
    renamed = {**TEXTS, "body": "description"} if is_description else TEXTS
    party = "supplier" if actor in names else "system" if actor.startswith(SYSTEMS) else "customer"
    return ShownEntry(
        position=positions[entry.event.seq],
        kind=entry.event.kind,
        at=entry.event.occurred_at,
        party=party,
        name=names.get(actor),
        texts={renamed[field]: text for field, text in entry.texts.items() if field in renamed},
        resolution_code=payload.given.get("resolution_code") if isinstance(payload, Moved) else None,
        priority=payload.priority if isinstance(payload, PriorityChanged) else None,
        clock=payload.clock.partition("/")[0] if isinstance(payload, PromiseWarned) else None,
        share=payload.share if isinstance(payload, PromiseWarned) else None,
        correction=entry.event.amends is not None,
        corrects=positions.get(entry.event.amends or 0),
    )
