"""Bounds on files that people attach, what they are called, and what they are by their content."""

from servicedesk.core.inputs import clean_line

CHUNK = 256 * 1024
MEGABYTE = 1024 * 1024
LARGEST = 10 * MEGABYTE
MOST_AT_ONCE = 5
MOST_ON_A_TICKET = 100
LONGEST_NAME = 120

UNKNOWN = "application/octet-stream"
# What a file begins with. Who sent it may call it what they like; what is none of these is only bytes.
BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
)
TEXT = "text/plain"
# What is shown where it stands: by its content, and no kind that a script can be in.
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif"})
MEDIA_TYPES = tuple(dict.fromkeys((*(kind for _, kind in BEGINNINGS), TEXT, UNKNOWN)))


def media_type(beginning: bytes) -> str:
    """By the first bytes. Text is what reads as UTF-8 and holds no control characters."""
    for start, kind in BEGINNINGS:
        if beginning.startswith(start):
            return kind
    text = beginning.decode("utf-8", errors="ignore")
    # A character that is cut off at the end is no fault; anything else that UTF-8 does not know is.
    is_text = len(text.encode()) > len(beginning) - 4 and not any(c < " " and c not in "\t\n\r\f" for c in text)
    return TEXT if beginning and is_text else UNKNOWN


def file_name(given: str) -> str:
    """The last part of a path of any system, on one line, without what names of files cannot hold; its ending stays."""
    last = given.replace("\\", "/").rsplit("/", 1)[-1]
    name = clean_line("".join(c for c in last if c not in '<>:"|?*')).lstrip(".")
    if len(name) > LONGEST_NAME:
        stem, dot, ending = name.rpartition(".")
        kept = f"{dot}{ending}" if dot and len(ending) <= 10 else ""
        name = f"{(stem if kept else name)[: LONGEST_NAME - len(kept)]}{kept}"
    return name or "file"
