"""Sentences in the language that the client asks for: English unless Accept-Language prefers Swedish."""

from collections.abc import Mapping
from typing import Any

from flask import current_app, request
from flask_babel import force_locale, gettext

from servicedesk.core.errors import Sentence
from servicedesk.core.vocabulary import Language


def language() -> Language:
    return Language(request.accept_languages.best_match(list(Language), Language.ENGLISH))


def say(message: str, data: Mapping[str, Any] | None = None) -> str:
    """A message id in the client's language, filled in."""
    sentence = _translated(message)
    return sentence % data if data else sentence


def say_sentence(sentence: str) -> str:
    """A field's sentence, which may carry its own data."""
    return say(sentence.message, sentence.data) if isinstance(sentence, Sentence) else say(sentence)


def _translated(message: str) -> str:
    """English is the message id itself, so that the API also speaks where no catalogue is loaded."""
    wanted = language()
    if wanted is Language.ENGLISH or "babel" not in current_app.extensions:
        return message
    with force_locale(str(wanted)):
        return str(gettext(message))
