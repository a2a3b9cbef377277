"""Moving an installation to another database, of either kind, whole.

1. Nothing is written in the old database while it is copied: writing waits, and is refused after a while; reading goes
   on. The copy is one transaction, at whose end the new database is held back, so that nobody works on it yet.
2. The copy is proved: as many rows, the same heads, and every ticket folded again.
3. The old database is held back, which every process that runs on it meets at its next work; then the new one is free.

Stopped anywhere before 3 the old database is what it was, and the next run begins anew; in 3, the next run finishes it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, text, update

from servicedesk.actions.backup import Contents, contents_of
from servicedesk.actions.desk import Desk
from servicedesk.actions.filling import Begin, fill, make_ready
from servicedesk.core.errors import Unavailable
from servicedesk.store.holding import Hold, Why, hold_back, hold_of, release
from servicedesk.store.installation import Revision
from servicedesk.store.portable.heads import Heads
from servicedesk.store.portable.rows import count, read
from servicedesk.store.portable.tables import tables_of
from servicedesk.store.queries.difference import Difference
from servicedesk.store.queries.verification import ticket_ids, verify_seal, verify_tickets
from servicedesk.store.rulebook import read_rulebook
from servicedesk.store.schema import newest, require_current


@dataclass(frozen=True, slots=True)
class Moved:
    """`rows` and `heads` are those of both databases; 0 and None where the move before had come so far already.
    `begun_anew`: an earlier one had been left in the middle."""

    rows: int = 0
    heads: Heads | None = None
    begun_anew: bool = False


class NotProved(Unavailable):
    """The copy is whole, and verification finds these in it: they are in the old database too."""

    def __init__(self, differences: list[Difference]) -> None:
        super().__init__(
            "%(count)s differences, so the installation stays where it was. Mend them, or take them along as they are "
            "by a backup that you restore in the new database.",
            count=len(differences),
            code="not_proved",
        )
        self.differences = differences


def move(source: Desk, target: Desk, begin: Begin) -> Moved:
    """Take the installation of `source` to `target`, which is empty."""
    if _is_copied(source, target):
        _free(target)
        return Moved()
    require_current(source.engine)
    begun_anew = make_ready(target, newest())
    with source.transaction() as connection:
        found = _still(connection)
        rows = _copy(connection, found, source, target, begin)
        _prove(target, begin)
        hold_back(connection, Hold(Why.MOVED, found.heads.seal, address(target)))
        _tell_everyone(connection)
    _free(target)
    return Moved(rows, found.heads, begun_anew)


def reopen(source: Desk) -> None:
    """Work on the old database again. Unavailable where nothing was moved away."""
    with source.transaction() as connection:
        hold = hold_of(connection)
        if hold is None or hold.why is not Why.MOVED:
            raise Unavailable("This installation has not been moved away, so there is nothing to reopen.")
        release(connection)
        _tell_everyone(connection)


def address(desk: Desk) -> str:
    """Without the password, and without what else may stand in its query."""
    return desk.engine.url.set(query={}).render_as_string(hide_password=True)


def _is_copied(source: Desk, target: Desk) -> bool:
    """Whether an earlier move came so far that only the new database waits to be freed."""
    with source.reading() as connection:
        here = hold_of(connection)
    if here is None or here.why is not Why.MOVED:
        return False
    with target.reading() as connection:
        there = hold_of(connection)
    return there is not None and there.why is Why.ARRIVING and there.seal == here.seal


def _free(target: Desk) -> None:
    with target.transaction() as connection:
        release(connection)


def _still(connection: Connection) -> Contents:
    """What there is, once nobody else can write. (On SQLite nobody can as long as this transaction lasts.)"""
    if connection.dialect.name == "postgresql":
        names = ", ".join(f'"{table.name}"' for table in tables_of(newest()))
        connection.execute(text(f"LOCK TABLE {names} IN SHARE MODE"))
    return contents_of(connection)


def _copy(connection: Connection, found: Contents, source: Desk, target: Desk, begin: Begin) -> int:
    rows = {table.name: count(connection, table) for table in found.tables}
    hold = Hold(Why.ARRIVING, found.heads.seal, address(source))
    advance = begin("Moving", sum(rows.values()))
    fill(target, found.revision, lambda table: read(connection, table), rows, found.heads, advance, hold=hold)
    return sum(rows.values())


def _prove(target: Desk, begin: Begin) -> None:
    with target.reading() as connection:
        if found := list(_differences(connection, begin)):
            raise NotProved(found)


def _differences(connection: Connection, begin: Begin) -> Iterator[Difference]:
    book, ids = read_rulebook(connection), ticket_ids(connection)
    yield from verify_tickets(connection, book, ids, begin("Verifying", len(ids)))
    yield from verify_seal(connection)


def _tell_everyone(connection: Connection) -> None:
    """Whoever works on this database reads its rules anew, and meets on the way that it is held back."""
    connection.execute(update(Revision).values(number=Revision.number + 1))
