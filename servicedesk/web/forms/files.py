"""Files that come with a form: which forms may bring any, and what was sent."""

from flask import current_app, request

from servicedesk.actions.attachments import Upload
from servicedesk.core.attachments import LARGEST, MOST_AT_ONCE

ENDPOINTS = frozenset(
    {
        "web.add_reply",
        "web.add_note",
        "web.add_supplier_note",
        "web.write",
        "web.link_answer",
        "web.link_message",
        "web.link_reopen",
    }
)


def make_room() -> None:
    """For a form that takes files: before it is read. Of every other the application's own bound holds."""
    if request.endpoint in ENDPOINTS:
        request.max_content_length = current_app.config["MAX_CONTENT_LENGTH"] + MOST_AT_ONCE * LARGEST


def sent_files() -> list[Upload]:
    """A field for files that was left empty comes as one without a name."""
    return [Upload(each.filename, each.stream) for each in request.files.getlist("file") if each.filename]
