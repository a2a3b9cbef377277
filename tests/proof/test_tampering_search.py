"""Whatever is changed behind the program's back in what tickets are found by is found, and the ticket is named."""

import sqlite3
from contextlib import closing

import pytest

from servicedesk.actions.desk import Desk
from tests.actions.life import differences, proved
from tests.support.desk import DeskFactory, new_ticket, ticket_after

FIRST, SECOND = "2026-00001", "2026-00002"


@pytest.fixture
def desk(desk_factory: DeskFactory) -> Desk:
    """One ticket closed after the whole chain, one just logged."""
    made = desk_factory()
    ticket_after(made, "confirm")
    new_ticket(made)
    proved(made)
    return made


def found_after(desk: Desk, *statements: str) -> list[str]:
    with closing(sqlite3.connect(str(desk.engine.url.database))) as connection, connection:
        for statement in statements:
            connection.execute(statement)
    return differences(desk)


STRIKE_OUT = "INSERT INTO search_index (search_index, rowid, words) SELECT 'delete', id, words FROM search_document"
SUPPLIERS = "ticket_id = 1 AND organisation = 'leverantor-plattform'"


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            f"UPDATE search_document SET words = words || ' anna' WHERE {SUPPLIERS}",
            "what leverantor-plattform finds it by is not what it reads",
        ),
        (
            f"UPDATE search_document SET texts = '1.subject ' || texts WHERE {SUPPLIERS}",
            "what leverantor-plattform finds it by is not what it reads",
        ),
        (f"DELETE FROM search_document WHERE {SUPPLIERS}", "leverantor-plattform cannot find it"),
        (
            "INSERT INTO search_document (ticket_id, organisation, texts, words) VALUES (1, 'pitea', '', 'o:pitea x')",
            "pitea can find it and should not",
        ),
        (
            f"{STRIKE_OUT} WHERE {SUPPLIERS}",
            "the index does not hold what leverantor-plattform finds it by",
        ),
        (
            f"INSERT INTO search_index (rowid, words) SELECT id, 'anna' FROM search_document WHERE {SUPPLIERS}",
            "the index does not hold what leverantor-plattform finds it by",
        ),
    ],
)
def test_a_changed_document_or_index_is_found(desk: Desk, statement: str, said: str) -> None:
    assert found_after(desk, statement) == [f"{FIRST}: search: {said}"]


def test_words_in_the_index_that_belong_to_no_document_are_found(desk: Desk) -> None:
    found = found_after(desk, "INSERT INTO search_index (rowid, words) VALUES (4711, 'anna')")
    assert found == ["search document 4711: search: it is in the index and is not there itself"]


def test_documents_of_a_ticket_that_is_gone_are_found(desk: Desk) -> None:
    found = found_after(desk, "UPDATE search_document SET ticket_id = 4711 WHERE ticket_id = 2")
    assert "ticket row 4711: search_document: 1 rows without their ticket" in found
    assert f"{SECOND}: search: lulea cannot find it" in found


def test_an_index_that_cannot_be_read_is_a_finding_too(desk: Desk) -> None:
    found = found_after(desk, "DELETE FROM search_index_data WHERE id > 10")
    assert any("search" in line or "cannot be read" in line for line in found)
    assert not any(line.startswith(FIRST) and "chain" in line for line in found)
