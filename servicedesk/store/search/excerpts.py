"""Of the texts that somebody may read, the place that shows best why a ticket was found, with the words marked."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from servicedesk.store.search.analysis import found_in
from servicedesk.store.search.asked import Asked

LENGTH = 180
BEFORE = 50
# Of a long text only the part about the first place that looks right is read word by word.
READ = 2_000


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    is_match: bool


@dataclass(frozen=True, slots=True)
class Excerpt:
    """`field`: which of a ticket's texts it is from."""

    field: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A place in a text, and which of the things asked for stands there."""

    start: int
    end: int
    wanted: frozenset[int]


def marked(text: str, asked: Asked) -> tuple[Piece, ...]:
    """The whole text, the words that were asked for marked."""
    line = _one_line(text)
    return _pieces(line, _matches(line, asked))


def best_excerpt(texts: Iterable[tuple[str, str]], asked: Asked) -> Excerpt | None:
    """From the (field, text) that holds most of what was asked for, the first of equals; None when there is no text."""
    best: tuple[str, str, list[Match]] | None = None
    most = -1
    for field, text in texts:
        line = _part(_one_line(text), asked)
        if not line:
            continue
        matches = _matches(line, asked)
        held = len(frozenset[int]().union(*(match.wanted for match in matches)))
        if held > most:
            best, most = (field, line, matches), held
        if most == len(asked.wanted):
            break
    return Excerpt(best[0], _pieces(*_window(*best[1:]))) if best else None


def _one_line(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _part(line: str, asked: Asked) -> str:
    if len(line) <= READ:
        return line
    folded = line.casefold()
    places = [place for term in asked.terms if (place := folded.find(term.word)) >= 0]
    start = max(0, min(places, default=0) - READ // 4)
    return line[start : start + READ]


def _matches(line: str, asked: Asked) -> list[Match]:
    """In order, none over another: where an address and a word of it both match, the longer."""
    found = []
    terms = [(number, term) for number, ways in enumerate(asked.wanted) for way in ways for term in way]
    for place in found_in(line):
        wanted = frozenset([number for number, term in terms if any(map(term.matches, place.forms))])
        if wanted:
            found.append(Match(place.start, place.end, wanted))
    found.sort(key=lambda match: (match.start, -match.end))
    apart: list[Match] = []
    for match in found:
        if not apart or match.start >= apart[-1].end:
            apart.append(match)
    return apart


def _window(line: str, matches: list[Match]) -> tuple[str, list[Match]]:
    """A part of the line that begins a little before the first match, at a word."""
    first = matches[0].start if matches else 0
    start = line.find(" ", first - BEFORE, first) + 1 if first > BEFORE else 0
    start = start or max(0, first - BEFORE)
    end = len(line) if len(line) <= start + LENGTH else line.rfind(" ", first + 1, start + LENGTH)
    end = end if end > first else start + LENGTH
    head, tail = "… " if start else "", " …" if end < len(line) else ""
    moved = [
        Match(match.start - start + len(head), min(match.end, end) - start + len(head), match.wanted)
        for match in matches
        if match.start < end
    ]
    return head + line[start:end] + tail, moved


def _pieces(line: str, matches: list[Match]) -> tuple[Piece, ...]:
    pieces, at = [], 0
    for match in matches:
        pieces += [Piece(line[at : match.start], False), Piece(line[match.start : match.end], True)]
        at = match.end
    pieces.append(Piece(line[at:], False))
    return tuple(piece for piece in pieces if piece.text)
