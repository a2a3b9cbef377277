"""The reader's language: `_` says a message, `ngettext` one with a number, `_l` says it later, `said` and `sentence`
say what core has to say."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeAlias

import flask_babel
from babel.numbers import format_decimal
from flask import Flask, g
from flask_babel.speaklater import LazyString
from markupsafe import Markup

from servicedesk.core.errors import DeskError, Sentence
from servicedesk.core.vocabulary import Language

# What is kept for this request, without the detour through `g` at each word.
_here = g._get_current_object

# A text that is looked up when it is shown. The library has no types.
Words: TypeAlias = Any


def init_app(app: Flask) -> None:
    """Templates look up by the same catalogue."""
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=_looked_up,
        ngettext=_form,
        newstyle=True,
    )
    app.jinja_env.globals.update(_=_in_template, gettext=_in_template)


def _in_template(message: str, **data: Any) -> Markup:
    """The same as the template engine's own, in fewer steps: a page says hundreds of messages."""
    text = _looked_up(message)
    return Markup(text) % data if data else _whole(text)


@lru_cache(maxsize=4_000)
def _whole(text: str) -> Markup:
    """A message is a format, whether or not anything is put into it: "%%" stands for "%"."""
    return Markup(text) % {}


def _(message: str, **data: Any) -> str:
    text = _looked_up(message)
    return text % data if data else text


def _l(message: str) -> Words:
    return LazyString(_looked_up, message)


def ngettext(one: str, many: str, number: int, /, **data: Any) -> str:
    """The form that the language has for so many. The number itself is among the data where it is said."""
    return _form(one, many, number) % data


def said(error: DeskError) -> str:
    """Without data a message is taken as it is: a % in it is no parameter."""
    text = _looked_up(error.message)
    return text % _as_read(error.data) if error.data else text


def sentence(text: str) -> str:
    return _looked_up(text.message) % _as_read(text.data) if isinstance(text, Sentence) else _looked_up(text)


def _as_read(data: Mapping[str, Any]) -> dict[str, Any]:
    """Core gives numbers as they are; people read 20 000."""
    numbers = {name: each for name, each in data.items() if isinstance(each, int)}
    locale = str(flask_babel.get_locale() or Language.SWEDISH)
    return {**data, **{name: format_decimal(each, locale=locale) for name, each in numbers.items()}}


def _looked_up(message: str) -> str:
    text: str = _catalogue().ugettext(message)
    return text


def _form(one: str, many: str, count: int) -> str:
    text: str = _catalogue().ungettext(one, many, count)
    return text


def _catalogue() -> Any:
    """Found once in a request: a page looks up hundreds of messages, and the library asks for the language at each."""
    try:
        here = _here()
        return here.catalogue
    except AttributeError:
        here.catalogue = flask_babel.get_translations()
        return here.catalogue
    except RuntimeError:  # outside of any request
        return flask_babel.get_translations()
