"""Who may look after the installation itself: one enum, one table. (What people may do to a ticket: core.rights.)

Whoever runs the program at its command line may do it all.
"""

from enum import StrEnum

from servicedesk.core.errors import Refusal
from servicedesk.core.facts import Actor
from servicedesk.core.vocabulary import Role


class Duty(StrEnum):
    """verb_objects."""

    MANAGE_CLIENTS = "manage_clients"


TABLE: dict[Duty, frozenset[Role]] = {
    Duty.MANAGE_CLIENTS: frozenset({Role.IT_SERVICE_MANAGER}),
}
SENTENCES: dict[Duty, str] = {
    Duty.MANAGE_CLIENTS: "Only the IT service manager can manage the systems that use the API.",
}


def has_duty(duty: Duty, actor: Actor) -> bool:
    return actor.kind == "operator" or (actor.kind == "person" and not actor.roles.isdisjoint(TABLE[duty]))


def require_duty(duty: Duty, actor: Actor) -> None:
    """Refusal `not_yours` with what is needed."""
    if not has_duty(duty, actor):
        raise Refusal(SENTENCES[duty], code="not_yours")
