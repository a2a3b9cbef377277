"""What pictures consist of: bars and columns as shares of the room they are given, so that they fit any width."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

# A part too small to be seen is drawn this wide, in percent of the whole.
SEEN = 0.6
LOW = 3


# Kinds told apart by a pattern too (_pictures.html draws one for each); the others are plain, light or dark.
PATTERNED = frozenset({"broken", "to_accept", "requester", "others", "paused"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A rectangle: `kind`, a word of ours, says how it is filled; the rest are SVG lengths."""

    kind: str
    x: str = "0"
    width: str = "100%"
    y: str = "0"
    height: str = "100%"

    def __html__(self) -> Markup:
        fill = f' fill="url(#fill-{self.kind})"' if self.kind in PATTERNED else ""
        room = f'x="{self.x}" y="{self.y}" width="{self.width}" height="{self.height}"'
        return Markup(f'<rect class="piece piece-{self.kind}" {room}{fill}/>')


def bar(parts: Sequence[tuple[str, int]], scale: int) -> list[Piece]:
    """Parts one after another, from the left; a bar of `scale` fills the width. Parts of nothing are left out."""
    pieces, left = [], 0.0
    for kind, amount in parts:
        if amount > 0 and scale > 0:
            width = min(max(100 * amount / scale, SEEN), 100 - left)
            pieces.append(Piece(kind, _percent(left), _percent(width)))
            left += width
    return pieces


def columns(kind: str, amounts: Sequence[int], scale: int) -> list[Piece]:
    """A column for each amount, side by side, with a fifth of the room between them; one of `scale` is full height."""
    if not amounts or scale <= 0:
        return []
    room = 100 / len(amounts)
    return [
        Piece(
            kind,
            _percent(place * room + room * 0.1),
            _percent(room * 0.8),
            _percent(100 - _height(amount, scale)),
            _percent(_height(amount, scale)),
        )
        for place, amount in enumerate(amounts)
        if amount > 0
    ]


def _height(amount: int, scale: int) -> float:
    return max(100 * amount / scale, LOW)


def _percent(share: float) -> str:
    return f"{share:.2f}%"
