"""Leading a major incident: attaching many tickets, telling all who are affected, solving all of them at once.

What is decided is one short transaction, whatever the number of tickets; what follows for each is carried out after
it (see carrying), at once for a few and by the scheduler for many.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, update

from servicedesk.actions.desk import Desk
from servicedesk.actions.disruptions import tell_within
from servicedesk.actions.majors.acts import add_act, find, hold
from servicedesk.actions.majors.carrying import carry_out
from servicedesk.actions.once import Once, claim, settle
from servicedesk.core.errors import Invalid, NotFound
from servicedesk.core.facts import Actor, Installation
from servicedesk.core.inputs import clean_texts
from servicedesk.core.majors import Act, concerns, require_leads
from servicedesk.core.vocabulary import Audience, ResolutionCode
from servicedesk.store.majors import REFUSED, WAITING, MajorIncident, MajorTask
from servicedesk.store.queries.majors import ids_numbered, ids_of, municipalities_of

# So many are dealt with before whoever decided it sees the page again; the others follow in the background.
AT_ONCE = 20
# Whom one text to all affected may reach: the requester with the municipality, or the municipality alone with the
# joint organisation. A supplier is written to in its own ticket.
AUDIENCES = (Audience.REQUESTER, Audience.JOINT)


@dataclass(frozen=True, slots=True)
class Deciding:
    """A decision in the making: the incident is under lock."""

    connection: Connection
    installation: Installation
    incident: MajorIncident
    now: datetime


def attach_all(desk: Desk, key: str, numbers: Collection[str], *, actor: Actor, once: Once | None = None) -> int:
    """Attach these of the tickets that the actor sees; how many are in hand. Those that cannot be are told of."""
    with _deciding(desk, key, once) as made:
        _require_concerned(made, actor)
        found = ids_numbered(made.connection, actor, numbers)
        if not found:
            raise Invalid({"tickets": ["Choose at least one ticket."]})
        _add(made, Act.ATTACH, "", "", found.values(), actor=actor)
    carry_out(desk, AT_ONCE)
    return len(found)


def tell_all(
    desk: Desk,
    key: str,
    text: str,
    audience: str,
    *,
    actor: Actor,
    in_public: bool = False,
    once: Once | None = None,
) -> int:
    """One text into every ticket; how many. `in_public`: to the public as well, where it has been told of it."""
    require_leads(actor)
    said = _text("text", text)
    if audience not in AUDIENCES:
        raise Invalid({"audience": ["Choose who is to read it."]})
    with _deciding(desk, key, once) as made:
        tickets = ids_of(made.connection, key)
        _add(made, Act.TELL, said, audience, tickets, actor=actor)
        if in_public:
            _tell_public(made, said, actor=actor)
    carry_out(desk, AT_ONCE)
    return len(tickets)


def resolve_all(desk: Desk, key: str, solution: str, code: str, *, actor: Actor, once: Once | None = None) -> int:
    """The incident is over: its solution goes to every ticket by that ticket's own workflow, and what the public was
    told ends. How many; those that their workflows do not let be solved are told of."""
    require_leads(actor)
    said = _text("solution", solution)
    if code not in list(ResolutionCode):
        raise Invalid({"resolution_code": ["Choose how it was solved."]})
    with _deciding(desk, key, once) as made:
        tickets = ids_of(made.connection, key)
        _add(made, Act.RESOLVE, said, code, tickets, actor=actor)
        over = update(MajorIncident).where(MajorIncident.id == made.incident.id)
        made.connection.execute(over.values(ended_at=made.now))
        _tell_public(made, said, actor=actor, ends=True)
    carry_out(desk, AT_ONCE)
    return len(tickets)


def try_again(desk: Desk, key: str, number: int, *, actor: Actor) -> int:
    """What an act could not do to some tickets, once what was in the way is gone; how many are tried."""
    require_leads(actor)
    with desk.transaction() as connection:
        incident = find(connection, key)
        mine = (MajorTask.incident_id == incident.id, MajorTask.number == number, MajorTask.state == REFUSED)
        tried: int = connection.execute(update(MajorTask).where(*mine).values(state=WAITING, why="")).rowcount
    carry_out(desk, AT_ONCE)
    return tried


@contextmanager
def _deciding(desk: Desk, key: str, once: Once | None) -> Iterator[Deciding]:
    with desk.transaction() as connection:
        book, now = desk.book_and_now(connection)
        if once:
            claim(connection, once, now)
        yield Deciding(connection, book.installation, hold(connection, key), now)
        if once:
            settle(connection, once, key)


def _require_concerned(made: Deciding, actor: Actor) -> None:
    if not concerns(actor, made.installation) & set(municipalities_of(made.connection, made.incident.id)):
        raise NotFound("There is no such major incident.")


def _add(made: Deciding, kind: Act, text: str, choice: str, tickets: Collection[int], *, actor: Actor) -> None:
    add_act(made.connection, made.incident.id, kind, text, made.now, actor=actor, choice=choice, tickets=tickets)


def _tell_public(made: Deciding, text: str, *, actor: Actor, ends: bool = False) -> None:
    if made.incident.disruption:
        tell_within(made.connection, made.incident.disruption, text, made.now, actor=actor, ends=ends)


def _text(name: str, text: str) -> str:
    said = clean_texts({name: text}).get(name)
    if not said:
        raise Invalid({name: ["Write something first."]})
    return said
