"""What is looked for while somebody speaks: known answers, tickets alike, and who has asked before."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from servicedesk.actions.desk import Desk
from servicedesk.actions.erase import erase_texts
from servicedesk.actions.installation import load_installation
from servicedesk.core.clock import ControlledClock
from servicedesk.core.errors import Invalid
from servicedesk.core.facts import OPERATOR, Known
from servicedesk.core.vocabulary import KnownKind, RequesterKind
from servicedesk.store.engine import make_engine
from servicedesk.store.queries.asked_before import find_requesters, requester_of, tickets_of
from servicedesk.store.queries.known import known_for, known_matches
from servicedesk.store.queries.similar import similar_tickets
from servicedesk.store.queries.verification_installation import verify_installation
from servicedesk.store.rulebook import RuleBook
from servicedesk.store.search.asked import read_asked
from tests.support.desk import START, Template, new_ticket, persona, ticket_after


@pytest.fixture(scope="module")
def kept(desk_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One for all that only look."""
    desk = Desk(make_engine(desk_template.copy_to(tmp_path_factory.mktemp("talking"))), ControlledClock(START))
    yield desk
    desk.engine.dispose()


@pytest.fixture(scope="module")
def book(kept: Desk) -> RuleBook:
    with kept.reading() as connection:
        return kept.book(connection)


def matches(book: RuleBook, said: str, municipality: str = "lulea") -> list[str]:
    return [known.key for known in known_matches(book, municipality, read_asked(said).wanted)]


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("kan inte logga in, bankid snurrar", "bankid-snurrar"),
        ("BANKID", "bankid-snurrar"),
        ("har inte fått någon kvittens på bygglovet", "kvittens-i-skrapposten"),
        ("ritningen går inte att ladda upp", "stor-fil"),
        ("saga upp forskola", "saga-upp-forskoleplats"),
        ("ansöker åt min mamma", "ombud"),
        ("skrivaren är trasig", ""),
        ("och det i som", ""),
    ],
)
def test_the_likeliest_known_answer_comes_first(book: RuleBook, said: str, first: str) -> None:
    assert [*matches(book, said), ""][0] == first


def test_an_answer_for_one_municipality_is_offered_to_no_other(book: RuleBook) -> None:
    own = Known("deras", KnownKind.ANSWER, "Trasig tidmaskin", "Ring växeln.", "e-arkiv", municipality="pitea")
    known = {**book.installation.known, "deras": own}
    theirs = replace(book, installation=replace(book.installation, known=known))
    assert (matches(theirs, "tidmaskinen", "pitea"), matches(theirs, "tidmaskinen")) == (["deras"], [])
    assert known_for(theirs, "lulea", "deras") is None
    assert known_for(theirs, "pitea", "deras") == own


def test_every_version_of_an_answer_is_kept_and_proved(either_desk: Desk) -> None:
    with either_desk.reading() as connection:
        before = either_desk.book(connection)
    known = before.installation.known["ombud"]
    changed = {**before.installation.known, "ombud": replace(known, answer="Ett nytt svar.")}
    load_installation(either_desk, replace(before.installation, known=changed), [])
    with either_desk.reading() as connection:
        after = either_desk.book(connection)
        assert list(verify_installation(connection)) == []
    assert after.installation.known["ombud"].answer == "Ett nytt svar."
    assert before.current["known", "ombud"] in after.contents


@pytest.fixture(scope="module")
def asked(kept: Desk) -> Desk:
    """Anna of Luleå twice, her namesake, one whom nobody knows, and somebody of Piteå's."""
    desk = kept
    new_ticket(desk, requester_name="Anna Ek", requester_contact="070-123 45 67", subject="Första gången")
    new_ticket(desk, requester_name="Anna Eriksson", requester_contact="anna.e@brev.example")
    new_ticket(desk, requester_name="Anna  Ek", requester_contact="+46 70 123 45 67", subject="Andra gången")
    new_ticket(desk, requester_kind=RequesterKind.PROTECTED, requester_name="", requester_contact="")
    new_ticket(desk, requester_name="", requester_contact="", description="Anna Ek nämns bara här")
    new_ticket(desk, "pitea", requester_name="Anna Piteå", requester_contact="070-123 45 67")
    new_ticket(desk, requester_name="Zoë Öberg-Å", requester_contact="")
    new_ticket(desk, requester_name="Bo Ö", requester_contact="")
    return desk


