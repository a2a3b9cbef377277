"""A tier that is visited twice: on the way up and, when others have done their part, on the way down.

It may take its time in any two parts. With W(t) its open time until t, M the moment of so much open time and G what the
others do between the visits, the ticket leaves it at M(W(G(M(W(t) + a))) + H - a) when `a` of its H seconds go on the
way up. Counted in its own open time, w = W(t) and u = w + a, that is M(w + H + p(u)) with p(u) = W(G(M(u))) - u: how
much of its hours passes while it waits. So the worst split has the highest p in a window, and that draws a curve again.
"""

from collections.abc import Iterable, Iterator, Sequence
from heapq import merge

from servicedesk.core.promises.curve import Curve

Corner = tuple[int, int]
Line = tuple[int, bool]  # its value where it begins, and whether it rises by one a second or stands still


def highest_ahead(inside: Curve, seconds: int) -> Curve:
    """w + seconds + the highest inside(u) - u with w < u < w + seconds, for each w from inside.xs[0] - 1 on as far as
    `inside` answers.

    Between two corners `inside` keeps pace with u or falls behind. So the highest is where the window begins, or at a
    corner in it; and a corner counts only until the window comes to a later one that is no lower.
    """
    straight = _drawn(zip(inside.xs, inside.ys, strict=True))
    xs, ys = straight.xs, straight.ys
    if seconds < 2 or not xs or xs[-1] - xs[0] < seconds - 2:
        return Curve([], [])
    return _drawn(_ahead(xs, ys, seconds, _edges(xs[0] - 1, xs[-1] - seconds + 1, _events(xs, seconds))))


def _events(xs: Iterable[int], seconds: int) -> Iterator[int]:
    """Where a corner comes into the window, is where it begins, and leaves it."""
    xs = list(xs)
    return merge((x - seconds + 1 for x in xs), (x - 1 for x in xs), xs)


def _ahead(xs: Sequence[int], ys: Sequence[int], seconds: int, edges: list[int]) -> Iterator[Corner]:
    tops: list[int] = []
    head = coming = n = 0
    last = len(xs) - 1
    for begin, end in zip(edges, edges[1:], strict=False):
        while coming <= last and xs[coming] < begin + seconds:
            while len(tops) > head and ys[tops[-1]] - xs[tops[-1]] <= ys[coming] - xs[coming]:
                tops.pop()
            tops.append(coming)
            coming += 1
        while head < len(tops) and xs[tops[head]] <= begin:
            head += 1
        while n < last and xs[n + 1] <= begin + 1:
            n += 1
        rises = n < last and ys[n + 1] > ys[n]
        at_left = ys[n] + (begin + 1 - xs[n] if rises else 0) + seconds - 1, rises
        top = tops[head] if head < len(tops) else n
        at_top = (ys[top] - xs[top] + begin + seconds, True) if head < len(tops) else at_left
        yield from _higher_line(begin, end - 1, at_left, at_top)


def higher(one: Curve, other: Curve) -> Curve:
    """The higher of two at each second that both cover."""
    if not one.xs or not other.xs:
        return Curve([], [])
    first, last = max(one.xs[0], other.xs[0]), min(one.xs[-1], other.xs[-1])
    edges = _edges(first, last, merge(one.xs, other.xs))
    lines = zip(_lines(one, edges), _lines(other, edges), strict=True)
    spans = zip(edges, edges[1:], strict=False)
    return _drawn(
        corner
        for (begin, end), (mine, theirs) in zip(spans, lines, strict=True)
        for corner in _higher_line(begin, end - 1, mine, theirs)
    )


def _edges(first: int, last: int, events: Iterable[int]) -> list[int]:
    """The events within, between the ends: straight lines go from each edge to the second before the next."""
    edges = [first]
    edges.extend(event for event in events if first < event <= last)
    edges.append(last + 1)
    return sorted(set(edges))


def _lines(curve: Curve, edges: list[int]) -> Iterator[Line]:
    xs, ys, n = curve.xs, curve.ys, 0
    last = len(xs) - 1
    for begin in edges[:-1]:
        while n < last and xs[n + 1] <= begin:
            n += 1
        rises = n < last and ys[n + 1] > ys[n]
        yield ys[n] + (begin - xs[n] if rises else 0), rises


def _higher_line(begin: int, last: int, one: Line, other: Line) -> Iterator[Corner]:
    """The corners of the higher of two lines over [begin, last]."""
    (low, low_rises), (high, high_rises) = (one, other) if one <= other else (other, one)
    yield begin, high
    if last == begin:
        return
    overtakes = begin + high - low
    if high_rises or not low_rises or overtakes >= last:
        yield last, high + (last - begin if high_rises else 0)
        return
    if overtakes > begin:
        yield overtakes, high
    yield last, low + last - begin


def _drawn(corners: Iterable[Corner]) -> Curve:
    """Without what lies on a straight line, level or rising."""
    xs: list[int] = []
    ys: list[int] = []
    before: int | None = None  # whether the line until here rises; None where it leaps, or there is none
    for x, y in corners:
        rise = y - ys[-1] if ys else -1
        slope = 0 if rise == 0 else 1 if ys and rise == x - xs[-1] else None
        if slope is not None and slope == before:
            xs[-1], ys[-1] = x, y
        else:
            xs.append(x)
            ys.append(y)
        before = slope
    return Curve(xs, ys)
