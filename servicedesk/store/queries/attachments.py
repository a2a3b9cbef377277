"""Reading files as a viewer may: by the same predicate as the entries that they came with."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from servicedesk.core.errors import NotFound
from servicedesk.core.events import AttachmentAdded
from servicedesk.core.facts import Actor
from servicedesk.core.visibility import view_of
from servicedesk.core.vocabulary import Audience
from servicedesk.store.attachments import Attachment, AttachmentChunk
from servicedesk.store.queries.journal import events_of, texts_of
from servicedesk.store.queries.tickets import find_ticket


@dataclass(frozen=True, slots=True)
class StoredFile:
    """`seq` is the event that it came with, `position` where that stands in the viewer's own timeline; `readers` who
    reads it at most."""

    id: int
    number: str
    seq: int
    position: int
    name: str
    media_type: str
    size: int
    sha256: str
    added_at: datetime
    readers: Audience


def find_file(connection: Connection, viewer: Actor, number: str, seq: int) -> StoredFile:
    """NotFound when there is none, when it is not the viewer's to see, and when it has been destroyed."""
    return _only(number, (file for file in files_of(connection, viewer, number) if file.seq == seq))


def find_file_at(connection: Connection, viewer: Actor, number: str, position: int) -> StoredFile:
    """The same by what a system calls it."""
    return _only(number, (file for file in files_of(connection, viewer, number) if file.position == position))


def _only(number: str, files: Iterable[StoredFile]) -> StoredFile:
    found = next(iter(files), None)
    if found is None:
        raise NotFound("There is no such file on %(number)s.", number=number)
    return found


def files_of(connection: Connection, viewer: Actor, number: str) -> list[StoredFile]:
    """Those that the viewer may see and that are still there, in the order in which they came. NotFound when there is
    no such ticket."""
    ticket_id, _, access, organisation = find_ticket(connection, viewer, number)
    there = select(Attachment).where(Attachment.ticket_id == ticket_id, Attachment.erased_at.is_(None))
    columns = (Attachment.seq, Attachment.id, Attachment.media_type, Attachment.size, Attachment.sha256)
    rows = {row.seq: row for row in connection.execute(there.with_only_columns(*columns))}
    if not rows:
        return []
    texts, found = texts_of(connection, ticket_id), []
    seen = view_of(events_of(connection, ticket_id), access, organisation)
    for position, each in enumerate(seen, start=1):
        event, row = each.event, rows.get(each.event.seq)
        if row is None or not isinstance(event.payload, AttachmentAdded):
            continue
        file = StoredFile(
            id=row.id,
            number=number,
            seq=row.seq,
            position=position,
            name=texts.get((row.seq, "file_name")) or "file",
            media_type=row.media_type,
            size=row.size,
            sha256=row.sha256 or "",
            added_at=event.occurred_at,
            readers=event.payload.audience,
        )
        found.append(file)
    return found


def piece_of(connection: Connection, file_id: int, number: int) -> bytes | None:
    """None after the last, and when it has been destroyed meanwhile."""
    mine = (AttachmentChunk.attachment_id == file_id, AttachmentChunk.number == number)
    content: bytes | None = connection.execute(select(AttachmentChunk.content).where(*mine)).scalar()
    return content
