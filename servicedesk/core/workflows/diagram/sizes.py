"""How large the boxes and the room between them must be for what is written there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from servicedesk.core.workflows.definition import Definition, Step
from servicedesk.core.workflows.diagram.flows import Flow, staying
from servicedesk.core.workflows.diagram.places import END, ENTRY, HUB, WAITING, Plan
from servicedesk.core.workflows.diagram.routes import INNER, OUTER_RIGHT, Route, Side
from servicedesk.core.workflows.diagram.text import LARGE, LARGE_LINE, SMALL, SMALL_LINE, widest, wrapped
from servicedesk.core.workflows.diagram.words import PictureWords

BOX, PADDING, GAP = 168.0, 10.0, 22.0
LABEL_WIDTH, WIDE_LABEL = 126.0, 250.0
CLEAR = 9.0  # between an arrow and what stands above or below it
STAYS, SEVERAL = "↻ ", "• "


@dataclass(frozen=True, slots=True)
class BoxText:
    title: tuple[str, ...]
    kind: str
    inner: tuple[tuple[str, ...], ...]
    staying: tuple[Step, ...]

    @property
    def height(self) -> float:
        lines = sum(map(len, self.inner))
        return 2 * PADDING + len(self.title) * LARGE_LINE + SMALL_LINE + lines * SMALL_LINE + 4 * bool(lines)


def box_text(definition: Definition, state: str, words: PictureWords) -> BoxText:
    declared, stays = definition.states[state], staying(definition, state)
    return BoxText(
        title=wrapped(declared.labels[words.language], BOX - 2 * PADDING, LARGE),
        kind="" if declared.labels[words.language] == words.kind(declared) else words.kind(declared),
        inner=tuple(wrapped(STAYS + words.step(step), BOX - 2 * PADDING, SMALL) for step in stays),
        staying=stays,
    )


def label_lines(flow: Flow, words: PictureWords, width: float) -> tuple[str, ...]:
    """Every step on a line of its own; who is meant by a row's arrow is said under it."""
    sign = SEVERAL if len(flow.steps) > 1 else ""
    lines = tuple(line for step in flow.steps for line in wrapped(sign + words.step(step), width, SMALL))
    return (*lines, *wrapped(words.from_row, width, SMALL)) if flow.row is not None else lines


def height_of(lines: tuple[str, ...]) -> float:
    return len(lines) * SMALL_LINE


@dataclass(slots=True)
class Sizes:
    """What is known of the picture before any place in it is.

    `slots`: (state, side) -> the flows that meet that side one under the other, each with the height it needs.
    `joint`: (state, side) -> the flow in whose slot all come in that come round by a gutter.
    """

    texts: Mapping[str, BoxText]
    labels: dict[Flow, tuple[str, ...]] = field(default_factory=dict)
    slots: dict[tuple[str, Side], list[tuple[Flow, float]]] = field(default_factory=dict)
    joint: dict[tuple[str, Side], Flow] = field(default_factory=dict)

    def box_height(self, state: str) -> float:
        sides = (sum(height for _, height in self.slots.get((state, side), [])) for side in (Side.LEFT, Side.RIGHT))
        return max(self.texts[state].height, *(side + CLEAR for side in sides))


def sizes_of(definition: Definition, plan: Plan, routes: list[Route], words: PictureWords) -> Sizes:
    sizes = Sizes({state: box_text(definition, state, words) for state in definition.states})
    for route in routes:
        flow = route.flow
        sizes.labels[flow] = label_lines(flow, words, _room(route, plan))
        if not route.is_stacked:
            _take_slots(sizes, plan, route)
    return sizes


def _room(route: Route, plan: Plan) -> float:
    """Across a gutter there is little, above a row or along a channel there is more."""
    if route.is_stacked:
        return BOX - 2 * PADDING - 14
    outside = route.flow.row is not None or plan.places[route.flow.source].column == WAITING
    is_narrow = not route.via or INNER in route.via or (route.via[0] == OUTER_RIGHT and outside)
    return LABEL_WIDTH if is_narrow else WIDE_LABEL


def _take_slots(sizes: Sizes, plan: Plan, route: Route) -> None:
    """Straight arrows are told apart at the box beside the hub; arrows to one box by one gutter come in together."""
    flow = route.flow
    high = height_of(sizes.labels[flow]) + CLEAR
    here, there = plan.places[flow.source], plan.places[flow.target]
    if not route.via:
        outer, side = (flow.source, route.start) if there.column == HUB else (flow.target, route.end)
        sizes.slots.setdefault((outer, side), []).append((flow, high))
        return
    if flow.row is None and route.start in (Side.LEFT, Side.RIGHT) and here.column in (ENTRY, WAITING, END):
        told_here = route.via[0] == OUTER_RIGHT and here.column == WAITING
        sizes.slots.setdefault((flow.source, route.start), []).append((flow, high if told_here else 2 * CLEAR))
    if route.end in (Side.LEFT, Side.RIGHT):
        key = (flow.target, route.end)
        if sizes.joint.setdefault(key, flow) is flow:
            sizes.slots.setdefault(key, []).append((flow, 2 * CLEAR))


def gap_width(labels: list[tuple[str, ...]], tracks: int) -> float:
    return max(48.0, widest(tuple(line for lines in labels for line in lines), SMALL) + 30) + tracks * 12
