"""A drawing as SVG. Everything is said by classes and text; no style attribute, so that a strict policy lets it be."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from servicedesk.core.workflows.diagram.drawing import Arrow, Box, Drawing, Explained, Label, Point, Row, Sign
from servicedesk.core.workflows.diagram.places import ENDED
from servicedesk.core.workflows.diagram.sizes import PADDING, STAYS
from servicedesk.core.workflows.diagram.text import LARGE_LINE, SMALL, SMALL_LINE, width_of

CORNER, HEAD = 7.0, 8.0
MARK_HEIGHT = 24.0


@dataclass(frozen=True, slots=True)
class Mark:
    """Something said on a state's upper edge, such as how many tickets are in it. `link` and `title` may be empty."""

    text: str
    link: str = ""
    title: str = ""


def svg(drawing: Drawing, description: str, *, style: str = "", marks: Mapping[str, Mark] | None = None) -> str:
    """`style` is the text of a style sheet, for a picture that stands alone; in a page the page has one."""
    return "\n".join(_lines(drawing, description, style, marks or {}))


def _lines(drawing: Drawing, description: str, style: str, marks: Mapping[str, Mark]) -> Iterator[str]:
    size = f"{_n(drawing.width)} {_n(drawing.height)}"
    width, height = size.split()
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="diagram" viewBox="0 0 {size}" width="{width}" '
        f'height="{height}" role="group" aria-labelledby="diagram-title diagram-desc">'
    )
    yield f'<title id="diagram-title">{escape(drawing.title)}</title>'
    yield f'<desc id="diagram-desc">{escape(description)}</desc>'
    if style:
        yield f"<style>{escape(style)}</style>"
        yield f'<rect class="diagram-ground" width="{width}" height="{height}"/>'
    yield from map(_row, drawing.rows)
    for arrow in drawing.arrows:
        yield from _arrow(arrow)
    for box in drawing.boxes:
        yield from _box(box, marks.get(box.state))
    for arrow in drawing.arrows:
        yield from _label(arrow, arrow.label)
    yield from map(_explained, drawing.legend)
    yield "</svg>"


def _row(row: Row) -> str:
    r = row.rect
    frame = (
        f'<rect class="diagram-row" x="{_n(r.x)}" y="{_n(r.y)}" width="{_n(r.width)}" height="{_n(r.height)}" rx="12"/>'
    )
    if row.key == ENDED:
        return f'{frame}<text class="diagram-row-name" x="{_n(r.x + 14)}" y="{_n(r.y + 23)}">{escape(row.name)}</text>'
    x, y = r.x + 18, r.y + r.height / 2
    place = f'x="{_n(x)}" y="{_n(y)}" transform="rotate(-90 {_n(x)} {_n(y)})"'
    return f'{frame}<text class="diagram-row-name" {place} text-anchor="middle">{escape(row.name)}</text>'


def _arrow(arrow: Arrow) -> Iterator[str]:
    yield from _line(arrow.points, is_timed=arrow.is_timed, is_back=arrow.is_back)
    if arrow.from_row:
        yield _begin(arrow.points[0])


def _line(points: tuple[Point, ...], *, is_timed: bool = False, is_back: bool = False) -> Iterator[str]:
    kind = f"{' diagram-timed' if is_timed else ''}{' diagram-back' if is_back else ''}"
    yield f'<path class="diagram-arrow{kind}" d="{_path(points)}"/>'
    yield f'<path class="diagram-head{kind}" d="{_head(*points[-2:])}"/>'


def _begin(point: Point) -> str:
    return f'<circle class="diagram-begin" cx="{_n(point[0])}" cy="{_n(point[1])}" r="4.5"/>'


def _explained(line: Explained) -> str:
    start, end = (line.x, line.y), (line.x + 28, line.y)
    signs = {
        Sign.STEP: lambda: "".join(_line((start, end))),
        Sign.BACK: lambda: "".join(_line((start, end), is_back=True)),
        Sign.TIMED: lambda: "".join(_line((start, end), is_timed=True)),
        Sign.FROM_ROW: lambda: "".join((*_line((start, end)), _begin((line.x + 4, line.y)))),
        Sign.STAYS: lambda: _text("diagram-step", line.x + 12, line.y + 4, STAYS.strip()),
    }
    return signs[line.sign]() + _text("diagram-kind", line.x + 34, line.y + 4, line.text)


