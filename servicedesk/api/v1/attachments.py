"""Files of a ticket: attached, listed, and saved whole or in part."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from servicedesk.actions import entries
from servicedesk.actions.attachments import Upload
from servicedesk.actions.once import outcome, outcome_of
from servicedesk.actions.opened import Expected
from servicedesk.actions.tokens import ACT, READ
from servicedesk.api.acts import is_supplier
from servicedesk.api.clients import client, desk, requires
from servicedesk.api.document import IDEMPOTENCY_KEY, IF_MATCH, problems
from servicedesk.api.language import say
from servicedesk.api.once import REPLAYED, key_of_request, once_of_request
from servicedesk.api.problems import KINDS, problem
from servicedesk.api.uploads import MEDIA_TYPE, Received, received
from servicedesk.api.v1 import examples
from servicedesk.api.v1.acting import with_changes_told
from servicedesk.api.v1.blueprint import NUMBER_PARAMETER, TICKET, Systems
from servicedesk.api.v1.given import AttachmentParameters
from servicedesk.api.v1.schemas import AttachmentSchema, AttachmentsSchema
from servicedesk.api.v1.telling import require_sight
from servicedesk.core.attachments import LARGEST, MEDIA_TYPES
from servicedesk.core.errors import AlreadyDone
from servicedesk.core.vocabulary import Audience
from servicedesk.saved import saved
from servicedesk.store.queries.attachments import StoredFile, files_of, find_file, find_file_at

# The file and a little more, so that one that is too large is told so in our words.
bp = Systems("attachments", __name__, "Files of a ticket.", largest=LARGEST + 1024)
FILES = f"{TICKET}/attachments"
ID_PARAMETER = {
    "name": "attachment",
    "in": "path",
    "required": True,
    "description": "As the list calls it",
    "schema": {"type": "integer", "minimum": 0, "maximum": 2**31 - 1},
    "example": 9,
}
DIGEST = {
    "name": "Content-Digest",
    "in": "header",
    "required": False,
    "description": "What the file must add up to, by RFC 9530: sha-256 or sha-512. Otherwise nothing is kept (400). "
    "The older header Digest is read too.",
    "schema": {"type": "string"},
    "example": examples.CONTENT_DIGEST,
}
RANGE = {
    "name": "Range",
    "in": "header",
    "required": False,
    "description": "One range of bytes (RFC 9110); with If-Range only of the file that you have begun.",
    "schema": {"type": "string"},
    "example": "bytes=0-1023",
}
BODY = {
    "required": True,
    "description": "The file itself: at most 10 MB.",
    "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}, "example": examples.FILE}},
}
FILE = {"type": "string", "format": "binary"}
CONTENT = {kind: {"schema": FILE} for kind in MEDIA_TYPES}
SAVED = {
    "200": {"description": "The file, as what it is by its content", "content": CONTENT},
    "206": {"description": "The range that was asked for", "content": CONTENT},
    "304": {"description": "You have it already: it has the ETag that If-None-Match names"},
}
# Named anew: parameters that are given by hand stand instead of those that arguments would add.
ASKED = {"in": "query", "schema": AttachmentParameters}


@bp.route(FILES, parameters=[NUMBER_PARAMETER])
@requires(READ)
@bp.doc(operationId="listAttachments")
@bp.response(200, AttachmentsSchema, example=examples.ATTACHMENTS)
@problems(bp, 401, 403, 404, 503)
def list_attachments(number: str) -> dict[str, Any]:
    """List the files of a ticket that are yours to see."""
    with desk().reading() as connection:
        return {"attachments": files_of(connection, client(), number)}


@bp.route(FILES, methods=["POST"], parameters=[NUMBER_PARAMETER])
@requires(ACT)
@bp.doc(operationId="addAttachment", requestBody=BODY, parameters=[ASKED, IDEMPOTENCY_KEY, IF_MATCH, DIGEST])
@bp.arguments(AttachmentParameters, location="query", error_status_code=400)
@bp.response(201, AttachmentSchema, example=examples.ATTACHMENT)
@problems(bp, 400, 401, 403, 404, 409, 412, 413, 415, 422, 503)
def add_attachment(given: Mapping[str, Any], number: str) -> tuple[StoredFile, int, dict[str, str]]:
    """Attach a file.

    Its readers are those of a note of yours. What it is, is judged by its content; others save it under its name.
    """
    key_of_request()
    with with_changes_told(number) as expected:
        require_sight(number)  # of a ticket that is not there no file is taken in
        with received(request) as file:
            result, replayed = _attached(number, given, file, expected)
    with desk().reading() as connection:
        found = find_file(connection, client(), number, outcome(result).seq)
    return found, 201, {"Location": f"/api/v1/tickets/{number}/attachments/{found.position}", **replayed}


def _attached(
    number: str, given: Mapping[str, Any], file: Received, expected: Expected | None
) -> tuple[str, Mapping[str, str]]:
    audience = given.get("audience", Audience.MUNICIPALITY)
    once = once_of_request({**given, "sha256": file.sha256})
    sent: dict[str, Any] = {"files": [Upload(given["name"], file.content)], "expected": expected, "once": once}
    try:
        if is_supplier(client()):
            ticket = entries.note_to_supplier(desk(), number, "", actor=client(), **sent)
        else:
            ticket = entries.note(desk(), number, "", actor=client(), to_joint=audience == Audience.JOINT, **sent)
    except AlreadyDone as done:
        return done.data["result"], REPLAYED
    return outcome_of(ticket), {}


@bp.route(f"{TICKET}/attachments/<int:attachment>", parameters=[NUMBER_PARAMETER, ID_PARAMETER])
@requires(READ)
@bp.doc(operationId="readAttachment", parameters=[RANGE], responses=SAVED)
@bp.response(200)
@problems(bp, 401, 403, 404, 416, 503)
def read_attachment(number: str, attachment: int) -> Response:
    """Save a file, whole or in part. It is never shown in place: it comes as an attachment, in a sandbox."""
    with desk().reading() as connection:
        found = find_file_at(connection, client(), number, attachment)
    try:
        return saved(desk(), found, request)
    except RequestedRangeNotSatisfiable:
        told = say(KINDS["range_not_satisfiable"].remedy)
        return problem("range_not_satisfiable", told, headers={"Content-Range": f"bytes */{found.size}"})
