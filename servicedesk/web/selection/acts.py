"""What can be done to the selected tickets, and what each act asks for: by the forms of one ticket."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from servicedesk.core.bulk import STEP, Act, Kind, acts_on
from servicedesk.core.facts import Actor
from servicedesk.core.vocabulary import Need
from servicedesk.core.workflows.definition import Step
from servicedesk.core.workflows.needs import takes
from servicedesk.store.queries.batches import Selected
from servicedesk.web import language, names, times
from servicedesk.web.forms.fields import Choice, Field, field_of
from servicedesk.web.forms.fields import Kind as FieldKind
from servicedesk.web.reading import Reading
from servicedesk.web.speech import Words, _, _l
from servicedesk.web.ticket.changing import level, reason
from servicedesk.web.words import IMPACTS, URGENCIES

NAMES: dict[str, Words] = {
    Kind.ASSIGN: _l("Say who works on it"),
    Kind.PRIORITY: _l("Change priority"),
    Kind.NOTE: _l("Write a note to the municipality"),
    Kind.NOTE_TO_JOINT: _l("Write a note to the municipality and the board"),
}
# What is chosen, so that seeing it beforehand says more than the act's name does.
CHOSEN = frozenset({Kind.ASSIGN, Kind.PRIORITY})


@dataclass(frozen=True, slots=True)
class Offer:
    """`count`: of so many of the selected tickets it can be done now."""

    name: str
    label: str
    count: int


def act_of(name: str, typed: Mapping[str, str]) -> Act:
    """What was typed, as the act is given it: a clock on a page has no zone."""
    until = typed.get(Need.UNTIL)
    return Act(name, {**typed, Need.UNTIL: times.with_zone(until)} if until else typed)


def offers(tickets: Sequence[Selected], viewer: Actor, reading: Reading) -> list[Offer]:
    """First what can be done to all of them, then what can be done to most; the most likely first."""
    found: Counter[str] = Counter()
    for one in tickets:
        definition = reading.book.definition(one.ticket.workflow_version)
        found.update(acts_on(one.ticket, viewer, definition, reading.book.parties))
    return [Offer(name, label(name, tickets, reading), count) for name, count in found.most_common()]


def label(name: str, tickets: Sequence[Selected], reading: Reading) -> str:
    """As the act is called; '' for one that none of the tickets knows."""
    if name in NAMES:
        return str(NAMES[name])
    step = step_of(name, tickets, reading)
    return step.labels[language.current()] if step else ""


def step_of(name: str, tickets: Sequence[Selected], reading: Reading) -> Step | None:
    key = name.removeprefix(STEP) if name.startswith(STEP) else ""
    definitions = (reading.book.definition(one.ticket.workflow_version) for one in tickets)
    found = (definition.transitions.get(key) for definition in definitions)
    return next((step for step in found if step), None)


def fields(name: str, tickets: Sequence[Selected], reading: Reading) -> tuple[Field, ...]:
    """Asked once for all of them."""
    first = tickets[0].ticket
    if name == Kind.ASSIGN:
        return (_assignee({one.ticket.holder.team for one in tickets}, reading),)
    if name == Kind.PRIORITY:
        impact = level("impact", _("How many are affected?"), IMPACTS, first.impact)
        return impact, level("urgency", _("How urgent is it?"), URGENCIES, first.urgency), reason()
    if name in (Kind.NOTE, Kind.NOTE_TO_JOINT):
        return (Field("body", _("Note")),)
    step = step_of(name, tickets, reading)
    return tuple(field_of(need, first, reading) for need in takes(step)) if step else ()


def _assignee(teams: set[str], reading: Reading) -> Field:
    """Everybody in a team that holds one of them, under its name where there are several."""
    found = [
        Choice(person.key, names.with_absence(person, reading), names.team(reading.installation, team))
        for team in sorted(teams)
        for person in sorted(reading.installation.people.values(), key=lambda one: one.name)
        if any(seat.team == team for seat in person.memberships)
    ]
    alone = [replace(choice, group="") for choice in found] if len(teams) == 1 else found
    return Field("assignee", _("Assignee"), FieldKind.SELECT, choices=(Choice("", _("Nobody")), *alone))