def _path(points: tuple[Point, ...]) -> str:
    """Along the points with rounded corners, ending where the head begins."""
    end = _towards(points[-1], points[-2], HEAD - 1)
    parts = [f"M{_p(points[0])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        radius = min(CORNER, _far(before, corner) / 2, _far(corner, after) / 2)
        parts.append(f"L{_p(_towards(corner, before, radius))}Q{_p(corner)} {_p(_towards(corner, after, radius))}")
    return "".join((*parts, f"L{_p(end)}"))


def _head(before: Point, tip: Point) -> str:
    base = _towards(tip, before, HEAD)
    dx, dy = (tip[0] - base[0]) / 2, (tip[1] - base[1]) / 2
    wings = (base[0] - dy, base[1] + dx), (base[0] + dy, base[1] - dx)
    return f"M{_p(tip)}L{_p(wings[0])}L{_p(wings[1])}Z"


def _far(one: Point, other: Point) -> float:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def _towards(start: Point, goal: Point, length: float) -> Point:
    far = _far(start, goal) or 1
    return start[0] + (goal[0] - start[0]) * length / far, start[1] + (goal[1] - start[1]) * length / far


def _box(box: Box, mark: Mark | None) -> Iterator[str]:
    r = box.rect
    yield f'<g class="diagram-state diagram-{box.category}">'
    yield f'<rect x="{_n(r.x)}" y="{_n(r.y)}" width="{_n(r.width)}" height="{_n(r.height)}" rx="8"/>'
    high = (len(box.title)) * LARGE_LINE + SMALL_LINE + sum(map(len, box.inner)) * SMALL_LINE + 4 * bool(box.inner)
    y = r.y + max(PADDING, (r.height - high) / 2)
    for line in box.title:
        y += LARGE_LINE
        yield _text("diagram-name", r.x + PADDING, y - 4, line)
    y += SMALL_LINE
    if box.kind:
        yield _text("diagram-kind", r.x + PADDING, y - 3, box.kind)
    y += 4 * bool(box.inner)
    for line in (line for lines in box.inner for line in lines):
        y += SMALL_LINE
        yield _text("diagram-step", r.x + PADDING, y - 3, line)
    if mark:
        yield from _mark(box, mark)
    yield "</g>"


def _mark(box: Box, mark: Mark) -> Iterator[str]:
    width = max(MARK_HEIGHT, width_of(mark.text, SMALL + 1) + 14)
    x, y = box.rect.right - width + 6, box.rect.y - MARK_HEIGHT / 2
    inner = (
        f'<rect class="diagram-mark" x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(MARK_HEIGHT)}" rx="12"/>'
        f'<text class="diagram-mark-text" x="{_n(x + width / 2)}" y="{_n(y + 16)}">{escape(mark.text)}</text>'
    )
    title = f"<title>{escape(mark.title)}</title>" if mark.title else ""
    if mark.link:
        yield f"<a href={quoteattr(mark.link)} aria-label={quoteattr(mark.title or mark.text)}>{title}{inner}</a>"
    else:
        yield f"<g>{title}{inner}</g>"


def _label(arrow: Arrow, label: Label) -> Iterator[str]:
    """On a ground of its own, so that a line that runs behind does not run through the words."""
    r = label.rect
    yield f'<g class="diagram-label{" diagram-timed" if arrow.is_timed else ""}">'
    if label.covers:
        yield f'<rect x="{_n(r.x - 2)}" y="{_n(r.y)}" width="{_n(r.width + 4)}" height="{_n(r.height)}" rx="3"/>'
    for number, line in enumerate(label.lines, start=1):
        yield (
            f'<text x="{_n(r.middle)}" y="{_n(r.y + number * SMALL_LINE - 3.5)}" text-anchor="middle">'
            f"{escape(line)}</text>"
        )
    yield "</g>"


def _text(kind: str, x: float, y: float, text: str) -> str:
    return f'<text class="{kind}" x="{_n(x)}" y="{_n(y)}">{escape(text)}</text>'


def _p(point: Point) -> str:
    return f"{_n(point[0])} {_n(point[1])}"


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
