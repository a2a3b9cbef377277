"""Clocks: promises measured as a fold over states, never as counters.

What is spent stays spent, measured on the calendar that applied when it was spent. A new priority, agreement or
municipality changes the target and the calendar of what remains, nothing else.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from math import ceil
from typing import Protocol

from servicedesk.core.agreements import target_for, whatever_is_promised
from servicedesk.core.facts import HOLDERS_CALENDAR, Agreement, Target
from servicedesk.core.ticket import Clock, Holder, TicketState
from servicedesk.core.vocabulary import AgreementKind, ClockEffect, Metric, Tier

# By the tier that promises updates; to the requester it is the whole chain.
UPDATES_RUN_AS: dict[str, Metric] = {"": Metric.RESOLUTION, Tier.SUPPLIER: Metric.CONTRACT}

# Asked of every clock at every step of every ticket: a name is found some ten times as fast as an enum's member.
RUN, PAUSE, STOP = ClockEffect.RUN, ClockEffect.PAUSE, ClockEffect.STOP
ACKNOWLEDGEMENT, RESPONSE, UPDATE = Metric.ACKNOWLEDGEMENT, Metric.RESPONSE, Metric.UPDATE


class WorkingTime(Protocol):
    """What a clock needs of a calendar: see core.calendars.calendar.Calendar."""

    def elapsed(self, start: datetime, end: datetime) -> int: ...

    def deadline(self, start: datetime, seconds: int) -> datetime: ...


class Calendars(Protocol):
    def calendar(self, key: str) -> WorkingTime: ...


def spent_at(clock: Clock, at: datetime, calendars: Calendars) -> int:
    """Open seconds used until `at`."""
    if clock.running_since is None or at <= clock.running_since:
        return clock.spent
    return clock.spent + calendars.calendar(clock.calendar).elapsed(clock.running_since, at)


def is_broken(clock: Clock, at: datetime) -> bool:
    """Whether the moment it was due, and its grace, have passed by `at`. A clock without a target is never broken."""
    breaks = clock.breaks_at or clock.due_at
    return clock.broken_at is not None or (breaks is not None and at > breaks)


def breaking_at(clock: Clock) -> datetime | None:
    """When it broke, or breaks if it runs on."""
    return clock.broken_at or clock.breaks_at or clock.due_at


def settle(clock: Clock, at: datetime, calendars: Calendars) -> None:
    """Bank what has run until `at`. Broken is what was due before that: the day is over at closing time, not at the
    next opening, so that the outcome is the one that everybody has seen on the page."""
    if clock.running_since is None:
        return
    if at > clock.running_since:
        clock.spent += calendars.calendar(clock.calendar).elapsed(clock.running_since, at)
    if clock.grace and clock.due_at is not None and at > clock.due_at:
        clock.passed_at = clock.due_at
    if is_broken(clock, at):
        clock.broken_at, clock.breaks_at = breaking_at(clock), None
    clock.running_since = at


def put(clock: Clock, effect: ClockEffect, at: datetime, calendars: Calendars) -> None:
    """Run, pause or stop from `at` on. What runs on is due when it was: only what it has spent is banked."""
    if clock.running_since is not None:
        settle(clock, at, calendars)
    if clock.state is effect:
        return
    clock.state = effect
    if effect is RUN:
        clock.running_since = at
        clock.stopped_at = None
    else:
        clock.running_since = None
        clock.stopped_at = at if effect is STOP else None
    arm(clock, calendars)


def arm(clock: Clock, calendars: Calendars) -> None:
    """`due_at` of a running clock with a target, and with grace `breaks_at`; what has passed keeps its moment."""
    clock.due_at, clock.breaks_at = None, None
    if clock.running_since is None or not clock.target:
        return
    hours = calendars.calendar(clock.calendar)
    clock.due_at = clock.passed_at or clock.broken_at
    if clock.due_at is None:
        clock.due_at = hours.deadline(clock.running_since, max(0, clock.target - clock.spent))
    if clock.grace and clock.broken_at is None:
        left = max(0, clock.target + clock.grace - clock.spent)
        clock.breaks_at = hours.deadline(clock.running_since, left)


def retarget(
    clock: Clock, agreement: Agreement, version: str, ticket: TicketState, at: datetime, cals: Calendars
) -> None:
    """Another promise for what remains. A stopped clock keeps its outcome, and what was broken stays broken."""
    if clock.state is STOP:
        return
    settle(clock, at, cals)
    target = target_for(agreement, clock.metric, ticket.priority, clock.tier, ticket.workflow)
    # Where another agreement promises nothing at this priority the clock measures on, by that agreement's hours.
    hours = target if version == clock.agreement else promised(agreement, clock.metric, clock.tier, ticket)
    clock.agreement, clock.party = version, agreement.party
    clock.target, clock.grace = (target.seconds, target.grace) if target else (0, 0)
    if hours and (hours.calendar != HOLDERS_CALENDAR or is_with(clock, ticket)):
        clock.calendar = _hours(hours, ticket.holder)
    if clock.broken_at is None:
        has_passed = clock.target > 0 and clock.spent > clock.target
        clock.broken_at = at if has_passed and clock.spent > clock.target + clock.grace else None
        clock.passed_at = (clock.passed_at or at) if has_passed and clock.grace else None
    arm(clock, cals)


def start(
    key: str, agreement: Agreement, version: str, metric: Metric, tier: Tier | None, ticket: TicketState, at: datetime
) -> Clock | None:
    """A new clock, not yet running; None when the agreement says nothing at all of the metric for that tier.

    At a priority without a promise the clock measures, with target 0 and nothing due.
    """
    target = promised(agreement, metric, tier, ticket)
    if target is None:
        return None
    is_meant = ticket.priority in target.priorities
    return Clock(
        key=key,
        metric=metric,
        agreement=version,
        party=agreement.party,
        tier=tier,
        target=target.seconds if is_meant else 0,
        grace=target.grace if is_meant else 0,
        calendar=_hours(target, ticket.holder),
        started_at=at,
        state=PAUSE,
    )


def follow_holder(clock: Clock, agreement: Agreement, ticket: TicketState, at: datetime, calendars: Calendars) -> None:
    """Handed sideways, a tier's promise runs on, on the opening hours of the team that has the ticket now."""
    hours = ticket.holder.calendar
    if clock.calendar == hours or clock.metric is ACKNOWLEDGEMENT or not is_with(clock, ticket):
        return
    target = promised(agreement, clock.metric, clock.tier, ticket)
    if target and target.calendar == HOLDERS_CALENDAR:
        settle(clock, at, calendars)
        clock.calendar = hours
        arm(clock, calendars)


