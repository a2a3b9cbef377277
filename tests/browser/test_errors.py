"""What is shown when something broke, as axe sees it."""

from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from flask import Flask

from servicedesk.actions.desk import Desk
from servicedesk.web.views import tickets
from tests.browser.conftest import Open
from tests.support.axe import findings
from tests.support.desk import new_ticket
from tests.support.pages import cookie_of

if TYPE_CHECKING:
    from playwright.sync_api import Route


def test_nothing_is_wrong_with_the_page_for_what_is_too_large_nor_with_that_for_what_failed(
    app: Flask, desk: Desk, open_as: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A browser complains of such an answer itself, so it is handed what the desk said as if all were well."""
    new_ticket(desk)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr(tickets, "ticket_page", lambda *_: 1 / 0)
    client = app.test_client()
    client.set_cookie("session", cookie_of(app, "first_line_lulea"))
    too_large = client.post("/tickets/new", data={"description": "x" * 3_000_000})
    failed = client.get("/tickets/2026-00001")
    assert (too_large.status_code, failed.status_code) == (
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.INTERNAL_SERVER_ERROR,
    )
    page = open_as("first_line_lulea", reduced_motion="reduce")
    said = {"/too-large": too_large.text, "/failed": failed.text}

    def hand_out(route: "Route") -> None:
        route.fulfill(body=said[urlsplit(route.request.url).path], content_type="text/html")

    found = []
    for name in said:
        page.route(f"**{name}", hand_out)
        page.goto(name)
        assert page.locator("h1").count() == 1
        found += findings(page)
    assert found == []
