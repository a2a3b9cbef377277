"""Who else has a ticket before them now, of those whom its viewer may know of; and whether they themselves have begun
to write there. One question, asked each half minute of every page that is open."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, exists, select

from servicedesk.core.actors import actor_of
from servicedesk.core.facts import Actor, Installation
from servicedesk.core.ticket import TicketState
from servicedesk.core.visibility import Access, access_of, may_know_of, may_know_of_writing
from servicedesk.core.vocabulary import Audience
from servicedesk.store.drafts import KeptDraft
from servicedesk.store.presence import Presence

# What is written in a step's form, where the others write an audience.
A_STEP = "step"
KINDS = frozenset({A_STEP, *map(str, Audience)})


@dataclass(frozen=True, slots=True)
class Present:
    key: str
    name: str
    writes: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """`others`: who writes first, then by name. `has_begun`: the viewer has drafts of something there."""

    others: list[Present]
    has_begun: bool


def beside(
    connection: Connection, installation: Installation, viewer: Actor, ticket: TicketState, since: datetime
) -> Beside:
    """Those heard of after `since`."""
    mine = (KeptDraft.person == viewer.key, KeptDraft.about == ticket.number)
    once = select(exists().where(*mine).label("has_begun")).subquery()
    here = (Presence.number == ticket.number, Presence.person != viewer.key, Presence.seen_at > since)
    query = select(once.c.has_begun, Presence.person, Presence.writes, Presence.wrote_at)
    rows = connection.execute(query.select_from(once.outerjoin(Presence, and_(*here)))).all()
    told = [(row.person, row.writes if row.wrote_at and row.wrote_at > since else None) for row in rows if row.person]
    known = sorted(_known(told, installation, viewer, ticket), key=lambda each: (not each.writes, each.name))
    return Beside(known, rows[0].has_begun)


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
