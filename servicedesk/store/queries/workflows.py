"""Which tickets go by which version of a workflow."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from servicedesk.core.facts import Actor
from servicedesk.store.installation import Version
from servicedesk.store.queries.lines import line_of, select_lines
from servicedesk.store.queries.lists import Page
from servicedesk.store.queries.visible import visible_tickets
from servicedesk.store.tickets import Ticket


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


def count_running(connection: Connection, viewer: Actor) -> list[Count]:
    """Of the tickets that the viewer may see, all workflows in one query."""
    by = (Ticket.workflow, Ticket.workflow_version, Ticket.state)
    query = visible_tickets(viewer, *by, func.count()).where(Ticket.closed_at.is_(None)).group_by(*by).order_by(*by)
    return [Count(*row) for row in connection.execute(query)]


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
    connection: Connection, viewer: Actor, workflow: str, state: str, *, after: int = 0, limit: int = 50
) -> Page:
    """The viewer's running tickets in a state of a workflow, whichever version they go by, the latest logged first."""
    query = select_lines(viewer).where(Ticket.workflow == workflow, Ticket.state == state, Ticket.closed_at.is_(None))
    if after:
        query = query.where(Ticket.id < after)
    rows = connection.execute(query.order_by(Ticket.id.desc()).limit(limit + 1)).all()
    return Page([line_of(row) for row in rows[:limit]], str(rows[limit - 1].id) if len(rows) > limit else "")


def versions_of(connection: Connection, workflow: str) -> list[str]:
    """Every version of a workflow that there has been."""
    query = select(Version.hash).where(Version.kind == "workflow", Version.key == workflow)
    return list(connection.execute(query.order_by(Version.hash)).scalars())
