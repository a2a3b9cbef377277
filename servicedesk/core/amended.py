"""What happened as it is known now: each event as it was last corrected. The journal itself is never changed."""

from collections.abc import Iterable
from operator import attrgetter

from msgspec.structs import replace

from servicedesk.core.events import Event, PriorityChanged, TicketLogged

AS_IT_HAPPENED = attrgetter("occurred_at", "seq")


def amended(events: Iterable[Event]) -> list[Event]:
    """The events in the order in which things happened, (occurred_at, seq). One that a later one amends stands there
    under its own seq, at the moment and with the payload that the last correction of it gave."""
    events = list(events)
    corrections = [event for event in events if event.amends]
    if not corrections:
        return sorted(events, key=AS_IT_HAPPENED)
    known = {event.seq: event for event in events if not event.amends}
    for correction in sorted(corrections, key=lambda event: event.seq):
        assert correction.amends
        known[correction.amends] = _amend(known[correction.amends], correction)
    return sorted(known.values(), key=AS_IT_HAPPENED)


def _amend(event: Event, correction: Event) -> Event:
    """Of how a ticket was logged only the priority can be corrected: it was that from the start."""
    data = correction.payload
    if isinstance(event.payload, TicketLogged) and isinstance(data, PriorityChanged):
        logged = replace(event.payload, impact=data.impact, urgency=data.urgency, priority=data.priority)
        return replace(event, payload=replace(logged, priority_given=False))
    return replace(event, payload=data, occurred_at=correction.occurred_at)
