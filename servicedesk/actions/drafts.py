"""Keeping what somebody writes, of a call or on a ticket, at every pause: for that person alone, until it is sent."""

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
from servicedesk.store.drafts import KeptDraft
from servicedesk.store.upsert import insert_missing

# Over a weekend; what nobody has sent by then nobody will.
KEPT_FOR = timedelta(days=3)
# Of one person: calls, and on one ticket. More than these nobody has under way; the oldest goes.
MOST = 10
LONGEST = 60_000
PURPOSE = "call draft"
NO_TICKET = ""
_COLUMNS = (KeptDraft.form, KeptDraft.way, KeptDraft.content, KeptDraft.saves, KeptDraft.saved_at)


@dataclass(frozen=True, slots=True)
class Draft:
    """`fields` as they stood; `saves` is what `save_draft` is to be told by who has this one before them. `way`: by
    which of a ticket's forms."""

    form: str
    way: str
    fields: dict[str, str]
    saves: int
    saved_at: datetime


def save_draft(
    desk: Desk,
    form: str,
    fields: Mapping[str, str],
    saves: int,
    *,
    actor: Actor,
    once: Once,
    about: str = NO_TICKET,
    way: str = "",
) -> int | None:
    """Keep the form as it stands now; the `saves` that it has then. None when another window has written it meanwhile:
    nothing is written over, and who asks gives theirs a number of its own. A form that has been sent (`once`) leaves
    nothing. Invalid when it is more than a form holds."""
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
            KeptDraft,
            [
                {
                    "person": actor.key,
                    "form": form,
                    "about": about,
                    "way": way,
                    "content": "",
                    "saves": 0,
                    "saved_at": now,
                }
            ],
        )
        same = update(KeptDraft).where(*_mine(form, actor), KeptDraft.saves == saves)
        if not connection.execute(same.values(content=secret, saves=saves + 1, saved_at=now)).rowcount:
            return _saves_of_the_same(desk, connection, form, fields, actor)
        _make_room(connection, actor, about)
        return saves + 1


def _saves_of_the_same(
    desk: Desk, connection: Connection, form: str, fields: Mapping[str, str], actor: Actor
) -> int | None:
    """Of a form that stands there already word for word, told again by who has not heard that it arrived."""
    rows = connection.execute(select(*_COLUMNS).where(*_mine(form, actor))).all()
    return next((draft.saves for draft in _read(desk, rows) if draft.fields == dict(fields)), None)


def drafts_of(
    desk: Desk, connection: Connection, now: datetime, *, actor: Actor, about: str = NO_TICKET
) -> list[Draft]:
    """The person's own of calls, or about this ticket; the last first. What was kept under another key of the
    installation is not to be read."""
    mine = (KeptDraft.person == actor.key, KeptDraft.saved_at > now - KEPT_FOR, KeptDraft.content != "")
    query = select(*_COLUMNS).where(*mine, KeptDraft.about == about)
    rows = connection.execute(query.order_by(KeptDraft.saved_at.desc(), KeptDraft.form)).all()
    return list(_read(desk, rows))


def _read(desk: Desk, rows: Iterable[Row[str, str, str, int, datetime]]) -> Iterator[Draft]:
    for row in rows:
        try:
            yield Draft(row.form, row.way, json.loads(kept(desk, row.content, PURPOSE)), row.saves, row.saved_at)
        except Unavailable:
            continue


def drop_draft(desk: Desk, form: str, *, actor: Actor) -> None:
    """Let one go. One that is not there is gone already."""
    with desk.transaction() as connection:
        drop(connection, form, actor=actor)


def drop(connection: Connection, form: str, *, actor: Actor) -> None:
    """The same within a transaction: that in which it is sent."""
    connection.execute(delete(KeptDraft).where(*_mine(form, actor)))


def forget_drafts(desk: Desk) -> int:
    """Remove what nobody has sent in time; how many."""
    with desk.transaction() as connection:
        old = delete(KeptDraft).where(KeptDraft.saved_at <= desk.now(connection) - KEPT_FOR)
        return connection.execute(old).rowcount


def _make_room(connection: Connection, actor: Actor, about: str) -> None:
    mine = (KeptDraft.person == actor.key, KeptDraft.about == about)
    newest = select(KeptDraft.form).where(*mine).order_by(KeptDraft.saved_at.desc())
    kept_forms = connection.execute(newest.limit(MOST + 1)).scalars().all()
    if len(kept_forms) > MOST:
        stays = KeptDraft.form.in_(kept_forms[:MOST])
        connection.execute(delete(KeptDraft).where(*mine, ~stays))


def _mine(form: str, actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return KeptDraft.person == actor.key, KeptDraft.form == form
