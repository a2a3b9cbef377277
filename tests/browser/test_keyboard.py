"""Every page by Tab: seen at each stop, through to its end, back again, and not far to what one came for.

And one journey where scripts are off, from the call to the end.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from servicedesk.actions.outbox import drain
from servicedesk.actions.tokens import create_token
from servicedesk.core.clock import ControlledClock
from servicedesk.core.facts import OPERATOR
from tests.actions.life import differences
from tests.browser.conftest import AtTheKeys
from tests.support.desk import START, ticket_after

if TYPE_CHECKING:
    from servicedesk.actions.desk import Desk

# (who, page, what one comes for, how many stops to it at most from the top, how many stops the page has at most)
PAGES = (
    ("first_line_lulea", "/queue?scope=open", "[data-row]", 28, 51),
    ("first_line_lulea", "/views", "main .back a", 12, 20),
    ("first_line_lulea", "/selection?ticket=2026-00001", ".offers a", 11, 25),
    ("first_line_lulea", "/tickets/2026-00001", ".action-first .ds-button", 10, 50),
    ("second_line_lulea", "/notices", "main button", 14, 26),
    ("first_line_lulea", "/search?q=logga", ".hit a", 13, 25),
    ("first_line_lulea", "/tillganglighet", "main a", 4, 8),
    ("first_line_lulea", "/commands?q=logga", ".commands a", 13, 40),
    ("first_line_lulea", "/workflows", "main a", 9, 12),
    ("first_line_lulea", "/workflows/citizen_incident", "main a", 9, 50),
    ("second_line_lulea", "/triage", ".card-do .ds-button", 18, 36),
    ("second_line_lulea", "/management", "a.figure", 31, 111),
    ("it_service_manager", "/triage", ".card-do .ds-button", 17, 46),
    ("it_service_manager", "/triage?lane=verify", "[data-row]", 18, 26),
    ("it_service_manager", "/management", "a.figure", 32, 111),
    ("it_service_manager", "/management/what-if?agreement=leverantor-plattform-uc", "#agreement", 32, 61),
    ("it_service_manager", "/disruptions", "#new-service", 16, 51),
    ("it_service_manager", "/promises", ".promise-list a", 16, 60),
    ("it_service_manager", "/load", ".load a", 16, 60),
    ("it_service_manager", "/major-incidents", "main .ds-button", 15, 21),
    ("it_service_manager", "/webhooks", "main .back a", 15, 21),
    ("it_service_manager", "/clients", "main .ds-button", 15, 21),
    ("it_service_manager", "/clients/leverantor-plattform-1", ".client-acts summary", 19, 31),
    ("it_service_manager", "/clients/leverantor-plattform-1/change", "#client-name", 17, 31),
    ("administrator_lulea", "/administration", ".part-search input", 12, 30),
    ("administrator_lulea", "/administration/person", "main .ds-button", 12, 30),
    ("administrator_lulea", "/administration/person/lulea-forsta-linjen", "main .page-head .ds-button", 12, 30),
    ("administrator_lulea", "/administration/calendar/lulea-kundcenter", "main .part-buttons a", 12, 30),
    ("supplier_technician", "/tickets/2026-00003", ".action-first .ds-button", 12, 32),
    ("supplier_technician", "/management", "a.figure", 28, 60),
    ("system_owner", "/management", "a.figure", 28, 110),
    # A table that is wider than the page is stopped at, so that it can be moved by the arrows.
    ("system_owner", "/api/docs/tmf621", ".docs-wide", 12, 30),
)
# Pages on which one can type at once.
AT_ONCE = (
    ("/tickets/new", "#new-requester_name"),
    ("/search", "#q"),
    ("/selection?ticket=2026-00001&do=note", "#selection-body"),
    ("/commands", "#commands-q"),
    ("/away", "#part-first"),
    ("/tickets/2026-00001/writing/reply", "#reply-body"),
    ("/tickets/2026-00001/steps/solve_at_once", "textarea[name=solution]"),
    ("/tickets/2026-00001/steps/cancel_in_first_line", "[name=cancel_reason] >> nth=0"),
)


@pytest.fixture
def busy(desk: "Desk") -> None:
    """A ticket at each place of the chain, and hours later: promises are at risk."""
    for last in ("take", "escalate_to_second_line", "accept_at_supplier", "escalate_to_joint", "propose_solution"):
        ticket_after(desk, last)
    create_token(desk, "leverantor-plattform", "Ärendesystem", actor=OPERATOR)
    drain(desk)
    assert isinstance(desk.clock, ControlledClock)
    desk.clock.move_to(START + timedelta(days=1))


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("who", sorted({each[0] for each in PAGES}))
def test_every_page_can_be_gone_through_and_what_one_comes_for_is_near(hands: AtTheKeys, who: str) -> None:
    person = hands(who)
    for _, path, wanted, near, stops in (each for each in PAGES if each[0] == who):
        person.goto(path)
        there = person.tab_to(person.page.locator(wanted).first, within=near)
        back = person.tab_to(person.page.locator(".ds-skip-link"), within=near, key="Shift+Tab")
        assert back == there - 1, path
        person.through(at_most=stops - 1)  # it stands at the first


@pytest.mark.usefixtures("busy")
def test_where_there_is_one_thing_to_do_one_types_at_once(hands: AtTheKeys) -> None:
    clerk = hands("first_line_lulea")
    for path, field in AT_ONCE:
        clerk.goto(path)
        clerk.look()
        assert clerk.page.locator(field).evaluate("field => field === document.activeElement"), path


@pytest.mark.usefixtures("busy")
def test_the_first_stop_leads_past_the_frame(hands: AtTheKeys) -> None:
    clerk = hands("first_line_lulea")
    clerk.goto("/tickets/2026-00001")
    clerk.press("Tab")
    assert clerk.page.locator(":focus").inner_text() == "Hoppa till innehållet"
    clerk.page.keyboard.press("Enter")
    clerk.tab_to(clerk.page.locator(".action-first .ds-button"), within=2)


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("has_script", [True, False])
def test_the_first_row_of_the_queue_is_few_stops_away(hands: AtTheKeys, has_script: bool) -> None:
    """Past the frame, past what the list is chosen by, past the ticks: with shortcuts it is one key, j."""
    clerk = hands("first_line_lulea", java_script_enabled=has_script)
    clerk.goto("/queue?scope=open")
    clerk.press("Tab")
    clerk.page.keyboard.press("Enter")
    clerk.press("Tab")
    assert clerk.page.locator(":focus").inner_text() == "Hoppa till listan"
    clerk.page.keyboard.press("Enter")
    clerk.tab_to(clerk.page.locator("[data-row]").first, within=3)


def test_from_the_call_to_the_end_without_scripts(hands: AtTheKeys, desk: "Desk") -> None:
    clerk = hands("first_line_lulea", java_script_enabled=False)
    clerk.go(clerk.link("Nytt ärende"), within=4)
    clerk.type("Anna Exempel")
    clerk.write("Vad gäller det?", "Kvittensen saknas", within=4)
    clerk.go(clerk.button("Registrera ärendet"), within=11)
    clerk.go(clerk.link("Öppna ärendet"), within=1)
    clerk.go(clerk.button("Ta ärendet"), within=10)
    clerk.write("Svar till anmälaren", "Vi tittar på det.", within=18)
    clerk.go(clerk.button("Spara svaret"), within=1)
    clerk.said("Svaret är sparat.")
    clerk.go(clerk.link("Markera som löst"), within=13)
    clerk.type("Kvittensen låg i skräpposten.")
    clerk.press("Tab")
    clerk.type("Information")
    clerk.go(clerk.button("Markera som löst"), within=1)
    clerk.said("Klart.")
    clerk.go(clerk.button("Bekräfta att felet är löst"), within=10)
    assert clerk.page.locator(".state").inner_text() == "Avslutat"
    clerk.tab_to(clerk.page.locator("#search-box"), within=3)
    clerk.type("kvittensen")
    clerk.enter()
    clerk.go(clerk.page.locator("[data-row]"), within=14)
    assert clerk.page.get_by_text("Vi tittar på det.").is_visible()
    assert differences(desk) == []
