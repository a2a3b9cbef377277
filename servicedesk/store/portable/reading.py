"""Reading a backup: nothing of it is believed before all of it has been checked, and what is wrong is named."""

import lzma
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from io import BufferedReader
from pathlib import Path
from typing import Any, NoReturn, cast

from servicedesk.core.errors import Unavailable
from servicedesk.store.portable.archive import BETWEEN, CHUNK, COMMENT, DIGEST, OPENING, Advance
from servicedesk.store.portable.lines import rows_of
from servicedesk.store.portable.manifest import FORMAT, MANIFEST, Manifest, Member, from_text
from servicedesk.store.portable.rows import Row
from servicedesk.store.portable.tables import PortableTable, tables_of
from servicedesk.store.schema import revisions

LARGEST_MANIFEST = 4 * 1024 * 1024
LONGEST_LINE = 64 * 1024 * 1024
# All that `zipfile` raises at a damaged file, also at one that says of itself that it is packed in another way.
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    OSError,
    struct.error,
    EOFError,
    LookupError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
)


@dataclass(frozen=True)
class Archive:
    """A backup that has been opened and whose manifest is true; `check` looks at the rest of it."""

    path: Path
    manifest: Manifest
    _zip: zipfile.ZipFile
    _file_digest: str

    def check(self, advance: Advance) -> None:
        """Every member against its checksum, and every byte of the file. Unavailable names the first that is wrong."""
        for member, table in zip(self.manifest.members, self.tables, strict=True):
            self._check_member(member, table, advance)
        if _digest_of(self.path) != self._file_digest:
            _damaged(self.path, "the zip file around its members has been changed")

    @property
    def tables(self) -> tuple[PortableTable, ...]:
        return tables_of(self.manifest.revision)

    def rows(self, table: PortableTable) -> Iterator[Row]:
        """A table's rows; Unavailable names the line that is none."""
        [member] = [each for each in self.manifest.members if each.table == table.name]
        number = 0
        try:
            for number, row in enumerate(rows_of(table, self._lines(member)), start=1):  # noqa: B007
                yield row
        except UNREADABLE + (TypeError,):
            _damaged(self.path, f"line {number + 1} of {member.name} is no row of that table")

    def _check_member(self, member: Member, table: PortableTable, advance: Advance) -> None:
        digest, lines, size = sha256(), 0, 0
        try:
            with self._zip.open(member.name) as file:
                while chunk := file.read(CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
                    if size > member.bytes:
                        break
                    ended = chunk.count(b"\n")
                    lines += ended
                    advance(ended)
        except UNREADABLE as error:
            _damaged(self.path, f"{member.name} cannot be read ({_reason(error)})")
        if size != member.bytes:
            _damaged(self.path, f"{member.name} is longer or shorter than the {member.bytes} bytes its manifest says")
        if digest.hexdigest() != member.sha256:
            _damaged(self.path, f"{member.name} is not what was written: its checksum is another")
        if lines != member.rows:
            _damaged(self.path, f"{member.name} has {lines} rows, and its manifest says {member.rows}")

    def _lines(self, member: Member) -> Iterator[bytes]:
        """ValueError for one that is longer than any row: what packs small need not be small."""
        with self._zip.open(member.name) as file:
            lines = BufferedReader(cast(Any, file), CHUNK)
            while line := lines.readline(LONGEST_LINE + 1):
                if len(line) > LONGEST_LINE:
                    raise ValueError("longer than any row")
                yield line


@contextmanager
def opened_archive(path: Path) -> Iterator[Archive]:
    """Unavailable for a file that is no backup, is cut short, holds what does not belong there, says of itself what is
    not true, or was made by a newer program."""
    with path.open("rb") as file:
        try:
            opened = zipfile.ZipFile(file)
        except UNREADABLE:
            _not_whole(path)
        with opened:
            manifest_digest, file_digest = _digests_in(path, opened.comment)
            manifest = _manifest(path, opened, manifest_digest)
            _require_known(path, manifest)
            _require_members(path, opened, manifest)
            yield Archive(path, manifest, opened, file_digest)


def _digests_in(path: Path, comment: bytes) -> tuple[str, str]:
    is_ours = comment.startswith(OPENING)
    if is_ours and (len(comment) != COMMENT or comment[len(OPENING) + DIGEST : -DIGEST] != BETWEEN):
        _damaged(path, "it is cut short or its end has been changed")
    if not is_ours:
        raise Unavailable(
            "%(file)s is a zip file, but not as `servicedesk backup` wrote it. Nothing was restored.",
            file=str(path),
            code="not_a_backup",
        )
    words = comment.decode("ascii", "replace")
    return words[len(OPENING) : len(OPENING) + DIGEST], words[-DIGEST:]


def _manifest(path: Path, opened: zipfile.ZipFile, digest: str) -> Manifest:
    try:
        with opened.open(MANIFEST) as file:
            text = file.read(LARGEST_MANIFEST)
    except UNREADABLE as error:
        missing = isinstance(error, KeyError)
        _damaged(path, f"{MANIFEST} {'is missing' if missing else f'cannot be read ({_reason(error)})'}")
    if sha256(text).hexdigest() != digest:
        _damaged(path, f"{MANIFEST} is not what was written: it has been changed")
    try:
        return from_text(text)
    except ValueError:
        _damaged(path, f"{MANIFEST} is no manifest that this program understands")


def _require_known(path: Path, manifest: Manifest) -> None:
    if manifest.format > FORMAT or manifest.revision not in revisions().known:
        raise Unavailable(
            "%(file)s was made by a newer version of the program (%(program)s, database %(revision)s). Update the "
            "program and restore it then. Nothing was restored.",
            file=str(path),
            program=manifest.program,
            revision=manifest.revision,
            code="newer",
        )


def _require_members(path: Path, opened: zipfile.ZipFile, manifest: Manifest) -> None:
    """Each file that belongs there, once, and no other, whatever its name; and of each table what columns it has."""
    there = Counter(opened.namelist())
    expected = [member.name for member in manifest.members] + [MANIFEST]
    for name in there:
        if name not in expected:
            _damaged(path, f"it holds {name[:80]!r}, which does not belong there")
        if there[name] > 1:
            _damaged(path, f"it holds {name} {there[name]} times")
    for name in expected:
        if name not in there:
            _damaged(path, f"{name} is missing")
    tables = [(table.name, dict(table.columns)) for table in tables_of(manifest.revision)]
    if [(member.table, member.columns) for member in manifest.members] != tables:
        _damaged(path, f"{MANIFEST} does not name the tables of version {manifest.revision}")


def _digest_of(path: Path) -> str:
    digest = sha256()
    left = path.stat().st_size - DIGEST
    with path.open("rb") as file:
        while left > 0 and (chunk := file.read(min(CHUNK, left))):
            digest.update(chunk)
            left -= len(chunk)
    return digest.hexdigest()


def _not_whole(path: Path) -> NoReturn:
    with path.open("rb") as file:
        begins_as_one = file.read(4) == b"PK\x03\x04"
    if begins_as_one:
        _damaged(path, "it is cut short or its end has been changed, so that its list of members cannot be read")
    raise Unavailable(
        "%(file)s is not a backup: `servicedesk backup` writes zip files. Nothing was restored.",
        file=str(path),
        code="not_a_backup",
    )


def _damaged(path: Path, what: str) -> NoReturn:
    raise Unavailable(
        "%(file)s is damaged: %(what)s. Nothing was restored; take another backup.",
        file=str(path),
        what=what,
        code="damaged",
    )


def _reason(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__
