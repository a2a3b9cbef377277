"""The text of a file that somebody named. What is no text is refused in one sentence that says what it looks like."""

from pathlib import Path

from servicedesk.core.errors import Fault, FileFaults

RULE = "unreadable"
# How files begin that people name by mistake.
BEGINNINGS = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "an Excel or Word document, or another zip archive",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word document",
    b"SQLite format 3": "a database",
}


def read_text(file: Path, name: str, remedy: str) -> str:
    """In UTF-8, a byte order mark aside. FileFaults, under `name`, with one sentence and the remedy."""
    if file.is_dir():
        raise _refused(name, "is a folder, not a file.", remedy)
    try:
        content = file.read_bytes()
    except OSError as error:
        raise _refused(name, f"cannot be read: {error.strerror}.", remedy) from None
    require_text(content, name, remedy)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = f"is not text in UTF-8: byte {error.start + 1} is none."
        raise _refused(name, problem, f"Save it as UTF-8. {remedy}") from None


def require_text(content: bytes, name: str, remedy: str) -> None:
    """FileFaults for what is known to be something else than text, in whatever encoding."""
    found = next((what for begins, what in BEGINNINGS.items() if content.startswith(begins)), "")
    if found:
        raise _refused(name, f"is not text in UTF-8 but {found}.", remedy)


def _refused(name: str, problem: str, remedy: str) -> FileFaults:
    return FileFaults([Fault(name, "-", problem, remedy, rule=RULE)])
