import re

import pytest
from flask import Flask

from servicedesk.actions.desk import Desk
from tests.support.desk import PASSWORD, new_ticket, person
from tests.support.pages import Visitor
from tests.web.conftest import People


def test_every_answer_says_what_may_run_and_who_may_frame_it(visitor: Visitor) -> None:
    for path in ("/sign-in", "/queue", "/no-such-page", "/assets/app.js"):
        headers = visitor.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


def test_pages_are_kept_nowhere_and_files_for_ever(visitor: Visitor) -> None:
    assert visitor.get("/sign-in").headers["Cache-Control"] == "no-store"
    addresses = re.findall(r'"(/assets/[^"]+)"', visitor.get("/sign-in").html)
    assert addresses
    for address in addresses:
        page = visitor.get(address)
        assert page.status == 200, address
        assert "max-age=31536000" in page.headers["Cache-Control"]


def test_an_address_that_is_no_page_is_kept_nowhere_either(person_at: People) -> None:
    """It carries what was typed in the form that was sent there."""
    visitor = person_at("first_line_lulea")
    token = visitor.get("/queue").form("/sign-out")["csrf_token"]
    for page in (visitor.get("/no-such-page"), visitor.post("/queue", {"csrf_token": token, "body": "Det jag skrev."})):
        assert page.headers["Cache-Control"] == "no-store"


def cookie_of(app: Flask, desk: Desk, base: str) -> str:
    client = app.test_client()
    page = client.get("/sign-in", base_url=base).get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    data = {"email": person(desk, "first_line_lulea").email, "password": PASSWORD, "csrf_token": found[1]}
    headers = {"Referer": f"{base}/sign-in"}
    return client.post("/sign-in", data=data, base_url=base, headers=headers).headers["Set-Cookie"]


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(app: Flask, desk: Desk) -> None:
    cookie = cookie_of(app, desk, "http://127.0.0.1")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_over_https_the_cookie_never_travels_in_the_clear(app: Flask, desk: Desk) -> None:
    assert "Secure" in cookie_of(app, desk, "https://desk.example")


@pytest.mark.parametrize("path", ["/queue?scope=open", "/tickets/new", "/notices", "/tickets/2026-00001"])
def test_no_page_carries_scripts_or_styles_of_its_own(person_at: People, desk: Desk, path: str) -> None:
    new_ticket(desk)
    page = person_at("first_line_lulea").get(path)
    assert page.status == 200
    assert not [a for tag, a in page.elements if tag == "script" and "src" not in a]
    assert not [tag for tag, a in page.elements if tag == "style" or "style" in a or any(n.startswith("on") for n in a)]
