from datetime import timedelta

import pytest
from sqlalchemy.event import listen

from servicedesk.actions import entries
from servicedesk.actions.desk import Desk
from servicedesk.actions.relations import link
from servicedesk.actions.steps import perform
from servicedesk.actions.sweep import sweep
from servicedesk.core.clock import ControlledClock
from servicedesk.core.vocabulary import Fault, Relation
from servicedesk.web.ticket.shares import percent
from tests.support.desk import CHAIN, WRITTEN, new_ticket, persona, ticket_after
from tests.web.conftest import People

SCRIPT = "<script>alert('x')</script>"


def pass_time(desk: Desk, **span: float) -> None:
    assert isinstance(desk.clock, ControlledClock)
    desk.clock.move_to(desk.clock.now() + timedelta(**span))
    sweep(desk)


def test_it_says_where_the_ticket_is_and_how_long_each_has_had_it(person_at: People, desk: Desk) -> None:
    ticket = ticket_after(desk, "take")
    pass_time(desk, hours=1, minutes=20)
    for step in ("escalate_to_second_line",):
        said = {"reason": "r", "tried": "t"}
        perform(desk, ticket.number, step, actor=persona(desk, "first_line_lulea"), given=said)
    pass_time(desk, minutes=40)
    text = person_at("first_line_lulea").get(f"/tickets/{ticket.number}").text
    assert "Ligger hos: Förvaltningsledare verksamhet, Luleå" in text
    assert "Första linjen Luleå kundcenter 1 tim 20 min" in text
    assert "Andra linjen Förvaltningsledare verksamhet, Luleå Ska ta emot ärendet 40 min" in text


def test_the_present_station_is_marked_for_those_who_cannot_see_the_picture(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "accept_in_second_line")
    page = person_at("first_line_lulea").get("/tickets/2026-00001")
    marked = [a for tag, a in page.elements if tag == "li" and a.get("aria-current") == "step"]
    assert len(marked) == 1
    assert "here" in marked[0]["class"]


def test_clocks_say_what_is_left_what_is_late_and_what_was_kept(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "take", impact="high", urgency="high")
    visitor = person_at("first_line_lulea")
    assert "Handläggningstid hos första linjen 30 min kvar" in visitor.get("/tickets/2026-00001").text
    assert "Svarstid hållet" in visitor.get("/tickets/2026-00001").text
    pass_time(desk, minutes=65)
    assert "Handläggningstid hos första linjen 35 min försenat" in visitor.get("/tickets/2026-00001").text


def test_a_clock_that_stands_still_says_why(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "take")
    first_line = persona(desk, "first_line_lulea")
    perform(desk, "2026-00001", "ask_requester_from_first_line", actor=first_line, given={"question": "Vad?"})
    text = person_at("first_line_lulea").get("/tickets/2026-00001").text
    assert "Lösningstid tiden står still: väntar på anmälaren" in text
    assert "Anmälare Ärendet väntar här" in text


def test_the_actions_are_those_of_the_workflow_in_its_order(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "take")
    page = person_at("first_line_lulea").get("/tickets/2026-00001")
    labels = [
        "Lös och avsluta direkt",
        "Lämna över till andra linjen",
        "Markera som löst",
        "Be om komplettering",
        "Ta över ärendet",
        "Makulera",
    ]
    places = [page.text.index(label) for label in labels]
    assert places == sorted(places)


def test_a_step_that_cannot_be_taken_stands_there_with_its_reason(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "accept_in_second_line", fault=Fault.E_SERVICE)
    page = person_at("second_line_lulea").get("/tickets/2026-00001")
    assert "Lämna över till förvaltningsledare IT Du kan inte lämna över till e-nämnden." in page.text
    assert "/tickets/2026-00001/steps/escalate_to_joint" not in page.links()


def test_who_has_nothing_to_do_is_told_so(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "escalate_to_second_line")
    page = person_at("first_line_lulea").get("/tickets/2026-00001")
    assert "Nästa steg är någon annans." in page.text


