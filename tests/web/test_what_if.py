"""What if, as pages: who may try what, what it shows of whose tickets, and that nothing is written."""

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask

from servicedesk.actions.desk import Desk
from servicedesk.core.clock import ControlledClock
from servicedesk.web.follow_up import what_if
from tests.api.conftest import app_on
from tests.core.replay_stories import FOUR_HOURS, local
from tests.store.test_replay import at_supplier, every_row
from tests.support.desk import Template, new_ticket
from tests.support.pages import Page, Visitor, signed_in

DAYS = {"from": "2026-02-01", "to": "2026-02-28"}
UC = "leverantor-plattform-uc"
# The contract's targets at priority 2, 3 and 4 stand at these places of the agreement.
FOUR = {"time-4-2": "4h", "time-5-3": "4h", "time-6-4": "4h"}
Kept = Callable[[str], Visitor]


@pytest.fixture(scope="module")
def app(desk_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Two tickets of Luleå's that the supplier solved, after 6 and after 3 hours, and one that never left Luleå."""
    folder = tmp_path_factory.mktemp("what-if")
    made = app_on(desk_template.copy_to(folder), folder)
    desk: Desk = made.extensions["desk"]
    desk.clock = ControlledClock(local("2026-03-02 09:00"))
    at_supplier(desk, "2026-02-02 10:00", "2026-02-02 16:00")
    at_supplier(desk, "2026-02-03 10:00", "2026-02-03 13:00")
    new_ticket(Desk(desk.engine, ControlledClock(local("2026-02-27 15:00"))), subject="Bara Luleås")
    yield made
    desk.engine.dispose()


@pytest.fixture(scope="module")
def visit(app: Flask) -> Kept:
    known: dict[str, Visitor] = {}
    return lambda who: known.setdefault(who, signed_in(app, who))


def address(**asked: str) -> str:
    return f"/management/what-if?{urlencode({**DAYS, **asked})}"


def in_it(page: Page, name: str) -> dict[str, str]:
    """What stands in the form that has such a field: both forms go to the same address."""
    return next(form.fields for form in page.forms if name in form.fields)


def send(visitor: Visitor, text: str = "", file: bytes = b"") -> Page:
    given = {**in_it(visitor.get(address()), "text"), "text": text}
    return visitor.post("/management/what-if", {**given, "file": (BytesIO(file), "avtal.toml")} if file else given)


@pytest.mark.parametrize("who", ["it_service_manager", "system_owner", "second_line_lulea"])
def test_a_four_hour_contract_in_the_form_tells_before_and_after_and_names_the_ticket(
    app: Flask, visit: Kept, who: str
) -> None:
    visitor = visit(who)
    before = every_row(app.extensions["desk"])
    page = visitor.get(address(agreement=UC, **FOUR, **{"try": "1"}))
    assert page.status == 200
    assert "Exempelleverantören Plattform: avtalad lösningstid 100 % → 50,0 % 2 av 2 → 1 av 2" in page.text
    assert "före 2 av 2, efter 1 av 2 · −50,0 procentenheter" in page.text
    assert "1: hållet → brutet" in page.text
    assert "hållet → brutet 6 tim 8 tim → 4 tim 2026-02-02 18:00 → 2026-02-02 14:00" in page.text
    assert "/tickets/2026-00001" in page.links()
    assert "ärenden räknades om på" in page.text
    assert "Det människor gjorde är kvar som det var" in page.text
    assert every_row(app.extensions["desk"]) == before


def test_the_form_shows_the_times_that_are_and_keeps_those_that_were_tried(visit: Kept) -> None:
    visitor = visit("it_service_manager")
    shown = visitor.get(address(agreement=UC))
    form = in_it(shown, "agreement")
    assert (form["time-3-1"], form["hours-3-1"], form["time-6-4"]) == ("2h", "always", "32h")
    assert "Så hade det blivit" not in shown.text
    tried = visitor.get(address(agreement=UC, **{"time-6-4": "5h30m", "hours-6-4": "always", "try": "1"}))
    form = in_it(tried, "agreement")
    assert (form["time-6-4"], form["hours-6-4"], form["time-3-1"]) == ("5h30m", "always", "2h")
    assert "nu 32h" in tried.text
    month = next(link for link in tried.links() if "period=this-month" in link)
    assert "agreement=leverantor-plattform-uc" in month and "time-6-4=5h30m" in month


def test_a_time_left_empty_promises_nothing(visit: Kept) -> None:
    page = visit("it_service_manager").get(address(agreement=UC, **{"time-5-3": "", "try": "1"}))
    assert "hållet → inget åtagande" in page.text


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"time-3-1": "fyra"}, "Skriv tider som 4h, 1h30m eller 90s"),
        ({"time-3-1": "-4h"}, "Skriv tider som 4h, 1h30m eller 90s"),
        ({"time-3-1": "9000h"}, "Skriv tider som 4h, 1h30m eller 90s"),
        ({"hours-3-1": "nowhere"}, "Välj öppettider i listan."),
        ({"hours-3-1": "holder"}, "De egna öppettiderna gäller bara"),
        ({"agreement": "nothing"}, "Välj ett av åtagandena i listan."),
        ({"to": "2026-01-01"}, "Sista dagen ligger före den första."),
    ],
)
def test_what_cannot_be_tried_is_told_in_a_sentence(visit: Kept, asked: dict[str, str], sentence: str) -> None:
    page = visit("it_service_manager").get(address(**{"agreement": UC, "try": "1", **asked}))
    assert page.status == 422
    assert sentence in page.text
    assert "Så hade det blivit" not in page.text


