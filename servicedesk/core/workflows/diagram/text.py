"""How wide a text is, near enough to leave it room, and how it breaks into lines."""

NARROW, WIDE = frozenset("iljtfrI.,:;'|!()[] -"), frozenset("mwMWÅÄÖ@%—")
SMALL, LARGE = 11.5, 13.0
BOLD = 1.1  # what is large is bold
SMALL_LINE, LARGE_LINE = 14.0, 17.0


def width_of(text: str, size: float) -> float:
    """On the wide side: a line that is guessed too short would run into something."""
    size *= BOLD if size == LARGE else 1
    return sum(size * (0.38 if c in NARROW else 0.95 if c in WIDE else 0.72 if c.isupper() else 0.61) for c in text)


def wrapped(text: str, width: float, size: float) -> tuple[str, ...]:
    """Lines of at most `width`; a word that is longer is broken."""
    lines = [""]
    for word in text.split():
        for part in _parts(word, width, size):
            longer = f"{lines[-1]} {part}".strip()
            if lines[-1] and width_of(longer, size) > width:
                lines.append(part)
            else:
                lines[-1] = longer
    return tuple(lines)


def widest(lines: tuple[str, ...], size: float) -> float:
    return max((width_of(line, size) for line in lines), default=0)


def _parts(word: str, width: float, size: float) -> list[str]:
    parts = [""]
    for letter in word:
        if parts[-1] and width_of(parts[-1] + letter, size) > width:
            parts.append("")
        parts[-1] += letter
    return parts
