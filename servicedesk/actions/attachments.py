"""Files that go with what is written: stored in pieces, known to the journal by an HMAC of their content."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import IO

from sqlalchemy import Connection, delete, func, insert, select, update

from servicedesk.actions.opened import Open
from servicedesk.actions.work import Work
from servicedesk.core.attachments import CHUNK, LARGEST, MEGABYTE, MOST_AT_ONCE, MOST_ON_A_TICKET, file_name, media_type
from servicedesk.core.errors import Invalid, Sentence
from servicedesk.core.events import AttachmentAdded, text_mac
from servicedesk.core.facts import Actor
from servicedesk.core.vocabulary import Audience
from servicedesk.store.attachments import Attachment, AttachmentChunk


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent: read once, some of it at a time."""

    name: str
    stream: IO[bytes]


def attach(
    work: Work, held: Open, uploads: Sequence[Upload], audience: Audience, supplier: str, *, actor: Actor
) -> None:
    """Each an event of its own. Invalid for too many, too large or empty ones; then nothing is kept."""
    if not uploads:
        return
    if len(uploads) > MOST_AT_ONCE:
        raise _invalid(Sentence("Attach at most %(most)s files at once.", most=MOST_AT_ONCE))
    there = select(func.count()).select_from(Attachment).where(Attachment.ticket_id == held.id)
    if work.connection.execute(there).scalar_one() + len(uploads) > MOST_ON_A_TICKET:
        raise _invalid(Sentence("A ticket takes at most %(most)s files.", most=MOST_ON_A_TICKET))
    for upload in uploads:
        _attach_one(work, held, upload, audience, supplier, actor)


def _attach_one(work: Work, held: Open, upload: Upload, audience: Audience, supplier: str, actor: Actor) -> None:
    first = upload.stream.read(CHUNK)
    if not first:
        raise _invalid(Sentence("%(name)s is empty.", name=file_name(upload.name)))
    kind, secret, name = media_type(first), secrets.token_hex(32), file_name(upload.name)
    row = {"ticket_id": held.id, "seq": held.ticket.seq + 1, "media_type": kind, "secret": secret, "size": 0}
    attachment = work.connection.execute(insert(Attachment).values(row).returning(Attachment.id)).scalar_one()
    digest, size = sha256(), 0
    for number, piece in enumerate(_pieces(first, upload.stream)):
        digest.update(piece)
        size += len(piece)
        if size > LARGEST:
            raise _invalid(
                Sentence(
                    "%(name)s is larger than the %(size)s MB that a file may be.", name=name, size=LARGEST // MEGABYTE
                )
            )
        chunk = {"attachment_id": attachment, "number": number, "content": piece}
        work.connection.execute(insert(AttachmentChunk), chunk)
    told = digest.hexdigest()
    work.connection.execute(update(Attachment).where(Attachment.id == attachment).values(size=size, sha256=told))
    mac = text_mac(bytes.fromhex(secret), told)
    work.record(held, AttachmentAdded(kind, size, mac, audience, supplier), {"file_name": name}, actor=actor)


def _pieces(first: bytes, stream: IO[bytes]) -> Iterator[bytes]:
    piece = first
    while piece:
        yield piece
        piece = stream.read(CHUNK)


def erase_attachments(connection: Connection, ticket_id: int, now: datetime) -> int:
    """Every file of a ticket, with what proves what it was; how many. That there was one stays."""
    left = (Attachment.ticket_id == ticket_id, Attachment.erased_at.is_(None))
    of_these = AttachmentChunk.attachment_id.in_(select(Attachment.id).where(*left))
    connection.execute(delete(AttachmentChunk).where(of_these))
    gone = update(Attachment).where(*left).values(sha256=None, secret=None, erased_at=now)
    return connection.execute(gone).rowcount


def _invalid(sentence: Sentence) -> Invalid:
    return Invalid({"file": [sentence]})
