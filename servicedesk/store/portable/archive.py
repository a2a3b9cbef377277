"""The file of a backup: a zip of one file of lines for each table, and last of all the manifest.

The zip's comment ends in two SHA-256: of the manifest and of the whole file up to the second of them. So no byte can
change without being noticed, also among those that zip itself does not check.
"""

import fcntl
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from io import RawIOBase
from pathlib import Path
from typing import BinaryIO, cast

from servicedesk.core.errors import Unavailable
from servicedesk.store.portable.lines import line_of
from servicedesk.store.portable.manifest import MANIFEST, Manifest, Member, member_name, to_text
from servicedesk.store.portable.rows import Row
from servicedesk.store.portable.tables import PortableTable

DIGEST = 64
OPENING = b"servicedesk backup 1\nmanifest "
BETWEEN = b"\nfile "
COMMENT = len(OPENING) + DIGEST + len(BETWEEN) + DIGEST
# Half of what is saved at the default level, in a quarter of the time.
LEVEL = 3
CHUNK = 256 * 1024
Advance = Callable[[int], None]


class _Hashed(RawIOBase):
    """Writes through to a file, hashing all but the last DIGEST bytes: those give way to the hash itself."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._held, self._digest = file, b"", sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        kept = self._held + bytes(data)
        self._put(kept[:-DIGEST])
        self._held = kept[-DIGEST:]
        return len(data)

    def _put(self, data: bytes) -> None:
        self._digest.update(data)
        self._file.write(data)

    def finish(self) -> str:
        digest = self._digest.hexdigest()
        self._file.write(digest.encode("ascii"))
        return digest


@dataclass
class Writer:
    """Made by `new_archive`. Tables first, `finish` once."""

    _zip: zipfile.ZipFile
    members: list[Member] = field(default_factory=list)

    def add(self, table: PortableTable, rows: Iterable[Row], advance: Advance) -> None:
        digest, count, size, name = sha256(), 0, 0, member_name(table.name)
        with self._zip.open(_info(name), "w", force_zip64=True) as file:
            for lines, number in _joined(rows):
                digest.update(lines)
                file.write(lines)
                size += len(lines)
                count += number
                advance(number)
        self.members.append(Member(table.name, dict(table.columns), count, size, digest.hexdigest()))

    def finish(self, manifest: Manifest) -> None:
        text = to_text(manifest)
        self._zip.writestr(_info(MANIFEST), text)
        manifest_digest = sha256(text).hexdigest().encode("ascii")
        self._zip.comment = OPENING + manifest_digest + BETWEEN + b"0" * DIGEST


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


def _joined(rows: Iterable[Row]) -> Iterator[tuple[bytes, int]]:
    """Lines put together until they are worth writing."""
    lines: list[bytes] = []
    size = 0
    for row in rows:
        line = line_of(row)
        lines.append(line)
        size += len(line)
        if size >= CHUNK:
            yield b"".join(lines), len(lines)
            lines, size = [], 0
    if lines:
        yield b"".join(lines), len(lines)


@contextmanager
def new_archive(path: Path) -> Iterator[tuple[Writer, list[str]]]:
    """A writer, and where the file's hash stands when all is over. Nothing stands under `path` before it is whole and
    on the disk; what was begun beside it goes when anything fails. Readable by its owner alone."""
    if path.exists():
        raise Unavailable("%(file)s exists already. Choose another name.", file=str(path), code="file_exists")
    draft = path.with_name(f"{path.name}.unfinished")
    try:
        with _new_file(draft) as file:
            hashes: list[str] = []
            hashed = _Hashed(file)
            with zipfile.ZipFile(hashed, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as opened:
                yield Writer(opened), hashes
            hashes.append(hashed.finish())
            file.flush()
            os.fsync(file.fileno())
            draft.rename(path)
            _sync_folder(path.parent)
    except OSError as error:
        raise Unavailable(
            "%(file)s cannot be written: %(reason)s. Nothing of it was kept.", file=str(path), reason=error.strerror
        ) from error


@contextmanager
def _new_file(draft: Path) -> Iterator[BinaryIO]:
    """For this process alone to write, and to read for its owner alone; gone when anything fails. A backup that was
    killed leaves its draft behind without the lock: the next one takes it over."""
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    file = os.fdopen(descriptor, "wb", buffering=0)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise Unavailable("Another backup is writing %(file)s now.", file=str(draft), code="file_exists") from None
    try:
        os.fchmod(descriptor, 0o600)
        file.truncate(0)
        yield cast(BinaryIO, file)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    finally:
        file.close()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
