"""Restoring a backup into an empty database, of either kind."""

from pathlib import Path

from sqlalchemy import Connection

from servicedesk.actions.desk import Desk
from servicedesk.actions.filling import Begin, fill, make_ready
from servicedesk.actions.reindexing import index_missing
from servicedesk.actions.sequencing import begin_epoch
from servicedesk.store.portable.manifest import Manifest
from servicedesk.store.portable.reading import opened_archive
from servicedesk.store.schema import newest, upgrade


def check_backup(path: Path, begin: Begin) -> Manifest:
    """What the backup says of itself, after every byte of it has been checked."""
    with opened_archive(path) as archive:
        archive.check(begin("Checking", archive.manifest.rows))
        return archive.manifest


def restore(desk: Desk, path: Path, begin: Begin) -> Manifest:
    """All of it is checked before anything is written; then all of it is written, or nothing. A backup of an older
    version is restored as that version and brought up to this one.

    What was told after the backup was made is forgotten, and those who were told do not know: the positions of the
    change feed are other ones from here on.
    """

    def begin_anew(connection: Connection) -> None:
        begin_epoch(connection, desk.clock.now())

    with opened_archive(path) as archive:
        manifest = archive.manifest
        archive.check(begin("Checking", manifest.rows))
        make_ready(desk, manifest.revision)
        rows = {member.table: member.rows for member in manifest.members}
        then = begin_anew if manifest.revision == newest() else None
        advance = begin("Restoring", manifest.rows)
        fill(desk, manifest.revision, archive.rows, rows, manifest.heads, advance, then=then)
    if not then:
        upgrade(desk.engine)
        with desk.transaction() as connection:
            begin_anew(connection)
        index_missing(desk)
    return manifest
