"""Bounds on what people send in. Texts are kept as written, save for what no text may hold."""

from collections.abc import Mapping

from servicedesk.core.errors import Invalid, Sentence

LONGEST_TEXT = 20_000
LONGEST_LINE = 200
LONGEST_CASE = 80


def clean_text(text: str) -> str:
    """Line endings as \\n, no NUL or other control characters, no space at the ends."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in unified if c in "\n\t" or (c.isprintable() or c.isspace())).strip()


def clean_line(text: str) -> str:
    """The same on one line, with one space between words."""
    return " ".join(clean_text(text).split())


def too_long(text: str, longest: int) -> Sentence:
    return Sentence(
        "Shorten this text to %(longest)s characters; it has %(length)s now.", longest=longest, length=len(text)
    )


def clean_texts(given: Mapping[str, str], longest: int = LONGEST_TEXT) -> dict[str, str]:
    """Every value cleaned, empty ones left out. Invalid, field by field, for what is too long."""
    cleaned = {name: clean_text(value) for name, value in given.items()}
    faults = {name: [too_long(value, longest)] for name, value in cleaned.items() if len(value) > longest}
    if faults:
        raise Invalid(faults)
    return {name: value for name, value in cleaned.items() if value}
