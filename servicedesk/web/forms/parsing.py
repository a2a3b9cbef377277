"""Choices that were sent, as values of the closed vocabularies."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from servicedesk.core.corrections import AN_EVENT
from servicedesk.core.errors import Invalid
from servicedesk.core.workflows.needs import NOT_A_CHOICE
from servicedesk.web import times


def chosen(typed: Mapping[str, str], kinds: Mapping[str, type[StrEnum]]) -> dict[str, Any]:
    """Field -> value. Invalid names every field whose value is none of those offered."""
    faults = {name: [NOT_A_CHOICE] for name, kind in kinds.items() if typed.get(name) not in list(kind)}
    if faults:
        raise Invalid(faults)
    return {name: kind(typed[name]) for name, kind in kinds.items()}


def moment(typed: Mapping[str, str], name: str) -> datetime | None:
    """A moment on the installation's clock; None when the field is empty. Invalid for what is no moment."""
    text = typed.get(name, "").strip()
    if not text:
        return None
    try:
        return datetime.fromisoformat(times.with_zone(text)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid({name: ["Give a date and a time."]}) from None


def position(typed: Mapping[str, str], name: str) -> int:
    """Which of a ticket's events. Invalid for what is no such number."""
    text = typed.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise Invalid({name: [AN_EVENT]})
    return int(text)
