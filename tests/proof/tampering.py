"""Changing the database file behind the program's back: with sqlite3, as somebody with access to the machine would."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from servicedesk.actions.desk import Desk
from servicedesk.core.events import GENESIS, chain_hash
from tests.actions.life import differences

FIRST, SECOND, THIRD = "2026-00001", "2026-00002", "2026-00003"
Change = Callable[[sqlite3.Connection], object]


@contextmanager
def raw(desk: Desk) -> Iterator[sqlite3.Connection]:
    """The file itself, with no foreign keys and none of our checks."""
    with closing(sqlite3.connect(str(desk.engine.url.database))) as connection, connection:
        yield connection


def found_after(desk: Desk, change: Change) -> list[str]:
    with raw(desk) as connection:
        change(connection)
    return differences(desk)


def named(found: list[str], number: str) -> bool:
    return any(number in line for line in found)


def sql(*statements: str) -> Change:
    return lambda connection: [connection.execute(statement) for statement in statements]


def id_of(connection: sqlite3.Connection, number: str) -> int:
    return int(connection.execute("SELECT id FROM ticket WHERE number = ?", [number]).fetchone()[0])


def bodies(connection: sqlite3.Connection, number: str) -> list[tuple[int, str]]:
    query = "SELECT seq, body FROM journal WHERE ticket_id = ? ORDER BY seq"
    return list(connection.execute(query, [id_of(connection, number)]))


def rehashed(connection: sqlite3.Connection, number: str) -> None:
    """The whole chain of a ticket computed anew, and its head: what somebody who knows the program would do."""
    head, ticket_id = GENESIS, id_of(connection, number)
    for seq, body in bodies(connection, number):
        head = chain_hash(head, body)
        connection.execute("UPDATE journal SET hash = ? WHERE ticket_id = ? AND seq = ?", [head, ticket_id, seq])
    connection.execute("UPDATE ticket SET head_hash = ? WHERE id = ?", [head, ticket_id])


def rewritten(number: str, seq: int, old: str, new: str) -> Change:
    def change(connection: sqlite3.Connection) -> None:
        body = dict(bodies(connection, number))[seq]
        assert old in body
        values = [body.replace(old, new), id_of(connection, number), seq]
        connection.execute("UPDATE journal SET body = ? WHERE ticket_id = ? AND seq = ?", values)

    return change
