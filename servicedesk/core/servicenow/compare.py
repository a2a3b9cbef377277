"""What an import would write, beside what an earlier one wrote: the same, a beginning of it, or something else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from servicedesk.core.canonical import canonical_json
from servicedesk.core.codec import dump, stamp
from servicedesk.core.events import (
    EntryAdded,
    Event,
    Payload,
    PromiseWarned,
    TextErased,
    TicketLinked,
    TicketLogged,
    kind_of,
)
from servicedesk.core.servicenow.account import Kind

# Which versions a ticket was pinned to is not said by the log: a later import may find newer ones.
PINNED = ("workflow_version", "agreements", "supplier", "rule")

# What may have happened here without the ticket having gone another way than its log.
HARMLESS = (PromiseWarned, EntryAdded, TicketLinked, TextErased)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`known`: how many of the planned events the journal has. `why` is set when the ticket must be left as it is."""

    known: int = 0
    kind: Kind | None = None
    why: str = ""


def compare(planned: Sequence[tuple[datetime, Payload]], events: Sequence[Event]) -> Comparison:
    """Whether the journal is the plan, or a beginning of it that can be continued."""
    observed = [event for event in events if event.observed]
    if not events or not events[0].observed:
        return Comparison(kind=Kind.NATIVE_TICKET, why="A ticket with this number was logged here, not imported.")
    for place, (event, (at, payload)) in enumerate(zip(observed, planned, strict=False), start=1):
        if _said(event.occurred_at, event.payload) != _said(at, payload):
            why = f"Event {event.seq} of the ticket here, {event.kind}, is not what the log says now (its {place}.)."
            return Comparison(kind=Kind.DIFFERS, why=why)
    known = min(len(observed), len(planned))
    gone_on = [event for event in events if not event.observed and not isinstance(event.payload, HARMLESS)]
    last = max(event.occurred_at for event in events)
    if known < len(planned) and (gone_on or last > planned[known][0]):
        event = gone_on[0] if gone_on else events[-1]
        why = f"The log has gone on, and so has the ticket here: event {event.seq}, {event.kind}."
        return Comparison(known, Kind.GONE_ON, why)
    return Comparison(known)


def _said(at: datetime, payload: Payload) -> tuple[str, str, str]:
    data: dict[str, Any] = dump(payload)
    if isinstance(payload, TicketLogged):
        data = {name: value for name, value in data.items() if name not in PINNED}
    if data.get("holder"):
        data["holder"] = data["holder"]["team"]
    return stamp(at), kind_of(payload), canonical_json(data)
