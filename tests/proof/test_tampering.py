"""Whatever is changed in the database file behind the program's back is found, and the ticket is named.

The file is changed with sqlite3, as somebody with access to the machine would.
"""

import hashlib
import json
import random
import sqlite3
from pathlib import Path

import pytest

from servicedesk.actions.desk import Desk
from servicedesk.actions.erase import erase_texts
from servicedesk.core.events import GENESIS, chain_hash
from servicedesk.core.facts import OPERATOR
from servicedesk.store.queries.verification import seal_head
from tests.actions.life import differences, do, proved
from tests.proof.tampering import (
    FIRST,
    SECOND,
    THIRD,
    bodies,
    found_after,
    named,
    raw,
    rehashed,
    rewritten,
    sql,
)
from tests.support.desk import Template


def test_nothing_is_found_where_nothing_was_changed(lived: Desk) -> None:
    proved(lived)


def test_a_changed_event_is_found(lived: Desk) -> None:
    found = found_after(lived, rewritten(FIRST, 2, "lulea-forsta-linjen", "pitea-forsta-linjen"))
    assert named(found, FIRST) and not named(found, SECOND)


def test_a_changed_event_with_its_own_hash_computed_anew_is_found(lived: Desk) -> None:
    def change(connection: sqlite3.Connection) -> None:
        rewritten(FIRST, 2, "lulea-forsta-linjen", "pitea-forsta-linjen")(connection)
        seq_1 = connection.execute("SELECT hash FROM journal WHERE ticket_id = 1 AND seq = 1").fetchone()[0]
        body = dict(bodies(connection, FIRST))[2]
        values = [chain_hash(seq_1, body)]
        connection.execute("UPDATE journal SET hash = ? WHERE ticket_id = 1 AND seq = 2", values)

    assert named(found_after(lived, change), FIRST)


def test_a_changed_event_with_the_whole_chain_computed_anew_is_found(lived: Desk) -> None:
    def change(connection: sqlite3.Connection) -> None:
        rewritten(FIRST, 2, "lulea-forsta-linjen", "pitea-forsta-linjen")(connection)
        rehashed(connection, FIRST)

    assert named(found_after(lived, change), FIRST)


@pytest.mark.parametrize("seq", [1, 5, 13])
def test_a_removed_event_is_found_the_first_a_middle_one_and_the_last(lived: Desk, seq: int) -> None:
    found = found_after(lived, sql(f"DELETE FROM journal WHERE ticket_id = 1 AND seq = {seq}"))
    assert named(found, FIRST) and not named(found, SECOND)


def test_a_removed_last_event_is_found_though_the_tickets_row_was_set_back(lived: Desk) -> None:
    """With texts, clocks and all, as a backup from the day before would have it."""

    def change(connection: sqlite3.Connection) -> None:
        head = connection.execute("SELECT hash FROM journal WHERE ticket_id = 3 ORDER BY seq DESC").fetchone()[0]
        connection.execute(
            "DELETE FROM journal WHERE ticket_id = 2 AND seq = (SELECT max(seq) FROM journal WHERE ticket_id = 2)"
        )
        query = "SELECT seq, hash FROM journal WHERE ticket_id = 2 ORDER BY seq DESC"
        seq, head = connection.execute(query).fetchone()
        connection.execute("UPDATE ticket SET seq = ?, head_hash = ? WHERE id = 2", [seq, head])

    assert named(found_after(lived, change), SECOND)


def test_a_ticket_set_back_in_every_table_is_found(lived: Desk, lived_in: Template, tmp_path: Path) -> None:
    """All that a step wrote is taken away again, save in the seal."""
    tables = ("ticket", "journal", "personal_text", "ticket_clock", "ticket_custody", "visibility", "timer", "outbox")
    do(lived, SECOND, "supplier_technician", "propose_solution")

    def change(connection: sqlite3.Connection) -> None:
        connection.execute(f"ATTACH '{lived_in.file}' AS before")
        for table in tables:
            column = "id" if table == "ticket" else "ticket_id"
            connection.execute(f"DELETE FROM main.{table} WHERE {column} = 2")
            connection.execute(f"INSERT INTO main.{table} SELECT * FROM before.{table} WHERE {column} = 2")

    assert named(found_after(lived, change), SECOND)


