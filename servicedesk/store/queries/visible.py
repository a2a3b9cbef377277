"""The one predicate as SQL: rows of `visibility` that a viewer may see. Every list, count and search starts here."""

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, or_, select, true
from sqlalchemy.orm import aliased

from servicedesk.core.facts import Actor
from servicedesk.core.visibility import PERSON, Access
from servicedesk.core.vocabulary import Role
from servicedesk.store.journal import IS_PERSON, PersonalText
from servicedesk.store.tickets import Ticket, Visibility


def _rank(access: Any) -> ColumnElement[int]:
    return case({str(value): n for n, value in enumerate(Access)}, value=access)


def is_visible(viewer: Actor) -> ColumnElement[bool]:
    """The viewer's rows, one a ticket: where two of their organisations see it, the one that sees the most."""
    return is_visible_to(viewer.organisations)


@lru_cache(maxsize=256)
def is_visible_to(organisations: frozenset[str]) -> ColumnElement[bool]:
    """For statements that are built once for all who look for the same organisations."""
    mine = tuple(sorted(organisations))
    if len(mine) < 2:
        return Visibility.organisation == mine[0] if mine else ~true()
    # Nobody sees more of a ticket than its municipality: of those nothing else needs to be looked at.
    is_own = Visibility.organisation == Visibility.municipality
    return and_(Visibility.organisation.in_(mine), or_(is_own, ~_is_outdone(mine)))


def _is_outdone(mine: tuple[str, ...]) -> ColumnElement[bool]:
    other = aliased(Visibility)
    better = or_(
        _rank(other.access) < _rank(Visibility.access),
        and_(other.access == Visibility.access, other.organisation < Visibility.organisation),
    )
    outdone = exists().where(other.ticket_id == Visibility.ticket_id, other.organisation.in_(mine), better)
    return or_(Visibility.municipality.in_(mine), outdone)


def visible(viewer: Actor, *columns: Any) -> Select[Any]:
    """SELECT of these columns over the viewer's rows of visibility alone."""
    return visible_to(viewer.organisations, *columns)


def visible_to(organisations: frozenset[str], *columns: Any) -> Select[Any]:
    return select(*columns).select_from(Visibility).where(is_visible_to(organisations))


def own_ticket(viewer: Actor, *columns: Any) -> Select[Any]:
    """SELECT of these columns of the one ticket whose requester looks; of nothing for everybody else."""
    is_theirs = Ticket.number == viewer.key if viewer.kind == Role.REQUESTER else ~true()
    return select(*columns).where(is_theirs)


def tickets_asked_by(viewer: Actor, *columns: Any) -> Select[Any]:
    """SELECT of these columns over (ticket, text) of the tickets that this person, signed in, has asked themselves."""
    theirs = (PersonalText.text == viewer.key, IS_PERSON, ~_is_corrected()) if viewer.kind == "person" else (~true(),)
    return select(*columns).join(PersonalText, PersonalText.ticket_id == Ticket.id).where(*theirs)


def _is_corrected() -> ColumnElement[bool]:
    """Whether it was said later that somebody else has asked, or nobody who signs in."""
    later = aliased(PersonalText)
    return exists().where(
        later.ticket_id == PersonalText.ticket_id, later.field == PERSON, later.seq > PersonalText.seq
    )


def visible_tickets(viewer: Actor, *columns: Any) -> Select[Any]:
    """SELECT of these columns over (visibility, ticket), the viewer's tickets only."""
    return tickets_visible_to(viewer.organisations, *columns)


def tickets_visible_to(organisations: frozenset[str], *columns: Any) -> Select[Any]:
    return visible_to(organisations, *columns).join(Ticket, Ticket.id == Visibility.ticket_id)
