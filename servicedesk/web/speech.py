"""The reader's language: `_` says a message, `_l` says it later, `said` and `sentence` say what core has to say."""

from typing import Any, TypeAlias

import flask_babel

from servicedesk.core.errors import DeskError, Sentence

# A text that is looked up when it is shown. The library has no types.
Words: TypeAlias = Any


def _(message: str, **data: Any) -> str:
    return str(flask_babel.gettext(message, **data))


def _l(message: str) -> Words:
    return flask_babel.lazy_gettext(message)


def said(error: DeskError) -> str:
    """Without data a message is taken as it is: a % in it is no parameter."""
    text = str(flask_babel.gettext(error.message))
    return text % error.data if error.data else text


def sentence(text: str) -> str:
    if isinstance(text, Sentence):
        return str(flask_babel.gettext(text.message)) % text.data
    return str(flask_babel.gettext(text))
