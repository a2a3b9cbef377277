"""The list renews itself: only its part, only when it has changed, and never as a way to stay signed in."""

import re
from datetime import timedelta

from werkzeug.test import TestResponse

from servicedesk.actions.desk import Desk
from servicedesk.core.clock import ControlledClock
from tests.support.desk import new_ticket
from tests.support.pages import Visitor
from tests.web.conftest import People


def renewed(visitor: Visitor, seen: str, path: str = "/queue") -> TestResponse:
    return visitor.client.get(path, headers={"HX-Request": "true", "HX-Target": "live", "X-Seen": seen})


def shown(html: str) -> str:
    found = re.search(r'"X-Seen": "(\w+)"', html)
    assert found
    return found[1]


def test_a_list_that_has_not_changed_is_not_sent_again(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    answer = renewed(visitor, shown(visitor.get("/queue").html))
    assert (answer.status_code, answer.get_data()) == (204, b"")


def test_a_new_ticket_brings_the_part_and_nothing_around_it(person_at: People, desk: Desk) -> None:
    new_ticket(desk, subject="Den första")
    visitor = person_at("first_line_lulea")
    seen = shown(visitor.get("/queue").html)
    new_ticket(desk, subject="Den nya")
    part = renewed(visitor, seen).get_data(as_text=True)
    assert part.strip().startswith('<div id="live"')
    assert "Den nya" in part
    assert "<html" not in part
    assert "person-menu" not in part
    assert shown(part) != seen
    assert "Mitt teams kö" in part, "the counts are renewed with the rows"


def test_time_that_passes_is_a_change(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    seen = shown(visitor.get("/queue").html)
    assert isinstance(desk.clock, ControlledClock)
    desk.clock.move_to(desk.clock.now() + timedelta(hours=2))
    assert renewed(visitor, seen).status_code == 200


def test_each_address_renews_itself(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    page = person_at("first_line_lulea").get("/queue?scope=open&priority=4")
    assert page.element("live")["hx-get"] == "/queue?scope=open&priority=4"


def test_going_back_in_the_browser_gets_the_whole_page(person_at: People) -> None:
    headers = {"HX-Request": "true", "HX-Target": "live", "HX-History-Restore-Request": "true"}
    page = person_at("first_line_lulea").client.get("/queue", headers=headers).get_data(as_text=True)
    assert "<html" in page


def test_a_list_left_open_keeps_nobody_signed_in(person_at: People, desk: Desk) -> None:
    visitor = person_at("first_line_lulea")
    seen = shown(visitor.get("/queue").html)
    assert "Set-Cookie" in visitor.client.get("/queue").headers, "somebody who does something stays"
    assert "Set-Cookie" not in renewed(visitor, seen).headers
    assert "Set-Cookie" not in renewed(visitor, "another").headers
