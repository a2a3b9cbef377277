"""Deny by default: generated from the URL map, so that a new route cannot be forgotten."""

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from servicedesk.web.guard import GUARDED_ELSEWHERE, OPEN
from servicedesk.web.requester.doors import is_by_link
from tests.support.pages import Visitor
from tests.web.conftest import People

FILLED = {
    "number": "2026-00001",
    "transition": "take",
    "filename": "app.js",
    "key": "citizen_incident",
    "state": "first_active",
    "seq": "3",
    "token": "1",
    "webhook": "1",
    "delivery": "1",
    "mail": "1",
    "link": "x" * 43,
    "position": "1",
    "to": "reply",
    "way": "reply",
    "act": "1",
    "batch": "1",
    "view": "1",
    "kind": "person",
    "team": "lulea-kundcenter",
    "role": "first_line_staff",
    "day": "2026-03-03",
    "first": "2026-03-03",
    "municipality": "lulea",
}


def pages(app: Flask, method: str) -> Iterator[tuple[Rule, str]]:
    """Every route of ours that takes this method, with an address that leads to it."""
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or set()) and not rule.rule.startswith(GUARDED_ELSEWHERE):
            with app.test_request_context():
                built = app.url_map.bind("").build(rule.endpoint, {a: FILLED[a] for a in rule.arguments})
            yield rule, built


def test_the_open_doors_are_these_and_no_others() -> None:
    assert {
        "healthz",
        "readyz",
        "metrics",
        "static",
        "web.static",
        "web.brand_style",
        "web.brand_mark",
        "web.accessibility",
        "web.sign_in",
        "web.check_sign_in",
        "web.set_preferences",
        "web.invitation",
        "web.accept_invitation",
        "web.public_disruptions",
        "web.disruptions_fragment",
        "web.disruptions_feed",
        "web.disruptions_data",
        "web.personal_data",
    } == OPEN


def is_open(rule: Rule) -> bool:
    """To everybody, or to whoever has a requester's link, which stands in the address."""
    return rule.endpoint in OPEN or (is_by_link(rule.endpoint) and "link" in rule.arguments)


def test_a_link_that_opens_nothing_is_one_and_the_same_page_everywhere(app: Flask, visitor: Visitor) -> None:
    linked = [
        (method, path) for method in ("GET", "POST") for rule, path in pages(app, method) if "link" in rule.arguments
    ]
    assert len(linked) >= 8
    found = [visitor.get(path) if method == "GET" else visitor.post(path) for method, path in linked]
    assert {(page.status, page.text) for page in found} == {(404, found[0].text)}


def test_every_other_page_asks_for_a_sign_in(app: Flask, visitor: Visitor) -> None:
    asked = [(rule, path) for rule, path in pages(app, "GET") if not is_open(rule)]
    assert len(asked) >= 7
    for _rule, path in asked:
        page = visitor.get(path)
        assert (page.status, page.location.startswith("/sign-in?next=")) == (303, True), path


def test_every_other_form_asks_for_a_sign_in(app: Flask, visitor: Visitor) -> None:
    asked = [(rule, path) for rule, path in pages(app, "POST") if not is_open(rule)]
    assert len(asked) >= 14
    assert {path: visitor.post(path).status for _, path in asked} == {path: 401 for _, path in asked}


def test_an_address_that_is_no_page_asks_for_a_sign_in_too(visitor: Visitor) -> None:
    assert visitor.get("/no-such-page").status == 303


def test_no_form_is_taken_without_its_token(app: Flask, person_at: People) -> None:
    visitor = person_at("first_line_lulea")
    for rule, path in pages(app, "POST"):
        if is_by_link(rule.endpoint):
            continue  # its address is what no other site knows
        page = visitor.post(path, {"body": "Det här skrev jag."})
        assert page.status == 400, path
        assert "Sidan är gammal" in page.text
        assert "Det här skrev jag." in page.text


def test_a_token_of_another_session_is_no_token(person_at: People) -> None:
    token = person_at("second_line_lulea").get("/queue").form("/sign-out")["csrf_token"]
    assert person_at("first_line_lulea").post("/sign-out", {"csrf_token": token}).status == 400


def test_signing_in_needs_a_token(visitor: Visitor) -> None:
    assert visitor.post("/sign-in", {"email": "a@b.example", "password": "x"}).status == 400


def part(visitor: Visitor, path: str, method: str = "GET", at: str = "") -> TestResponse:
    """What htmx is answered when it asks for a part of the page at this address."""
    headers = {"HX-Request": "true", "HX-Target": "live", "HX-Current-URL": f"http://localhost{at or path}"}
    return visitor.client.open(path, method=method, headers=headers)


def test_a_part_of_a_page_without_a_session_sends_the_whole_page_to_sign_in_and_back(visitor: Visitor) -> None:
    answer = part(visitor, "/queue?scope=open&live=1", at="/queue?scope=open")
    assert (answer.status_code, answer.get_data()) == (401, b"")
    assert answer.headers["HX-Redirect"] == "/sign-in?next=/queue?scope%3Dopen"
    page = visitor.get(answer.headers["HX-Redirect"])
    assert page.form("/sign-in")["next"] == "/queue?scope=open"


def test_a_part_that_is_sent_without_a_session_does_nothing(visitor: Visitor) -> None:
    answer = part(visitor, "/notices", "POST")
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in?next=/notices")


@pytest.mark.parametrize("at", ["//elsewhere.example/x", "https://elsewhere.example", "", "javascript:alert(1)"])
def test_a_part_leads_to_no_other_site(visitor: Visitor, at: str) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": at}
    answer = visitor.client.get("/queue", headers=headers)
    onward = visitor.get(answer.headers["HX-Redirect"]).form("/sign-in")["next"]
    assert onward == "" or onward.startswith("/") and "elsewhere" not in onward