def test_what_people_write_is_shown_as_they_wrote_it_and_runs_nothing(person_at: People, desk: Desk) -> None:
    new_ticket(desk, subject=SCRIPT, description=f"Rad ett\n{SCRIPT}", requester_name=SCRIPT)
    entries.note(desk, "2026-00001", f"{SCRIPT}\n<b>fet</b>", actor=persona(desk, "first_line_lulea"))
    visitor = person_at("first_line_lulea")
    for path in ("/tickets/2026-00001", "/queue", "/tickets/2026-00001/receipt"):
        page = visitor.get(path)
        assert SCRIPT not in page.html
        assert SCRIPT in page.text
    assert "&lt;b&gt;fet&lt;/b&gt;" in visitor.get("/tickets/2026-00001").html


@pytest.mark.parametrize("who", ["first_line_lulea", "second_line_lulea", "it_service_manager", "supplier_technician"])
def test_no_text_in_any_field_becomes_a_part_of_the_page(person_at: People, desk: Desk, who: str) -> None:
    fields = ("subject", "description", "requester_name", "requester_contact", "platform_case")
    new_ticket(desk, **dict.fromkeys(fields, SCRIPT))
    for name, step, needs in CHAIN[:8]:
        actor = persona(desk, f"{name}_lulea" if name in ("first_line", "second_line") else name)
        given = {need: WRITTEN[need] if need == "resolution_code" else SCRIPT for need in needs}
        perform(desk, "2026-00001", step, actor=actor, given=given)
    for page in (person_at(who).get("/tickets/2026-00001"), person_at(who).get("/notices")):
        assert page.status == 200
        assert SCRIPT not in page.html
        assert "<script>alert" not in page.html
    assert SCRIPT in person_at(who).get("/tickets/2026-00001").text


def test_who_sees_an_entry_stands_beside_it(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "accept_in_joint")
    first_line, manager = persona(desk, "first_line_lulea"), persona(desk, "it_service_manager")
    entries.reply(desk, "2026-00001", "Ett svar", actor=first_line)
    entries.note(desk, "2026-00001", "En intern", actor=first_line)
    entries.note(desk, "2026-00001", "En gemensam", actor=manager, to_joint=True)
    entries.note_to_supplier(desk, "2026-00001", "Till leverantör", actor=manager)
    text = person_at("first_line_lulea").get("/tickets/2026-00001").text
    assert "Syns för Anmälaren Syns för anmälaren, Luleå kommun och Norrbottens e-nämnd. Ett svar" in text
    assert "Syns för Kommunen Syns för Luleå kommun. En intern" in text
    assert "Syns för Kommunen och e-nämnden Syns för Luleå kommun och Norrbottens e-nämnd. En gemensam" in text
    assert "Syns för Leverantören Syns för Luleå kommun, Norrbottens e-nämnd och Exempelleverantören Plattform" in text


def test_a_hand_over_to_the_supplier_says_which_words_it_does_not_see(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "order_from_supplier")
    text = person_at("it_service_manager").get("/tickets/2026-00001").text
    assert f"Beskrivning för leverantören {WRITTEN['supplier_description']}" in text
    assert f"Varför? syns inte för leverantören {WRITTEN['reason']}" in text


