from datetime import timedelta

import pytest

from servicedesk.actions import entries
from servicedesk.actions.desk import Desk
from servicedesk.actions.erase import erase_texts
from servicedesk.actions.sweep import sweep
from servicedesk.core.clock import ControlledClock
from servicedesk.core.facts import OPERATOR
from servicedesk.web.ticket.texts import LONG, split
from tests.support.desk import WRITTEN, new_ticket, persona, ticket_after
from tests.support.pages import Page
from tests.web.conftest import People

TICKET = "/tickets/2026-00001"


def pass_time(desk: Desk, **span: float) -> None:
    assert isinstance(desk.clock, ControlledClock)
    desk.clock.move_to(desk.clock.now() + timedelta(**span))
    sweep(desk)


def happened(page: Page) -> str:
    return page.text[page.text.index("Vad som har hänt") : page.text.index("Åtaganden")]


def classes(page: Page, wanted: str) -> list[str]:
    return [a["class"] for tag, a in page.elements if tag == "li" and wanted in a.get("class", "").split()]


def test_warnings_in_a_row_are_one_line_for_each_promise(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "take", impact="high", urgency="high")
    pass_time(desk, minutes=35)
    page = person_at("first_line_lulea").get(TICKET)
    assert "Handläggningstid hos första linjen: 50, 75, 90 % av tiden, sedan brutet" in happened(page)
    assert len(classes(page, "noticed")) == 1


def test_a_run_of_several_promises_is_folded_under_what_broke(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "take", impact="high", urgency="high")
    pass_time(desk, hours=3)
    page = person_at("first_line_lulea").get(TICKET)
    runs = [a for tag, a in page.elements if tag == "details" and a.get("class") == "run"]
    assert len(runs) == 1
    assert "Brutet: Handläggningstid hos första linjen" in happened(page)
    assert "Lösningstid: 50, 75 % av tiden har gått" in happened(page)


def test_what_somebody_does_between_two_warnings_parts_them(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "take", impact="high", urgency="high")
    pass_time(desk, minutes=16)
    entries.note(desk, "2026-00001", "Emellan.", actor=persona(desk, "first_line_lulea"))
    pass_time(desk, minutes=20)
    page = person_at("first_line_lulea").get(TICKET)
    assert len(classes(page, "noticed")) == 2
    told = happened(page)
    assert told.index("75, 90 % av tiden, sedan brutet") < told.index("Emellan.") < told.index("50 % av tiden har gått")


def test_a_run_has_one_badge_and_runs_with_other_readers_stand_apart(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "accept_at_supplier", impact="high", urgency="high")
    pass_time(desk, hours=10)
    text = happened(person_at("it_service_manager").get(TICKET))
    contract = text[text.index("Avtalad lösningstid") :]
    assert "Syns för Leverantören" in contract[: contract.index("Norrbottens e-nämnd")]
    assert "Lösningstid" not in happened(person_at("supplier_technician").get(TICKET))


def test_days_stand_as_headings_newest_first(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    for days in (1, 1):
        pass_time(desk, days=days)
        entries.note(desk, "2026-00001", f"Dag {desk.clock.now():%d}.", actor=persona(desk, "first_line_lulea"))
    text = happened(person_at("first_line_lulea").get(TICKET))
    places = [text.index(word) for word in ("i dag", "Dag 04.", "i går", "Dag 03.", "2 mars", "registrerade ärendet")]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("show", "is_there", "is_not"),
    [
        ("all", ("tog ärendet", "Ett svar.", "av tiden"), ()),
        ("written", ("Ett svar.",), ("tog ärendet", "av tiden")),
        ("steps", ("tog ärendet",), ("Ett svar.", "av tiden")),
        ("<script>", ("tog ärendet", "Ett svar.", "av tiden"), ("<script>",)),
    ],
)
def test_a_filter_is_a_link_that_shows_a_part(
    person_at: People, desk: Desk, show: str, is_there: tuple[str, ...], is_not: tuple[str, ...]
) -> None:
    ticket_after(desk, "take", impact="high", urgency="high")
    entries.reply(desk, "2026-00001", "Ett svar.", actor=persona(desk, "first_line_lulea"))
    pass_time(desk, minutes=16)
    visitor = person_at("first_line_lulea")
    assert f"{TICKET}?show=written#happened" in visitor.get(TICKET).links()
    text = happened(visitor.get(f"{TICKET}?show={show}"))
    assert [word for word in is_there if word not in text] == []
    assert [word for word in is_not if word in text] == []


def test_the_filter_alone_can_be_asked_for(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    answer = person_at("first_line_lulea").client.get(f"{TICKET}?show=written", headers={"HX-Target": "happened"})
    assert answer.text.count('<section id="happened"') == 1
    assert "<html" not in answer.text
    assert "Inget sådant ännu." in answer.text


def test_what_is_older_is_folded_and_still_on_the_page(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    for day in range(4):
        for n in range(12):
            entries.note(desk, "2026-00001", f"Anteckning {day}-{n}", actor=persona(desk, "first_line_lulea"))
        pass_time(desk, days=1)
    page = person_at("first_line_lulea").get(TICKET)
    older = page.text.index("Visa det som är äldre (")
    assert page.text.index("Anteckning 1-0") < older < page.text.index("Anteckning 0-0")


def test_a_long_text_is_cut_between_two_words_and_whole(person_at: People, desk: Desk) -> None:
    new_ticket(desk, description="بياض الشاشة 🙂 ord " * 900)
    page = person_at("first_line_lulea").get(TICKET)
    assert page.text.count("الشاشة") == 900
    assert "Visa resten (" in page.text
    assert {a.get("dir") for tag, a in page.elements if a.get("class") == "words"} == {"auto"}
    for text in ("ord " * 5_000, "x" * 20_000, "kort", "x" * LONG):
        assert "".join(split(text)) == text
    assert split("x" * LONG) == ("x" * LONG, "")
    assert split("ord " * 5_000)[1].startswith(" ord")


def test_a_destroyed_text_says_so_where_it_stood(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "confirm")
    erase_texts(desk, "2026-00001", "Dnr 7", actor=OPERATOR)
    page = person_at("second_line_lulea").get(TICKET)
    assert WRITTEN["tried"] not in page.html
    assert happened(page).count("Texten är gallrad enligt beslut.") >= 2
