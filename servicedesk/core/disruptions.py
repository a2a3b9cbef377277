"""What the public is told of services that do not work: one noun, whoever declares it and wherever it is shown.

A disruption concerns one shared service in a set of municipalities, from a moment until it has ended. It carries a
title and messages, all of them written for the public; the ticket that it springs from, if any, is never shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from servicedesk.core.errors import Refusal
from servicedesk.core.facts import Actor, Installation
from servicedesk.core.vocabulary import OrganisationKind, Role

# For so long what has ended can still be read about.
REMEMBERED = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Message:
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Disruption:
    """As the public may know it. `key` is stable and says nothing. `messages`: newest first. `updated_at`: of the last
    message, or the end."""

    key: str
    service: str
    title: str
    began_at: datetime
    ended_at: datetime | None
    updated_at: datetime
    municipalities: tuple[str, ...]
    messages: tuple[Message, ...] = field(default=())


def speaks_for(actor: Actor, installation: Installation) -> frozenset[str]:
    """The municipalities to whose public this actor may speak: the IT service manager to all, a business system manager
    to that of their own; nobody else to any."""
    if actor.kind == "operator" or Role.IT_SERVICE_MANAGER in actor.roles:
        return _municipalities(installation)
    return frozenset(seat.organisation for seat in actor.seats if seat.role is Role.BUSINESS_SYSTEM_MANAGER)


def _municipalities(installation: Installation) -> frozenset[str]:
    kept = installation.organisations.values()
    return frozenset(each.key for each in kept if each.kind is OrganisationKind.MUNICIPALITY)


def require_speaks_for(actor: Actor, municipalities: Iterable[str], installation: Installation) -> None:
    """Refusal `not_yours` unless all of these are the actor's to speak to."""
    if not set(municipalities) <= speaks_for(actor, installation):
        raise Refusal(
            "Only the IT service manager can inform the public of several municipalities, and a business system "
            "manager that of their own.",
            code="not_yours",
        )
