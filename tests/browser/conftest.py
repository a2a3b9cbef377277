"""The application in a thread of this process, for a real browser to visit."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from werkzeug.serving import make_server

from servicedesk.actions.desk import Desk
from servicedesk.app import create_app
from servicedesk.config import Settings
from servicedesk.core.clock import ControlledClock
from servicedesk.extensions import db
from tests.support.desk import PASSWORD, START, Template, person
from tests.support.hands import Hands

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]
AtTheKeys = Callable[..., Hands]

# 409 and 422 are answers to a form, which browsers and htmx report as failed loads. Somebody who turns to another page
# leaves what htmx had asked for; what it failed to ask for it calls by another name.
ORDINARY = ("status of 4", "Status Error Code 4", "htmx:sendAbort", "htmx:afterRequest")


@pytest.fixture
def desk(app: Flask) -> Desk:
    found: Desk = app.extensions["desk"]
    return found


# 409 and 422 are answers to a form, which browsers and htmx report as failed loads; and htmx reports what it was
# fetching when the person went on to another page.
USUAL = ("status of 4", "Status Error Code 4", "htmx:afterRequest", "htmx:sendError")


@pytest.fixture
def app(desk_template: Template, tmp_path: Path) -> Iterator[Flask]:
    url = desk_template.copy_to(tmp_path)
    settings = Settings(instance=tmp_path, database_url=url, secret_key="only-for-tests-0123456789")
    made = create_app(settings, ControlledClock(START))
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def browse(address: str, chromium_page: Callable[..., "Page"]) -> Iterator[Open]:
    """`browse()`: a browser of its own, before the front door. Whatever any browser complains about, a script that
    failed or something the security policy blocked, fails the test."""
    complaints: list[str] = []

    def browsing(**options: object) -> "Page":
        page = chromium_page(locale="sv-SE", base_url=address, **options)
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield browsing
    assert [said for said in complaints if not any(ordinary in said for ordinary in ORDINARY)] == []


@pytest.fixture
def open_as(app: Flask, browse: Open) -> Open:
    """`open_as("first_line_lulea")`: that persona's browser, signed in."""

    def opened(name: str, **options: object) -> "Page":
        page = browse(**options)
        page.goto("/sign-in")
        page.get_by_label("E-postadress").fill(person(app.extensions["desk"], name).email)
        page.get_by_label("Lösenord").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    return opened


@pytest.fixture
def hands(app: Flask, browse: Open) -> AtTheKeys:
    """`hands("first_line_lulea")`: that persona at a keyboard, signed in by it."""

    def at_the_keys(name: str, **options: object) -> Hands:
        made = Hands(browse(**options))
        made.sign_in(person(app.extensions["desk"], name).email)
        return made

    return at_the_keys
