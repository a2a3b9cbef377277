"""The clocks of one ticket as it is folded: which promises begin, and what each state and holder does to them all."""

from datetime import datetime

from servicedesk.core import sla, updates
from servicedesk.core.rules import Rules
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import AgreementKind, Metric, Tier
from servicedesk.core.workflows.definition import State

# As in sla: found faster than an enum's members.
SLA, OLA, UC, SUPPLIER = AgreementKind.SLA, AgreementKind.OLA, AgreementKind.UC, Tier.SUPPLIER
RESPONSE, RESOLUTION = Metric.RESPONSE, Metric.RESOLUTION
ACKNOWLEDGEMENT, HOLDING, CONTRACT = Metric.ACKNOWLEDGEMENT, Metric.HOLDING, Metric.CONTRACT


def open_sla(ticket: TicketState, at: datetime, rules: Rules) -> None:
    """The promises to the requester, those that have not begun."""
    version = ticket.agreements.get(SLA)
    if version:
        for metric in (RESPONSE, RESOLUTION):
            _start(ticket, str(metric), version, metric, None, at, rules)


def _start(
    ticket: TicketState, key: str, version: str, metric: Metric, tier: Tier | None, at: datetime, rules: Rules
) -> None:
    if key not in ticket.clocks:
        clock = sla.start(key, rules.agreement(version), version, metric, tier, ticket, at)
        if clock:
            clock.warned = ticket.announced.pop(key, [])
            ticket.clocks[key] = clock


def open_of_holder(ticket: TicketState, state: State, at: datetime, rules: Rules) -> None:
    """The promises between tiers that this stay calls up: OLA inside, the supplier's contract outside."""
    tier, organisation = ticket.holder.tier, ticket.holder.organisation
    outside = tier is SUPPLIER
    version = ticket.agreements.get(UC if outside else OLA)
    if not version or not ticket.is_open or sla.is_anothers(rules.agreement(version), organisation):
        return
    metric = CONTRACT if outside else HOLDING
    _start(ticket, sla.key_of(metric, tier, organisation), version, metric, None if outside else tier, at, rules)
    if not ticket.accepted:
        key = f"{sla.key_of(ACKNOWLEDGEMENT, tier, organisation)}/{ticket.holding_number}"
        _start(ticket, key, version, ACKNOWLEDGEMENT, None if outside else tier, at, rules)


def run_on(ticket: TicketState, state: State, at: datetime, rules: Rules) -> None:
    """Run, pause and stop them as the state and the holder now say."""
    hours, effects = ticket.holder.calendar, state.clocks
    for clock in ticket.clocks.values():
        if clock.calendar != hours:
            sla.follow_holder(clock, rules.agreement(clock.agreement), ticket, at, rules)
        effect = sla.effect_now(clock, ticket, effects)
        # Most of a ticket's clocks are over and stay so.
        if clock.running_since is not None or clock.state is not effect:
            sla.put(clock, effect, at, rules)
    updates.measure(ticket, effects, at, rules)


def adopt(ticket: TicketState, agreements: dict[str, str], at: datetime, rules: Rules) -> None:
    """Other agreements from now on: a clock follows the agreement of its own kind, but no supplier another's."""
    before, ticket.agreements = ticket.agreements, rules.bound_by(ticket, agreements, at)
    for clock in ticket.clocks.values():
        kind = next((k for k, version in before.items() if version == clock.agreement), None)
        version = ticket.agreements.get(kind or "")
        if not version or version == clock.agreement:
            continue
        if not sla.is_anothers(rules.agreement(version), sla.whose(clock.key)[1]):
            sla.retarget(clock, rules.agreement(version), version, ticket, at, rules)
    open_sla(ticket, at, rules)
