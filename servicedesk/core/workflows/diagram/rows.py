"""How high everything is: the boxes of each row, the room above them for what leaves to the right, and the channels."""

from dataclasses import dataclass, field

from servicedesk.core.workflows.diagram.columns import INSET, MARGIN, Columns
from servicedesk.core.workflows.diagram.drawing import Rect
from servicedesk.core.workflows.diagram.flows import Flow
from servicedesk.core.workflows.diagram.places import END, ENTRY, HUB, WAITING, Plan
from servicedesk.core.workflows.diagram.routes import INNER, OUTER_RIGHT, Channel, Route, Side
from servicedesk.core.workflows.diagram.sizes import BOX, CLEAR, GAP, Sizes, height_of

HEADER, END_HEADER = 18.0, 38.0


@dataclass(slots=True)
class Rows:
    """`boxes` by state, `frames` by row; `slots`: y of an arrow at a box's side; `tracks`: y of one in a channel."""

    boxes: dict[str, Rect] = field(default_factory=dict)
    frames: list[Rect] = field(default_factory=list)
    slots: dict[tuple[Flow, str, Side], float] = field(default_factory=dict)
    tracks: dict[tuple[Flow, Channel], float] = field(default_factory=dict)
    stacked: dict[Flow, float] = field(default_factory=dict)  # how far below the upper box its label begins
    bottom: float = 0


def rows_of(plan: Plan, routes: list[Route], sizes: Sizes, columns: Columns) -> Rows:
    rows = Rows()
    y = MARGIN
    for row in range(plan.tiers):
        y = _channel(rows, plan, routes, sizes, Channel(row), y)
        y = _tier(rows, plan, routes, sizes, columns, row, y)
    y = _channel(rows, plan, routes, sizes, Channel(plan.tiers), y)
    if (end := plan.end_row()) is not None:
        top = rows.frames[0].y if rows.frames else y
        bottom = _stack(rows, plan.columns[end][END], routes, sizes, columns.box_x[END], top + END_HEADER)
        _slots(rows, plan, sizes, end)
        rows.frames.append(
            Rect(columns.ended_left, top, columns.ended_right - columns.ended_left, bottom + INSET - top)
        )
        y = max(y, bottom + INSET)
    rows.bottom = y + MARGIN
    return rows


def _channel(rows: Rows, plan: Plan, routes: list[Route], sizes: Sizes, channel: Channel, y: float) -> float:
    """A track for each arrow that runs in it, its label above it."""
    mine = sorted((r for r in routes if channel in r.via), key=lambda route: _order(route, plan, channel))
    for route in mine:
        # A step that runs in the inner gutter has its label there.
        begins = route.via[0] == channel or (route.via[1:2] == (channel,) and route.via[0] != INNER)
        y += height_of(sizes.labels[route.flow]) + CLEAR if begins else 2 * CLEAR
        rows.tracks[route.flow, channel] = y
    return y + (1.5 * CLEAR if mine else 0) + (GAP / 2 if channel.number else 0)


def _order(route: Route, plan: Plan, channel: Channel) -> tuple[int, int]:
    """Leftwards down first, then straight, then rightwards down: the two kinds cross once and no more."""
    here, there = plan.places[route.flow.source], plan.places[route.flow.target]
    if route.flow.row is not None:
        return 1, here.row
    upper, lower = (here, there) if here.row <= there.row else (there, here)
    return (0 if upper.column > lower.column else 2 if upper.column < lower.column else 1), here.column


def _tier(rows: Rows, plan: Plan, routes: list[Route], sizes: Sizes, columns: Columns, row: int, top: float) -> float:
    stacks = plan.columns[row]
    header = _frame_exits(rows, routes, sizes, row, top)
    exits = header + _exits(rows, plan, routes, sizes, row, header)
    bottom = max(
        _stack(rows, stacks.get(ENTRY, []), routes, sizes, columns.box_x.get(ENTRY, 0), header),
        _stack(rows, stacks.get(WAITING, []), routes, sizes, columns.box_x.get(WAITING, 0), exits),
    )
    for hub in stacks.get(HUB, []):
        bottom = max(bottom, header + sizes.box_height(hub), exits)
        rows.boxes[hub] = Rect(columns.box_x[HUB], header, BOX, bottom - header)
    _stretch(rows, stacks.get(ENTRY, []), bottom)
    _slots(rows, plan, sizes, row)
    rows.frames.append(Rect(columns.left, top, columns.right - columns.left, bottom + INSET - top))
    return bottom + INSET


def _frame_exits(rows: Rows, routes: list[Route], sizes: Sizes, row: int, top: float) -> float:
    """What leaves the whole row leaves beside its name; gives where the boxes begin."""
    y = top + CLEAR
    for route in routes:
        if route.flow.row == row and route.start is Side.RIGHT:
            y += height_of(sizes.labels[route.flow])
            rows.slots[route.flow, "", Side.RIGHT] = y
            y += CLEAR
    return max(top + HEADER, y)


def _exits(rows: Rows, plan: Plan, routes: list[Route], sizes: Sizes, row: int, top: float) -> float:
    """The hub's own ways to the right edge run above the waiting states."""
    y = top
    for route in routes:
        place = plan.places[route.flow.source]
        leaves = route.flow.row is None and (place.row, place.column) == (row, HUB)
        if leaves and route.via and route.via[0] == OUTER_RIGHT:
            y += height_of(sizes.labels[route.flow]) + CLEAR
            rows.slots[route.flow, route.flow.source, Side.RIGHT] = y
    return y - top + (CLEAR if y > top else 0)


def _stack(rows: Rows, states: list[str], routes: list[Route], sizes: Sizes, x: float, y: float) -> float:
    """Boxes one under the other, with room between two for the arrows that join them; gives where the last ends."""
    for position, state in enumerate(states):
        if position:
            y += _joints(rows, routes, sizes, {states[position - 1], state})
        rows.boxes[state] = Rect(x, y, BOX, sizes.box_height(state))
        y = rows.boxes[state].bottom
    return y


def _joints(rows: Rows, routes: list[Route], sizes: Sizes, pair: set[str]) -> float:
    high = CLEAR
    for route in routes:
        if route.is_stacked and {route.flow.source, route.flow.target} == pair:
            rows.stacked[route.flow] = high
            high += height_of(sizes.labels[route.flow]) + 4
    return max(GAP, high + CLEAR)


def _stretch(rows: Rows, states: list[str], bottom: float) -> None:
    """The ways in reach as far down as their row, so that what comes from below has a short way."""
    spare = (bottom - rows.boxes[states[-1]].bottom) / len(states) if states else 0
    for number, state in enumerate(states):
        box = rows.boxes[state]
        rows.boxes[state] = Rect(box.x, box.y + number * spare, box.width, box.height + spare)


def _slots(rows: Rows, plan: Plan, sizes: Sizes, row: int) -> None:
    for state in plan.members(row):
        box = rows.boxes[state]
        for side in (Side.LEFT, Side.RIGHT):
            flows = sizes.slots.get((state, side), [])
            spare = (box.height - sum(high for _, high in flows)) / (len(flows) + 1)
            y = box.y
            for flow, high in flows:
                y += spare + high
                rows.slots[flow, state, side] = y - CLEAR / 2
