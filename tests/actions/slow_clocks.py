"""A slow reading of a journal: every promise measured by adding up, stretch by stretch, the open time in which it ran.

It knows what the workflow, the agreement and the calendars say, and nothing of how the fold goes about it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from msgspec.structs import replace

from servicedesk.core.events import (
    AgreementChanged,
    EntryAdded,
    Event,
    Moved,
    MunicipalityChanged,
    PriorityChanged,
    TicketClassified,
    TicketLogged,
    TicketMerged,
    WorkflowChanged,
)
from servicedesk.core.facts import Target
from servicedesk.core.ticket import Holder
from servicedesk.core.vocabulary import AgreementKind, Category, Channel, ClockEffect, Metric, Tier, Verb, WaitsOn
from servicedesk.core.workflows.definition import Definition, State
from servicedesk.core.workflows.effects import Effect
from servicedesk.store.rulebook import RuleBook

DIRECT = (Channel.PHONE, Channel.VISIT, Channel.CHAT)
ENDED = (Category.RESOLVED, Category.CLOSED)


@dataclass
class Promise:
    metric: Metric
    version: str
    kind: AgreementKind
    tier: Tier | None
    organisation: str
    number: int
    target: int = 0
    grace: int = 0
    calendar: str = ""
    spent: int = 0
    broken: bool = False
    answered: bool = False


@dataclass
class Reading:
    book: RuleBook
    promises: dict[str, Promise] = field(default_factory=dict)
    state: str = ""
    workflow: str = ""
    version: str = ""
    holder: Holder | None = None
    number: int = 1
    priority: int = 0
    has_answered: bool = False
    agreements: dict[str, str] = field(default_factory=dict)

    @property
    def definition(self) -> Definition:
        return self.book.definition(self.version)

    @property
    def now(self) -> State:
        return self.definition.states[self.state]

    def pass_time(self, start: datetime, end: datetime) -> None:
        for promise in self.promises.values():
            if self.runs(promise):
                hours = self.book.calendar(promise.calendar)
                allowed = promise.target + promise.grace
                if promise.target and end > hours.deadline(start, max(0, allowed - promise.spent)):
                    promise.broken = True
                promise.spent += hours.elapsed(start, end)

    def runs(self, promise: Promise) -> bool:
        return self.does(promise) is ClockEffect.RUN and not self.is_over(promise) and self.is_with(promise)

    def does(self, promise: Promise) -> ClockEffect:
        """What the state says of it: of an update nothing but what it says of the promise that it belongs to."""
        if promise.metric is not Metric.UPDATE:
            return self.now.clocks[promise.metric]
        metrics = {AgreementKind.SLA: Metric.RESOLUTION, AgreementKind.OLA: Metric.HOLDING}
        return self.now.clocks[metrics.get(promise.kind, Metric.CONTRACT)]

    def is_over(self, promise: Promise) -> bool:
        """Whether this promise has had its outcome, as things stand."""
        if promise.answered or self.does(promise) is ClockEffect.STOP:
            return True
        if promise.metric is Metric.RESPONSE:
            return self.has_answered
        if promise.metric is Metric.ACKNOWLEDGEMENT:
            return promise.number != self.number or not self.now.received
        return False

    def is_with(self, promise: Promise) -> bool:
        assert self.holder
        if promise.kind is AgreementKind.SLA:
            return True
        return (promise.tier, promise.organisation) == (self.holder.tier, self.holder.organisation)

    def hear(self, event: Event) -> None:
        """An update ends when the one who is promised it hears something."""
        data, heard = event.payload, set()
        if isinstance(data, EntryAdded) and data.entry == "reply":
            heard.add("")
        if isinstance(data, Moved) and data.verb is Verb.ASK and self.waits_for_requester(data.to_state):
            heard.add("")
        if isinstance(data, EntryAdded | Moved) and event.texts and event.party and event.amends is None:
            heard.add(event.party)
        for promise in self.promises.values():
            if promise.metric is Metric.UPDATE and promise.organisation in heard:
                promise.answered = True

    def waits_for_requester(self, state: str) -> bool:
        return self.definition.states[state].waits_on is WaitsOn.REQUESTER

    def read(self, event: Event) -> None:
        data = event.payload
        self.hear(event)
        if isinstance(data, TicketLogged):
            self.state, self.version, self.holder = data.state, data.workflow_version, data.holder
            self.workflow = data.workflow
            self.priority, self.agreements = data.priority, dict(data.agreements)
            self.has_answered = data.channel in DIRECT
        elif isinstance(data, Moved) and data.verb is not Verb.REMIND:
            self.moved(data)
        elif isinstance(data, TicketMerged):
            self.state = data.to_state
        elif isinstance(data, WorkflowChanged):
            self.state, self.version = data.state, data.workflow_version
        elif isinstance(data, EntryAdded):
            self.has_answered = self.has_answered or data.entry == "reply"
        elif isinstance(data, MunicipalityChanged):
            self.state, self.holder, self.number = data.state, data.holder, self.number + 1
            self.follow(dict(data.agreements))
        elif isinstance(data, TicketClassified):
            self.follow(dict(data.agreements))
        elif isinstance(data, AgreementChanged):
            self.follow({**self.agreements, data.kind: data.version})
        elif isinstance(data, PriorityChanged):
            self.priority = data.priority
            self.promise_again(self.promises.values())
        self.has_answered = self.has_answered or self.now.category in ENDED
        self.open_promises()

    def moved(self, data: Moved) -> None:
        passes = {Effect.PASS_BACK, Effect.PASS_TO_TEAM, Effect.PASS_TO_TIER} & set(data.effects)
        if passes and data.holder is not None:
            self.holder, self.number = data.holder, self.number + 1
        self.state = data.to_state
        if data.verb is Verb.ASK and self.now.waits_on is WaitsOn.REQUESTER:
            self.has_answered = True

    def follow(self, agreements: dict[str, str]) -> None:
        """A promise follows the agreement of its kind, except that a supplier never answers for another's contract."""
        before, self.agreements = self.agreements, agreements
        changed = []
        for promise in self.promises.values():
            version = agreements.get(promise.kind)
            if version is None or version == promise.version or promise.version != before.get(promise.kind):
                continue
            foreign = promise.tier is Tier.SUPPLIER and self.book.agreement(version).party != promise.organisation
            if not foreign and not self.is_over(promise):
                promise.version = version
                changed.append(promise)
        self.promise_again(changed)

    def promise_again(self, promises: Iterable[Promise]) -> None:
        for promise in promises:
            if not self.is_over(promise):
                target = self.target(promise, [self.priority])
                promise.target, promise.grace = (target.seconds, target.grace) if target else (0, 0)
                is_late = promise.target and promise.spent > promise.target + promise.grace
                promise.broken = promise.broken or bool(is_late)
                self.count_on(promise, target)

    def open_promises(self) -> None:
        assert self.holder
        here, where = self.holder, f"{self.holder.tier}/{self.holder.organisation}"
        if self.now.category not in ENDED:
            outside = here.tier is Tier.SUPPLIER
            kind = AgreementKind.UC if outside else AgreementKind.OLA
            metric = Metric.CONTRACT if outside else Metric.HOLDING
            self.open(f"{metric}/{where}", metric, kind, here, 0)
            if self.now.received:
                self.open(f"acknowledgement/{where}/{self.number}", Metric.ACKNOWLEDGEMENT, kind, here, self.number)
        for metric in (Metric.RESPONSE, Metric.RESOLUTION):
            self.open(str(metric), metric, AgreementKind.SLA, None, 0)
        self.open_update(f"{Metric.UPDATE}", AgreementKind.SLA, None)
        kind = AgreementKind.UC if here.tier is Tier.SUPPLIER else AgreementKind.OLA
        self.open_update(f"{Metric.UPDATE}/{where}", kind, here)
        for promise in self.promises.values():
            if self.is_with(promise):
                self.count_on(promise, self.target(promise, [self.priority, 1, 2, 3, 4]))

    def open_update(self, key: str, kind: AgreementKind, holder: Holder | None) -> None:
        """The next silence, as soon as the promise runs and the last one has been broken by an update."""
        organisation = holder.organisation if holder else ""
        earlier = [
            promise
            for promise in self.promises.values()
            if (promise.metric, promise.kind, promise.organisation) == (Metric.UPDATE, kind, organisation)
            if holder is None or promise.tier is holder.tier
        ]
        trial = Promise(Metric.UPDATE, "", kind, None, organisation, 0)
        if all(promise.answered for promise in earlier) and self.does(trial) is ClockEffect.RUN:
            self.open(f"{key}/{len(earlier) + 1}", Metric.UPDATE, kind, holder, 0)

    def open(self, key: str, metric: Metric, kind: AgreementKind, holder: Holder | None, number: int) -> None:
        version = self.agreements.get(kind)
        if key in self.promises or version is None:
            return
        if kind is AgreementKind.UC and holder and self.book.agreement(version).party != holder.organisation:
            return
        promise = Promise(
            metric, version, kind, holder.tier if holder else None, holder.organisation if holder else "", 0
        )
        promise.number = number
        target = self.target(promise, [self.priority, 1, 2, 3, 4])
        if target is not None:
            if self.priority in target.priorities:
                promise.target, promise.grace = target.seconds, target.grace
            self.count_on(promise, target)
            self.promises[key] = promise

    def count_on(self, promise: Promise, target: Target | None) -> None:
        """The opening hours it counts on from now: the agreement's, or those of whoever has the ticket."""
        assert self.holder
        if target is not None and target.calendar != "holder":
            promise.calendar = target.calendar
        elif target is not None and self.is_with(promise) and not self.is_over(promise):
            promise.calendar = self.holder.calendar

    def target(self, promise: Promise, priorities: list[int]) -> Target | None:
        tiers = (None,) if promise.kind is not AgreementKind.OLA else (None, promise.tier)
        mine = [
            target
            for target in self.book.agreement(promise.version).targets
            if target.metric is promise.metric and target.tier in tiers
        ]
        for priority in priorities:
            for own_type in (True, False):
                for target in mine:
                    fits = self.workflow in target.workflows if own_type else not target.workflows
                    if fits and priority in target.priorities:
                        return target
        return None


def as_corrected(events: list[Event]) -> list[Event]:
    """Each event with what the last correction of it says, one after another as they happened."""
    found = []
    for event in events:
        if event.amends in (None, 0):
            for later in events:
                if later.amends != event.seq:
                    continue
                if isinstance(event.payload, TicketLogged) and isinstance(later.payload, PriorityChanged):
                    event = replace(event, payload=replace(event.payload, priority=later.payload.priority))
                else:
                    event = replace(event, payload=later.payload, occurred_at=later.occurred_at)
            found.append(event)
    return sorted(found, key=lambda event: (event.occurred_at, event.seq))


def slow_reading(events: list[Event], book: RuleBook, until: datetime) -> Reading:
    """Every promise of a ticket as it stands at `until`."""
    reading, events = Reading(book), as_corrected(events)
    for event, following in zip(events, [*(e.occurred_at for e in events[1:]), until], strict=True):
        reading.read(event)
        reading.pass_time(event.occurred_at, following)
    return reading
