"""Making an event of a payload and of what a person wrote: the texts kept apart, only their HMACs in the event."""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from servicedesk.core.events import Event, Payload, kind_of, text_mac
from servicedesk.core.facts import Actor


def kept_apart(texts: Mapping[str, str], seq: int) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """(field -> HMAC for the event, rows of the texts themselves), each text under a random key of its own."""
    macs, rows = {}, []
    for name, text in texts.items():
        if text:
            secret = secrets.token_hex(32)
            macs[name] = text_mac(bytes.fromhex(secret), text)
            rows.append({"seq": seq, "field": name, "text": text, "secret": secret})
    return macs, rows


def event_of(
    number: str,
    seq: int,
    payload: Payload,
    macs: dict[str, str],
    *,
    actor: Actor,
    party: str,
    occurred_at: datetime,
    recorded_at: datetime,
    amends: int | None = None,
) -> Event:
    """What an import tells of is marked as observed: no guard applied to it."""
    return Event(
        kind=kind_of(payload),
        ticket=number,
        seq=seq,
        occurred_at=occurred_at.astimezone(UTC),
        recorded_at=recorded_at.astimezone(UTC),
        actor=f"{actor.kind}:{actor.key}",
        payload=payload,
        texts=macs,
        observed=actor.kind == "import",
        party=party,
        amends=amends,
    )
