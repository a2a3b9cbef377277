"""Functions of time that never fall, kept by their corners, exact at every whole second.

Opening hours give three of them: the open time until a second, the second at which so much open time has passed, and of
these two a deadline. A chain of deadlines is one after the other, and that is again such a function: its corners are
those of the first, and the times that the first brings to a corner of the next. Nothing between two corners can hide.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

NEVER = 2**62

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Curve:
    """`ys[n]` at `xs[n]`, whole seconds, xs rising. Between neighbouring corners it stands still or rises by one a
    second; where it leaps, the corners are one second apart. So straight lines between corners are no approximation."""

    xs: Sequence[int]
    ys: Sequence[int]

    def __call__(self, x: int) -> int:
        """ValueError for what the curve does not cover."""
        if not self.covers(x):
            raise ValueError(f"{x} is outside the curve")
        n = bisect_right(self.xs, x) - 1
        return self.ys[n] if self.xs[n] == x or self.ys[n] == self.ys[n + 1] else self.ys[n] + x - self.xs[n]

    def covers(self, x: int) -> bool:
        return len(self.xs) > 0 and self.xs[0] <= x <= self.xs[-1]

    def within(self, start: int, end: int) -> "Curve":
        """The part over [start, end]; both must be among what the curve covers."""
        first, last = bisect_right(self.xs, start), bisect_left(self.xs, end)
        return Curve([start, *self.xs[first:last], end], [self(start), *self.ys[first:last], self(end)])

    def raised(self, by: int) -> "Curve":
        return Curve(self.xs, [y + by for y in self.ys])

    def then(self, outer: "Curve") -> "Curve":
        """`outer` of this, as far as `outer` answers. It must not begin after this does.

        Drawn once for every chain, so written for speed: a corner in the middle of a level line is moved, not added.
        """
        xs: list[int] = []
        ys: list[int] = []
        if not self.xs or not outer.xs:
            return Curve(xs, ys)
        outer_xs, outer_ys, last = outer.xs, outer.ys, len(outer.xs) - 1
        n = bisect_right(outer_xs, self.ys[0]) - 1
        following = outer_xs[n + 1] if n < last else NEVER
        x, y, level, before = self.xs[0], self.ys[0], NEVER, NEVER
        for to_x, to_y in zip(self.xs, self.ys, strict=True):
            rises = to_y - y == to_x - x
            while following <= to_y:
                n += 1
                if rises and following < to_y:  # every corner of `outer` on the way up is one of the result
                    at = outer_ys[n]
                    if at == level == before:
                        xs[-1] = x + following - y
                    else:
                        xs.append(x + following - y)
                        ys.append(at)
                        level, before = at, level
                following = outer_xs[n + 1] if n < last else NEVER
            if n == last and outer_xs[n] < to_y:
                break
            x, y = to_x, to_y
            at = outer_ys[n]
            if outer_xs[n] != y and outer_ys[n + 1] != at:
                at += y - outer_xs[n]
            if at == level == before:
                xs[-1] = x
            else:
                xs.append(x)
                ys.append(at)
                level, before = at, level
        return Curve(xs, ys)


def open_time(spans: Iterable[Span], start: int, end: int) -> Curve:
    """How much open time has passed since `start`. `spans` lie in [start, end], in order and apart."""
    corners, passed = {start: 0}, 0
    for opens, closes in spans:
        corners[opens] = passed
        passed += closes - opens
        corners[closes] = passed
    corners[end] = passed
    return Curve(list(corners), list(corners.values()))


def moment_of(spans: Iterable[Span]) -> Curve:
    """The earliest second by which so much open time has passed, from one second of it on."""
    corners, passed = {}, 0
    for opens, closes in spans:
        corners[passed + 1] = opens + 1
        passed += closes - opens
        corners[passed] = closes
    return Curve(list(corners), list(corners.values()))


def highest_above(upper: Curve, lower: Curve) -> Span:
    """(x, upper(x) - lower(x)) where that is most, the earliest such x. `lower` covers what `upper` does.

    While `upper` stands still the difference can only fall; while it rises, corners of `lower` are of interest too.
    """
    last = len(lower.xs) - 1
    n = bisect_right(lower.xs, upper.xs[0]) - 1
    x, y = upper.xs[0], upper.ys[0]
    best_x, best = x, y - lower(x)
    for to_x, to_y in zip(upper.xs, upper.ys, strict=True):
        rises = to_y > y and to_x > x + 1
        while n < last and lower.xs[n + 1] <= to_x:
            n += 1
            if rises and y + lower.xs[n] - x - lower.ys[n] > best:
                best_x, best = lower.xs[n], y + lower.xs[n] - x - lower.ys[n]
        x, y = to_x, to_y
        still = n == last or lower.xs[n] == x or lower.ys[n] == lower.ys[n + 1]
        above = y - (lower.ys[n] if still else lower.ys[n] + x - lower.xs[n])
        if above > best:
            best_x, best = x, above
    return best_x, best
