"""Reading a file as a viewer may: by the same predicate as the entry that it came with."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from servicedesk.core.errors import NotFound
from servicedesk.core.events import AttachmentAdded
from servicedesk.core.facts import Actor
from servicedesk.core.visibility import view_of
from servicedesk.store.attachments import Attachment, AttachmentChunk
from servicedesk.store.queries.journal import events_of, texts_of
from servicedesk.store.queries.tickets import find_ticket


@dataclass(frozen=True, slots=True)
class StoredFile:
    id: int
    name: str
    media_type: str
    size: int


def find_file(connection: Connection, viewer: Actor, number: str, seq: int) -> StoredFile:
    """NotFound when there is none, when it is not the viewer's to see, and when it has been destroyed."""
    ticket_id, _, access, organisation = find_ticket(connection, viewer, number)
    seen = {each.event.seq: each for each in view_of(events_of(connection, ticket_id), access, organisation)}
    row = connection.execute(
        select(Attachment)
        .with_only_columns(Attachment.id, Attachment.media_type, Attachment.size)
        .where(Attachment.ticket_id == ticket_id, Attachment.seq == seq, Attachment.erased_at.is_(None))
    ).first()
    if row is None or seq not in seen or not isinstance(seen[seq].event.payload, AttachmentAdded):
        raise NotFound("There is no such file on %(number)s.", number=number)
    name = texts_of(connection, ticket_id).get((seq, "file_name"))
    return StoredFile(row.id, name or "file", row.media_type, row.size)


def piece_of(connection: Connection, file_id: int, number: int) -> bytes | None:
    """None after the last, and when it has been destroyed meanwhile."""
    mine = (AttachmentChunk.attachment_id == file_id, AttachmentChunk.number == number)
    content: bytes | None = connection.execute(select(AttachmentChunk.content).where(*mine)).scalar()
    return content
