"""What a picture is made of, in the units of its own view box."""

from dataclasses import dataclass
from enum import StrEnum

from servicedesk.core.vocabulary import Category
from servicedesk.core.workflows.definition import Step

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rect:
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    def overlaps(self, other: "Rect", gap: float = 0) -> bool:
        return (
            self.x < other.right + gap
            and other.x < self.right + gap
            and self.y < other.bottom + gap
            and other.y < self.bottom + gap
        )


@dataclass(frozen=True, slots=True)
class Box:
    """A state. `inner` are the steps that leave it where it is, told inside it."""

    state: str
    category: Category
    rect: Rect
    title: tuple[str, ...]
    kind: str
    inner: tuple[tuple[str, ...], ...]
    staying: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """`covers`: a line runs behind it."""

    rect: Rect
    lines: tuple[str, ...]
    covers: bool


@dataclass(frozen=True, slots=True)
class Arrow:
    """One or more steps on one line. `from_row`: from every state of the row, so that it begins at the row's frame.
    `is_back`: the ticket goes back to where it came from, or out of its end."""

    steps: tuple[Step, ...]
    sources: tuple[str, ...]
    target: str
    points: tuple[Point, ...]
    is_timed: bool
    is_back: bool
    from_row: bool
    label: Label


@dataclass(frozen=True, slots=True)
class Row:
    """A tier's swim lane, or the column of those that have ended."""

    key: str
    name: str
    rect: Rect


class Sign(StrEnum):
    """What the picture's own signs are called in its legend."""

    STEP = "step"
    BACK = "back"
    TIMED = "timed"
    FROM_ROW = "from_row"
    STAYS = "stays"


@dataclass(frozen=True, slots=True)
class Explained:
    """One line of the legend, its sign at `x` and `y`."""

    sign: Sign
    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Drawing:
    title: str
    width: float
    height: float
    rows: tuple[Row, ...]
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    legend: tuple[Explained, ...]
