"""Choices that were sent, as values of the closed vocabularies."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from servicedesk.core.errors import Invalid
from servicedesk.core.workflows.needs import NOT_A_CHOICE


def chosen(typed: Mapping[str, str], kinds: Mapping[str, type[StrEnum]]) -> dict[str, Any]:
    """Field -> value. Invalid names every field whose value is none of those offered."""
    faults = {name: [NOT_A_CHOICE] for name, kind in kinds.items() if typed.get(name) not in list(kind)}
    if faults:
        raise Invalid(faults)
    return {name: kind(typed[name]) for name, kind in kinds.items()}
