"""Reading what a client of this face sends: one JSON object, of which it takes what it knows and leaves the rest."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from flask import Request

from servicedesk.actions.attachments import Upload
from servicedesk.api.body import object_in
from servicedesk.core.attachments import MOST_AT_ONCE
from servicedesk.core.errors import DeskError, Invalid, Sentence

LARGEST_BODY = 2 * 1024 * 1024
MEDIA_TYPES = ("application/json", "application/merge-patch+json")
NOT_TEXT, NOT_AN_OBJECT, NOT_A_LIST = "Send a text.", "Send an object.", "Send a list of objects."
MISSING = "Fill in this field."


class Given:
    """What was sent, asked for attribute by attribute; faults are gathered and told together by `finish`."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        self.body = body
        self.faults: dict[str, list[str]] = {}

    def fault(self, name: str, sentence: str) -> None:
        self.faults.setdefault(name, []).append(sentence)

    def text(self, name: str, *, required: bool = False) -> str:
        """'' where there is none."""
        value = self.body.get(name)
        if value is not None and not isinstance(value, str):
            self.fault(name, NOT_TEXT)
        elif required and not (value or "").strip():
            self.fault(name, MISSING)
        return value if isinstance(value, str) else ""

    def object(self, name: str) -> Mapping[str, Any]:
        value = self.body.get(name)
        if value is not None and not isinstance(value, dict):
            self.fault(name, NOT_AN_OBJECT)
        return value if isinstance(value, dict) else {}

    def objects(self, name: str) -> list[Mapping[str, Any]]:
        value = self.body.get(name)
        if value is not None and (not isinstance(value, list) or not all(isinstance(each, dict) for each in value)):
            self.fault(name, NOT_A_LIST)
            return []
        return value or []

    def choice(self, name: str, choices: Mapping[str, Any], *, required: bool = False) -> Any:
        """What a word means, however it is written; None where there is none."""
        word = self.text(name, required=required).strip()
        found = {known.casefold(): meaning for known, meaning in choices.items()}.get(word.casefold())
        if word and found is None:
            self.fault(name, Sentence("Choose one of: %(choices)s.", choices=", ".join(choices)))
        return found

    def finish(self) -> None:
        if self.faults:
            raise Invalid(self.faults)


def read_body(request: Request, *, required: bool = False) -> Given:
    """An empty body is an empty object, where something in it is missed anyway; else DeskError `malformed_json`."""
    if required and not request.get_data():
        raise DeskError("The body must be one JSON object.", code="malformed_json")
    return Given(object_in(request, MEDIA_TYPES, LARGEST_BODY))


def texts_of(given: Given, notes: list[Mapping[str, Any]]) -> list[str]:
    """The texts of new notes."""
    found = []
    for note in notes:
        text = note.get("text")
        if isinstance(text, str) and text.strip():
            found.append(text)
        else:
            given.fault("note", "Give each note its text.")
    return found


def files_of(given: Given, attachments: list[Mapping[str, Any]]) -> list[Upload]:
    """The files that are sent by value. What only points elsewhere is not fetched: it is refused."""
    if len(attachments) > MOST_AT_ONCE:
        given.fault("attachment", Sentence("Attach at most %(most)s files at once.", most=MOST_AT_ONCE))
        return []
    return list(_uploads(given, attachments))


def _uploads(given: Given, attachments: list[Mapping[str, Any]]) -> Iterator[Upload]:
    for each in attachments:
        content, name = each.get("content"), each.get("name")
        if not isinstance(content, str) or not content:
            given.fault("attachment", "Send the file itself as content, encoded as base64: addresses are not followed.")
            continue
        try:
            yield Upload(name if isinstance(name, str) else "", BytesIO(base64.b64decode(content, validate=True)))
        except (binascii.Error, ValueError):
            given.fault("attachment", "content is not valid base64.")
