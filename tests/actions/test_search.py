"""What a ticket is found by follows what happens to it, on both databases alike."""

import pytest
from sqlalchemy import delete, select

from servicedesk.actions import changes, entries, reindexing, relations
from servicedesk.actions.desk import Desk
from servicedesk.actions.erase import erase_texts
from servicedesk.actions.reindexing import index_missing
from servicedesk.core.facts import OPERATOR
from servicedesk.store.queries.lists import COUNT_CAP
from servicedesk.store.queries.search import Show, count_found, named_tickets, search_tickets
from servicedesk.store.search.asked import read_asked
from servicedesk.store.search.document import SearchDocument
from tests.actions.life import differences, do, proved, wait
from tests.support.desk import new_ticket, persona, ticket_after

FIRST, JOINT, SUPPLIER, PITEA = "first_line_lulea", "it_service_manager", "supplier_technician", "first_line_pitea"


def found(desk: Desk, who: str, typed: str, show: Show = Show.ALL) -> list[str]:
    """Numbers in order; the count says the same."""
    asked, viewer = read_asked(typed), persona(desk, who)
    with desk.reading() as connection:
        named = named_tickets(connection, viewer, asked)
        hits = search_tickets(connection, viewer, asked, show, named=named).hits
        assert count_found(connection, viewer, asked)[show] == len(hits)
    return [hit.line.number for hit in hits]


@pytest.mark.parametrize(
    "typed",
    [
        "bygglovsansökan",
        "bygglov",
        "bygglovsansokan",
        "försvunnit bygglovet",
        "2026-00001",
        "00001",
        "1",
        "EP-778899",
        "ep-778899",
        "778899",
        "Anna Exempel",
        "exempel",
        "0701234567",
        "070-123 45 67",
        "+46 70 123 45 67",
        "anna@lulea.example",
        "Kiruna gata 3",
        "räksmörgås",
        "raksmorgas",
        "smörgås OR räksmörgås",
    ],
)
def test_a_ticket_is_found_by_number_words_requester_and_case_number(either_desk: Desk, typed: str) -> None:
    new_ticket(
        either_desk,
        subject="Bygglovsansökan har försvunnit",
        description="Gäller Kiruna gata 3. Räksmörgås or smörgås.",
        requester_name="Anna Exempel",
        requester_contact="070-123 45 67, anna@lulea.example",
        platform_case="EP-778899",
    )
    new_ticket(either_desk, subject="Annat", description="Något annat", requester_name="", requester_contact="")
    assert found(either_desk, FIRST, typed) == ["2026-00001"]
    assert found(either_desk, PITEA, typed) == []


@pytest.mark.parametrize(
    "typed", ["bygglov kvittens", "lov", "2026-00009", "9", "anna@pitea.example", "'", "bygg OR lov", "forsvuna"]
)
def test_what_is_not_there_is_not_found(either_desk: Desk, typed: str) -> None:
    new_ticket(either_desk, subject="Bygglovsansökan har försvunnit")
    asked = read_asked(typed)
    assert not asked.wanted or found(either_desk, FIRST, typed) == []


def test_each_side_finds_by_what_it_reads(either_desk: Desk) -> None:
    number = ticket_after(either_desk, "accept_at_supplier", description="Sagobok", platform_case="EP-778899").number
    entries.note(either_desk, number, "Trollkarl", actor=persona(either_desk, FIRST))
    entries.note_to_supplier(either_desk, number, "Drakar", actor=persona(either_desk, JOINT))
    who = (FIRST, JOINT, SUPPLIER, "other_supplier_technician", PITEA)
    assert {word: [one for one in who if found(either_desk, one, word)] for word in WORDS_OF} == WORDS_OF


WORDS_OF = {
    "Anna Exempel": [FIRST],
    "0700000000": [FIRST],
    "Trollkarl": [FIRST],
    "Sagobok": [FIRST, JOINT],
    "EP-778899": [FIRST, JOINT],
    "Drakar": [FIRST, JOINT, SUPPLIER],
    "2026-00001": [FIRST, JOINT, SUPPLIER],
    "1": [FIRST, JOINT, SUPPLIER],
}


def test_a_ticket_is_found_by_those_who_come_to_see_it_and_no_longer_by_those_who_did(either_desk: Desk) -> None:
    number = new_ticket(either_desk, description="Sagobok").number
    assert found(either_desk, JOINT, "sagobok") == []
    changes.move_municipality(either_desk, number, "pitea", "Hon bor där.", actor=persona(either_desk, FIRST))
    assert (found(either_desk, FIRST, "sagobok"), found(either_desk, PITEA, "sagobok")) == ([], [number])
    do(either_desk, number, PITEA, "take")
    do(either_desk, number, PITEA, "escalate_to_second_line")
    do(either_desk, number, "second_line_pitea", "accept_in_second_line")
    do(either_desk, number, "second_line_pitea", "escalate_to_joint")
    assert found(either_desk, JOINT, "sagobok") == [number]
    proved(either_desk)


