"""A database that is held back: nobody works on it, because it is being filled or its installation has gone elsewhere.

The mark is a table that is there only then, so that every version of the database can bear it.
"""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, column, inspect, select, table, text

from servicedesk.core.errors import Unavailable

MARK = "held_back"
_TABLE = table(MARK, column("why"), column("seal"), column("place"))


class Why(StrEnum):
    ARRIVING = "arriving"
    MOVED = "moved"


SENTENCES = {
    Why.ARRIVING: "A move to this database has not been finished. Run the same `servicedesk move` again, with the "
    "settings of the database that it came from.",
    Why.MOVED: "This installation was moved to another database. Name that one in SERVICEDESK_DATABASE_URL, or run "
    "`servicedesk move --reopen` to go on with this one after all.",
}


@dataclass(frozen=True, slots=True)
class Hold:
    """`seal` is the end of the seal that the installation had; `place` the other database, without its password."""

    why: Why
    seal: str
    place: str


def hold_of(connection: Connection) -> Hold | None:
    if not inspect(connection).has_table(MARK):
        return None
    row = connection.execute(select(_TABLE)).one()
    return Hold(Why(row.why), row.seal, row.place)


def hold_back(connection: Connection, hold: Hold) -> None:
    connection.execute(text(f"CREATE TABLE {MARK} (why VARCHAR(20), seal VARCHAR(64), place TEXT)"))
    connection.execute(_TABLE.insert().values(why=str(hold.why), seal=hold.seal, place=hold.place))


def release(connection: Connection) -> None:
    connection.execute(text(f"DROP TABLE {MARK}"))


def require_free(connection: Connection) -> None:
    """Unavailable, with why and what to do, for a database that is held back."""
    if hold := hold_of(connection):
        raise Unavailable(SENTENCES[hold.why], code="held_back")
