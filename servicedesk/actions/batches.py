"""One act on many tickets: each in a unit of work of its own, what came of each kept, and all of it taken back at once.

1. `make_batch` writes down what is to be done, once however often the form is sent.
2. `carry_out` does what is not done yet: a batch that was left in the middle goes on where it was.
3. `undo` records, on each ticket that has not changed since, an event that takes the batch's back. Nothing is erased.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, delete, insert, select, update

from servicedesk.actions.changes import set_assignee, set_priority
from servicedesk.actions.desk import Desk
from servicedesk.actions.entries import add_entry
from servicedesk.actions.once import Once, claim, settle
from servicedesk.actions.opened import Open
from servicedesk.actions.steps import open_with, step
from servicedesk.actions.work import Work, unit_of_work
from servicedesk.core.bulk import MOST, UNDO, UNDO_WITHIN, Act, Kind, can_undo
from servicedesk.core.errors import AlreadyDone, Conflict, DeskError, Invalid, NotFound, Refusal
from servicedesk.core.events import Moved, TicketAssigned
from servicedesk.core.facts import Actor
from servicedesk.core.rights import Right, require
from servicedesk.core.visibility import access_of
from servicedesk.core.vocabulary import Audience, Level, Verb
from servicedesk.core.workflows.effects import Effect
from servicedesk.core.workflows.who import may_perform
from servicedesk.store.batches import Batch, BatchItem
from servicedesk.store.queries.batches import Status, batch_of, items_of
from servicedesk.store.queries.versions import version_seen

REMEMBERED = UNDO_WITHIN * 6 * 24 * 3
AUDIENCES = {Kind.NOTE: Audience.MUNICIPALITY, Kind.NOTE_TO_JOINT: Audience.JOINT}


class Taken(Exception):
    """The same batch, sent again, has come to this ticket before."""


def make_batch(
    desk: Desk, act: str, tickets: Sequence[tuple[str, int]], *, actor: Actor, once: Once | None = None
) -> int:
    """The batch's id: of the one that was made already, where the same form comes again."""
    try:
        with desk.transaction() as connection:
            now = desk.now(connection)
            if once:
                claim(connection, once, now)
            made = _add(connection, act, tickets, actor, now)
            if once:
                settle(connection, once, str(made))
            return made
    except AlreadyDone as error:
        return int(error.data["result"])


def _add(connection: Connection, act: str, tickets: Sequence[tuple[str, int]], actor: Actor, now: datetime) -> int:
    _forget(connection, now)
    row = {"person": actor.key, "act": act, "made_at": now}
    made: int = connection.execute(insert(Batch).values(row).returning(Batch.id)).scalar_one()
    items = [
        {"batch_id": made, "number": number, "position": n, "version": version, "status": Status.PENDING}
        for n, (number, version) in enumerate(dict(tickets[:MOST]).items())
    ]
    if items:
        connection.execute(insert(BatchItem), items)
    return made


def _forget(connection: Connection, now: datetime) -> None:
    """What nobody looks at any more."""
    old = select(Batch.id).where(Batch.made_at <= now - REMEMBERED)
    connection.execute(delete(BatchItem).where(BatchItem.batch_id.in_(old)))
    connection.execute(delete(Batch).where(Batch.made_at <= now - REMEMBERED))


def carry_out(desk: Desk, batch_id: int, act: Act, *, actor: Actor) -> None:
    """Everything of it that is still to be done. NotFound where it is somebody else's."""
    with desk.reading() as connection:
        pending = [item for item in items_of(connection, actor, batch_id) if item.status is Status.PENDING]
    for item in pending:
        try:
            with suppress(Taken), unit_of_work(desk) as work:
                _do_one(work, batch_id, item.number, item.version, act, actor=actor)
        except DeskError as error:
            _refused(desk, batch_id, item.number, Status.PENDING, Status.REFUSED, error)


def _do_one(work: Work, batch_id: int, number: str, version: int, act: Act, *, actor: Actor) -> None:
    held = open_with(work, number, act.given, actor=actor, expected=version)
    before = _before(work, held, act)
    _mark(work.connection, batch_id, number, Status.PENDING, status=Status.DONE, before=before)
    _perform(work, held, act, actor=actor)
    seen = access_of(held.ticket, actor)
    now = version_seen(held.ticket, seen, partial(work.journal, held), work.book)
    _mark(work.connection, batch_id, number, Status.DONE, version=now)


def _perform(work: Work, held: Open, act: Act, *, actor: Actor) -> None:
    given = act.given
    if act.step:
        step(work, held, act.step, actor=actor, given=given)
    elif act.name == Kind.ASSIGN:
        set_assignee(work, held, given.get("assignee", ""), actor=actor)
    elif act.name == Kind.PRIORITY:
        impact, urgency = (Level(given[name]) for name in ("impact", "urgency"))
        set_priority(work, held, impact, urgency, given.get("reason", ""), actor=actor)
    else:
        add_entry(work, held, "note", AUDIENCES[Kind(act.name)], given.get("body", ""), actor=actor)


