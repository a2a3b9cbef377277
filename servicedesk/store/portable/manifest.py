"""What a backup says of itself: made when, by what, of what, and the checksum of each of its files."""

import json
from dataclasses import dataclass
from datetime import datetime

from servicedesk.core.canonical import canonical_json
from servicedesk.core.codec import dump, load
from servicedesk.store.portable.heads import Heads

MANIFEST = "manifest.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the archive: the rows of one table, a line each."""

    table: str
    columns: dict[str, str]
    rows: int
    bytes: int
    sha256: str

    @property
    def name(self) -> str:
        return member_name(self.table)


@dataclass(frozen=True, slots=True)
class Manifest:
    """`program` and `revision`: the version of the program and of the database that it was made from."""

    format: int
    program: str
    revision: str
    database: str
    made_at: datetime
    heads: Heads
    members: list[Member]

    @property
    def rows(self) -> int:
        return sum(member.rows for member in self.members)


def member_name(table: str) -> str:
    return f"tables/{table}.jsonl"


def to_text(manifest: Manifest) -> bytes:
    return f"{canonical_json(dump(manifest))}\n".encode()


def from_text(text: bytes) -> Manifest:
    """ValueError for what is no manifest, or none of this format; its values are checked against the files later."""
    try:
        manifest = load(Manifest, json.loads(text))
        if to_text(manifest) != text or not _is_sound(manifest):
            raise ValueError("written otherwise")
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise ValueError(str(error)) from None
    return manifest


def _is_sound(manifest: Manifest) -> bool:
    """Every number is one, and every text."""
    numbers = [manifest.format, manifest.heads.position, manifest.heads.tickets]
    texts = [manifest.program, manifest.revision, manifest.database, manifest.heads.seal, manifest.heads.ticket_heads]
    for member in manifest.members:
        numbers += [member.rows, member.bytes]
        texts += [member.table, member.sha256]
    return all(type(each) is int and each >= 0 for each in numbers) and all(type(each) is str for each in texts)
