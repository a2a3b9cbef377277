"""Which tickets go by which version of a workflow."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, false, func, or_, select

from servicedesk.core.facts import Actor
from servicedesk.core.vocabulary import Category
from servicedesk.core.workflows.definition import Definition
from servicedesk.store.installation import Version
from servicedesk.store.queries.lines import line_of, select_lines
from servicedesk.store.queries.lists import Page
from servicedesk.store.queries.trouble.status import every_definition
from servicedesk.store.queries.visible import visible_tickets
from servicedesk.store.rulebook import RuleBook
from servicedesk.store.tickets import Ticket, Visibility


@dataclass(frozen=True, slots=True)
class Count:
    """How many running tickets are in a state of a version of a workflow. Running: not closed."""

    workflow: str
    version: str
    state: str
    tickets: int


@dataclass(frozen=True, slots=True)
class Running:
    id: int
    number: str
    state_json: str


def count_running(connection: Connection, book: RuleBook, viewer: Actor) -> list[Count]:
    """Of the tickets that the viewer may see, all workflows in one query."""
    by = (Ticket.workflow, Ticket.workflow_version, Ticket.state)
    running = _in_states([(each, _running_states(each)) for each in every_definition(connection, book)])
    query = visible_tickets(viewer, *by, func.count()).where(running).group_by(*by).order_by(*by)
    return [Count(*row) for row in connection.execute(query)]


def _running_states(definition: Definition) -> list[str]:
    return [state.key for state in definition.states.values() if state.category is not Category.CLOSED]


def _in_states(states: Iterable[tuple[Definition, list[str]]]) -> ColumnElement[bool]:
    """Found by the states themselves, of which each that is running has few: not among all that there ever were."""
    each = (and_(Ticket.workflow_version == found.version, Ticket.state.in_(keys)) for found, keys in states if keys)
    return Visibility.ticket_id.in_(select(Ticket.id).where(or_(false(), *each)))


def versions_running(connection: Connection, workflow: str) -> list[str]:
    """The versions that running tickets go by, whoever's; for operators."""
    query = select(Ticket.workflow_version).where(Ticket.workflow == workflow, Ticket.closed_at.is_(None)).distinct()
    return sorted(connection.execute(query).scalars())


def running_on(connection: Connection, versions: list[str], *, after: int = 0, limit: int = 500) -> list[Running]:
    """A page of the running tickets on these versions, in order of id; for operators."""
    query = (
        select(Ticket.id, Ticket.number, Ticket.state_json)
        .where(Ticket.workflow_version.in_(versions), Ticket.closed_at.is_(None), Ticket.id > after)
        .order_by(Ticket.id)
        .limit(limit)
    )
    return [Running(*row) for row in connection.execute(query)]


def list_in_state(
    connection: Connection, book: RuleBook, viewer: Actor, workflow: str, state: str, *, after: int = 0, limit: int = 50
) -> Page:
    """The viewer's running tickets in a state of a workflow, whichever version they go by, the latest logged first."""
    mine = [each for each in every_definition(connection, book) if each.key == workflow]
    query = select_lines(viewer).where(_in_states([(each, [state]) for each in mine if state in _running_states(each)]))
    if after:
        query = query.where(Ticket.id < after)
    rows = connection.execute(query.order_by(Ticket.id.desc()).limit(limit + 1)).all()
    return Page([line_of(row) for row in rows[:limit]], str(rows[limit - 1].id) if len(rows) > limit else "")


def versions_of(connection: Connection, workflow: str) -> list[str]:
    """Every version of a workflow that there has been."""
    query = select(Version.hash).where(Version.kind == "workflow", Version.key == workflow)
    return list(connection.execute(query.order_by(Version.hash)).scalars())