def test_two_events_that_changed_places_are_found(lived: Desk) -> None:
    swap = sql(
        "UPDATE journal SET seq = 99 WHERE ticket_id = 1 AND seq = 4",
        "UPDATE journal SET seq = 4 WHERE ticket_id = 1 AND seq = 5",
        "UPDATE journal SET seq = 5 WHERE ticket_id = 1 AND seq = 99",
    )
    assert named(found_after(lived, swap), FIRST)


def test_a_forged_event_with_a_right_hash_is_found(lived: Desk) -> None:
    def change(connection: sqlite3.Connection) -> None:
        seq, body = bodies(connection, THIRD)[-1]
        head = connection.execute("SELECT head_hash FROM ticket WHERE id = 3").fetchone()[0]
        data = json.loads(body) | {"seq": seq + 1, "kind": "TicketAssigned", "data": {"assignee": "x"}, "texts": {}}
        forged = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        head = chain_hash(head, forged)
        columns = "ticket_id, seq, kind, occurred_at, recorded_at, body, hash"
        connection.execute(
            f"INSERT INTO journal ({columns}) SELECT ticket_id, ?, ?, occurred_at, recorded_at, ?, ? "
            "FROM journal WHERE ticket_id = 3",
            [seq + 1, "TicketAssigned", forged, head],
        )
        connection.execute("UPDATE ticket SET head_hash = ?, seq = ? WHERE id = 3", [head, seq + 1])

    assert named(found_after(lived, change), THIRD)


PARTS = ("journal", "personal_text", "ticket_clock", "ticket_custody", "visibility", "timer", "outbox", "notice")


@pytest.mark.parametrize(
    ("table", "column"), [("ticket", "is_open"), ("ticket_custody", "counted"), ("visibility", "is_open")]
)
def test_what_is_neither_true_nor_false_does_not_pass_for_either(lived: Desk, table: str, column: str) -> None:
    """The indexes of open and of closed tickets hold neither."""
    whose = "id" if table == "ticket" else "ticket_id"
    assert named(found_after(lived, sql(f"UPDATE {table} SET {column} = 2 WHERE {whose} = 1")), FIRST)


@pytest.mark.parametrize("ticket_id", [1, 2, 3])
def test_a_ticket_removed_with_everything_is_found_and_named_by_its_number(lived: Desk, ticket_id: int) -> None:
    found = found_after(
        lived,
        sql(
            *(f"DELETE FROM {table} WHERE ticket_id = {ticket_id}" for table in PARTS),
            f"DELETE FROM ticket WHERE id = {ticket_id}",
        ),
    )
    assert named(found, f"2026-0000{ticket_id}")


def test_a_ticket_whose_row_alone_was_removed_is_found(lived: Desk) -> None:
    found = found_after(lived, sql("DELETE FROM ticket WHERE id = 2"))
    assert named(found, SECOND)


def test_a_ticket_made_by_hand_is_found(lived: Desk) -> None:
    """A copy of a true one, under another number."""

    def change(connection: sqlite3.Connection) -> None:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(ticket)")]
        chosen = ", ".join({"id": "77", "number": "'2026-00077'"}.get(name, name) for name in columns)
        connection.execute(f"INSERT INTO ticket SELECT {chosen} FROM ticket WHERE id = 3")

    assert named(found_after(lived, change), "2026-00077")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE personal_text SET text = 'Någon annan' WHERE ticket_id = 1 AND seq = 1 AND field = 'requester_name'",
        "UPDATE personal_text SET secret = '" + "ab" * 32 + "' WHERE ticket_id = 1 AND seq = 1",
        "UPDATE personal_text SET secret = 'zz' WHERE ticket_id = 1 AND seq = 1",
        "DELETE FROM personal_text WHERE ticket_id = 1 AND seq = 3 AND field = 'tried'",
        "INSERT INTO personal_text (ticket_id, seq, field, text, secret) VALUES (1, 2, 'reason', 'Påhitt', 'ab')",
        # Destroyed by hand, made to look as if by decision.
        "UPDATE personal_text SET text = NULL, secret = NULL, erased_at = '2026-03-02 12:00:00' WHERE ticket_id = 1",
        "UPDATE personal_text SET text = 'Nej', erased_at = '2026-03-02 12:00:00' WHERE ticket_id = 1 AND seq = 1",
    ],
)
def test_a_changed_text_is_found(lived: Desk, statement: str) -> None:
    found = found_after(lived, sql(statement))
    assert named(found, FIRST) and not named(found, SECOND)


