"""Writing parts of the installation, each change with an entry in its journal, which is a chain like a ticket's."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from servicedesk.core.canonical import canonical_json, content_hash, entry_hash, part_hash, parts_hash
from servicedesk.core.codec import stamp
from servicedesk.core.facts import Actor
from servicedesk.store.installation import Part, PartEvent, Revision, Version
from servicedesk.store.upsert import insert_missing, upsert


@dataclass(frozen=True, slots=True)
class Entry:
    """What is written down of one part. `fields`: name -> (before, now) as JSON values."""

    kind: str
    key: str
    what: str
    fields: Mapping[str, tuple[Any, Any]]
    reason: str = ""


def write_parts(
    connection: Connection,
    simple: Iterable[tuple[str, str, Any]],
    versions: Iterable[tuple[str, str, str]],
    entries: Iterable[Entry],
    *,
    actor: Actor,
    source: str,
    now: datetime,
) -> None:
    """`simple`: kind, key and JSON value of parts; `versions`: kind, key and content of what is kept for ever. The
    revision must be locked."""
    versions = list(versions)
    if versions:
        insert_missing(
            connection,
            Version,
            [
                {"hash": content_hash(c), "kind": kind, "key": key, "content": c, "loaded_at": now}
                for kind, key, c in versions
            ],
        )
    parts = [{"kind": kind, "key": key, "content": content_hash(content)} for kind, key, content in versions]
    parts += [{"kind": kind, "key": key, "content": canonical_json(item)} for kind, key, item in simple]
    if parts:
        upsert(connection, Part, [{**part, "hash": part_hash(**part)} for part in parts])
    hashes = {(row.kind, row.key): row.hash for row in connection.execute(select(Part.kind, Part.key, Part.hash))}
    before = connection.execute(select(Revision.number, Revision.events)).first()
    number, head = before or (0, "")
    head = _note(connection, head, entries, actor=actor, source=source, now=now)
    row = {"id": 1, "number": number + 1, "parts": parts_hash(hashes), "events": head}
    upsert(connection, Revision, [row])


def _note(
    connection: Connection, head: str, entries: Iterable[Entry], *, actor: Actor, source: str, now: datetime
) -> str:
    """Append to the journal; the hash of its last entry."""
    rows = []
    for entry in entries:
        row = {
            "kind": entry.kind,
            "key": entry.key,
            "at": now,
            "actor": f"{actor.kind}:{actor.key}",
            "source": source,
            "what": entry.what,
            "fields": json.dumps({name: list(pair) for name, pair in entry.fields.items()}, ensure_ascii=False),
            "reason": entry.reason,
        }
        head = entry_hash(head, {**row, "at": stamp(now)})
        rows.append({**row, "hash": head})
    if rows:
        connection.execute(insert(PartEvent), rows)
    return head