def test_a_file_can_be_pasted_or_sent(visit: Kept) -> None:
    visitor = visit("it_service_manager")
    for page in (send(visitor, FOUR_HOURS), send(visitor, file=b"\xef\xbb\xbf" + FOUR_HOURS.encode())):
        assert page.status == 200
        assert "avtalad lösningstid 100 % → 50,0 %" in page.text
        assert in_it(page, "text")["text"].strip() == FOUR_HOURS.strip()


@pytest.mark.parametrize(
    ("text", "file", "sentence"),
    [
        ("", b"", "Klistra in något eller välj en fil."),
        ("inte = toml = alls", b"", "det du skickade: "),
        ("[team.x]\nname = 'X'", b"", "team.x: is neither an agreement nor a calendar."),
        (FOUR_HOURS.replace("4h", "4 dagar"), b"", "target[4].time: "),
        ("", b"\x89PNG\r\n", "Det är inte text i UTF-8."),
        ("", b"\xff\xfe\x00", "Det är inte text i UTF-8."),
        ("# " + "x" * 100_000, b"", "Korta filen till 100 kB"),
    ],
)
def test_a_file_that_cannot_be_used_says_why_and_stays(visit: Kept, text: str, file: bytes, sentence: str) -> None:
    page = send(visit("it_service_manager"), text, file)
    assert page.status == 422
    assert sentence in page.text
    assert "Så hade det blivit" not in page.text


def test_a_file_without_the_forms_token_is_refused(visit: Kept) -> None:
    assert visit("it_service_manager").post("/management/what-if", {"text": FOUR_HOURS}).status == 400


def test_a_municipality_tries_its_own_promises_and_sees_its_own_tickets(visit: Kept) -> None:
    lulea, pitea = visit("second_line_lulea"), visit("second_line_pitea")
    offered = lulea.get(address()).html
    assert 'value="lulea-' in offered and 'value="pitea-' not in offered
    page = pitea.get(address(agreement=UC, **FOUR, **{"try": "1"}))
    assert "0 ärenden räknades om" in page.text and "2026-0000" not in page.text
    theirs = next(link for link in lulea_agreements(lulea) if "lulea" in link)
    assert pitea.get(address(agreement=theirs, **{"try": "1"})).status == 422


