"""Moving running tickets to the version of their workflow that is in force, by an explicit map of states.

1. `plan_migration` reads every ticket concerned and says where each would go and what stands in the way.
2. `migrate` carries a plan out that nothing stands in the way of, in batches: stopped in the middle it leaves whole
   tickets on either version, and run again it goes on with the rest.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import Connection

from servicedesk.actions.desk import Desk
from servicedesk.actions.opened import Open, load_state
from servicedesk.actions.work import Work, unit_of_work
from servicedesk.core.errors import Invalid, Refusal
from servicedesk.core.events import WorkflowChanged
from servicedesk.core.facts import Actor
from servicedesk.core.inputs import clean_texts
from servicedesk.core.installations.entry import suggestion
from servicedesk.core.ticket import TicketState
from servicedesk.core.timers import timed_of
from servicedesk.core.versions.memory import Memories, relied_on
from servicedesk.core.versions.obstacles import Crossing, Obstacle, obstacles, unmapped
from servicedesk.core.versions.state_map import check_map, target_of
from servicedesk.core.workflows.definition import Definition
from servicedesk.store.queries.workflows import running_on, versions_running
from servicedesk.store.rulebook import RuleBook

NEWEST = "newest"
BATCH = 50


@dataclass(frozen=True, slots=True)
class Pair:
    """From a state of a version to a state of the one in force."""

    version: str
    state: str
    target: str


@dataclass(frozen=True, slots=True)
class Plan:
    """`anew`: how many tickets count their time in the state from the move, since under the new rules it would be up.
    `in_the_way`: number, present state and why, of every ticket that cannot go."""

    new: Definition
    versions: tuple[str, ...]
    named: Mapping[str, str]
    relies_on: Mapping[str, Memories]
    moves: Counter[Pair] = field(default_factory=Counter)
    anew: Counter[Pair] = field(default_factory=Counter)
    in_the_way: list[tuple[str, str, Obstacle]] = field(default_factory=list)


@dataclass(slots=True)
class Migrated:
    """`left`: tickets that something came in the way of between the plan and their turn."""

    moved: int = 0
    left: list[tuple[str, str, Obstacle]] = field(default_factory=list)


def plan_migration(
    desk: Desk, key: str, named: Mapping[str, str], *, actor: Actor, to: str = NEWEST, since: str = ""
) -> Plan:
    """What moving the running tickets of a workflow would do. `to`: the version in force, by the beginning of its hash
    if one wants to be sure; `since`: only those on this older version. Invalid for a map that cannot be meant."""
    _require_operator(actor)
    with desk.reading() as connection:
        book, now = desk.book_and_now(connection)
        new = _in_force(book, key, to)
        versions = _older(connection, new, since)
        check_map(named, (book.definition(version) for version in versions), new)
        plan = Plan(new, tuple(versions), dict(named), relied_on(new))
        for ticket in _tickets(connection, versions):
            _add(plan, ticket, book, now)
        return plan


def migrate(
    desk: Desk, plan: Plan, reason: str, *, actor: Actor, advance: Callable[[int], None] = lambda moved: None
) -> Migrated:
    """Carry a plan out; Refusal `in_the_way` if it names anything. Each ticket is looked at again under its lock."""
    _require_operator(actor)
    text = clean_texts({"reason": reason}).get("reason", "")
    if plan.in_the_way:
        raise Refusal(
            "Nothing was moved: something stands in the way of %(tickets)s tickets.",
            code="in_the_way",
            tickets=len({number for number, _state, _why in plan.in_the_way}),
        )
    done, after = Migrated(), 0
    while True:
        with unit_of_work(desk) as work:
            _require_in_force(work, plan)
            batch = running_on(work.connection, list(plan.versions), after=after, limit=BATCH)
            work.lock(running.number for running in batch)
            moved = sum(_move(work, plan, running.number, text, done, actor) for running in batch)
        if not batch:
            return done
        done.moved += moved
        after = batch[-1].id
        advance(len(batch))


def _require_operator(actor: Actor) -> None:
    if actor.kind != "operator":
        raise Refusal("Only an operator may move tickets to another version of their workflow.", code="not_yours")


def _in_force(book: RuleBook, key: str, to: str) -> Definition:
    new = book.workflow(key)
    if new is None:
        known = [definition.key for definition in book.workflows()]
        raise Invalid({"workflow": [f"There is no workflow {key} here. {suggestion(key, known)}"]})
    if to != NEWEST and not (to and new.version.startswith(to)):
        raise Invalid({"to": [f"The version in force is {new.version[:12]}, not {to}. Load the other one first."]})
    return new


def _older(connection: Connection, new: Definition, since: str) -> list[str]:
    running = [version for version in versions_running(connection, new.key) if version != new.version]
    chosen = [version for version in running if version.startswith(since)]
    if since and not chosen:
        there = ", ".join(version[:12] for version in running) or "none"
        raise Invalid({"from": [f"No running ticket is on a version {since}. Older versions in use: {there}."]})
    return chosen


def _tickets(connection: Connection, versions: list[str]) -> Iterator[TicketState]:
    after = 0
    while page := running_on(connection, versions, after=after):
        yield from (load_state(running.state_json) for running in page)
        after = page[-1].id


def _add(plan: Plan, ticket: TicketState, book: RuleBook, now: datetime) -> None:
    target, found = _way(plan, ticket, book)
    if target is None or found:
        plan.in_the_way.extend((ticket.number, ticket.state, obstacle) for obstacle in found)
        return
    pair = Pair(ticket.workflow_version, ticket.state, target)
    plan.moves[pair] += 1
    plan.anew[pair] += not _counts_on(plan, ticket, target, book, now)


def _way(plan: Plan, ticket: TicketState, book: RuleBook) -> tuple[str | None, list[Obstacle]]:
    old = book.definition(ticket.workflow_version)
    target = target_of(old.states[ticket.state], plan.named, plan.new)
    if target is None:
        return None, [unmapped(ticket.state, plan.new)]
    return target, list(obstacles(ticket, Crossing(old, plan.new, target, plan.relies_on)))


def _counts_on(plan: Plan, ticket: TicketState, target: str, book: RuleBook, now: datetime) -> bool:
    """Time in a state counts on across the move, unless the new version would then have something happen at once: no
    requester is closed out by a rule that came after the waiting began."""
    if plan.new.states[target].category is not ticket.category:
        return False
    moved = replace(ticket, workflow_version=plan.new.version, state=target)
    return all(timer.due_at > now for timer in timed_of(moved, book, book))


def _require_in_force(work: Work, plan: Plan) -> None:
    now = work.book.workflow(plan.new.key)
    if now is None or now.version != plan.new.version:
        raise Refusal("Another version has come into force meanwhile. Plan the move again.", code="not_in_force")


def _move(work: Work, plan: Plan, number: str, reason: str, done: Migrated, actor: Actor) -> bool:
    """Whether the ticket was moved. What was overdue has been fired first, and may have closed it; and another run may
    have moved it before it was locked."""
    held = work.open_ticket(number, actor=actor)
    ticket = held.ticket
    if ticket.closed_at is not None or ticket.workflow_version not in plan.versions:
        return False
    target, found = _way(plan, ticket, work.book)
    if target is None or found:
        done.left.extend((number, ticket.state, obstacle) for obstacle in found)
        return False
    work.record(held, _event(plan, held, target, work.book), {"reason": reason} if reason else {}, actor=actor)
    return True


def _event(plan: Plan, held: Open, target: str, book: RuleBook) -> WorkflowChanged:
    return WorkflowChanged(
        workflow_version=plan.new.version,
        from_version=held.ticket.workflow_version,
        from_state=held.ticket.state,
        state=target,
        counts_on=_counts_on(plan, held.ticket, target, book, held.now),
    )
