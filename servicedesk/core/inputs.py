"""Bounds on what people send in. Texts are kept as written, save for what no text may hold."""

import re
from collections.abc import Mapping
from unicodedata import category

from servicedesk.core.errors import Invalid, Sentence

LONGEST_TEXT = 20_000
LONGEST_LINE = 200
LONGEST_CASE = 80


# What programs other than browsers end a line with: a paste from a word processor has them.
LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# A joiner between two signs is part of how a word or a picture is spelt; anywhere else it is only invisible.
LOOSE_JOINERS = re.compile("(?<![^\\s\u200c\u200d])[\u200c\u200d]+|[\u200c\u200d]+(?![^\\s\u200c\u200d])")
KEPT = frozenset("\n\t\u200c\u200d")


def clean_text(text: str) -> str:
    """Line endings as \\n, no space at the ends, and nothing without ink: no NUL or other control characters, nothing
    that turns the direction of what stands around it, no half of a character."""
    unified = LINE_ENDS.sub("\n", text)
    inked = "".join(c for c in unified if c in KEPT or c.isprintable() or category(c) == "Zs")
    return LOOSE_JOINERS.sub("", inked).strip()


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
