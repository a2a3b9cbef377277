"""Files that come with a form: which forms may bring any, and what was sent."""

from io import BytesIO
from typing import IO, Any

from flask import Request, current_app, request

from servicedesk.actions.attachments import Upload
from servicedesk.core.attachments import LARGEST, MOST_AT_ONCE
from servicedesk.web.forms.nonce import FILES

ENDPOINTS = frozenset(
    {
        "web.add_reply",
        "web.add_note",
        "web.add_supplier_note",
        "web.write",
        "web.link_answer",
        "web.link_message",
        "web.link_reopen",
        "web.own_answer",
        "web.own_message",
        "web.own_reopen",
        "web.send_report",
    }
)

# What is carried through a sign-in of the files that were chosen: their names.
CHOSEN = "chosen_files"


class Discarded(BytesIO):
    """Takes any number of bytes, and keeps none."""

    def write(self, data: Any, /) -> int:
        return len(data)


class FormRequest(Request):
    """Of one that will not be carried out only the words are kept, however large the files beside them are."""

    keeps_files = True

    def _get_file_stream(self, *given: Any, **named: Any) -> IO[bytes]:
        return super()._get_file_stream(*given, **named) if self.keeps_files else Discarded()


def let_go(error: BaseException | None = None) -> None:
    """At a request's end: large files lie on the disk until somebody closes them."""
    request.close()


def keep_only_words() -> None:
    """Of a form that was sent by nobody who is signed in: before it is read."""
    make_room()
    request.keeps_files = False  # type: ignore[attr-defined]


def make_room() -> None:
    """For a form that takes files: before it is read. Of every other the application's own bound holds."""
    if request.endpoint in ENDPOINTS:
        request.max_content_length = current_app.config["MAX_CONTENT_LENGTH"] + MOST_AT_ONCE * LARGEST


def sent_files() -> list[Upload]:
    """A field for files that was left empty comes as one without a name."""
    return [Upload(each.filename, each.stream) for each in request.files.getlist(FILES) if each.filename]


def names_chosen() -> list[str]:
    """Of the files that came with the form, or with the one that was brought back: no page can choose them again for
    the person."""
    carried = request.form.get(CHOSEN, "")
    return [each.name for each in sent_files()] or [name for name in carried.split("\n") if name]
