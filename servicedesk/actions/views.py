"""Saving a list under a name, for oneself, one's team or one's organisation."""

from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from servicedesk.actions.desk import Desk
from servicedesk.actions.once import Once, claim, settle
from servicedesk.core.errors import AlreadyDone, Invalid, NotFound
from servicedesk.core.facts import Actor
from servicedesk.core.inputs import clean_line
from servicedesk.store.queries.views import MAY_OPEN, ORGANISATION, TEAM, whose
from servicedesk.store.views import SavedView, StartView

LONGEST = 60
# Of one person: more no list of them holds.
MOST = 40


def save_view(
    desk: Desk, name: str, asked: str, audience: str, shared_with: str, *, actor: Actor, once: Once | None = None
) -> int:
    """Its id. Invalid for a name that cannot be, and for sharing with those one does not belong to."""
    row = {"owner": actor.key, "name": _name(name), "asked": asked, **_shared(audience, shared_with, actor)}
    try:
        with desk.transaction() as connection:
            now = desk.now(connection)
            if once:
                claim(connection, once, now)
            _require_room(connection, actor)
            adding = insert(SavedView).values({**row, "made_at": now}).returning(SavedView.id)
            made: int = connection.execute(adding).scalar_one()
            if once:
                settle(connection, once, str(made))
            return made
    except AlreadyDone as error:
        return int(error.data["result"])


def rename_view(desk: Desk, view_id: int, name: str, *, actor: Actor) -> None:
    """NotFound where it is somebody else's."""
    with desk.transaction() as connection:
        _own(connection, view_id, actor)
        connection.execute(update(SavedView).where(SavedView.id == view_id).values(name=_name(name)))


def remove_view(desk: Desk, view_id: int, *, actor: Actor) -> None:
    """Also for those it was shared with. What is gone already is no trouble."""
    with desk.transaction() as connection:
        theirs = select(SavedView.id).where(SavedView.id == view_id, SavedView.owner == actor.key)
        connection.execute(delete(StartView).where(StartView.view_id.in_(theirs)))
        connection.execute(delete(SavedView).where(SavedView.id == view_id, SavedView.owner == actor.key))


def start_with(desk: Desk, view_id: int, *, actor: Actor, starts: bool = True) -> None:
    """Have it as one's first page, or no longer. NotFound for one that one cannot open."""
    with desk.transaction() as connection:
        theirs = select(SavedView.id).where(SavedView.id == view_id, MAY_OPEN)
        if connection.execute(theirs, whose(actor)).first() is None:
            raise _gone()
        connection.execute(delete(StartView).where(StartView.person == actor.key))
        if starts:
            connection.execute(insert(StartView).values(person=actor.key, view_id=view_id))


def _own(connection: Connection, view_id: int, actor: Actor) -> None:
    held = select(SavedView.id).where(SavedView.id == view_id, SavedView.owner == actor.key).with_for_update()
    if connection.execute(held).first() is None:
        raise _gone()


def _gone() -> NotFound:
    return NotFound("There is no such saved list, or it is not yours to change.")


def _name(name: str) -> str:
    cleaned = clean_line(name)
    if not cleaned or len(cleaned) > LONGEST:
        raise Invalid({"name": ["Give the list a name of at most 60 characters."]})
    return cleaned


def _shared(audience: str, shared_with: str, actor: Actor) -> dict[str, Any]:
    theirs = {TEAM: {seat.team for seat in actor.seats}, ORGANISATION: set(actor.organisations)}
    if not audience:
        return {"audience": "", "shared_with": ""}
    if shared_with not in theirs.get(audience, set()):
        raise Invalid({"share": ["Share it with a team or an organisation that you belong to, or with nobody."]})
    return {"audience": audience, "shared_with": shared_with}


def _require_room(connection: Connection, actor: Actor) -> None:
    count = connection.execute(select(func.count()).where(SavedView.owner == actor.key)).scalar_one()
    if count >= MOST:
        raise Invalid({"name": ["You have saved as many lists as there is room for. Remove one first."]})
