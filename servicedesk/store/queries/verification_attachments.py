"""Proving files: each that an event names is there whole, or was destroyed as another says; and no other is there."""

import hashlib
from collections.abc import Collection, Iterator

from sqlalchemy import Connection, select

from servicedesk.core.events import AttachmentAdded, Event, TextErased, text_mac
from servicedesk.store.attachments import Attachment, AttachmentChunk
from servicedesk.store.bulk import Row
from servicedesk.store.queries.difference import Difference
from servicedesk.store.queries.verification_read import Stored, places_of


def verify_attachments(connection: Connection, stored: Stored, events: Collection[Event]) -> Iterator[Difference]:
    place = places_of(Attachment)["seq"]
    left = {row[place]: row for row in stored.of(Attachment)}
    erased = {seq for event in events if isinstance(event.payload, TextErased) for seq in event.payload.seqs}
    for event in events:
        if isinstance(event.payload, AttachmentAdded):
            row = left.pop(event.seq, None)
            fault = "is missing" if row is None else _fault_of(connection, row, event.payload, event.seq in erased)
            if fault:
                yield Difference(stored.number, "attachment", f"the file of event {event.seq} {fault}")
    for seq in left:
        yield Difference(stored.number, "attachment", f"the file of event {seq} belongs to no event")


def _fault_of(connection: Connection, row: Row, said: AttachmentAdded, is_erased: bool) -> str:
    file_id, _, _, media_type, says_size, sha256, secret, erased_at = row
    digest, size = _content(connection, file_id)
    if is_erased:
        gone = not size and sha256 is None and secret is None and erased_at is not None
        return "" if gone else "was to be destroyed and is still there"
    if sha256 is None or secret is None or erased_at is not None:
        return "was destroyed, and no decision says so"
    if (media_type, says_size) != (said.media_type, said.size):
        return "is not of the kind or size that the journal says"
    try:
        is_true = text_mac(bytes.fromhex(secret), digest) == said.digest and digest == sha256
    except ValueError:
        is_true = False
    return "" if is_true and size == said.size else "is not what was attached"


def _content(connection: Connection, file_id: int) -> tuple[str, int]:
    """(SHA-256, size) of its pieces, one in memory at a time; of one that is missing, '' instead."""
    digest, size = hashlib.sha256(), 0
    query = (
        select(AttachmentChunk.number, AttachmentChunk.content)
        .where(AttachmentChunk.attachment_id == file_id)
        .order_by(AttachmentChunk.number)
        .execution_options(yield_per=1)
    )
    for expected, (number, content) in enumerate(connection.execute(query)):
        if number != expected:
            return "", size
        digest.update(content)
        size += len(content)
    return digest.hexdigest(), size
