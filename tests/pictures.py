"""A picture of every page, in light and dark and at three widths: `python -m tests.pictures FOLDER`.

Of the demonstration, as the personas see it who have the page; the pages are those of tests/performance/pages.py, where
a page more is a line more, and those for everybody. `--only TEXT` takes the pages whose name holds the text. One folder
a width and theme, so that a file viewer shows them beside each other.
"""

import argparse
import re
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

from flask import Flask

from servicedesk.app import create_app
from servicedesk.config import Settings
from servicedesk.core.clock import ControlledClock
from servicedesk.extensions import db
from tests.performance.pages import NOBODY, PAGES, Page
from tests.support.browser import ARGUMENTS, chromium
from tests.support.demo import UNTIL, make_demo
from tests.support.front import open_front
from tests.support.pages import cookie_of
from tests.support.things import Things

if TYPE_CHECKING:
    from playwright.sync_api import Browser

WIDTHS = {390: 844, 768: 1024, 1440: 900}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PUBLIC = (
    Page("accessibility statement, to everybody", NOBODY, "/tillganglighet"),
    Page("nowhere", NOBODY, "/driftinfo/nowhere"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="pages whose name holds this")
    asked = parser.parse_args()
    pages = [page for page in (*PUBLIC, *PAGES) if asked.only.casefold() in page.name.casefold()]
    with TemporaryDirectory(prefix="desk-pictures-") as name:
        app = made(Path(name))
        with open_front() as front, front.serving(app) as address:
            take(app, address, pages, asked.folder)
        with app.app_context():
            db.engine.dispose()


def made(folder: Path) -> Flask:
    url = make_demo(folder / "demo").copy_to(folder)
    settings = Settings(instance=folder, database_url=url, secret_key="only-for-pictures-0123")
    return create_app(settings, ControlledClock(UNTIL))


def take(app: Flask, address: str, pages: list[Page], folder: Path) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        things = Things(app.extensions["desk"])
        for viewer in dict.fromkeys(page.viewer for page in pages):
            take_of(app, things, browser, address, [page for page in pages if page.viewer == viewer], folder)
        browser.close()


def take_of(app: Flask, things: Things, browser: "Browser", address: str, pages: list[Page], folder: Path) -> None:
    """All pages of one person."""
    context = browser.new_context(locale="sv-SE", base_url=address, reduced_motion="reduce")
    viewer = pages[0].viewer
    if viewer != NOBODY:
        context.add_cookies([{"name": "session", "value": cookie_of(app, viewer), "url": address}])
    seen = context.new_page()
    for page in pages:
        seen.goto(things.address(page.address, viewer))
        for width, scheme in product(WIDTHS, SCHEMES):
            seen.set_viewport_size({"width": width, "height": WIDTHS[width]})
            seen.emulate_media(color_scheme=scheme)
            file = folder / f"{width}-{scheme}" / f"{named(page)}.png"
            seen.screenshot(path=file, full_page=True)
            print(file)
    context.close()


def named(page: Page) -> str:
    return re.sub(r"\W+", "-", f"{page.name} {page.viewer}").strip("-")


if __name__ == "__main__":
    main()
