"""A ticket as a system may see it, a supplier's or a municipality's. A field that is not here is not shown: this is
the allow-list.

It narrows what the one predicate (core.visibility) has already let through: while a ticket is elsewhere in the chain,
who has it and in which state is the municipality's own business until it is resolved. A municipality's system sees
that, and of the promises those to the requester.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from servicedesk.core.facts import Actor
from servicedesk.core.sla import is_broken, spent_at, whose
from servicedesk.core.ticket import Clock
from servicedesk.core.visibility import Access, changed_at
from servicedesk.core.vocabulary import Category, ClockEffect, Language, Metric, Tier, TmfStatus, WaitsOn
from servicedesk.core.workflows.definition import State
from servicedesk.store.queries.systems.told import version_of
from servicedesk.store.queries.tickets import Found, TicketView, view_found
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
    version: int = 0


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


def system_ticket(found: Found, viewer: Actor, book: RuleBook, now: datetime) -> ShownTicket:
    """With its version."""
    return replace(shown_ticket(view_found(book, viewer, found), book, now), version=version_of(found, book).number)


def shown_ticket(view: TicketView, book: RuleBook, now: datetime) -> ShownTicket:
    ticket, organisation = view.ticket, view.organisation
    outside = view.access is Access.SUPPLIER
    near = not outside or is_near(ticket.holder.tier, ticket.holder.organisation, organisation)
    return ShownTicket(
        number=view.number,
        reference=ticket.references.get(organisation),
        title=view.title,
        description=view.description,
        service=service_shown(book, ticket.service),
        municipality=organisation_shown(book, ticket.municipality),
        priority=ticket.priority,
        state=state_shown(view.state, near),
        holder=holder_shown(book, ticket.holder.tier, ticket.holder.organisation) if near else None,
        opened_at=ticket.opened_at,
        handed_over_at=_handed_over_at(view),
        updated_at=max((changed_at(entry.event) for entry in view.entries), default=ticket.opened_at),
        clocks=[_clock(clock, now, book) for clock in _shown_clocks(view)],
    )


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


def _handed_over_at(view: TicketView) -> datetime | None:
    """When it was handed over to the supplier the last time; to a municipality, to whoever has it. None before that."""
    last = max((stretch.number for stretch in view.custody), default=0)
    return min((stretch.started_at for stretch in view.custody if stretch.number == last > 1), default=None)


def _shown_clocks(view: TicketView) -> list[Clock]:
    """In one order. A municipality's system is shown the promises to whoever asked."""
    outside = view.access is Access.SUPPLIER
    shown = (clock for clock in view.clocks if outside or whose(clock.key) == ("", ""))
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