@pytest.mark.parametrize(
    "assignment",
    [
        "state = 'first_active'",
        "category = 'active'",
        "is_open = 1",
        "priority = 1",
        "municipality = 'pitea'",
        "service = 'e-arkiv'",
        "e_service = 'x'",
        "workflow_version = 'x'",
        "holder_team = 'lulea-it'",
        "holder_tier = 'joint'",
        "holder_organisation = 'e-namnden'",
        "assignee = 'x'",
        "platform_case = 'x'",
        "opened_at = '2026-03-01 08:00:00.000000'",
        "opened_at = 'i går'",
        "last_at = '2026-03-01 08:00:00.000000'",
        "closed_at = NULL",
        "closed_at = '2026-03-01 08:00:00.000000'",
        "seq = 12",
        "head_hash = 'x'",
        "state_json = replace(state_json, '\"priority\":4', '\"priority\":3')",
        "state_json = '{}'",
        "number = '2026-00099'",
    ],
)
def test_a_changed_column_of_a_tickets_row_is_found(lived: Desk, assignment: str) -> None:
    found = found_after(lived, sql(f"UPDATE ticket SET {assignment} WHERE id = 1"))
    assert named(found, FIRST) and not named(found, SECOND)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ticket_clock SET spent = spent - 1 WHERE ticket_id = 2 AND key = 'resolution'",
        "UPDATE ticket_clock SET target = 999999 WHERE ticket_id = 2",
        "UPDATE ticket_clock SET broken_at = NULL, due_at = '2026-04-01 08:00:00' WHERE ticket_id = 2",
        "UPDATE ticket_clock SET party = 'leverantor-arkiv' WHERE ticket_id = 2 AND metric = 'contract'",
        "DELETE FROM ticket_clock WHERE ticket_id = 2 AND metric = 'contract'",
        "UPDATE ticket_custody SET organisation = 'lulea' WHERE ticket_id = 2 AND position = 6",
        "UPDATE ticket_custody SET started_at = '2026-03-02 08:00:01' WHERE ticket_id = 2 AND position = 3",
        "DELETE FROM ticket_custody WHERE ticket_id = 2 AND position = 2",
        "UPDATE visibility SET access = 'municipality' WHERE ticket_id = 2 AND access = 'supplier'",
        "DELETE FROM visibility WHERE ticket_id = 2 AND access = 'joint'",
        "UPDATE visibility SET organisation = 'pitea' WHERE ticket_id = 2 AND access = 'municipality'",
        "UPDATE journal SET occurred_at = '2026-03-02 08:00:01' WHERE ticket_id = 2 AND seq = 2",
        "UPDATE journal SET recorded_at = 'nyss' WHERE ticket_id = 2 AND seq = 2",
        "UPDATE journal SET kind = 'TicketClosed' WHERE ticket_id = 2 AND seq = 2",
        "UPDATE journal SET timer_rule = NULL WHERE ticket_id = 2 AND timer_rule IS NOT NULL",
        "UPDATE journal SET timer_occurrence = 7 WHERE ticket_id = 2 AND timer_rule IS NOT NULL",
        "UPDATE journal SET timer_rule = 'warn:resolution@10', timer_occurrence = 0 WHERE ticket_id = 2 AND seq = 2",
        "UPDATE journal SET body = 'null' WHERE ticket_id = 2 AND seq = 3",
        "UPDATE journal SET body = CAST(x'7bff7d' AS TEXT) WHERE ticket_id = 2 AND seq = 3",
        """UPDATE journal SET body = replace(body, '"data":{', '"data":[{') WHERE ticket_id = 2 AND seq = 3""",
    ],
)
def test_a_change_in_what_stands_beside_a_ticket_is_found(lived: Desk, statement: str) -> None:
    found = found_after(lived, sql(statement))
    assert named(found, SECOND) and not named(found, FIRST)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE timer SET due_at = '2030-01-01 00:00:00' WHERE ticket_id = 3",
        "DELETE FROM timer WHERE ticket_id = 3",
        "UPDATE timer SET set_aside = 'hand' WHERE ticket_id = 3",
        "INSERT INTO timer VALUES (3, 'timed:close_unconfirmed', 1, '2030-01-01 00:00:00', NULL)",
    ],
)
def test_a_changed_timer_is_found(lived: Desk, statement: str) -> None:
    found = found_after(lived, sql(statement))
    assert named(found, THIRD) and not named(found, FIRST)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE seal SET chain = 'x' WHERE position = 5",
        "UPDATE seal SET event_hash = 'x' WHERE position = 5",
        "UPDATE seal SET ticket_id = 3 WHERE position = 2",
        "DELETE FROM seal WHERE position = 5",
        "DELETE FROM seal WHERE position = (SELECT max(position) FROM seal)",
        "UPDATE seal_head SET position = position - 1",
        "UPDATE seal_head SET chain = 'x'",
        "DELETE FROM seal_head",
        "DELETE FROM seal",
    ],
)
def test_a_change_of_the_seal_is_found(lived: Desk, statement: str) -> None:
    assert found_after(lived, sql(statement))


