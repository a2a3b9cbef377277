"""Proving the installation: every part is what was loaded or set in a page, none is gone or added, every version is
what it was, and so is the journal of what has been changed."""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from servicedesk.core.canonical import content_hash, entry_hash, part_hash, parts_hash
from servicedesk.core.codec import stamp
from servicedesk.store.installation import Part, PartEvent, Revision, Version
from servicedesk.store.queries.difference import Difference

KEPT_AS_VERSIONS = ("workflow", "agreement", "calendar", "holidays", "known")


def verify_installation(connection: Connection) -> Iterator[Difference]:
    yield from _versions(connection)
    yield from _parts(connection)
    yield from _entries(connection)


def installation_hash(connection: Connection) -> str:
    """Of all its parts as they were loaded: written down elsewhere, it proves that none has been changed since."""
    return connection.execute(select(Revision.parts)).scalar() or ""


def _versions(connection: Connection) -> Iterator[Difference]:
    """What tickets are pinned to is kept under the hash of what it says."""
    query = select(Version.hash, Version.kind, Version.key, Version.content)
    for row in connection.execute(query):
        if content_hash(row.content) != row.hash:
            yield Difference(f"{row.kind}.{row.key}", "version", f"{row.hash[:12]} is not what was loaded")


def _parts(connection: Connection) -> Iterator[Difference]:
    loaded = {tuple(row) for row in connection.execute(select(Version.kind, Version.key, Version.hash))}
    hashes = {}
    for row in connection.execute(select(Part.kind, Part.key, Part.content, Part.hash)):
        hashes[row.kind, row.key] = row.hash
        if part_hash(row.kind, row.key, row.content) != row.hash:
            yield Difference(f"{row.kind}.{row.key}", "part", "it is not what was loaded")
        if row.kind in KEPT_AS_VERSIONS and (row.kind, row.key, row.content) not in loaded:
            yield Difference(f"{row.kind}.{row.key}", "part", "the version in force is none that was loaded")
    if parts_hash(hashes) != installation_hash(connection):
        yield Difference("installation", "parts", "a part was added, removed or replaced since it was loaded")


def _entries(connection: Connection) -> Iterator[Difference]:
    """The journal is whole: each entry carries the one before, and the last is the one that was written down."""
    head = ""
    for row in connection.execute(select(*PartEvent.__table__.columns).order_by(PartEvent.id)).mappings():
        head = entry_hash(head, {**row, "at": stamp(row["at"])})
        if head != row["hash"]:
            yield Difference(f"{row['kind']}.{row['key']}", "journal", f"entry {row['id']} is not what was written")
            head = row["hash"]
    if head != (connection.execute(select(Revision.events)).scalar() or ""):
        yield Difference("installation", "journal", "an entry was added or removed at its end")