def promised(agreement: Agreement, metric: Metric, tier: Tier | None, ticket: TicketState) -> Target | None:
    """The target of the ticket's priority, else whatever is promised at another."""
    return whatever_is_promised(agreement, metric, ticket.priority, tier, ticket.workflow)


def _hours(target: Target, holder: Holder) -> str:
    return holder.calendar if target.calendar == HOLDERS_CALENDAR else target.calendar


def next_share(clock: Clock, shares: Iterable[int]) -> int | None:
    """The lowest share of the target above all that have been announced: what has been said is not said again, and
    nothing lower is said after it."""
    highest = max(clock.warned, default=0)
    return min((share for share in shares if share > highest), default=None)


def breaks_by(clock: Clock, share: int) -> bool:
    """Whether so much of the target, in percent, is beyond its grace."""
    return share * clock.target >= 100 * (clock.target + clock.grace)


def share_due(clock: Clock, share: int, calendars: Calendars) -> datetime | None:
    """When a running clock reaches `share` percent of its target; at once if it already has."""
    if clock.running_since is None or not clock.target:
        return None
    at = ceil(clock.target * share / 100) - clock.spent
    if at <= 0:
        return clock.running_since
    return calendars.calendar(clock.calendar).deadline(clock.running_since, at)


def effect_now(clock: Clock, ticket: TicketState, effects: dict[Metric, ClockEffect]) -> ClockEffect:
    """What the present state and holder do to one clock.

    response runs once, until somebody has answered. acknowledgement lives from one hand-over to its acceptance.
    holding, contract and a tier's updates run only while their own tier holds the ticket.
    """
    metric = clock.metric
    if metric is ACKNOWLEDGEMENT:
        mine = not ticket.accepted and clock.key.endswith(f"/{ticket.holding_number}")
        return effects[metric] if mine else STOP
    if clock.answered_at or (metric is RESPONSE and ticket.responded_at is not None):
        return STOP
    effect = effects[metric if metric is not UPDATE else ruled_by(clock)]
    tier, organisation = whose(clock.key)
    if tier and effect is not STOP:
        holder = ticket.holder
        return effect if tier == holder.tier and organisation == holder.organisation else PAUSE
    return effect


def ruled_by(clock: Clock) -> Metric:
    """What a state must say something of: for an update the promise that it belongs to."""
    if clock.metric is not UPDATE:
        return clock.metric
    return UPDATES_RUN_AS.get(whose(clock.key)[0], Metric.HOLDING)


def is_with(clock: Clock, ticket: TicketState) -> bool:
    """Whether the tier and organisation that a promise binds have the ticket now; never for one to the requester."""
    tier, organisation = whose(clock.key)
    return tier == ticket.holder.tier and organisation == ticket.holder.organisation


def is_anothers(agreement: Agreement, organisation: str) -> bool:
    """Whether it is the contract of another supplier: none answers for what another has promised."""
    return agreement.kind is AgreementKind.UC and agreement.party != organisation


@lru_cache(maxsize=4096)
def key_of(metric: Metric, tier: Tier, organisation: str) -> str:
    """A clock's key for a promise that a tier and organisation have given."""
    return f"{metric}/{tier}/{organisation}"


@lru_cache(maxsize=4096)
def whose(key: str) -> tuple[str, str]:
    """(tier, organisation) that a clock's key names; empty for a promise to the requester."""
    _, *named = key.split("/")
    return (named[0], named[1]) if len(named) > 1 else ("", "")
