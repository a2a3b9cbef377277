"""Who else has a ticket before them now, of those whom its viewer may know of."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from servicedesk.core.actors import actor_of
from servicedesk.core.facts import Actor, Installation
from servicedesk.core.ticket import TicketState
from servicedesk.core.visibility import Access, access_of, may_know_of, may_know_of_writing
from servicedesk.core.vocabulary import Audience
from servicedesk.store.presence import Presence

# What is written in a step's form, where the others write an audience.
A_STEP = "step"
KINDS = frozenset({A_STEP, *map(str, Audience)})


@dataclass(frozen=True, slots=True)
class Present:
    key: str
    name: str
    writes: bool


def present(
    connection: Connection, installation: Installation, viewer: Actor, ticket: TicketState, since: datetime
) -> list[Present]:
    """Those heard of after `since`: who writes first, then by name."""
    columns = (Presence.person, Presence.writes, Presence.wrote_at)
    here = (Presence.number == ticket.number, Presence.person != viewer.key, Presence.seen_at > since)
    rows = connection.execute(select(*columns).where(*here)).all()
    told = [(key, writes if wrote_at and wrote_at > since else None) for key, writes, wrote_at in rows]
    return sorted(_known(told, installation, viewer, ticket), key=lambda each: (not each.writes, each.name))


def _known(
    told: list[tuple[str, str | None]], installation: Installation, viewer: Actor, ticket: TicketState
) -> Iterator[Present]:
    access = access_of(ticket, viewer)
    for key, writes in told:
        person = installation.people.get(key)
        if access and person and may_know_of(ticket, viewer, actor_of(person, installation)):
            yield Present(key, person.name, _is_told(access[0], writes))


def _is_told(access: Access, writes: str | None) -> bool:
    if writes not in KINDS:
        return False
    return may_know_of_writing(access, None if writes == A_STEP else Audience(writes))
