"""Which language a page speaks: its own if it has one, the one chosen, else the person's, else Swedish."""

from pathlib import Path

from flask import Flask, g

from servicedesk.core.vocabulary import Language
from servicedesk.extensions import babel
from servicedesk.web import preferences

CATALOGUES = Path(__file__).parents[1] / "translations"


def init_app(app: Flask) -> None:
    babel.init_app(
        app,
        default_locale=str(Language.SWEDISH),
        default_translation_directories=str(CATALOGUES),
        locale_selector=lambda: str(current()),
    )


def current() -> Language:
    """Reads no database: pages about failures speak a language too."""
    if of_page := g.get("page_language"):
        return Language(of_page)
    chosen = preferences.current().language
    if chosen:
        return chosen
    actor = getattr(g.get("_login_user"), "actor", None)
    return actor.language if actor else Language.SWEDISH
