"""How a person wants the pages: language, light or dark, how close, keys. A cookie for each, which outlives sessions.

Nothing in them is secret and every value is one of a few, so they need no signature: anything else is ignored. With one
for all, two choices in one breath would undo each other.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

from flask import Response, g, request

from servicedesk.core.vocabulary import Language
from servicedesk.web.speech import Words, _l

COOKIE = "servicedesk_{}"
KEPT_FOR = timedelta(days=365)


class Scheme(StrEnum):
    """`auto` is the machine's own."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


class Density(StrEnum):
    """As the design system calls its sizes."""

    COMPACT = "sm"
    NORMAL = "md"
    ROOMY = "lg"


class Keys(StrEnum):
    """Whether single letters are shortcuts (WCAG 2.1.4)."""

    ON = "on"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Preferences:
    """`language` is None until chosen: then a page speaks the person's own."""

    language: Language | None = None
    scheme: Scheme = Scheme.AUTO
    density: Density = Density.NORMAL
    keys: Keys = Keys.ON


KINDS: dict[str, type[StrEnum]] = {"language": Language, "scheme": Scheme, "density": Density, "keys": Keys}

# Each with its choices in the order in which they are offered; languages call themselves by their own name.
ASKED: dict[str, tuple[Words, dict[str, Words]]] = {
    "language": (_l("Language"), {Language.SWEDISH: "Svenska", Language.ENGLISH: "English"}),
    "scheme": (
        _l("Appearance"),
        {Scheme.AUTO: _l("As the computer"), Scheme.LIGHT: _l("Light"), Scheme.DARK: _l("Dark")},
    ),
    "density": (
        _l("Spacing"),
        {Density.COMPACT: _l("Compact"), Density.NORMAL: _l("Normal"), Density.ROOMY: _l("Roomy")},
    ),
    "keys": (_l("Keyboard shortcuts"), {Keys.ON: _l("On"), Keys.OFF: _l("Off")}),
}


def current() -> Preferences:
    """Of this request. Reads no database: pages about failures have a look too."""
    kept: Preferences | None = g.get("preferences")
    if kept is None:
        found = {name: request.cookies.get(COOKIE.format(name), "") for name in KINDS}
        kept = g.preferences = replace(Preferences(), **_choices(found))
    return kept


def keep(response: Response, chosen: dict[str, str]) -> None:
    """Remember what was chosen beside what was chosen before."""
    for name, value in _choices(chosen).items():
        response.set_cookie(
            COOKIE.format(name),
            str(value),
            max_age=KEPT_FOR,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure,
        )


def _choices(given: dict[str, str]) -> dict[str, Any]:
    return {name: kind(given[name]) for name, kind in KINDS.items() if given.get(name) in list(kind)}