def test_a_merged_ticket_is_found_still(either_desk: Desk) -> None:
    one, other = new_ticket(either_desk, description="Sagobok").number, new_ticket(either_desk).number
    relations.merge(either_desk, one, other, "Samma drake.", actor=persona(either_desk, FIRST))
    assert found(either_desk, FIRST, "sagobok drake") == [one]
    assert found(either_desk, FIRST, "sagobok", Show.OPEN) == []


def test_what_is_erased_is_found_no_more_and_its_number_still_is(either_desk: Desk) -> None:
    number = ticket_after(either_desk, "confirm", description="Sagobok", platform_case="EP-778899").number
    everybody = (FIRST, JOINT, SUPPLIER)
    assert [found(either_desk, who, "certifikatet") for who in everybody] == [[number]] * 3
    erase_texts(either_desk, number, "Beslut 2026:1", actor=OPERATOR)
    for typed in ("sagobok", "Anna", "0700000000", "certifikatet", "inloggning"):
        assert [found(either_desk, who, typed) for who in everybody] == [[], [], []], typed
    assert [found(either_desk, who, number) for who in everybody] == [[number]] * 3
    with either_desk.reading() as connection:
        kept = connection.execute(select(SearchDocument.texts, SearchDocument.words)).all()
    assert {row.texts for row in kept} == {""}
    assert all(set(row.words.split()[1:]) <= {"00001", "1", "202600001", "ep", "778899", "ep778899"} for row in kept)
    proved(either_desk)


def test_what_was_named_comes_first_then_what_is_open_then_what_changed_last(either_desk: Desk) -> None:
    closed = ticket_after(either_desk, "confirm", description="Sagobok 4711").number
    older = new_ticket(either_desk, description="Sagobok 4711").number
    wait(either_desk, hours=1)
    newer = new_ticket(either_desk, description="Sagobok 4711").number
    named = ticket_after(either_desk, "confirm", description="Sagobok", platform_case="4711").number
    assert found(either_desk, FIRST, "sagobok")[:2] == [newer, older]
    assert found(either_desk, FIRST, "4711") == [named, newer, older, closed]


def test_pages_follow_one_another_without_loss(either_desk: Desk) -> None:
    numbers = [new_ticket(either_desk, description="Sagobok").number for _ in range(4)]
    numbers += [ticket_after(either_desk, "confirm", description="Sagobok").number]
    asked, viewer = read_asked("sagobok"), persona(either_desk, FIRST)
    seen: list[str] = []
    after = "first"
    with either_desk.reading() as connection:
        while after:
            page = search_tickets(connection, viewer, asked, after=after.removeprefix("first"), limit=2)
            seen += [hit.line.number for hit in page.hits]
            after = page.after
    assert sorted(seen) == sorted(numbers) and len(seen) == 5
    assert seen == found(either_desk, FIRST, "sagobok")


@pytest.mark.parametrize(
    "after", ["x", "1~1~2026~3", "2~1~2026-03-02T08:00:00+00:00~1", "0~1~2026-03-02T08:00:00~1", "~~~"]
)
def test_a_cursor_that_is_not_ours_begins_at_the_first_page(either_desk: Desk, after: str) -> None:
    number = new_ticket(either_desk, description="Sagobok").number
    with either_desk.reading() as connection:
        page = search_tickets(connection, persona(either_desk, FIRST), read_asked("sagobok"), after=after)
    assert [hit.line.number for hit in page.hits] == [number]


def test_counting_ends_at_the_cap(either_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("servicedesk.store.queries.search.COUNT_CAP", 2)
    for _ in range(4):
        new_ticket(either_desk, description="Sagobok")
    with either_desk.reading() as connection:
        counts = count_found(connection, persona(either_desk, FIRST), read_asked("sagobok"))
    assert counts == {Show.ALL: 3, Show.OPEN: 3, Show.CLOSED: 0}
    assert COUNT_CAP == 1_000


def test_tickets_from_before_the_index_are_indexed_some_at_a_time(
    either_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reindexing, "BATCH", 2)
    numbers = [ticket_after(either_desk, "escalate_to_joint", description="Sagobok").number for _ in range(5)]
    with either_desk.transaction() as connection:
        connection.execute(delete(SearchDocument).where(SearchDocument.ticket_id > 1))
    assert len(differences(either_desk)) == 8
    assert index_missing(either_desk) == 4
    assert index_missing(either_desk) == 0
    proved(either_desk)
    assert sorted(found(either_desk, FIRST, "sagobok")) == numbers


def test_a_huge_text_is_found_by_its_first_word_and_by_its_last(either_desk: Desk) -> None:
    middle = " ".join(f"ord{n}" for n in range(2_200))
    number = new_ticket(either_desk, description=f"Sagobok {middle} drakar").number
    assert found(either_desk, FIRST, "sagobok drakar ord2199") == [number]