def _before(work: Work, held: Open, act: Act) -> str:
    """What it takes to take it back, '' for what cannot be."""
    ticket = held.ticket
    known = {"assignee": ticket.assignee}
    if act.name == Kind.PRIORITY:
        return json.dumps({"impact": ticket.impact, "urgency": ticket.urgency})
    if act.name == Kind.ASSIGN:
        return json.dumps(known)
    definition = work.book.definition(ticket.workflow_version)
    found = definition.step(act.step) if act.step else None
    if found is None or not can_undo(found, ticket.state, definition):
        return ""
    return json.dumps({**known, "state": ticket.state, "team": ticket.holder.team})


def undo(desk: Desk, batch_id: int, reason: str, *, actor: Actor) -> None:
    """Take back what of it can be. `reason`: what is written where a reason is asked for. Refusal when it is too late;
    a ticket that has changed since stays as it is. NotFound where the batch is somebody else's."""
    with desk.reading() as connection:
        batch = batch_of(connection, actor, batch_id)
        items = items_of(connection, actor, batch_id)
        if desk.now(connection) > batch.made_at + UNDO_WITHIN:
            raise Refusal("It is too late to undo this: open each ticket that is to be changed.", code="too_late")
    for item in items:
        if item.status is not Status.DONE or not item.before:
            continue
        try:
            with suppress(Taken), unit_of_work(desk) as work:
                held = work.open_ticket(item.number, actor=actor, expected=item.version)
                _mark(work.connection, batch_id, item.number, Status.DONE, status=Status.UNDONE)
                _take_back(work, held, Act(batch.act), json.loads(item.before), reason, actor=actor)
        except DeskError as error:
            _refused(desk, batch_id, item.number, Status.DONE, Status.KEPT, error)


def _take_back(work: Work, held: Open, act: Act, before: dict[str, str], reason: str, *, actor: Actor) -> None:
    if act.name == Kind.ASSIGN:
        _assign_back(work, held, before["assignee"], actor=actor)
    elif act.name == Kind.PRIORITY:
        set_priority(work, held, Level(before["impact"]), Level(before["urgency"]), reason, actor=actor)
    else:
        _step_back(work, held, act.step, before, actor=actor)


def _assign_back(work: Work, held: Open, person: str, *, actor: Actor) -> None:
    """To whoever had it, also when they sit in another team than the one that holds it: they had taken it over."""
    require(Right.ASSIGN, held.ticket, actor)
    if person != held.ticket.assignee:
        work.record(held, TicketAssigned(person), actor=actor)


def _step_back(work: Work, held: Open, transition: str, before: dict[str, str], *, actor: Actor) -> None:
    """An event of its own: back in the state, with the holder and with the assignee before it. Time that somebody has
    had the ticket stays theirs."""
    ticket = held.ticket
    taken = work.book.definition(ticket.workflow_version).step(transition)
    if taken is None or not may_perform(actor, taken, ticket):
        raise Refusal("This step is no longer yours to undo.", code="not_yours")
    passes = before["team"] != ticket.holder.team
    effects = [Effect.PASS_BACK] if passes else []
    effects.append(Effect.ASSIGN_ACTOR if before["assignee"] else Effect.CLEAR_ASSIGNEE)
    payload = Moved(
        verb=Verb.STEP,
        transition=f"{UNDO}{transition}",
        from_state=ticket.state,
        to_state=before["state"],
        effects=[str(effect) for effect in effects],
        holder=ticket.handed_over_by[-1] if passes else None,
        assignee=before["assignee"],
    )
    work.record(held, payload, actor=actor)


def _mark(connection: Connection, batch_id: int, number: str, was: Status, **values: object) -> None:
    """Ours to change from now on; whoever comes later leaves it alone."""
    this = (BatchItem.batch_id == batch_id, BatchItem.number == number, BatchItem.status == was)
    if not connection.execute(update(BatchItem).where(*this).values(values)).rowcount:
        raise Taken


def _refused(desk: Desk, batch_id: int, number: str, was: Status, now: Status, error: DeskError) -> None:
    with suppress(Taken), desk.transaction() as connection:
        _mark(connection, batch_id, number, was, status=now, why=_why(error))


def _why(error: DeskError) -> str:
    """As core says it, for the page to say in its reader's language."""
    if isinstance(error, Invalid):
        fault = next((fault for faults in error.fields.values() for fault in faults), error.message)
        return json.dumps([str(fault), {}])
    if isinstance(error, Conflict):
        return json.dumps(["Somebody has changed the ticket meanwhile, so it was left as it is.", {}])
    if isinstance(error, NotFound):
        return json.dumps(["You no longer see this ticket.", {}])
    return json.dumps([error.message, {name: str(value) for name, value in error.data.items()}])
