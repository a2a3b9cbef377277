"""Rendering: what every page is given, and the two ways to render one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, current_app, render_template, request, url_for
from jinja2.utils import concat

from servicedesk.core.attachments import LARGEST, MOST_AT_ONCE
from servicedesk.store.queries.notices import count_unread
from servicedesk.web import assets, identity, language, preferences, times
from servicedesk.web.alarm import timers_stand_still
from servicedesk.web.blueprint import bp
from servicedesk.web.clients.ending import count_ending
from servicedesk.web.icons import drawing, icon, use
from servicedesk.web.lists.places import place
from servicedesk.web.menu import menu_of
from servicedesk.web.reading import Reading
from servicedesk.web.shortcuts import shortcuts_for
from servicedesk.web.speech import _, said, sentence
from servicedesk.web.words import FIELD_NAMES, TIERS

NOT_A_TEXT = frozenset({"csrf_token", "password", "version", "nonce", "draft", "next", "language", "chosen_files"})


@dataclass(frozen=True, slots=True)
class Kept:
    """Something a person typed that could not be used: shown so that it can be copied."""

    label: str
    text: str


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        long=times.long,
        long_date=times.long_date,
        short=times.short,
        near=times.near,
        clock=times.clock,
        iso=iso,
        field_moment=times.field_value,
        place=place,
        use=use,
    )
    app.jinja_env.globals.update(
        asset=asset,
        brand_mark=brand_mark,
        drawing=drawing,
        files_at_once=MOST_AT_ONCE,
        largest_file=LARGEST,
        drawn_icon=icon,
        near=times.near,
        left=times.left,
        once=once,
        span=times.span,
        sentence=sentence,
        said=said,
    )


def render(template: str, reading: Reading, **context: Any) -> str:
    """A page of a signed-in person."""
    return render_template(template, **_signed_in(reading), **context)


def render_block(template: str, block: str, reading: Reading, **context: Any) -> str:
    """One named block of a page, for what htmx renews in place: page and fragment are one template."""
    page = current_app.jinja_env.get_template(template)
    given: dict[str, Any] = {**_signed_in(reading), **context}
    current_app.update_template_context(given)
    return concat(page.blocks[block](page.new_context(given)))


def wants_fragment(name: str) -> bool:
    """Whether htmx asks for this part of the page alone; a browser that goes back or forth gets it all."""
    asked = request.headers
    return asked.get("HX-Target") == name and "HX-History-Restore-Request" not in asked


def _signed_in(reading: Reading) -> dict[str, Any]:
    viewer = identity.viewer()
    teams = [reading.installation.teams[seat.team].name for seat in viewer.seats]
    return {
        "viewer": viewer,
        "viewer_teams": list(dict.fromkeys(teams)),
        "menu": menu_of(viewer),
        "shortcuts": shortcuts_for(viewer),
        "stands_still": timers_stand_still(reading, viewer),
        "unread": count_unread(reading.connection, viewer),
        "ending": count_ending(reading, viewer),
        "now": reading.now,
        **_common(),
    }


def render_plain(template: str, **context: Any) -> str:
    """A page that needs neither a person nor a database."""
    return render_template(template, viewer=None, **_common(), **context)


def kept_texts() -> list[Kept]:
    """What was typed in the form that was sent: the words, not the choices."""
    return [
        Kept(str(FIELD_NAMES.get(name) or _("Text")), text)
        for name, text in request.form.items(multi=True)
        if text.strip() and name not in NOT_A_TEXT and (name in FIELD_NAMES or " " in text.strip())
    ]


def iso(moment: datetime) -> str:
    """As a time element's `datetime` says it."""
    return moment.isoformat()


def once(kept: dict[Any, Any], macro: Callable[[Any], Any], value: Any) -> Any:
    """What a macro draws of a value that many lines of a page have in common."""
    if value not in kept:
        kept[value] = macro(value)
    return kept[value]


def asset(name: str) -> str:
    """The address of a static file or a bundle, with its content's hash, so that browsers may keep it for ever."""
    return f"{request.script_root}{bp.static_url_path}/{assets.address(name)}"


def brand_mark() -> str:
    """The address of the installation's own drawing, or of ours."""
    brand = current_app.extensions["brand"]
    return url_for("web.brand_mark", v=brand.version) if brand.mark else asset("mark.svg")


def _common() -> dict[str, Any]:
    return {
        "language": language.current(),
        "preferences": preferences.current(),
        "asked": preferences.ASKED,
        "tiers": TIERS,
    }
