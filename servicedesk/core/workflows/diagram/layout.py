"""From a definition to a picture of it: where everything stands, which way each arrow goes, what is written where."""

from collections.abc import Iterator

from servicedesk.core.vocabulary import Tier
from servicedesk.core.workflows.definition import Definition
from servicedesk.core.workflows.diagram.columns import MARGIN, NAME, TRACK, Columns, columns_of
from servicedesk.core.workflows.diagram.drawing import Arrow, Box, Drawing, Explained, Label, Point, Rect, Row
from servicedesk.core.workflows.diagram.flows import flows_of
from servicedesk.core.workflows.diagram.labels import Labels
from servicedesk.core.workflows.diagram.lines import Lines
from servicedesk.core.workflows.diagram.places import ENDED, plan_of
from servicedesk.core.workflows.diagram.routes import Route, route_of
from servicedesk.core.workflows.diagram.rows import Rows, rows_of
from servicedesk.core.workflows.diagram.sizes import Sizes, height_of, sizes_of
from servicedesk.core.workflows.diagram.text import LARGE, LARGE_LINE, SMALL, widest, width_of
from servicedesk.core.workflows.diagram.words import PictureWords

SIGN, LEGEND_LINE = 34.0, 24.0


def draw(definition: Definition, words: PictureWords) -> Drawing:
    """The picture of a definition that has been read; it need not be proven."""
    plan = plan_of(definition)
    routes = [route_of(flow, plan) for flow in flows_of(definition, plan)]
    sizes = sizes_of(definition, plan, routes, words)
    columns = columns_of(plan, routes, sizes)
    rows = rows_of(plan, routes, sizes, columns)
    lines = Lines(plan, routes, sizes, columns, rows)
    legend = _legend(words, columns, rows.bottom + LEGEND_LINE / 2)
    names = tuple(
        Row(key, words.ended if key == ENDED else words.tiers[Tier(key)], rect)
        for key, rect in zip(plan.rows, rows.frames, strict=True)
    )
    return Drawing(
        title=definition.labels[words.language],
        width=columns.width,
        height=max((line.y for line in legend), default=rows.bottom) + LEGEND_LINE,
        rows=names,
        boxes=_boxes(definition, sizes, rows),
        arrows=_arrows(routes, sizes, rows, lines, names, Rect(4, 4, columns.width - 8, rows.bottom)),
        legend=legend,
    )


def _boxes(definition: Definition, sizes: Sizes, rows: Rows) -> tuple[Box, ...]:
    return tuple(
        Box(key, state.category, rows.boxes[key], text.title, text.kind, text.inner, text.staying)
        for key, state in definition.states.items()
        for text in [sizes.texts[key]]
    )


def _arrows(
    routes: list[Route], sizes: Sizes, rows: Rows, lines: Lines, names: tuple[Row, ...], page: Rect
) -> tuple[Arrow, ...]:
    """Labels with the least freedom are placed first."""
    points = {route.flow: lines.points(route) for route in routes}
    edges = (edge for row in names for edge in _edges(row.rect))
    labels = Labels(page, [*rows.boxes.values(), *map(name_rect, names)], (*points.values(), *edges))
    placed: dict[Route, Rect] = {}
    for route in sorted(routes, key=lambda route: len(route.via)):
        placed[route] = _label(route, points[route.flow], sizes, rows, labels)
    return tuple(
        Arrow(
            steps=route.flow.steps,
            sources=route.flow.sources,
            target=route.flow.target,
            points=points[route.flow],
            is_timed=route.flow.is_timed,
            is_back=route.flow.is_back,
            from_row=route.flow.row is not None,
            label=Label(placed[route], sizes.labels[route.flow], labels.is_crossed(placed[route])),
        )
        for route in routes
    )


def _label(route: Route, points: tuple[Point, ...], sizes: Sizes, rows: Rows, labels: Labels) -> Rect:
    lines = sizes.labels[route.flow]
    if not route.is_stacked:
        return labels.place(lines, points)
    pair = [rows.boxes[state] for state in (route.flow.source, route.flow.target)]
    beside = sum(flow.source in (route.flow.source, route.flow.target) for flow in rows.stacked)
    top = min(box.bottom for box in pair) + rows.stacked[route.flow]
    return labels.keep(Rect(pair[0].x + 12 + beside * TRACK, top, widest(lines, SMALL), height_of(lines)))


def _edges(frame: Rect) -> Iterator[tuple[Point, ...]]:
    """The upper and the lower edge: words do not stand on them."""
    for y in (frame.y, frame.bottom):
        yield (frame.x, y), (frame.right, y)


def name_rect(row: Row) -> Rect:
    """Where a row's name is written: upright in the band at its left, above the boxes for what has ended."""
    if row.key == ENDED:
        return Rect(row.rect.x + 12, row.rect.y + 8, width_of(row.name, LARGE), LARGE_LINE)
    return Rect(row.rect.x, row.rect.y, NAME, row.rect.height)


def _legend(words: PictureWords, columns: Columns, y: float) -> tuple[Explained, ...]:
    """Along the bottom, on as many lines as it needs."""
    found, x = [], columns.left
    for sign, text in words.signs.items():
        width = SIGN + width_of(text, SMALL) + 28
        if x > columns.left and x + width > columns.width - MARGIN:
            x, y = columns.left, y + LEGEND_LINE
        found.append(Explained(sign, text, x, y))
        x += width
    return tuple(found)
