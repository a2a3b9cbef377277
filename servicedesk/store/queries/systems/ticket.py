"""A ticket as a system may see it, a supplier's or a municipality's. A field that is not here is not shown: this is
the allow-list.

It narrows what the one predicate (core.visibility) has already let through: while a ticket is elsewhere in the chain,
who has it and in which state is the municipality's own business until it is resolved. A municipality's system sees
that, and of the promises those to the requester.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from servicedesk.core.sla import is_broken, spent_at, whose
from servicedesk.core.ticket import Clock, Custody, TicketState
from servicedesk.core.visibility import Access, changed_at, view_of, visible_clocks
from servicedesk.core.vocabulary import Category, ClockEffect, Language, Metric, Tier, TmfStatus, WaitsOn
from servicedesk.core.workflows.definition import State
from servicedesk.store.queries.lines import title_of
from servicedesk.store.queries.systems.told import version_of
from servicedesk.store.queries.tickets import Found, custody_seen, description_of, subject_of
from servicedesk.store.rulebook import RuleBook


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
    """A promise of the supplier's own contract, or to whoever asked. `outcome`: open, kept or broken; None without a
    target."""

    metric: Metric
    started_at: datetime
    state: ClockEffect
    target_seconds: int | None
    spent_seconds: int
    grace_seconds: int
    due_at: datetime | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class ShownTicket:
    """`version` is counted for systems alone (systems.told). `reference` is the system's own. `holder` is None while
    somebody else than the supplier or the joint organisation has the ticket."""

    number: str
    reference: str | None
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


def system_ticket(found: Found, book: RuleBook, now: datetime) -> ShownTicket:
    """With its version. Asked for after every act, it makes no whole view of the ticket."""
    ticket, texts = found.known.ticket, found.known.texts
    access, organisation = found.access, found.organisation
    seen = view_of(found.known.events, access, organisation)
    return ShownTicket(
        number=ticket.number,
        reference=ticket.references.get(organisation),
        title=title_of(subject_of(ticket, texts, access, organisation)),
        description=description_of(ticket, texts, access, organisation) or "",
        service=service_shown(book, ticket.service),
        municipality=organisation_shown(book, ticket.municipality),
        priority=ticket.priority,
        state=state_seen(ticket, access, organisation, book),
        holder=holder_seen(ticket, access, organisation, book),
        opened_at=ticket.opened_at,
        handed_over_at=_handed_over_at(custody_seen(ticket, access, organisation)),
        updated_at=max((changed_at(each.event) for each in seen), default=ticket.opened_at),
        clocks=[_clock(clock, now, book) for clock in _shown_clocks(ticket, access, organisation)],
        version=version_of(organisation, found.known.events, book).number,
    )


def state_seen(ticket: TicketState, access: Access, organisation: str, book: RuleBook) -> ShownState:
    state = book.definition(ticket.workflow_version).states[ticket.state]
    return state_shown(state, _is_near_to(ticket, access, organisation))


def holder_seen(ticket: TicketState, access: Access, organisation: str, book: RuleBook) -> ShownHolder | None:
    holder = ticket.holder
    is_shown = _is_near_to(ticket, access, organisation)
    return holder_shown(book, holder.tier, holder.organisation) if is_shown else None


def _is_near_to(ticket: TicketState, access: Access, organisation: str) -> bool:
    holder = ticket.holder
    return access is not Access.SUPPLIER or is_near(holder.tier, holder.organisation, organisation)


def is_near(tier: str, holder: str, supplier: str) -> bool:
    return tier == Tier.JOINT or (tier == Tier.SUPPLIER and holder == supplier)


def state_shown(state: State, near: bool) -> ShownState:
    """By its own name only what is about the supplier or the joint organisation."""
    if state.category in (Category.RESOLVED, Category.CLOSED):
        return ShownState(state.category, state.tmf621, _ended(state))
    if not near:
        return ELSEWHERE
    return ShownState(state.category, state.tmf621, ASKED_BELOW if state.waits_on in BELOW else state.labels)


def _ended(state: State) -> Mapping[Language, str]:
    is_resolved = state.category is Category.RESOLVED
    return ENDED[TmfStatus.RESOLVED] if is_resolved else ENDED.get(state.tmf621, OVER)


def holder_shown(book: RuleBook, tier: str, organisation: str) -> ShownHolder:
    return ShownHolder(Tier(tier), organisation_shown(book, organisation))


def organisation_shown(book: RuleBook, key: str) -> Named:
    found = book.installation.organisations.get(key)
    return Named(key, found.name if found else key)


def service_shown(book: RuleBook, key: str) -> Named:
    found = book.installation.services.get(key)
    return Named(key, found.name if found else key)


def _handed_over_at(custody: Sequence[Custody]) -> datetime | None:
    """When it was handed over to the supplier the last time; to a municipality, to whoever has it. None before that."""
    last = max((stretch.number for stretch in custody), default=0)
    return min((stretch.started_at for stretch in custody if stretch.number == last > 1), default=None)


def _shown_clocks(ticket: TicketState, access: Access, organisation: str) -> list[Clock]:
    """In one order. A municipality's system is shown the promises to whoever asked."""
    outside = access is Access.SUPPLIER
    clocks = visible_clocks(ticket, access, organisation)
    shown = (clock for clock in clocks if outside or whose(clock.key) == ("", ""))
    return sorted(shown, key=lambda clock: clock.key)


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
