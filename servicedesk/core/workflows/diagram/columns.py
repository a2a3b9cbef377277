"""How wide everything is: the columns of boxes and the gutters between them, with a track for each line there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from servicedesk.core.workflows.diagram.flows import Flow
from servicedesk.core.workflows.diagram.places import END, ENTRY, HUB, WAITING, Plan
from servicedesk.core.workflows.diagram.routes import FAR_RIGHT, INNER, OUTER_LEFT, OUTER_RIGHT, Gutter, Route
from servicedesk.core.workflows.diagram.sizes import BOX, Sizes, gap_width

MARGIN, INSET, TRACK = 18.0, 16.0, 13.0
NAME = 26.0  # the band at a row's left edge in which its name stands upright
Key = tuple[Gutter, object]


@dataclass(frozen=True, slots=True)
class Columns:
    """`box_x`: where each column's boxes begin. Tiers reach from `left` to `right`; `tracks`: x of each line."""

    box_x: Mapping[int, float]
    left: float
    right: float
    ended_left: float
    ended_right: float
    width: float
    tracks: Mapping[Key, float]

    def track(self, flow: Flow, gutter: Gutter, is_last: bool) -> float:
        return self.tracks[track_key(flow, gutter, is_last)]


def track_key(flow: Flow, gutter: Gutter, is_last: bool) -> Key:
    """Lines that arrive at one box by one gutter share a track, as branches share a trunk."""
    return gutter, flow.target if is_last else flow


def columns_of(plan: Plan, routes: list[Route], sizes: Sizes) -> Columns:
    used = {place.column for place in plan.places.values()}
    keys = list(dict.fromkeys(_keys(routes)))
    count = {gutter: sum(key[0] == gutter for key in keys) for gutter in (OUTER_LEFT, INNER, OUTER_RIGHT, FAR_RIGHT)}
    left = MARGIN + count[OUTER_LEFT] * TRACK + (6 if count[OUTER_LEFT] else 0)
    box_x: dict[int, float] = {}
    begins, x = {OUTER_LEFT: MARGIN}, left + NAME + INSET
    for column, needs in (
        (ENTRY, ()),
        (HUB, _straight(plan, routes, sizes, ENTRY)),
        (WAITING, _straight(plan, routes, sizes, WAITING)),
    ):
        if column not in used:
            continue
        if box_x:
            begins.setdefault(INNER, x + 10)
            x += gap_width(list(needs), count[INNER] if column == HUB else 0)
        box_x[column] = x
        x += BOX
    begins.setdefault(INNER, x + 10)
    right = x + INSET + (0 if HUB in used or WAITING in used else count[INNER] * TRACK)
    outer = [sizes.labels[route.flow] for route in routes if _is_told_outside(plan, route)]
    begins[OUTER_RIGHT] = right + (gap_width(outer, 0) - 14 if outer else 20)
    ended_left = begins[OUTER_RIGHT] + count[OUTER_RIGHT] * TRACK + 6
    box_x[END] = ended_left + INSET
    ended_right = ended_left + 2 * INSET + BOX if END in used else begins[OUTER_RIGHT] + count[OUTER_RIGHT] * TRACK
    begins[FAR_RIGHT] = ended_right + 14
    width = ended_right + count[FAR_RIGHT] * TRACK + MARGIN
    return Columns(box_x, left, right, ended_left, ended_right, width, _tracks(keys, begins))


def _keys(routes: list[Route]) -> Iterable[Key]:
    for route in routes:
        for number, way in enumerate(route.via):
            if isinstance(way, Gutter):
                yield track_key(route.flow, way, number == len(route.via) - 1)


def _tracks(keys: list[Key], begins: Mapping[Gutter, float]) -> dict[Key, float]:
    found: dict[Key, float] = {}
    for gutter, begin in begins.items():
        mine = [key for key in keys if key[0] == gutter]
        found |= {key: begin + number * TRACK for number, key in enumerate(mine)}
    return found


def _straight(plan: Plan, routes: list[Route], sizes: Sizes, column: int) -> list[tuple[str, ...]]:
    """The labels of the straight arrows between the hub and this column."""
    return [
        sizes.labels[route.flow]
        for route in routes
        if not route.via
        and not route.is_stacked
        and {plan.places[route.flow.source].column, plan.places[route.flow.target].column} == {HUB, column}
    ]


def _is_told_outside(plan: Plan, route: Route) -> bool:
    """Whether an arrow has its label between the tiers and the ended: it begins at a waiting state or a row's frame."""
    return (
        bool(route.via)
        and route.via[0] == OUTER_RIGHT
        and (route.flow.row is not None or plan.places[route.flow.source].column == WAITING)
    )
