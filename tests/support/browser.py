"""Debian's Chromium, driven by Playwright."""

import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SCREEN: Any = {"width": 1280, "height": 720}

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    """The path of Chromium, or None."""
    debian = "/usr/bin/chromium"
    return debian if os.access(debian, os.X_OK) else shutil.which("chromium") or shutil.which("chromium-browser")


# A busy machine makes everything slow and nothing wrong.
PATIENCE = 120_000


@dataclass
class Lent:
    """A browser with its one page, and what the page is told to report to those who use it now."""

    kind: str
    page: "Page"
    heard: list[tuple[str, Callable[..., None]]] = field(default_factory=list)


class Browsers:
    """Browsers, each of one person, that others use again later: what was fetched by an address that carries the
    content's hash need not be fetched again. Nothing else stays: no cookie, nothing stored, no second page. Between
    people they stand at `nowhere`, an address beside the pages that are looked at."""

    def __init__(self, browser: "Browser") -> None:
        self.browser = browser
        self._idle: dict[str, list[Page]] = defaultdict(list)
        self._lent: list[Lent] = []

    def page(
        self,
        hear: Mapping[str, Callable[..., None]] | None = None,
        viewport: Any = None,
        color_scheme: Any = "light",
        reduced_motion: Any = "no-preference",
        **options: Any,
    ) -> "Page":
        """In a browser that nobody uses, telling `hear`'s functions of its events."""
        kind = repr(sorted(options.items()))
        page = self._idle[kind].pop() if self._idle[kind] else self._new(options)
        page.context.clear_cookies()
        lent = Lent(kind, page, list((hear or {}).items()))
        for event, told in lent.heard:
            page.on(event, told)  # type: ignore[call-overload]
        self._lent.append(lent)
        page.set_viewport_size(viewport or SCREEN)
        page.emulate_media(media="null", color_scheme=color_scheme, reduced_motion=reduced_motion)
        return page

    def _new(self, options: Mapping[str, Any]) -> "Page":
        context = self.browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        return context.new_page()

    def tidy(self, nowhere: str = "about:blank") -> None:
        """Everybody goes home."""
        for lent in self._lent:
            page = lent.page
            for event, told in lent.heard:
                page.remove_listener(event, told)
            for other in page.context.pages[1:]:
                other.close()
            page.unroute_all()
            page.mouse.move(0, 0)
            page.goto(nowhere)
            if nowhere != "about:blank":
                page.evaluate("sessionStorage.clear(); localStorage.clear()")
            page.context.clear_cookies()
            self._idle[lent.kind].append(page)
        self._lent.clear()
