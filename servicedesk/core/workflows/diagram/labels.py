"""Where each label stands: on its own arrow, clear of boxes, other labels and, where there is room, other arrows."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from servicedesk.core.workflows.diagram.drawing import Point, Rect
from servicedesk.core.workflows.diagram.sizes import height_of
from servicedesk.core.workflows.diagram.text import SMALL, widest

ABOVE, BESIDE, APART, STEP = 4.0, 6.0, 12.0, 16.0
UPRIGHT = 2  # how much longer its longest upright part must be for a label to stand there rather
HIT_BOX, HIT_LABEL, HIT_LINE = 1000, 100, 1


class Labels:
    """Finds a place for one label after the other; those found before are kept clear of."""

    def __init__(self, within: Rect, boxes: Iterable[Rect], lines: Iterable[tuple[Point, ...]]) -> None:
        self._within, self._taken = within, list(boxes)
        self._labels: list[Rect] = []
        self._segments = [_thin(*pair) for line in lines for pair in pairwise(line)]

    def place(self, lines: tuple[str, ...], points: tuple[Point, ...]) -> Rect:
        size = widest(lines, SMALL), height_of(lines)
        best, least = None, 0
        for candidate, clear in _candidates(points, *size):
            cost = self._cost(candidate, clear)
            if best is None or cost < least:
                best, least = candidate, cost
            if not cost:
                break
        assert best is not None
        return self.keep(best)

    def keep(self, rect: Rect) -> Rect:
        """A label whose place is known."""
        self._labels.append(rect)
        return rect

    def is_crossed(self, rect: Rect) -> bool:
        return any(rect.overlaps(segment) for segment in self._segments)

    def _cost(self, rect: Rect, clear: float) -> int:
        boxes = sum(rect.overlaps(box, 1) for box in self._taken)
        room = Rect(rect.x, rect.y - clear, rect.width, rect.height + 2 * clear)
        labels = sum(room.overlaps(label, 1) for label in self._labels)
        crossed = sum(room.overlaps(segment, 1) for segment in self._segments)
        inside = self._within
        outside = rect.x < inside.x or rect.y < inside.y or rect.right > inside.right or rect.bottom > inside.bottom
        return HIT_BOX * outside + HIT_BOX * boxes + HIT_LABEL * labels + HIT_LINE * crossed


def _candidates(points: tuple[Point, ...], width: float, height: float) -> Iterator[tuple[Rect, float]]:
    """Above the level parts, the longest first, from the middle outwards; then beside the upright ones, further from
    other lines than its own. Each with how far it wants to be from lines above and below it."""
    parts = list(pairwise(points))
    flat = sorted((part for part in parts if part[0][1] == part[1][1]), key=lambda part: -_length(part))
    upright = sorted((part for part in parts if part[0][0] == part[1][0]), key=lambda part: -_length(part))
    if upright and _length(upright[0]) > UPRIGHT * max(map(_length, flat), default=0):
        yield from _beside(upright, width, height)
    for (x1, y), (x2, _) in flat:
        low, high = min(x1, x2) + BESIDE, max(x1, x2) - BESIDE - width
        middle = (x1 + x2 - width) / 2
        for x in (*(middle + offset for offset in _outwards(max(0.0, (high - low) / 2))), low, high):
            yield Rect(x, y - ABOVE - height, width, height), 0
            yield Rect(x, y + ABOVE, width, height), 0
    yield from _beside(upright, width, height)


def _beside(upright: Iterable[tuple[Point, Point]], width: float, height: float) -> Iterator[tuple[Rect, float]]:
    for (x, y1), (_, y2) in upright:
        for offset in _outwards(max(0.0, (abs(y2 - y1) - height) / 2)):
            y = (y1 + y2 - height) / 2 + offset
            yield Rect(x + BESIDE, y, width, height), APART
            yield Rect(x - BESIDE - width, y, width, height), APART


def _length(part: tuple[Point, Point]) -> float:
    return abs(part[0][0] - part[1][0]) + abs(part[0][1] - part[1][1])


def _outwards(reach: float) -> Iterator[float]:
    yield 0
    offset = STEP
    while offset <= reach:
        yield offset
        yield -offset
        offset += STEP


def _thin(one: Point, other: Point) -> Rect:
    x, y = min(one[0], other[0]), min(one[1], other[1])
    return Rect(x, y, abs(one[0] - other[0]), abs(one[1] - other[1]))
