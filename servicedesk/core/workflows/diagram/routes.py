"""By which way each arrow goes, before anything has a size.

Between the columns run vertical gutters, between the rows horizontal channels. An arrow leaves a box at one side, goes
through gutters and channels in turn, and comes in at another. What goes back from the end runs above all rows and down
the outer left gutter, apart from what leads forwards.
"""

from dataclasses import dataclass
from enum import StrEnum

from servicedesk.core.workflows.diagram.flows import Flow
from servicedesk.core.workflows.diagram.places import END, ENTRY, HUB, WAITING, Place, Plan


class Side(StrEnum):
    LEFT = "left"
    RIGHT = "right"
    TOP = "top"
    BOTTOM = "bottom"


@dataclass(frozen=True, slots=True)
class Gutter:
    number: int


@dataclass(frozen=True, slots=True)
class Channel:
    """Above row `number`; the last one is below the last row."""

    number: int


Way = Gutter | Channel
# Left of all; between entry and hub; right of the waiting, left of the ended; right of all.
OUTER_LEFT, INNER, OUTER_RIGHT, FAR_RIGHT = Gutter(0), Gutter(1), Gutter(2), Gutter(3)
TOP_CHANNEL = Channel(0)


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """`via` is empty for a straight arrow: across a gutter, or (`is_stacked`) to the next box in its column."""

    flow: Flow
    start: Side
    via: tuple[Way, ...]
    end: Side
    is_stacked: bool = False


def route_of(flow: Flow, plan: Plan) -> Route:
    here, there = plan.places[flow.source], plan.places[flow.target]
    if flow.row is None and here.row == there.row:
        direct = _direct(flow, here, there)
        if direct:
            return direct
    if flow.row is None and here.column == END and there.column == END:
        return Route(flow, Side.RIGHT, (FAR_RIGHT,), Side.RIGHT)
    if here.column == END:
        return _from_the_end(flow, there)
    if there.column == END:
        side, ways = (Side.RIGHT, ()) if flow.row is not None or here.column != ENTRY else _out_of_entry(here)
        return Route(flow, side, (*ways, OUTER_RIGHT), Side.LEFT)
    return _between_rows(flow, here, there)


def _direct(flow: Flow, here: Place, there: Place) -> Route | None:
    columns = {here.column, there.column}
    if columns in ({ENTRY, HUB}, {HUB, WAITING}):
        rightwards = here.column < there.column
        return Route(flow, *((Side.RIGHT, (), Side.LEFT) if rightwards else (Side.LEFT, (), Side.RIGHT)))
    if here.column == there.column and abs(here.position - there.position) == 1:
        down = here.position < there.position
        return Route(flow, *((Side.BOTTOM, (), Side.TOP) if down else (Side.TOP, (), Side.BOTTOM)), is_stacked=True)
    return None


def _out_of_entry(here: Place) -> tuple[Side, tuple[Way, ...]]:
    """To the right past the hub: above the row or below it."""
    if here.is_first:
        return Side.TOP, (Channel(here.row),)
    if here.is_last:
        return Side.BOTTOM, (Channel(here.row + 1),)
    return Side.RIGHT, (INNER, Channel(here.row + 1))


def _from_the_end(flow: Flow, there: Place) -> Route:
    start, first = (Side.TOP, ()) if flow.row is not None else (Side.RIGHT, (FAR_RIGHT,))
    if there.column == ENTRY:
        return Route(flow, start, (*first, TOP_CHANNEL, OUTER_LEFT), Side.LEFT)
    if there.column == WAITING:
        return Route(flow, start, (*first, TOP_CHANNEL, OUTER_RIGHT), Side.RIGHT)
    down = () if there.row == 0 else (OUTER_LEFT, Channel(there.row))
    return Route(flow, start, (*first, TOP_CHANNEL, *down), Side.TOP)


def _between_rows(flow: Flow, here: Place, there: Place) -> Route:
    """Through the channel on the side of the other row; further than one row, round the left."""
    goes_down = there.row > here.row
    leaving = Channel(here.row + 1) if goes_down or here.row == there.row else Channel(here.row)
    arriving = Channel(there.row) if goes_down else Channel(there.row + 1)
    start, first = _to_channel(here, leaving)
    if flow.row is not None:
        start, first = (Side.BOTTOM if leaving.number > here.row else Side.TOP), ()
    end, last = _to_channel(there, arriving)
    across = (leaving,) if leaving == arriving else (leaving, OUTER_LEFT, arriving)
    return Route(flow, start, (*first, *across, *last), end)


def _to_channel(place: Place, channel: Channel) -> tuple[Side, tuple[Way, ...]]:
    """The side at which a box meets a channel beside its row, and the gutter between, if any."""
    is_above = channel.number == place.row
    if place.column == WAITING:
        return Side.RIGHT, (OUTER_RIGHT,)
    if place.column == HUB or (place.is_first if is_above else place.is_last):
        return (Side.TOP if is_above else Side.BOTTOM), ()
    return Side.RIGHT, (INNER,)