def lulea_agreements(visitor: Visitor) -> list[str]:
    return [at["value"] for tag, at in visitor.get(address()).elements if tag == "option" and "value" in at]


def test_a_supplier_tries_its_own_contract_and_nothing_else(visit: Kept) -> None:
    visitor = visit("supplier_technician")
    page = visitor.get(address(agreement=UC, **FOUR, **{"try": "1"}))
    assert "avtalad lösningstid 100 % → 50,0 %" in page.text
    for others in ("Svarstid", "Första linjen", "Andra linjen", "Det går inte att logga in", "Bara Luleås"):
        assert others not in page.text
    assert "Eller prova en fil" not in page.text
    forged = visitor.post("/management/what-if", {**in_it(page, "csrf_token"), "text": FOUR_HOURS})
    assert forged.status in (400, 422)
    assert visitor.get(address(agreement="leverantor-arkiv-uc", **{"try": "1"})).status == 422
    other = visit("other_supplier_technician")
    assert other.get(address(agreement=UC, **{"try": "1"})).status == 422


def test_the_joint_board_counts_what_it_may_not_open_and_names_none_of_it(visit: Kept) -> None:
    """The ticket that never left Luleå: its promises to the requester are statistics, its number and words are not."""
    own = next(key for key in lulea_agreements(visit("second_line_lulea")) if key.startswith("lulea-"))
    form = in_it(visit("it_service_manager").get(address(agreement=own)), "agreement")
    asked = {name: "1m" for name in form if name.startswith("time-")}
    page = visit("it_service_manager").get(address(agreement=own, **asked, **{"try": "1"}))
    assert page.status == 200
    assert page.element("others")["data-n"] == "1"
    assert "Bara Luleås" not in page.text and "2026-00003" not in page.text
    lulea = visit("second_line_lulea").get(address(agreement=own, **asked, **{"try": "1"}))
    assert "Bara Luleås" in lulea.text


@pytest.mark.parametrize("who", ["first_line_lulea", "administrator_lulea"])
def test_others_are_told_whom_it_is_for(visit: Kept, who: str) -> None:
    for page in (visit(who).get("/management/what-if"), visit(who).get(address(agreement=UC, **{"try": "1"}))):
        assert page.status == 404
        assert "Uppföljningen är för förvaltningsledare, systemägare och leverantörer." in page.text


def test_more_than_a_page_can_reckon_with_leads_to_the_command(visit: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(what_if, "MOST_TICKETS", 2)
    page = visit("it_service_manager").get(address(agreement=UC, **{"try": "1"}))
    assert page.status == 422
    assert "Perioden har fler än 2 ärenden" in page.text and "servicedesk replay" in page.text
    narrowed = visit("it_service_manager").get(address(agreement=UC, supplier="leverantor-plattform", **{"try": "1"}))
    assert narrowed.status == 200


def test_one_reckons_at_a_time(visit: Kept) -> None:
    with what_if.ONE_AT_A_TIME:
        page = visit("it_service_manager").get(address(agreement=UC, **{"try": "1"}))
    assert page.status == 503
    assert "Försök igen om en stund." in page.text


def test_times_are_told_of_five_tickets_at_least(visit: Kept) -> None:
    page = visit("it_service_manager").get(address(agreement=UC, **FOUR, **{"try": "1"}))
    assert "avtalad lösningstid 2 av 2 100 % 1 av 2 50,0 % −50,0 procentenheter – –" in page.text


def test_follow_up_leads_to_it_with_the_same_period(visit: Kept, tmp_path: Path) -> None:
    links = visit("it_service_manager").get("/management?from=2026-02-01&to=2026-02-28&municipality=lulea").links()
    assert "/management/what-if?from=2026-02-01&to=2026-02-28&municipality=lulea" in links