def test_any_single_byte_changed_in_any_event_is_found(lived: Desk) -> None:
    """A sample of bytes; each is put back before the next, and everything is proved clean at the end."""
    chance = random.Random(7)
    with raw(lived) as connection:
        rows = connection.execute("SELECT id, ticket_id, body FROM journal").fetchall()
    for _ in range(150):
        row, ticket_id, body = chance.choice(rows)
        place = chance.randrange(len(body))
        other = chance.choice([c for c in '0123456789abcdefgxyzåäö{}[]":,.-_ \n' if c != body[place]])
        with raw(lived) as connection:
            connection.execute(
                "UPDATE journal SET body = ? WHERE id = ?", [body[:place] + other + body[place + 1 :], row]
            )
        assert named(differences(lived), f"2026-0000{ticket_id}"), (body, place, other)
        with raw(lived) as connection:
            connection.execute("UPDATE journal SET body = ? WHERE id = ?", [body, row])
    proved(lived)


def test_texts_erased_by_decision_leave_everything_whole(lived: Desk) -> None:
    count = erase_texts(lived, FIRST, "Gallringsbeslut 2026:14", actor=OPERATOR)
    proved(lived)
    with raw(lived) as connection:
        left = connection.execute("SELECT count(*) FROM personal_text WHERE ticket_id = 1 AND text IS NOT NULL")
        assert (count > 10, left.fetchone()[0]) == (True, 0)


def test_a_text_that_should_be_destroyed_and_is_back_is_found(lived: Desk) -> None:
    with raw(lived) as connection:
        query = "SELECT text, secret FROM personal_text WHERE ticket_id = 1 AND field = 'requester_name'"
        kept = connection.execute(query).fetchone()
    erase_texts(lived, FIRST, "Gallringsbeslut 2026:14", actor=OPERATOR)

    def back(connection: sqlite3.Connection) -> None:
        restore = "UPDATE personal_text SET text = ?, secret = ?, erased_at = NULL WHERE ticket_id = 1 AND field = ?"
        connection.execute(restore, [*kept, "requester_name"])

    assert named(found_after(lived, back), FIRST)


def test_a_text_left_where_it_is_marked_as_destroyed_is_found(lived: Desk) -> None:
    erase_texts(lived, FIRST, "Gallringsbeslut 2026:14", actor=OPERATOR)
    found = found_after(lived, sql("UPDATE personal_text SET text = 'kvar' WHERE ticket_id = 1 AND seq = 1"))
    assert named(found, FIRST)


def test_the_head_written_down_elsewhere_betrays_a_history_rewritten_whole(lived: Desk) -> None:
    """Somebody who knows the program and has the file can compute everything anew, but not this hash."""
    with lived.reading() as connection:
        position, before = seal_head(connection)

    def change(connection: sqlite3.Connection) -> None:
        rewritten(THIRD, 1, "lulea-forsta-linjen", "pitea-forsta-linjen")(connection)
        rehashed(connection, THIRD)
        chain = GENESIS
        query = "SELECT s.position, j.hash FROM seal s JOIN journal j USING (ticket_id, seq) ORDER BY s.position"
        for place, event_hash in connection.execute(query).fetchall():
            chain = chain_hash(chain, event_hash)
            connection.execute(
                "UPDATE seal SET event_hash = ?, chain = ? WHERE position = ?", [event_hash, chain, place]
            )
        connection.execute("UPDATE seal_head SET chain = ?", [chain])

    found_after(lived, change)
    with lived.reading() as connection:
        assert seal_head(connection)[0] == position
        assert seal_head(connection)[1] != before


def test_the_hash_is_the_one_anybody_can_compute(lived: Desk) -> None:
    with raw(lived) as connection:
        body, stored = connection.execute("SELECT body, hash FROM journal WHERE ticket_id = 3 AND seq = 1").fetchone()
    assert hashlib.sha256(("0" * 64 + "\n" + body).encode()).hexdigest() == stored
