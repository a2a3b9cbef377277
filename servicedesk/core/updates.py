"""The update interval: whoever is promised one hears something at least so often while the promise runs.

One clock for each silence. It begins when the promise runs and nothing measures the silence yet; words that reach the
one who is promised end it for good, and the next silence begins. In between it runs, pauses, stops and is taken up
again as the promise it belongs to (see sla.ruled_by).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from servicedesk.core import sla
from servicedesk.core.events import EntryAdded, Event
from servicedesk.core.rules import Rules
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import AgreementKind, ClockEffect, Metric, Tier

# As in sla: found faster than an enum's members.
SLA, OLA, UC = AgreementKind.SLA, AgreementKind.OLA, AgreementKind.UC
UPDATE, HOLDING, SUPPLIER = Metric.UPDATE, Metric.HOLDING, Tier.SUPPLIER


def heard(ticket: TicketState, event: Event, rules: Rules, *, asks_requester: bool = False) -> None:
    """End the silences that an event's words break, before it changes anything else.

    The requester hears replies and questions to them. Who ordered from a supplier, and who escalated to the joint
    tier, hears every entry and every step with words of that organisation's. What another system's log tells was said
    by whoever had the ticket; what is told afterwards nobody heard then.
    """
    said_to_requester = asks_requester or (isinstance(event.payload, EntryAdded) and event.payload.tells_requester)
    has_words = bool(event.texts) and event.amends is None
    speaker = event.party or (ticket.holder.organisation if event.observed else "")
    for clock in ticket.clocks.values():
        if clock.metric is not UPDATE or clock.answered_at:
            continue
        organisation = sla.whose(clock.key)[1]
        if said_to_requester if not organisation else (speaker == organisation and has_words):
            sla.put(clock, sla.STOP, event.occurred_at, rules)
            clock.answered_at = event.occurred_at


def measure(ticket: TicketState, effects: Mapping[Metric, ClockEffect], at: datetime, rules: Rules) -> None:
    """Measure the silence of every promise of updates that runs in a state with these effects."""
    for kind, tier, organisation in _promised(ticket):
        version = ticket.agreements.get(kind)
        if not version or effects[sla.UPDATES_RUN_AS.get(tier or "", HOLDING)] is not sla.RUN:
            continue
        agreement = rules.agreement(version)
        if not sla.promised(agreement, UPDATE, tier, ticket) or sla.is_anothers(agreement, organisation):
            continue
        prefix = sla.key_of(UPDATE, tier, organisation) if tier else str(UPDATE)
        number = 1
        while f"{prefix}/{number}" in ticket.clocks:
            number += 1
        last = ticket.clocks.get(f"{prefix}/{number - 1}")
        if last and not last.answered_at:
            continue
        clock = sla.start(f"{prefix}/{number}", agreement, version, UPDATE, tier, ticket, at)
        if clock:
            clock.warned = ticket.announced.pop(clock.key, [])
            ticket.clocks[clock.key] = clock
            sla.put(clock, sla.RUN, at, rules)


def _promised(ticket: TicketState) -> Iterator[tuple[AgreementKind, Tier | None, str]]:
    """(whose promise, by which tier, of which organisation): to the requester, and by whoever has the ticket."""
    yield SLA, None, ""
    tier = ticket.holder.tier
    yield UC if tier is SUPPLIER else OLA, tier, ticket.holder.organisation
