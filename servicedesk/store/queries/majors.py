"""Major incidents as those may know them whose municipalities they concern, and what each may see of their tickets."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, exists, false, func, or_, select
from sqlalchemy.orm import aliased

from servicedesk.core.errors import NotFound
from servicedesk.core.facts import Actor, Installation
from servicedesk.core.majors import LEARNED, Act, Major, concerns
from servicedesk.store.majors import (
    DONE,
    REFUSED,
    WAITING,
    MajorAct,
    MajorIncident,
    MajorMunicipality,
    MajorTask,
)
from servicedesk.store.queries.lines import Line, line_of, select_lines
from servicedesk.store.queries.visible import visible_tickets
from servicedesk.store.tickets import Ticket, Visibility

MOST = 50
GOES_ON = MajorIncident.ended_at.is_(None)


@dataclass(frozen=True, slots=True)
class Headline:
    """Of one that goes on, what whoever it concerns reads of it wherever they begin."""

    key: str
    title: str
    service: str
    declared_at: datetime


@dataclass(frozen=True, slots=True)
class Done:
    """An act and how far it has come. `refused`: (ticket's number, why as JSON)."""

    number: int
    at: datetime
    actor: str
    kind: str
    text: str
    choice: str
    done: int
    waiting: int
    refused: list[tuple[str, str]]


def majors(connection: Connection, viewer: Actor, installation: Installation) -> list[Major]:
    """Those that go on and concern the viewer, the newest first."""
    return _found(connection, viewer, installation, GOES_ON)


def over(
    connection: Connection, viewer: Actor, installation: Installation, *, before: str = "", limit: int = MOST
) -> list[Major]:
    """Those that are over and concern the viewer, the newest first; `before`: the key of one, those older than it."""
    which: list[ColumnElement[bool]] = [MajorIncident.ended_at.is_not(None)]
    if before:
        there = aliased(MajorIncident)
        which.append(MajorIncident.id < select(there.id).where(there.key == before).scalar_subquery())
    return _found(connection, viewer, installation, *which, limit=limit)


def headlines(connection: Connection, viewer: Actor, installation: Installation) -> list[Headline]:
    """Of `majors`, in one statement."""
    theirs = sorted(concerns(viewer, installation))
    return [Headline(*row) for row in connection.execute(_HEADLINES, {"theirs": theirs})] if theirs else []


def now_and_own(connection: Connection, viewer: Actor, installation: Installation, key: str) -> list[Major]:
    """Those that go on, and the one of this key, of those that concern the viewer."""
    own = MajorIncident.key == key if key else false()
    return _found(connection, viewer, installation, or_(GOES_ON, own))


def major_of(connection: Connection, viewer: Actor, installation: Installation, key: str) -> Major:
    """NotFound when there is none of this key, or it does not concern the viewer."""
    found = _found(connection, viewer, installation, MajorIncident.key == key)
    if not found:
        raise NotFound("There is no such major incident.")
    return found[0]


def _concerning(viewer: Actor, installation: Installation, *columns: Any) -> Select[Any] | None:
    """SELECT of these columns over those that concern the viewer, the newest first; None where none can."""
    theirs = sorted(concerns(viewer, installation))
    return _of_theirs(*columns).params(theirs=theirs) if theirs else None


def _of_theirs(*columns: Any) -> Select[Any]:
    is_theirs = MajorMunicipality.municipality.in_(bindparam("theirs", expanding=True))
    here = exists().where(MajorMunicipality.incident_id == MajorIncident.id, is_theirs)
    return select(*columns).where(here).order_by(MajorIncident.id.desc())


# Built once: every page that somebody begins at asks.
_HEADLINES = (
    _of_theirs(MajorIncident.key, MajorIncident.title, MajorIncident.service, MajorIncident.declared_at)
    .where(GOES_ON)
    .limit(MOST)
)


def _found(
    connection: Connection,
    viewer: Actor,
    installation: Installation,
    *which: ColumnElement[bool],
    limit: int = MOST,
) -> list[Major]:
    query = _concerning(viewer, installation, MajorIncident.__table__)
    if query is None:
        return []
    found = connection.execute(query.where(*which).limit(limit)).all()
    places = _places(connection, [row.id for row in found])
    numbers = _numbers(connection, viewer, [row.ticket_id for row in found if row.ticket_id])
    return [
        Major(
            id=row.id,
            key=row.key,
            service=row.service,
            title=row.title,
            declared_at=row.declared_at,
            ended_at=row.ended_at,
            municipalities=tuple(places[row.id]),
            disruption=row.disruption,
            number=numbers.get(row.ticket_id, ""),
        )
        for row in found
    ]


def _places(connection: Connection, ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {each: [] for each in ids}
    if ids:
        query = select(MajorMunicipality.__table__).where(MajorMunicipality.incident_id.in_(ids))
        for row in connection.execute(query.order_by(MajorMunicipality.municipality)):
            found[row.incident_id].append(row.municipality)
    return found


def _numbers(connection: Connection, viewer: Actor, ids: Sequence[int]) -> dict[int | None, str]:
    if not ids:
        return {}
    query = visible_tickets(viewer, Ticket.id, Ticket.number).where(Ticket.id.in_(ids))
    return {row.id: row.number for row in connection.execute(query)}


def municipalities_of(connection: Connection, incident: int) -> list[str]:
    return _places(connection, [incident])[incident]


def leading(connection: Connection, key: str) -> list[int]:
    """The ids of the tickets that it was declared out of: one or none."""
    query = select(MajorIncident.ticket_id).where(MajorIncident.key == key, MajorIncident.ticket_id.is_not(None))
    return [each for each in connection.execute(query).scalars() if each]


def belongs_to(key: str) -> tuple[ColumnElement[bool], ...]:
    # Both, so that either database goes by the index of those that belong to one.
    return Ticket.major == key, Ticket.major != ""


def last_told(connection: Connection, ids: Collection[int]) -> dict[int, tuple[datetime, str]]:
    """Incident -> when all were last told something, and what: as it was declared, or since."""
    query = select(MajorAct.incident_id, MajorAct.at, MajorAct.text)
    query = query.where(MajorAct.incident_id.in_(sorted(ids)), MajorAct.kind.in_((Act.DECLARE, Act.TELL)))
    return {row.incident_id: (row.at, row.text) for row in connection.execute(query.order_by(MajorAct.number))}


def learned(connection: Connection, incident: int) -> dict[str, Any]:
    """Of each of LEARNED that has been written, its last row."""
    query = select(MajorAct.__table__).where(MajorAct.incident_id == incident, MajorAct.kind.in_(LEARNED))
    return {row.kind: row for row in connection.execute(query.order_by(MajorAct.number))}


def belonging(connection: Connection, viewer: Actor, key: str, limit: int) -> list[Line]:
    """The viewer's tickets that belong to it, open ones first, what runs out first on top."""
    order = (Visibility.is_open.desc(), Visibility.next_due_at, Visibility.ticket_id)
    query = select_lines(viewer).where(*belongs_to(key)).order_by(*order).limit(limit)
    return [line_of(row) for row in connection.execute(query)]


def totals(connection: Connection, viewer: Actor, keys: Collection[str]) -> dict[str, tuple[int, int]]:
    """Key -> (tickets, of them open), of those that the viewer may see; none of an incident that has none."""
    opened = func.count().filter(Visibility.is_open.is_(True))
    query = visible_tickets(viewer, Ticket.major, func.count(), opened)
    query = query.where(Ticket.major.in_(sorted(keys)), Ticket.major != "").group_by(Ticket.major)
    return {key: (every, still) for key, every, still in connection.execute(query)}


def counts(connection: Connection, viewer: Actor, key: str) -> dict[str, tuple[int, int]]:
    """Municipality -> (tickets, of them open), of those that the viewer may see."""
    opened = func.count().filter(Visibility.is_open.is_(True))
    query = visible_tickets(viewer, Visibility.municipality, func.count(), opened).where(*belongs_to(key))
    rows = connection.execute(query.group_by(Visibility.municipality).order_by(Visibility.municipality))
    return {municipality: (every, still) for municipality, every, still in rows}


def ids_of(connection: Connection, key: str) -> list[int]:
    """All of its tickets, for whoever acts on each of them; nobody's view."""
    return list(connection.execute(select(Ticket.id).where(*belongs_to(key)).order_by(Ticket.id)).scalars())


def candidates(
    connection: Connection, viewer: Actor, major: Major, municipalities: Collection[str], since: datetime, limit: int
) -> list[Line]:
    """Open tickets on its service that belong to none, logged since then, the newest first."""
    query = select_lines(viewer).where(
        Visibility.is_open.is_(True),
        Visibility.service == major.service,
        Visibility.municipality.in_(sorted(municipalities)),
        Visibility.opened_at >= since,
        Ticket.major == "",
    )
    return [line_of(row) for row in connection.execute(query.order_by(Visibility.opened_at.desc()).limit(limit))]


def acts(connection: Connection, viewer: Actor, major: Major) -> list[Done]:
    """What was done for it, newest first. Which tickets refused, of those that the viewer may see."""
    written = connection.execute(
        select(MajorAct.__table__).where(MajorAct.incident_id == major.id).order_by(MajorAct.number.desc())
    ).all()
    tasks = _tasks(connection, major.id)
    refused = _refused(connection, viewer, major.id)
    return [
        Done(
            number=row.number,
            at=row.at,
            actor=row.actor,
            kind=row.kind,
            text=row.text,
            choice=row.choice,
            done=tasks.get((row.number, DONE), 0),
            waiting=tasks.get((row.number, WAITING), 0),
            refused=[(each.number, each.why) for each in refused if each.act == row.number],
        )
        for row in written
    ]


def _tasks(connection: Connection, incident: int) -> dict[tuple[int, str], int]:
    query = select(MajorTask.number, MajorTask.state, func.count()).where(MajorTask.incident_id == incident)
    rows = connection.execute(query.group_by(MajorTask.number, MajorTask.state))
    return {(number, state): count for number, state, count in rows}


def _refused(connection: Connection, viewer: Actor, incident: int) -> Sequence[Any]:
    query: Select[Any] = (
        visible_tickets(viewer, Ticket.number, MajorTask.number.label("act"), MajorTask.why)
        .join(MajorTask, MajorTask.ticket_id == Ticket.id)
        .where(MajorTask.incident_id == incident, MajorTask.state == REFUSED)
        .order_by(Ticket.number)
    )
    return connection.execute(query).all()


def ids_numbered(connection: Connection, viewer: Actor, numbers: Collection[str]) -> dict[str, int]:
    """Number -> id, of those that the viewer may see."""
    wanted = [number for number in numbers if number.isprintable()]
    query = visible_tickets(viewer, Ticket.number, Ticket.id).where(Ticket.number.in_(wanted))
    return {row.number: row.id for row in connection.execute(query)}
