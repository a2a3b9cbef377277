"""Backing up: the whole installation as it is at one moment, in one file, while everybody works on."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from servicedesk.actions.desk import Desk
from servicedesk.actions.filling import Begin
from servicedesk.core.errors import Unavailable
from servicedesk.store.portable.archive import new_archive
from servicedesk.store.portable.heads import Heads, heads_of
from servicedesk.store.portable.manifest import FORMAT, Manifest
from servicedesk.store.portable.rows import count, read
from servicedesk.store.portable.tables import PortableTable, tables_of
from servicedesk.store.schema import require_known, version_of


@dataclass(frozen=True, slots=True)
class Backup:
    """`checksum` is the SHA-256 that the file ends in: of all of it before that."""

    path: Path
    manifest: Manifest
    checksum: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database holds at the moment of a transaction, of whatever version it is."""

    revision: str
    tables: tuple[PortableTable, ...]
    heads: Heads


def contents_of(connection: Connection) -> Contents:
    """Unavailable for an empty database, and for one of a newer version."""
    revision = version_of(connection)
    if revision is None:
        raise Unavailable("There is no installation in this database. Check SERVICEDESK_DATABASE_URL.")
    require_known(revision)
    tables = tables_of(revision)
    return Contents(revision, tables, heads_of(connection, tables))


def back_up(desk: Desk, path: Path, begin: Begin, *, program: str) -> Backup:
    """Write a new file, all of it from one snapshot, so that it is whole however much is written meanwhile."""
    with desk.reading() as connection:
        found = contents_of(connection)
        advance = begin("Backing up", sum(count(connection, table) for table in found.tables))
        with new_archive(path) as (writer, checksum):
            for table in found.tables:
                writer.add(table, read(connection, table), advance)
            manifest = Manifest(
                format=FORMAT,
                program=program,
                revision=found.revision,
                database=connection.dialect.name,
                made_at=desk.now(connection),
                heads=found.heads,
                members=writer.members,
            )
            writer.finish(manifest)
    return Backup(path, manifest, checksum[0])
