"""Corrections on the ticket's page: looked at first, saved with a reason, and both figures stay to be seen."""

from datetime import timedelta

import pytest

from servicedesk.actions.desk import Desk
from servicedesk.core.clock import ControlledClock
from servicedesk.store.queries.tickets import state_of
from tests.actions.life import do, wait
from tests.support.desk import ticket_after
from tests.web.conftest import People

NUMBER = "2026-00001"
TICKET = f"/tickets/{NUMBER}"
HAND_OVER = "4"  # after a warning
PRIORITY, MOMENT, WAIT = "/corrections/priority", "/corrections/moment", "/corrections/wait"


@pytest.fixture
def held_long(desk: Desk) -> Desk:
    """In the first line for five hours at the lowest priority, then handed over."""
    ticket_after(desk, "take", impact="low", urgency="low")
    wait(desk, hours=5)
    do(desk, NUMBER, "first_line_lulea", "escalate_to_second_line")
    assert isinstance(desk.clock, ControlledClock)
    desk.clock.move_to(desk.clock.now() + timedelta(minutes=30))
    return desk


def journalled(desk: Desk) -> int:
    with desk.reading() as connection:
        return state_of(connection, NUMBER).seq


def test_a_correction_is_seen_before_it_is_saved_and_both_figures_stay(person_at: People, held_long: Desk) -> None:
    visitor, seq = person_at("second_line_lulea"), journalled(held_long)
    said = {"event": "1", "impact": "high", "urgency": "high", "reason": "Det gällde alla."}
    seen = visitor.send(TICKET, PRIORITY, **said, look="1")
    assert seen.status == 200 and journalled(held_long) == seq
    assert "Det här ändras" in seen.text and "Ingenting är sparat än." in seen.text
    assert "5 tim 30 min av 80 tim, löper än 5 tim 30 min av 4 tim, brutet" in seen.text
    assert seen.form(PRIORITY)["reason"] == "Det gällde alla."
    assert visitor.send(TICKET, PRIORITY, **said).location == TICKET
    after = visitor.get(TICKET)
    assert "rättade: prioriteten var 1 kritisk från början" in after.text
    assert "Lösningstid brutet genom rättelsen" in after.text
    assert "5 tim 30 min av 80 tim, löper än 5 tim 30 min av 4 tim, brutet" in after.text
    assert "Rättat: prioriteten var 1 kritisk" in after.text
    assert "Det gällde alla." in after.text


def test_a_hand_over_entered_late_stands_beside_what_was_entered(person_at: People, held_long: Desk) -> None:
    visitor = person_at("second_line_lulea")
    said = {"event": HAND_OVER, "at": "2026-03-02T10:00", "reason": "Jag ringde över det."}
    assert visitor.send(TICKET, MOMENT, **said).location == TICKET
    text = visitor.get(TICKET).text
    assert "Rättat: det hände 2026-03-02 10:00" in text
    assert "Tid hos: Första linjen, Luleå kommun 5 tim 1 tim" in text
    assert "Tid hos: Andra linjen, Luleå kommun 30 min 4 tim 30 min" in text


def test_a_wait_nobody_recorded_is_written_in(person_at: People, held_long: Desk) -> None:
    visitor = person_at("second_line_lulea")
    said = {"step": "ask_requester_from_first_line", "at": "2026-03-02T10:00", "until": "2026-03-02T12:00"}
    assert visitor.send(TICKET, WAIT, **said, reason="Vi väntade på svar.").location == TICKET
    text = visitor.get(TICKET).text
    assert "skrev in i efterhand: ställde en fråga, 2026-03-02 10:00" in text
    assert "Väntan på anmälaren ingen 2 tim" in text


@pytest.mark.parametrize(
    ("address", "said", "field"),
    [
        (PRIORITY, {"event": "x"}, "event"),
        (PRIORITY, {"event": "0", "at": "igår"}, "at"),
        (MOMENT, {"event": "9" * 30, "at": "2026-03-02T10:00"}, "event"),
        (MOMENT, {"event": HAND_OVER, "at": "0001-01-01T00:00"}, "at"),
        (MOMENT, {"event": HAND_OVER, "at": "9999-12-31T23:59"}, "at"),
        (WAIT, {"step": "no_such_step", "at": "2026-03-02T10:00"}, "step"),
    ],
)
@pytest.mark.parametrize("look", ["", "1"])
def test_what_cannot_be_is_said_beside_its_field(
    person_at: People, held_long: Desk, address: str, said: dict[str, str], field: str, look: str
) -> None:
    visitor, seq = person_at("second_line_lulea"), journalled(held_long)
    levels = {"impact": "high", "urgency": "high"} if address == PRIORITY else {}
    refused = visitor.send(TICKET, address, **said, **levels, reason="Ja.", look=look)
    assert refused.status == 422 and journalled(held_long) == seq
    assert any(a.get("name") == field and a.get("aria-invalid") for _, a in refused.elements)


def test_only_who_may_correct_is_offered_the_forms(person_at: People, held_long: Desk) -> None:
    offered = {
        who: person_at(who).get(TICKET).has_form(MOMENT) for who in ("second_line_lulea", "first_line_colleague_lulea")
    }
    assert offered == {"second_line_lulea": True, "first_line_colleague_lulea": False}
