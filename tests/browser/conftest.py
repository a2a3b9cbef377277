"""The application in a thread of this process, for a real browser to visit."""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from servicedesk.actions.desk import Desk
from servicedesk.app import create_app
from servicedesk.config import Settings
from servicedesk.core.clock import ControlledClock
from servicedesk.extensions import db
from tests.support.browser import Browsers
from tests.support.desk import START, Template, person
from tests.support.front import NOWHERE, Front, open_front
from tests.support.hands import Hands
from tests.support.pages import cookie_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]
AtTheKeys = Callable[..., Hands]

# Nothing can be reached: a test that says so has unplugged the browser.
UNPLUGGED = ("ERR_INTERNET_DISCONNECTED", "htmx:sendError")
# 409 and 422 are answers to a form, which browsers and htmx report as failed loads. Somebody who turns to another page
# leaves what htmx had asked for; what it failed to ask for it calls by another name.
ORDINARY = ("status of 4", "Status Error Code 4", "htmx:sendAbort", "htmx:afterRequest", *UNPLUGGED)


@pytest.fixture
def desk(app: Flask) -> Desk:
    found: Desk = app.extensions["desk"]
    return found


@pytest.fixture
def app(desk_template: Template, tmp_path: Path) -> Iterator[Flask]:
    url = desk_template.copy_to(tmp_path)
    # A key of its own: a cookie that an answer still under way leaves in a browser opens nothing in the next test.
    settings = Settings(instance=tmp_path, database_url=url, secret_key=f"only-for-tests-{secrets.token_hex(12)}")
    made = create_app(settings, ControlledClock(START))
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def front() -> Iterator[Front]:
    with open_front() as opened:
        yield opened


@pytest.fixture
def address(app: Flask, front: Front) -> Iterator[str]:
    with front.serving(app) as address:
        yield address


@pytest.fixture
def browse(address: str, chromium_browsers: Browsers) -> Iterator[Open]:
    """`browse()`: a browser of its own, before the front door. Whatever any browser complains about, a script that
    failed or something the security policy blocked, fails the test."""
    complaints: list[str] = []
    hear: dict[str, Callable[..., None]] = {
        "console": lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None,
        "pageerror": lambda error: complaints.append(str(error)),
    }

    def browsing(**options: object) -> "Page":
        return chromium_browsers.page(hear, locale="sv-SE", base_url=address, **options)

    yield browsing
    chromium_browsers.tidy(address + NOWHERE)
    assert [said for said in complaints if not any(ordinary in said for ordinary in ORDINARY)] == []


@pytest.fixture
def open_as(app: Flask, address: str, browse: Open) -> Open:
    """`open_as("first_line_lulea")`: that persona's browser, signed in and at the front page."""

    def opened(name: str, **options: object) -> "Page":
        page = browse(**options)
        page.context.add_cookies([{"name": "session", "value": cookie_of(app, name), "url": address}])
        page.goto("/")
        return page

    return opened


@pytest.fixture
def reader(open_as: Open) -> Callable[[str], "Page"]:
    """That persona's browser, where nothing moves."""
    return lambda name: open_as(name, reduced_motion="reduce")


@pytest.fixture
def hands(app: Flask, browse: Open) -> AtTheKeys:
    """`hands("first_line_lulea")`: that persona at a keyboard, signed in by it."""

    def at_the_keys(name: str, **options: object) -> Hands:
        made = Hands(browse(**options))
        made.sign_in(person(app.extensions["desk"], name).email)
        return made

    return at_the_keys
