"""What a ticket is now: the journal folded up. Plain values only, so that it can be stored and compared as JSON."""

from datetime import datetime

from msgspec import field

from servicedesk.core.codec import FrozenRecord, Record
from servicedesk.core.vocabulary import (
    Category,
    Channel,
    ClockEffect,
    Fault,
    Level,
    Metric,
    RequesterKind,
    Tier,
    WaitsOn,
)


class Holder(FrozenRecord, frozen=True):
    """Who has the ticket: one team, and with it tier, organisation and the key of its opening hours when it got it."""

    team: str
    tier: Tier
    organisation: str
    calendar: str = ""


class Custody(Record):
    """One stretch in one state with one holder, [started_at, ended_at); the stretches tile the ticket's life.

    `number` counts hand-overs: all stretches of one stay share it. `account` is whose time it is: the holder's
    tier, or whom it waits on. `clock` is what the state does to the promised resolution. `counted` is False for time
    spent closed, which is nobody's.
    """

    number: int
    holder: Holder
    state: str
    account: str
    accepted: bool
    started_at: datetime
    ended_at: datetime | None = None
    counted: bool = True
    clock: ClockEffect = ClockEffect.RUN


class Clock(Record):
    """One promise on one ticket. `key` is `metric`, `metric/tier/organisation` or, per hand-over or update, with
    `/number`.

    `spent` is open seconds used before `running_since`; `due_at` is set while the clock runs and has a target.
    `warned` holds the shares already announced; `stopped_at` the moment it last stopped (None while it lives).
    With `grace`, `passed_at` is when the target had been spent, and `breaks_at`, while it runs, when the grace has been
    too: broken is only then. `answered_at`: the update that was promised came, and this clock has had its outcome.
    """

    key: str
    metric: Metric
    agreement: str
    party: str
    tier: Tier | None
    target: int
    calendar: str
    started_at: datetime
    state: ClockEffect = ClockEffect.RUN
    spent: int = 0
    running_since: datetime | None = None
    due_at: datetime | None = None
    stopped_at: datetime | None = None
    broken_at: datetime | None = None
    grace: int = 0
    passed_at: datetime | None = None
    breaks_at: datetime | None = None
    answered_at: datetime | None = None
    warned: list[int] = field(default_factory=list)


class Question(Record):
    """An open question: who asked (team) of whom, at which seq."""

    seq: int
    asked_by: str
    of: WaitsOn


class Link(Record):
    relation: str
    number: str


class TicketState(Record):
    """The fold. Personal text is not here; entries point to it by the journal's seq.

    `seq` is the last event, `version` the last that a person would call a change (a warning is none). `state_seq` is
    the event that entered the present state. `joint` is the joint organisation once the ticket has been escalated.
    `descriptions`: supplier -> the event with the description approved for it. `supplier_versions`, `supplier_seen_at`:
    supplier -> the last change it may see and when, so that nothing hidden shows through a number or a time.
    `handed_over_by` is the way back: whom a return goes to, last first to be taken. `announced`: shares that were
    announced of clocks that, by a correction, had not begun. `references`: organisation -> what its own system calls
    the ticket. `rating`: what the requester said of how it went, since it was last closed. `major`: the major incident
    that it belongs to or leads, by its key; `joint_by_major`: nothing but that has opened it to the joint organisation.
    """

    number: str
    workflow: str
    workflow_version: str
    municipality: str
    service: str
    e_service: str
    supplier: str
    channel: Channel
    requester_kind: RequesterKind
    impact: Level
    urgency: Level
    priority: int
    fault: Fault
    state: str
    category: Category
    holder: Holder
    opened_at: datetime
    seq: int = 0
    version: int = 0
    state_seq: int = 0
    last_at: datetime | None = None
    assignee: str = ""
    accepted: bool = True
    holding_number: int = 1
    handed_over_by: list[Holder] = field(default_factory=list)
    handovers: int = 0
    returns: int = 0
    reopenings: int = 0
    joint: str = ""
    suppliers: list[str] = field(default_factory=list)
    agreements: dict[str, str] = field(default_factory=dict)
    platform_case: str = ""
    question: Question | None = None
    resolution_code: str = ""
    solution_seq: int = 0
    descriptions: dict[str, int] = field(default_factory=dict)
    supplier_versions: dict[str, int] = field(default_factory=dict)
    supplier_seen_at: dict[str, datetime] = field(default_factory=dict)
    responded_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    resume_at: datetime | None = None
    state_since: datetime | None = None
    merged_into: str = ""
    cancel_reason: str = ""
    links: list[Link] = field(default_factory=list)
    clocks: dict[str, Clock] = field(default_factory=dict)
    custody: list[Custody] = field(default_factory=list)
    timed_done: list[str] = field(default_factory=list)
    announced: dict[str, list[int]] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    rating: str = ""
    major: str = ""
    joint_by_major: bool = False

    @property
    def is_open(self) -> bool:
        return self.category not in (Category.RESOLVED, Category.CLOSED)
