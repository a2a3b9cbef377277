"""Where each arrow runs, once boxes, gutters and channels have their places."""

from collections import Counter
from dataclasses import dataclass

from servicedesk.core.workflows.diagram.columns import TRACK, Columns
from servicedesk.core.workflows.diagram.drawing import Point
from servicedesk.core.workflows.diagram.flows import Flow
from servicedesk.core.workflows.diagram.places import HUB, Plan
from servicedesk.core.workflows.diagram.routes import OUTER_RIGHT, Channel, Gutter, Route, Side
from servicedesk.core.workflows.diagram.rows import Rows
from servicedesk.core.workflows.diagram.sizes import Sizes

FROM_FRAME = 22.0


@dataclass(frozen=True, slots=True)
class End:
    """An arrow's end at the top or bottom of a box: `towards` is -1 where it goes left from there, else 1."""

    flow: Flow
    towards: int
    track: float


class Lines:
    """Makes the points of each route: `points(route)`."""

    def __init__(self, plan: Plan, routes: list[Route], sizes: Sizes, columns: Columns, rows: Rows) -> None:
        self.plan, self.sizes, self.columns, self.rows = plan, sizes, columns, rows
        self.ports: dict[tuple[Flow, str, Side], float] = {}
        self._frames: dict[tuple[int, Side], int] = {}
        arrivals = Counter((route.flow.target, route.end) for route in routes if route.via)
        self._alone = {end for end, count in arrivals.items() if count == 1}
        self._place_ports(routes)

    def points(self, route: Route) -> tuple[Point, ...]:
        if route.is_stacked:
            return self._stacked(route)
        if not route.via:
            return self._straight(route)
        x, y = self._start(route)
        points = [(x, y)]
        for number, way in enumerate(route.via):
            if isinstance(way, Channel):
                y = self.rows.tracks[route.flow, way]
            else:
                x = self.columns.track(route.flow, way, number == len(route.via) - 1)
            points.append((x, y))
        points += self._arrival(route, x, y)
        return _without_doubles(points)

    def _start(self, route: Route) -> Point:
        flow = route.flow
        if flow.row is not None:
            return self._from_frame(route)
        box = self.rows.boxes[flow.source]
        if route.start in (Side.TOP, Side.BOTTOM):
            return self.ports[flow, flow.source, route.start], box.y if route.start is Side.TOP else box.bottom
        return box.right if route.start is Side.RIGHT else box.x, self.rows.slots[flow, flow.source, route.start]

    def _from_frame(self, route: Route) -> Point:
        assert route.flow.row is not None
        frame = self.rows.frames[route.flow.row]
        if route.start is Side.RIGHT:
            return frame.right, self.rows.slots[route.flow, "", Side.RIGHT]
        x = self.ports[route.flow, "", route.start]
        return x, frame.y if route.start is Side.TOP else frame.bottom

    def _arrival(self, route: Route, x: float, y: float) -> list[Point]:
        state, side = route.flow.target, route.end
        box = self.rows.boxes[state]
        if side in (Side.TOP, Side.BOTTOM):
            port = self.ports[route.flow, state, side]
            return [(port, y), (port, box.y if side is Side.TOP else box.bottom)]
        at = self.rows.slots[self.sizes.joint[state, side], state, side]
        if (state, side) in self._alone and box.y + TRACK < y < box.bottom - TRACK:
            at = y
        return [(x, at), (box.x if side is Side.LEFT else box.right, at)]

    def _straight(self, route: Route) -> tuple[Point, ...]:
        here, there = (self.rows.boxes[state] for state in (route.flow.source, route.flow.target))
        key = (route.flow, route.flow.source, route.start)
        y = (
            self.rows.slots[key]
            if key in self.rows.slots
            else self.rows.slots[route.flow, route.flow.target, route.end]
        )
        rightwards = route.start is Side.RIGHT
        return ((here.right if rightwards else here.x, y), (there.x if rightwards else there.right, y))

    def _stacked(self, route: Route) -> tuple[Point, ...]:
        here, there = (self.rows.boxes[state] for state in (route.flow.source, route.flow.target))
        others = [f for f in self.rows.stacked if {f.source, f.target} == {route.flow.source, route.flow.target}]
        x = here.x + 12 + others.index(route.flow) * TRACK
        down = route.start is Side.BOTTOM
        return ((x, here.bottom if down else here.y), (x, there.y if down else there.bottom))

    def _place_ports(self, routes: list[Route]) -> None:
        """Along the top or bottom of each box, in the order in which the arrows do not cross right beside it."""
        ends: dict[tuple[str, Side], list[End]] = {}
        for route in routes:
            if not route.via:
                continue
            flow = route.flow
            if route.start in (Side.TOP, Side.BOTTOM) and flow.row is None:
                ends.setdefault((flow.source, route.start), []).append(self._end(route, at_start=True))
            if route.end in (Side.TOP, Side.BOTTOM):
                ends.setdefault((flow.target, route.end), []).append(self._end(route, at_start=False))
            if flow.row is not None and route.start in (Side.TOP, Side.BOTTOM):
                self._place_on_frame(flow, flow.row, route.start)
        for (state, side), found in ends.items():
            box = self.rows.boxes[state]
            for number, end in enumerate(sorted(found, key=lambda end: _order(end, side)), start=1):
                self.ports[end.flow, state, side] = box.x + box.width * number / (len(found) + 1)

    def _end(self, route: Route, *, at_start: bool) -> End:
        own, other = (route.flow.source, route.flow.target) if at_start else (route.flow.target, route.flow.source)
        ways = route.via if at_start else route.via[::-1]
        assert isinstance(ways[0], Channel)
        return End(route.flow, self._towards(route, own, other, ways), self.rows.tracks[route.flow, ways[0]])

    def _towards(self, route: Route, own: str, other: str, ways: tuple[Channel | Gutter, ...]) -> int:
        if len(ways) > 1 and isinstance(ways[1], Gutter):
            return 1 if ways[1] == OUTER_RIGHT or ways[1].number == OUTER_RIGHT.number + 1 else -1
        if route.flow.row is not None:
            return 1
        here, there = self.plan.places[own].column, self.plan.places[other].column
        return -1 if there < here or (there == here == HUB and own == route.flow.source) else 1

    def _place_on_frame(self, flow: Flow, row: int, side: Side) -> None:
        """Right of the hub, so that the way to one has room for its label."""
        frame, number = self.rows.frames[row], self._frames.get((row, side), 0)
        self._frames[row, side] = number + 1
        self.ports[flow, "", side] = frame.right - FROM_FRAME - number * TRACK


def _order(end: End, side: Side) -> tuple[int, float]:
    """Those that go left stand left. Nested ones do not cross: which of them is outermost depends on the side."""
    falling = (side is Side.BOTTOM) == (end.towards > 0)
    return end.towards, -end.track if falling else end.track


def _without_doubles(points: list[Point]) -> tuple[Point, ...]:
    kept = [points[0]]
    for point in points[1:]:
        if point != kept[-1]:
            kept.append(point)
    return tuple(kept)
