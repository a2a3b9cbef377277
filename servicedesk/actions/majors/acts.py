"""What is done to all tickets of a major incident: written down with a task for each ticket, then carried out."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from servicedesk.core.errors import NotFound, Refusal
from servicedesk.core.facts import Actor
from servicedesk.core.majors import Act
from servicedesk.store.majors import WAITING, MajorAct, MajorIncident, MajorTask


def hold(connection: Connection, key: str) -> MajorIncident:
    """The incident under lock: what is decided for it is decided in one order. NotFound, or Refusal `ended`."""
    incident = find(connection, key)
    if incident.ended_at is not None:
        raise Refusal("The major incident is over. Declare a new one if it has come back.", code="ended")
    return incident


def find(connection: Connection, key: str) -> MajorIncident:
    """The same of one that may be over."""
    row = connection.execute(select(MajorIncident.__table__).where(MajorIncident.key == key).with_for_update()).first()
    if row is None:
        raise NotFound("There is no such major incident.")
    return MajorIncident(**row._mapping)


def add_act(
    connection: Connection,
    incident: int,
    kind: Act,
    text: str,
    now: datetime,
    *,
    actor: Actor,
    choice: str = "",
    tickets: Iterable[int] = (),
) -> int:
    """Its number within the incident, which `hold` keeps for whoever is to add one."""
    before = select(func.coalesce(func.max(MajorAct.number), 0)).where(MajorAct.incident_id == incident)
    number: int = connection.execute(before).scalar_one() + 1
    row = {
        "incident_id": incident,
        "number": number,
        "at": now,
        "actor": f"{actor.kind}:{actor.key}",
        "kind": str(kind),
        "text": text,
        "choice": choice,
    }
    connection.execute(insert(MajorAct).values(row))
    tasks = [
        {"incident_id": incident, "number": number, "ticket_id": each, "state": WAITING, "why": ""}
        for each in sorted(set(tickets))
    ]
    if tasks:
        connection.execute(insert(MajorTask), tasks)
    return number
