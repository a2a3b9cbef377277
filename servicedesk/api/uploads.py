"""A file as the body of a request: taken in some of it at a time, with what it must add up to (RFC 9530)."""

import hashlib
import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO

from flask import Request

from servicedesk.core.attachments import CHUNK, LARGEST, MEGABYTE
from servicedesk.core.errors import DeskError

# Of a name as it is sent; kept it may be shorter.
LONGEST_NAME = 255
MEDIA_TYPE = "application/octet-stream"
KNOWN = {"sha-256": "sha256", "sha-512": "sha512"}
# RFC 9530 in Content-Digest, and RFC 3230 in the older Digest.
MEMBERS = {
    "Content-Digest": re.compile(r"\s*([a-z][a-z0-9*_.-]*)=:([A-Za-z0-9+/=]*):\s*"),
    "Digest": re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9-]*)=([A-Za-z0-9+/=]+)\s*"),
}


@dataclass(frozen=True, slots=True)
class Received:
    content: IO[bytes]
    sha256: str


@contextmanager
def received(request: Request) -> Iterator[Received]:
    """The body, whole and as its sender says it is; it is gone afterwards. DeskError `unsupported_media_type`,
    `malformed_digest`, `digest_mismatch`, `too_large`."""
    encoding = request.headers.get("Content-Encoding", "identity").lower()
    if request.mimetype != MEDIA_TYPE or encoding != "identity":
        raise DeskError(
            "Send the file itself as application/octet-stream, not compressed.", code="unsupported_media_type"
        )
    promised = _promised(request)
    hashes = {name: hashlib.new(KNOWN[name]) for name in {"sha-256", *promised}}
    with SpooledTemporaryFile(max_size=CHUNK) as content:
        size = 0
        while piece := request.stream.read(CHUNK):
            size += len(piece)
            if size > LARGEST:
                raise DeskError(
                    "The file is larger than the %(size)s MB that a file may be.",
                    code="too_large",
                    size=LARGEST // MEGABYTE,
                )
            content.write(piece)
            for each in hashes.values():
                each.update(piece)
        if any(hashes[name].digest() != digest for name, digest in promised.items()):
            raise DeskError("What came is not what its digest says: send it again.", code="digest_mismatch")
        content.seek(0)
        yield Received(content, hashes["sha-256"].hexdigest())


def _promised(request: Request) -> dict[str, bytes]:
    """Algorithm -> what the body must add up to, of those that we know. Who sends digests wants one of them checked."""
    found: dict[str, bytes] = {}
    for header, member in MEMBERS.items():
        told = request.headers.get(header)
        if told is None:
            continue
        members = [member.fullmatch(each) for each in told.split(",")]
        try:
            known = {each[1].lower(): b64decode(each[2], validate=True) for each in members if each}
        except NotBase64:
            known = {}
        known = {name: digest for name, digest in known.items() if name in KNOWN}
        if None in members or not known:
            raise DeskError(
                "%(header)s must give a sha-256 or sha-512, as RFC 9530 writes it.",
                code="malformed_digest",
                header=header,
            )
        found |= known
    return found
