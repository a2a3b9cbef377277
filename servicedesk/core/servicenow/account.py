"""What became of every row of a log: the account that an import gives, in which each row stands exactly once."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """What became of a row. `here`: it was imported before. `left`: its ticket here is another one, or has gone on."""

    IMPORTED = "imported"
    NO_CHANGE = "no change"
    REPAIRED = "repaired"
    DUPLICATE = "duplicate"
    REFUSED = "refused"
    HERE = "already here"
    LEFT = "left"


class Kind(StrEnum):
    """Why a row was repaired, refused or left; what a note about the whole file is about."""

    ORDER_UNREADABLE = "counter_unreadable"
    ORDER_TWICE = "counter_twice"
    DUPLICATE = "duplicate"
    TIME_UNREADABLE = "time_unreadable"
    TIME_IMPOSSIBLE = "time_impossible"
    TIME_BEFORE = "time_before"
    TIME_TWICE = "time_twice"
    TIME_SKIPPED = "time_skipped"
    OPENED_MISSING = "opened_missing"
    OPENED_LATE = "opened_late"
    OPENED_DIFFERS = "opened_differs"
    STATE_MISSING = "state_missing"
    STATE_UNKNOWN = "state_unknown"
    STATE_SKIPPED = "state_skipped"
    ENDING_DIFFERS = "ending_differs"
    ENDING_ADDED = "ending_added"
    GROUP_MISSING = "group_missing"
    GROUP_UNKNOWN = "group_unknown"
    VALUE_MISSING = "value_missing"
    VALUE_UNKNOWN = "value_unknown"
    PLACE_KEPT = "place_kept"
    NUMBER_MISSING = "number_missing"
    NUMBER_UNUSABLE = "number_unusable"
    COLUMNS_WRONG = "columns_wrong"
    HEADER_AGAIN = "header_again"
    NO_TIME = "no_time"
    QUOTE_STRAY = "quote_stray"
    ENCODING = "encoding"
    COLUMN_MISSING = "column_missing"
    NATIVE_TICKET = "native_ticket"
    DIFFERS = "differs"
    GONE_ON = "gone_on"


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to know about one row, or (line 0) about the whole file. `line` is where the row begins."""

    line: int
    number: str
    outcome: Outcome
    kind: Kind
    why: str


@dataclass(slots=True)
class Account:
    """`outcomes`: line -> what became of the row that begins there. `blank`: lines with nothing on them, no rows."""

    outcomes: dict[int, Outcome] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    blank: int = 0

    @property
    def rows(self) -> int:
        return len(self.outcomes)

    def counts(self) -> dict[Outcome, int]:
        counted = Counter(self.outcomes.values())
        return {outcome: counted[outcome] for outcome in Outcome}

    def equation(self) -> str:
        """`3411 rows read = 1905 imported + …`: what stands on the right is counted row by row."""
        parts = [f"{count} {outcome}" for outcome, count in self.counts().items()]
        return f"{self.rows} rows read = {' + '.join(parts)}"

    def kinds(self) -> dict[tuple[Outcome, Kind], int]:
        """How often each thing was said, the rarest outcome last as declared."""
        counted = Counter((remark.outcome, remark.kind) for remark in self.remarks)
        order = list(Outcome)
        return dict(sorted(counted.items(), key=lambda item: (order.index(item[0][0]), -item[1])))

    def add(self, remarks: Iterable[Remark]) -> None:
        self.remarks.extend(remarks)

    def refuse(self, remark: Remark) -> None:
        self.outcomes[remark.line] = Outcome.REFUSED
        self.remarks.append(remark)
