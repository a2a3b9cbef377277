"""Keeping what somebody writes on the page that logs, at every pause: for that person alone, until it is logged."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Row, delete, select, update

from servicedesk.actions.desk import Desk
from servicedesk.actions.keeping import keep, kept
from servicedesk.actions.once import Once, has_done
from servicedesk.core.errors import Invalid, Unavailable
from servicedesk.core.facts import Actor
from servicedesk.core.inputs import too_long
from servicedesk.store.call_drafts import CallDraft
from servicedesk.store.upsert import insert_missing

# Over a weekend; a call that nobody has logged by then nobody will.
KEPT_FOR = timedelta(days=3)
# Of one person. More calls than these nobody has under way; the oldest goes.
MOST = 10
LONGEST = 60_000
PURPOSE = "call draft"


@dataclass(frozen=True, slots=True)
class Draft:
    """`fields` as they stood; `saves` is what `save_draft` is to be told by who has this one before them."""

    form: str
    fields: dict[str, str]
    saves: int
    saved_at: datetime


def save_draft(desk: Desk, form: str, fields: Mapping[str, str], saves: int, *, actor: Actor, once: Once) -> int | None:
    """Keep the form as it stands now; the `saves` that it has then. None when another window has written it meanwhile:
    nothing is written over, and who asks gives theirs a number of its own. A form that has become a ticket (`once`)
    leaves nothing. Invalid when it is more than a form holds."""
    content = json.dumps(dict(fields))
    if len(content) > LONGEST:
        raise Invalid({"description": [too_long(content, LONGEST)]})
    secret = keep(desk, content, PURPOSE)
    with desk.transaction() as connection:
        now = desk.now(connection)
        if has_done(connection, once):
            drop(connection, form, actor=actor)
            return 0
        insert_missing(
            connection,
            CallDraft,
            [{"person": actor.key, "form": form, "content": "", "saves": 0, "saved_at": now}],
        )
        same = update(CallDraft).where(*_mine(form, actor), CallDraft.saves == saves)
        if not connection.execute(same.values(content=secret, saves=saves + 1, saved_at=now)).rowcount:
            return None
        _make_room(connection, actor)
        return saves + 1


def drafts_of(desk: Desk, connection: Connection, now: datetime, *, actor: Actor) -> list[Draft]:
    """The person's own, the last first. What was kept under another key of the installation is not to be read."""
    mine = (CallDraft.person == actor.key, CallDraft.saved_at > now - KEPT_FOR, CallDraft.content != "")
    query = select(CallDraft.form, CallDraft.content, CallDraft.saves, CallDraft.saved_at).where(*mine)
    rows = connection.execute(query.order_by(CallDraft.saved_at.desc(), CallDraft.form)).all()
    return list(_read(desk, rows))


def _read(desk: Desk, rows: Iterable[Row[str, str, int, datetime]]) -> Iterator[Draft]:
    for row in rows:
        try:
            yield Draft(row.form, json.loads(kept(desk, row.content, PURPOSE)), row.saves, row.saved_at)
        except Unavailable:
            continue


def drop_draft(desk: Desk, form: str, *, actor: Actor) -> None:
    """Let one go. One that is not there is gone already."""
    with desk.transaction() as connection:
        drop(connection, form, actor=actor)


def drop(connection: Connection, form: str, *, actor: Actor) -> None:
    """The same within a transaction: that in which the ticket is logged."""
    connection.execute(delete(CallDraft).where(*_mine(form, actor)))


def forget_drafts(desk: Desk) -> int:
    """Remove what nobody has logged in time; how many."""
    with desk.transaction() as connection:
        old = delete(CallDraft).where(CallDraft.saved_at <= desk.now(connection) - KEPT_FOR)
        return connection.execute(old).rowcount


def _make_room(connection: Connection, actor: Actor) -> None:
    newest = select(CallDraft.form).where(CallDraft.person == actor.key).order_by(CallDraft.saved_at.desc())
    kept_forms = connection.execute(newest.limit(MOST + 1)).scalars().all()
    if len(kept_forms) > MOST:
        stays = CallDraft.form.in_(kept_forms[:MOST])
        connection.execute(delete(CallDraft).where(CallDraft.person == actor.key, ~stays))


def _mine(form: str, actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return CallDraft.person == actor.key, CallDraft.form == form
