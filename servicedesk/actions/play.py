"""Playing a scenario: its steps through the actions, with a clock that stands where each step puts it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from servicedesk.actions import changes, corrections, entries, relations
from servicedesk.actions.desk import Desk
from servicedesk.actions.log import NewTicket, log_ticket
from servicedesk.actions.outbox import drain
from servicedesk.actions.steps import perform
from servicedesk.actions.sweep import sweep
from servicedesk.core.clock import ControlledClock
from servicedesk.core.errors import DeskError, Invalid
from servicedesk.core.events import Event
from servicedesk.core.facts import Actor
from servicedesk.core.ledger import Ledger, adds_up, ledger
from servicedesk.core.scenarios.expect import Seen, differences
from servicedesk.core.scenarios.scenario import LOG, PASS_TIME, Scenario, ScenarioStep
from servicedesk.core.sla import Calendars
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Need
from servicedesk.store.queries.journal import events_of
from servicedesk.store.queries.tickets import state_of
from servicedesk.store.queries.verification import ticket_ids, verify_seal, verify_ticket

Happened = list[tuple[str, Event]]  # (the ticket's label, what happened to it)


@dataclass(frozen=True, slots=True)
class Played:
    """A step that has been played. `fired`: what the clock alone did on the way to it.

    `unmet`: what was expected and did not come, one sentence each; empty when the step went as written.
    """

    step: ScenarioStep
    ticket: TicketState | None
    refusal: DeskError | None
    fired: Happened
    unmet: list[str]


@dataclass(frozen=True, slots=True)
class Ended:
    """What a scenario left: each ticket and its ledger by label, and every fault found in proving the database."""

    at: datetime
    hours: Calendars
    tickets: dict[str, TicketState]
    ledgers: dict[str, Ledger]
    faults: list[str]


@dataclass
class Play:
    """One performance. `numbers`: label -> ticket number; `read`: how far each ticket's journal has been read."""

    desk: Desk
    clock: ControlledClock
    scenario: Scenario
    numbers: dict[str, str] = field(default_factory=dict)
    read: dict[str, int] = field(default_factory=dict)

    def steps(self) -> Iterator[Played]:
        for step in self.scenario.steps:
            yield self._play(step)

    def _play(self, step: ScenarioStep) -> Played:
        """1. What falls due on the way, dated when due. 2. The clock. 3. The step. 4. What follows from it."""
        sweep(self.desk, as_of=step.at)
        drain(self.desk)
        fired = self._news()
        self.clock.move_to(step.at)
        refusal = self._act(step)
        drain(self.desk)
        events = [event.kind for label, event in (*fired, *self._news()) if label == step.ticket]
        ticket = self._ticket(step.ticket)
        unmet = unmet_refusal(step, refusal)
        if ticket is not None:
            unmet += differences(step.expect, self._seen(step, ticket, events))
        return Played(step, ticket, refusal, fired, unmet)

    def _act(self, step: ScenarioStep) -> DeskError | None:
        try:
            if step.do == LOG:
                self.numbers[step.ticket] = log_ticket(self.desk, NewTicket(**step.given), actor=step.actor).number
            elif step.do != PASS_TIME:
                self._do(step)
        except DeskError as error:
            return error
        return None

    def _do(self, step: ScenarioStep) -> None:
        """A ticket that an earlier step should have logged, and did not, is not found like any other."""
        number = self.numbers.get(step.ticket, step.ticket)
        given = {name: self._value(name, value) for name, value in step.given.items()}
        action = ACTIONS.get(step.do)
        if action:
            action(self.desk, number, **given, actor=step.actor)
        else:
            perform(self.desk, number, step.do, actor=step.actor, given=given)

    def _value(self, name: str, value: Any) -> Any:
        return self.numbers.get(value, value) if name in NAMES_A_TICKET else value

    def _ticket(self, label: str) -> TicketState | None:
        if label not in self.numbers:
            return None
        with self.desk.reading() as connection:
            return state_of(connection, self.numbers[label])

    def _news(self) -> Happened:
        """The events of every ticket since the last time of asking, in the order in which they happened."""
        found: Happened = []
        with self.desk.reading() as connection:
            for label, number in self.numbers.items():
                [ticket_id] = ticket_ids(connection, [number])
                events = [event for event in events_of(connection, ticket_id) if event.seq > self.read.get(label, 0)]
                self.read[label] = max((event.seq for event in events), default=self.read.get(label, 0))
                found += [(label, event) for event in events]
        return sorted(found, key=lambda item: (item[1].occurred_at, item[0], item[1].seq))

    def _seen(self, step: ScenarioStep, ticket: TicketState, events: list[str]) -> Seen:
        with self.desk.reading() as connection:
            book = self.desk.book(connection)
        labels = {number: label for label, number in self.numbers.items()}
        return Seen(ticket, step.at, book, ZoneInfo(self.scenario.zone), labels, events)

    def end(self) -> Ended:
        """Every ticket refolded and compared, the seal, and the ledgers."""
        at = self.clock.now()
        with self.desk.reading() as connection:
            book = self.desk.book(connection)
            faults = [
                str(d) for ticket_id in ticket_ids(connection) for d in verify_ticket(connection, book, ticket_id)
            ]
            faults += [str(difference) for difference in verify_seal(connection)]
            tickets = {label: state_of(connection, number) for label, number in self.numbers.items()}
        ledgers = {label: ledger(ticket, at, book) for label, ticket in tickets.items()}
        faults += [
            f"{label}: its shares do not add up to the whole" for label, one in ledgers.items() if not adds_up(one)
        ]
        return Ended(at, book, tickets, ledgers, faults)


def unmet_refusal(step: ScenarioStep, refusal: DeskError | None) -> list[str]:
    """Whether the step was done or refused as expected."""
    if refusal is None:
        return [f"it was done, expected the refusal {step.refused}"] if step.refused else []
    if refusal.code != step.refused:
        expected = f"the refusal {step.refused}" if step.refused else "it to be done"
        return [f"it was refused with {refusal.code}, expected {expected}"]
    fields = sorted(refusal.fields) if isinstance(refusal, Invalid) else []
    if step.fields and fields != sorted(step.fields):
        return [f"the fields at fault are {', '.join(fields) or 'none'}, expected {', '.join(step.fields)}"]
    return []


def _classify(
    desk: Desk, number: str, *, fault: Any, service: str | None, e_service: str | None, reason: str, actor: Actor
) -> TicketState:
    """What is left out stays as it is."""
    with desk.reading() as connection:
        ticket = state_of(connection, number)
    service = ticket.service if service is None else service
    e_service = ticket.e_service if e_service is None else e_service
    return changes.classify(desk, number, fault, service, e_service, reason, actor=actor)


# Fields of a step that hold another ticket's label.
NAMES_A_TICKET = frozenset({"other", "into", str(Need.DUPLICATE_OF)})

ACTIONS: dict[str, Callable[..., TicketState]] = {
    "reply": entries.reply,
    "note": entries.note,
    "note_to_supplier": entries.note_to_supplier,
    "describe_for_supplier": entries.describe_for_supplier,
    "assign": changes.assign,
    "change_priority": changes.change_priority,
    "classify": _classify,
    "change_agreement": changes.change_agreement,
    "move_municipality": changes.move_municipality,
    "link": relations.link,
    "merge": relations.merge,
    "correct_priority": corrections.correct_priority,
    "correct_moment": corrections.correct_moment,
    "tell_wait": corrections.tell_wait,
}