def found(desk: Desk, text: str, who: str = "first_line_lulea", municipality: str = "lulea") -> list[str]:
    with desk.reading() as connection:
        people = find_requesters(connection, persona(desk, who), municipality, text)
    return [f"{one.name}, {one.contact}, {one.ticket[-1]}" for one in people]


ANNA = "Anna Ek, +46 70 123 45 67, 3"
HER_NAMESAKE = "Anna Eriksson, anna.e@brev.example, 2"


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("anna", [ANNA, HER_NAMESAKE]),
        ("Anna Ek", [ANNA]),
        ("ek anna", [ANNA]),
        ("anna eri", [HER_NAMESAKE]),
        ("anna e", [ANNA, HER_NAMESAKE]),
        ("Bo Ö", ["Bo Ö, , 8"]),
        ("070-1234567", [ANNA]),
        ("+46701234567", [ANNA]),
        ("070 123 45 6", [ANNA]),
        ("anna.e@brev.example", [HER_NAMESAKE]),
        ("oberg", ["Zoë Öberg-Å, , 7"]),
        ("an", []),
        ("070", []),
        ("pit", []),
        ("bara här", []),
        ("%' OR 1=1 --", []),
        ("x" * 5_000, []),
    ],
)
def test_somebody_is_found_again_by_name_telephone_and_mail(asked: Desk, text: str, people: list[str]) -> None:
    assert found(asked, text) == people


@pytest.mark.parametrize("who", ["first_line_pitea", "it_service_manager", "supplier_technician"])
def test_nobody_elses_callers_are_found(asked: Desk, who: str) -> None:
    assert found(asked, "Anna Ek", who) == []
    with asked.reading() as connection:
        viewer = persona(asked, who)
        assert requester_of(connection, viewer, "lulea", "2026-00001") is None
        assert tickets_of(connection, viewer, "lulea", "Anna Ek", "070-123 45 67") == []
        assert similar_tickets(connection, viewer, "lulea", read_asked("gången").wanted) == []


@pytest.mark.parametrize(("name", "contact"), [("Anna Ek", ""), ("", "0701234567"), ("Någon Annan", "070-123 45 67")])
def test_their_own_tickets_come_with_them(asked: Desk, name: str, contact: str) -> None:
    with asked.reading() as connection:
        lines = tickets_of(connection, persona(asked, "first_line_lulea"), "lulea", name, contact)
    assert sorted(line.number for line in lines)[-1] == "2026-00003"
    assert {line.number for line in lines} <= {"2026-00001", "2026-00003"}


def test_a_first_name_alone_is_nobody(asked: Desk) -> None:
    with asked.reading() as connection:
        assert tickets_of(connection, persona(asked, "first_line_lulea"), "lulea", "Anna", "") == []


def test_of_a_protected_identity_nothing_is_kept(asked: Desk) -> None:
    with pytest.raises(Invalid) as refused:
        new_ticket(asked, requester_kind=RequesterKind.PROTECTED, requester_name="Anna Hemlig")
    assert set(refused.value.fields) == {"requester_name", "requester_contact"}
    with asked.reading() as connection:
        assert requester_of(connection, persona(asked, "first_line_lulea"), "lulea", "2026-00004") is None


def test_whom_a_decision_has_erased_nobody_finds(either_desk: Desk) -> None:
    number = ticket_after(either_desk, "confirm", requester_name="Bertil Glömd").number
    assert found(either_desk, "bertil") == [f"Bertil Glömd, 070-000 00 00, {number[-1]}"]
    erase_texts(either_desk, number, "Beslut 1", actor=OPERATOR)
    assert found(either_desk, "bertil") == []
    assert found(either_desk, "0700000000") == []


def test_alike_is_what_shares_two_words_and_is_open(either_desk: Desk) -> None:
    new_ticket(either_desk, subject="Inloggningen med BankID går runt")
    new_ticket(either_desk, "pitea", subject="Inloggningen med BankID hos oss")
    ticket_after(either_desk, "confirm", subject="Inloggning via BankID, redan löst")
    with either_desk.reading() as connection:
        wanted = read_asked("bankid inloggning fungerar inte").wanted
        lines = similar_tickets(connection, persona(either_desk, "first_line_lulea"), "lulea", wanted)
    assert [line.title for line in lines] == ["Inloggningen med BankID går runt"]