def test_composers_say_who_will_read_before_one_writes(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    text = person_at("first_line_lulea").get("/tickets/2026-00001").text
    assert "Syns för anmälaren och Luleå kommun." in text
    assert "Luleå kommun och e-nämnden om ärendet lämnas dit" in text


def test_the_board_does_not_learn_who_the_requester_is(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "accept_in_joint", requester_name="Hemlig Person", requester_contact="070-123 45 67")
    page = person_at("it_service_manager").get("/tickets/2026-00001")
    assert page.status == 200
    assert "Hemlig Person" not in page.html
    assert "070-123 45 67" not in page.html
    assert "Hemlig Person" in person_at("first_line_lulea").get("/tickets/2026-00001").text


def test_the_supplier_sees_its_own_part_and_no_more(person_at: People, desk: Desk) -> None:
    secrets = {"subject": "Hemlig rubrik", "description": "Hemlig text", "requester_name": "Hemlig Person"}
    ticket_after(desk, "accept_at_supplier", **secrets)
    entries.note(desk, "2026-00001", "Hemlig anteckning", actor=persona(desk, "first_line_lulea"))
    page = person_at("supplier_technician").get("/tickets/2026-00001")
    assert WRITTEN["supplier_description"] in page.text
    for hidden in (*secrets.values(), "Hemlig anteckning", WRITTEN["tried"], "Förvaltningsledare Luleå", "Lösningstid"):
        assert hidden not in page.html


def test_a_supplier_that_has_handed_back_no_longer_sees_who_has_it(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "verify")
    ticket_after(desk, "confirm")
    supplier = person_at("supplier_technician")
    for scope, number, state in (("open", "2026-00001", "Ligger inte hos er"), ("closed", "2026-00002", "Avslutat")):
        page, queue = supplier.get(f"/tickets/{number}"), supplier.get(f"/queue?scope={scope}")
        assert f"{state} Ligger hos: Beställaren" in page.text
        assert f"{state} Beställaren" in queue.text
        for hidden in ("verksamhet, Luleå", "ndra linjen", "örsta linjen"):
            assert hidden not in page.html
            assert hidden not in queue.html


def test_a_supplier_reads_the_name_of_the_joint_organisation(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "propose_solution")
    supplier = person_at("supplier_technician")
    assert "Ligger hos: Norrbottens e-nämnd" in supplier.get("/tickets/2026-00001").text
    assert "Norrbottens e-nämnd" in supplier.get("/queue?scope=open").text


def test_what_the_municipality_writes_to_the_supplier_comes_from_the_customer(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "escalate_to_second_line")
    entries.describe_for_supplier(desk, "2026-00001", "Fel 500.", actor=persona(desk, "second_line_lulea"))
    for who, step, needs in CHAIN[2:7]:
        name = f"{who}_lulea" if who == "second_line" else who
        perform(desk, "2026-00001", step, actor=persona(desk, name), given={need: WRITTEN[need] for need in needs})
    text = person_at("supplier_technician").get("/tickets/2026-00001").text
    assert "Beställaren beskrev felet för leverantören" in text
    assert "Norrbottens e-nämnd lämnade över" in text


@pytest.mark.parametrize("name", ["first_line_pitea", "it_service_manager", "supplier_technician", "system_owner"])
def test_what_is_not_theirs_to_see_does_not_exist(person_at: People, desk: Desk, name: str) -> None:
    new_ticket(desk)
    page = person_at(name).get("/tickets/2026-00001")
    assert page.status == 404
    assert "Det finns inget ärende 2026-00001." in page.text


def test_the_stations_shares_of_the_time_add_up_and_say_what_was_waiting(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "take")
    pass_time(desk, hours=1)
    first_line = persona(desk, "first_line_lulea")
    perform(desk, "2026-00001", "ask_requester_from_first_line", actor=first_line, given={"question": "Vad?"})
    pass_time(desk, hours=2)
    text = person_at("first_line_lulea").get("/tickets/2026-00001").text
    assert "Anmälare Ärendet väntar här väntat på: 2 tim" in text
    assert "3 tim 100 % av tiden, varav väntan 2 tim" in text
    assert "2 tim väntan på anmälaren 3 tim 100 %" in text
    assert "Tillsammans 3 tim 100 %" in text


def test_returns_are_counted_between_the_stations(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "escalate_to_second_line")
    second, first = persona(desk, "second_line_lulea"), persona(desk, "first_line_lulea")
    for _ in range(2):
        perform(desk, "2026-00001", "return_to_first_line", actor=second, given={"reason": "Fråga mer."})
        perform(desk, "2026-00001", "escalate_to_second_line", actor=first, given={"reason": "r", "tried": "t"})
    text = person_at("first_line_lulea").get("/tickets/2026-00001").text
    assert "2 lämnat tillbaka till Första linjen: 2" in text


def test_a_supplier_sees_its_own_time_and_no_share_of_a_whole(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "order_from_supplier")
    pass_time(desk, hours=2)
    text = person_at("supplier_technician").get("/tickets/2026-00001").text
    assert "% av tiden" not in text[: text.index("Vad som har hänt")]
    assert "Tillsammans hos er 2 tim" in text


@pytest.mark.parametrize("parts", [[0], [1], [1, 1, 1], [1, 1, 1, 1, 1, 1, 1], [0, 5, 0], [99_999, 1], [2, 3, 7]])
def test_shares_add_up_to_a_hundred(parts: list[int]) -> None:
    shares = percent(parts)
    assert sum(shares) == (100 if any(parts) else 0)
    assert all(abs(share - 100 * part / (sum(parts) or 1)) < 1 for share, part in zip(shares, parts, strict=True))


def test_promises_that_are_over_stand_counted_under_one_line_a_kind(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "escalate_to_second_line", impact="high", urgency="high")
    pass_time(desk, hours=3)
    perform(desk, "2026-00001", "accept_in_second_line", actor=persona(desk, "second_line_lulea"))
    said = {"reason": "r", "tried": "t"}
    perform(desk, "2026-00001", "escalate_to_joint", actor=persona(desk, "second_line_lulea"), given=said)
    perform(desk, "2026-00001", "accept_in_joint", actor=persona(desk, "it_service_manager"))
    text = person_at("first_line_lulea").get("/tickets/2026-00001").text
    assert "Tid att ta emot 1 brutet, 1 hållet Tid att ta emot hos andra linjen brutet" in text
    promises = text[text.index("Åtaganden") : text.index("Uppgifter")]
    assert promises.index("Lösningstid") < promises.index("tiden står still") < promises.index("Tid att ta emot")


def test_the_likeliest_step_stands_out_and_what_destroys_comes_last(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "accept_in_second_line", fault=Fault.E_SERVICE)
    page = person_at("second_line_lulea").get("/tickets/2026-00001")
    buttons = [a for tag, a in page.elements if "ds-button" in a.get("class", "") and "/steps/" in a.get("href", "")]
    assert [a["data-variant"] for a in buttons] == ["primary", *["secondary"] * (len(buttons) - 2), "tertiary"]
    assert buttons[-1]["data-color"] == "danger"
    refused = page.text.index("Går inte just nu 1 Lämna över till förvaltningsledare IT Du kan inte lämna över")
    assert refused < page.text.index("Makulera…")


@pytest.mark.parametrize(
    ("who", "likely"),
    [
        ("first_line_lulea", "reply"),
        ("second_line_lulea", "note"),
        ("it_service_manager", "supplier-note"),
        ("supplier_technician", "supplier-note"),
    ],
)
def test_one_writes_to_whom_one_most_likely_would(person_at: People, desk: Desk, who: str, likely: str) -> None:
    ticket_after(desk, "accept_at_supplier")
    page = person_at(who).get("/tickets/2026-00001")
    chosen = [a["value"] for tag, a in page.elements if a.get("name") == "to" and "checked" in a]
    assert chosen == [likely]
    field = page.element(f"{likely}-body")
    assert "Syns för " in page.text
    assert page.element(field["aria-describedby"])["class"] == "readers"


def test_the_page_takes_few_queries_however_long_the_ticket_has_lived(person_at: People, desk: Desk) -> None:
    """The person and their session (2), the rule book's versions (1), the ticket, its texts, its events, its links (4),
    notices to count and of this ticket (2), who else is here and one's drafts (1),
    that one is here oneself (2), what has been mailed and what is going on at large (2)."""
    ticket_after(desk, "confirm")
    ticket_after(desk, "confirm")
    link(desk, "2026-00001", Relation.FOLLOWS, "2026-00002", actor=persona(desk, "first_line_lulea"))
    visitor = person_at("second_line_lulea")
    visitor.get("/tickets/2026-00001")
    asked: list[str] = []
    listen(desk.engine, "before_cursor_execute", lambda _c, _u, statement, *_: asked.append(statement))
    assert visitor.get("/tickets/2026-00001").status == 200
    assert len(asked) <= 14, "\n".join(asked)


def test_the_ledger_shows_each_stay(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "accept_in_joint")
    text = person_at("first_line_lulea").get("/tickets/2026-00001").text
    assert "Vem har haft ärendet, hur länge" in text
    assert text.count("2026-03-02 09:00") >= 3
