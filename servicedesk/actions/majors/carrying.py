"""Carrying out what was decided for the tickets of a major incident: each by itself, exactly once.

A task is marked done in the transaction that does it, so that whoever is stopped in the middle leaves it either done or
waiting, and several who carry out at once share the tasks. What a ticket's rules refuse is kept with the task, to be
read by whoever decided it, and stops no other.
"""

import json
import logging
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import ColumnElement, Connection, select, tuple_, update

from servicedesk.actions import entries
from servicedesk.actions.desk import Desk
from servicedesk.actions.majors.acts import hold
from servicedesk.actions.majors.belonging import join
from servicedesk.actions.opened import Open
from servicedesk.actions.steps import step
from servicedesk.actions.work import Work, unit_of_work
from servicedesk.core.actors import actor_of
from servicedesk.core.errors import DeskError, NotFound, Refusal, Unavailable
from servicedesk.core.facts import Actor
from servicedesk.core.majors import Act, performer, require_leads, way_to_solved
from servicedesk.core.vocabulary import Audience, Category, Need, Tier
from servicedesk.store.failures import is_the_databases
from servicedesk.store.majors import DONE, REFUSED, WAITING, MajorAct, MajorIncident, MajorTask
from servicedesk.store.tickets import Ticket

log = logging.getLogger(__name__)

# How many are looked up at a time.
BATCH = 100

REPLIES = {Audience.REQUESTER: "reply", Audience.JOINT: "note"}


@dataclass(frozen=True, slots=True)
class Task:
    incident: int
    key: str
    act: int
    kind: str
    text: str
    choice: str
    actor: str
    ticket_id: int
    number: str


def carry_out(desk: Desk, most: int | None = None) -> int:
    """Every waiting task, or so many of them, in the order in which they were decided; how many were tried."""
    tried, after = 0, (0, 0, 0)
    while most is None or tried < most:
        room = BATCH if most is None else min(BATCH, most - tried)
        with desk.reading() as connection:
            tasks = _waiting(connection, after, room)
        if not tasks:
            break
        for task in tasks:
            tried += _try(desk, task)
        after = (tasks[-1].incident, tasks[-1].act, tasks[-1].ticket_id)
    return tried


def _waiting(connection: Connection, after: tuple[int, int, int], room: int) -> list[Task]:
    place = (MajorTask.incident_id, MajorTask.number, MajorTask.ticket_id)
    columns = (
        MajorTask.incident_id,
        MajorIncident.key,
        MajorTask.number,
        MajorAct.kind,
        MajorAct.text,
        MajorAct.choice,
        MajorAct.actor,
        MajorTask.ticket_id,
        Ticket.number,
    )
    its_act = (MajorAct.incident_id == MajorTask.incident_id) & (MajorAct.number == MajorTask.number)
    query = (
        select(*columns)
        .join(MajorIncident, MajorIncident.id == MajorTask.incident_id)
        .join(MajorAct, its_act)
        .join(Ticket, Ticket.id == MajorTask.ticket_id)
        .where(MajorTask.state == WAITING, tuple_(*place) > after)
        .order_by(*place)
        .limit(room)
    )
    return [Task(*row) for row in connection.execute(query)]


def _try(desk: Desk, task: Task) -> bool:
    """Whether it was ours to try: who comes second finds it done."""
    try:
        with unit_of_work(desk) as work:
            if not _take(work.connection, task):
                return False
            DO[task.kind](work, task, actor=_actor(work, task))
    except DeskError as error:
        if isinstance(error, Unavailable):
            raise
        _refuse(desk, task, error)
    except Exception as error:
        if is_the_databases(error):
            raise
        log.exception("a major incident's task failed", extra={"told": {"ticket": task.number, "act": task.kind}})
        _refuse(desk, task, DeskError("It failed unexpectedly. Ask whoever runs the service desk.", code="failed"))
    return True


def _take(connection: Connection, task: Task) -> bool:
    """Ours, done if all goes well: a conditional update, so that nobody does it as well."""
    done = update(MajorTask).where(*_its(task), MajorTask.state == WAITING).values(state=DONE, why="")
    return connection.execute(done).rowcount == 1


def _refuse(desk: Desk, task: Task, error: DeskError) -> None:
    """Nothing of it has happened, and why."""
    why = json.dumps({"code": error.code, "message": error.message, "data": error.data}, default=str)
    with desk.transaction() as connection:
        mine = (*_its(task), MajorTask.state == WAITING)
        connection.execute(update(MajorTask).where(*mine).values(state=REFUSED, why=why))


def _its(task: Task) -> tuple[ColumnElement[bool], ...]:
    whose = (MajorTask.incident_id == task.incident, MajorTask.number == task.act)
    return (*whose, MajorTask.ticket_id == task.ticket_id)


def _actor(work: Work, task: Task) -> Actor:
    """Whoever decided it, with the seats that they have now: who has left in between decides nothing any longer."""
    kind, _, key = task.actor.partition(":")
    person = work.book.installation.people.get(key) if kind == "person" else None
    if person is None:
        raise Refusal("Whoever decided this is not at the service desk any longer.", code="not_yours")
    return actor_of(person, work.book.installation)


class Do(Protocol):
    """Carries out an act on its ticket."""

    def __call__(self, work: Work, task: Task, *, actor: Actor) -> None: ...


def _attach(work: Work, task: Task, *, actor: Actor) -> None:
    into = hold(work.connection, task.key)
    join(work, work.open_ticket(task.number, actor=actor), into, actor=actor)


def _tell(work: Work, task: Task, *, actor: Actor) -> None:
    """One entry. Of a ticket that was detached or closed meanwhile nobody waits for it."""
    held = _belonging(work, task, actor=actor)
    if held.ticket.category is Category.CLOSED:
        raise Refusal("The ticket is closed: nobody is told anything in it any longer.", code="not_open")
    audience = Audience(task.choice)
    entries.write_entry(work, held, REPLIES[audience], audience, "", task.text, (), actor=actor)


def _resolve(work: Work, task: Task, *, actor: Actor) -> None:
    """By its own workflow, step by step. Nobody is made to work on it by that; one that is solved already is left."""
    held = _belonging(work, task, actor=actor)
    if not held.ticket.is_open:
        return
    way = way_to_solved(work.book.definition(held.ticket.workflow_version), held.ticket)
    if way is None:
        raise _no_way(held)
    said = {Need.SOLUTION: task.text, Need.RESOLUTION_CODE: task.choice, Need.REASON: task.text, Need.TRIED: task.text}
    for each in way:
        given = {str(need): said[need] for need in each.needs}
        whose = held.ticket.assignee
        step(work, held, each.step, actor=performer(actor, each, held.ticket), given=given, assignee=whose)


def _belonging(work: Work, task: Task, *, actor: Actor) -> Open:
    """The ticket, if it is still theirs to lead and belongs there."""
    require_leads(actor)
    try:
        held = work.open_ticket(task.number, actor=actor)
    except NotFound:
        held = None
    if held is None or held.ticket.major != task.key:
        raise Refusal("The ticket does not belong to the major incident any longer.", code="detached")
    return held


def _no_way(held: Open) -> Refusal:
    if held.ticket.holder.tier is Tier.SUPPLIER:
        return Refusal(
            "The supplier has the ticket. Recall it, or verify the supplier's solution, and try again.",
            code="with_supplier",
        )
    return Refusal(
        "The ticket's process has no way from where it is to solved. Open the ticket and take the step it needs first.",
        code="no_way",
    )


DO: dict[str, Do] = {Act.ATTACH: _attach, Act.TELL: _tell, Act.RESOLVE: _resolve}
