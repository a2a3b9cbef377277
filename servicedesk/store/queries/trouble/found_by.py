"""Which tickets a filter names, as SQL that an index answers: by what few have, those are looked up one by one, however
many tickets there ever were; by what many have, the list itself is read in its order."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select, union_all
from sqlalchemy.orm import aliased

from servicedesk.core.facts import Actor, Installation
from servicedesk.store.facets import Facet
from servicedesk.store.queries.closed import facets_of
from servicedesk.store.tickets import Ticket, Visibility

RARE = 20_000
Row = type[Visibility]


def is_rare(connection: Connection, *tickets: Select[Any]) -> bool:
    """Whether so few tickets of anybody's match that they are better looked up one by one."""
    some = select(func.count()).select_from(union_all(*tickets).limit(RARE + 1).subquery())
    return bool(connection.execute(some).scalar_one() <= RARE)


def rather(connection: Connection, ids: Sequence[Select[Any]], condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """By its ids what few have, by the condition what many have: both say the same."""
    return Visibility.ticket_id.in_(union_all(*ids)) if is_rare(connection, *ids) else condition


def opened_at(viewer: Actor, moments: Collection[datetime]) -> ColumnElement[bool]:
    return Visibility.ticket_id.in_(union_all(*_either(viewer, lambda row: row.opened_at.in_(moments))))


def changed_since(connection: Connection, viewer: Actor, since: datetime) -> ColumnElement[bool]:
    """Of closed tickets: in another order than that, few would be sought among all."""
    rows = _theirs(viewer, lambda row: row.last_at >= since, is_open=False)
    return rather(connection, [rows], Visibility.last_at >= since)


def called(references: Collection[str]) -> ColumnElement[bool]:
    """By what the viewer's own system calls it. The second is what the index is said to hold."""
    return and_(Visibility.reference.in_(references), Visibility.reference != "")


def concerning(
    connection: Connection, viewer: Actor, installation: Installation, entities: Collection[str], is_supplier: bool
) -> ColumnElement[bool]:
    """A service, an e-service of the municipality's or a case of the platform's. A supplier knows of services alone."""
    rows = _either_by_facet(
        connection, viewer, lambda facet: facet.service in entities, lambda row: row.service.in_(entities)
    )
    if is_supplier:
        return rather(connection, rows, Visibility.service.in_(entities))
    own = [key for key in entities if key in installation.e_services]
    tickets = [
        select(Ticket.id).where(Ticket.e_service.in_(own), Ticket.e_service != ""),
        select(Ticket.id).where(Ticket.platform_case.in_(entities), Ticket.platform_case != ""),
    ]
    condition = or_(Visibility.service.in_(entities), Visibility.ticket_id.in_(union_all(*tickets)))
    return rather(connection, [*rows, *tickets], condition)


def held_by(connection: Connection, viewer: Actor, teams: Collection[str]) -> ColumnElement[bool]:
    rows = _either(viewer, lambda row: row.holder_team.in_(teams))
    return rather(connection, rows, Visibility.holder_team.in_(teams))


def held_by_or_of(
    connection: Connection, viewer: Actor, teams: Collection[str], municipalities: Collection[str]
) -> ColumnElement[bool]:
    held = _either(viewer, lambda row: row.holder_team.in_(teams))
    theirs = _either_by_facet(
        connection,
        viewer,
        lambda facet: facet.municipality in municipalities,
        lambda row: row.municipality.in_(municipalities),
    )
    condition = or_(Visibility.holder_team.in_(teams), Visibility.municipality.in_(municipalities))
    return rather(connection, [*held, *theirs], condition)


Condition = Callable[[Row], ColumnElement[bool]]


def _either(viewer: Actor, condition: Condition) -> list[Select[Any]]:
    """Open and closed apart, since each has indexes of its own."""
    return [_theirs(viewer, condition, is_open=True), _theirs(viewer, condition, is_open=False)]


def _either_by_facet(
    connection: Connection, viewer: Actor, meets: Callable[[Facet], bool], condition: Condition
) -> list[Select[Any]]:
    found = {facet for organisation in viewer.organisations for facet in facets_of(connection, organisation)}
    words = sorted(facet.word for facet in found if meets(facet))
    closed = _theirs(viewer, lambda row: row.facet.in_(words), is_open=False)
    return [_theirs(viewer, condition, is_open=True), closed]


def _theirs(viewer: Actor, condition: Condition, *, is_open: bool) -> Select[Any]:
    row = aliased(Visibility)
    is_in = row.organisation.in_(sorted(viewer.organisations))
    return select(row.ticket_id).where(is_in, row.is_open.is_(is_open), condition(row))
