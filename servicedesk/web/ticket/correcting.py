"""The forms by which something that was told wrongly, or not at all, is corrected: what is told then is a new event."""

from datetime import datetime

from servicedesk.core.amended import amended
from servicedesk.core.corrections import can_be_moved, is_wait
from servicedesk.core.events import Event, PriorityChanged
from servicedesk.core.rights import Right
from servicedesk.store.queries.tickets import TicketView
from servicedesk.web import language, times
from servicedesk.web.forms.fields import Choice, Field
from servicedesk.web.forms.fields import Kind as FieldKind
from servicedesk.web.forms.form import Form, Kind
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _
from servicedesk.web.ticket.changing import form, level, reason
from servicedesk.web.ticket.telling import what_of
from servicedesk.web.words import IMPACTS, PRIORITIES, URGENCIES

# The newest of a ticket's events that can be dated otherwise: nobody finds anything in a longer list.
MOST_EVENTS = 200


def priority(view: TicketView, reading: Reading) -> Form:
    ticket = view.ticket
    from_start = Choice("1", _("From the start, %(at)s", at=times.short(ticket.opened_at)))
    changed = [
        Choice(str(event.seq), _changed(event.occurred_at, event.payload))
        for event in _known(view)
        if isinstance(event.payload, PriorityChanged)
    ]
    other = Choice("0", _("From another moment, given below"))
    return form(
        "correct-priority",
        _("Correct the priority"),
        "correct_priority",
        _("Save the correction"),
        view,
        Field(
            "event", _("Since when was it wrong?"), FieldKind.SELECT, choices=(from_start, *changed, other), value="1"
        ),
        Field("at", _("From another moment"), FieldKind.MOMENT, required=False),
        level("impact", _("How many are affected?"), IMPACTS, ticket.impact),
        level("urgency", _("How urgent is it?"), URGENCIES, ticket.urgency),
        reason(),
        look=_look(),
    )


def moment(view: TicketView, reading: Reading) -> Form:
    movable = [event for event in reversed(_known(view)) if can_be_moved(event)]
    choices = [Choice(str(event.seq), _happened(event, reading)) for event in movable]
    return form(
        "correct-moment",
        _("Correct when something happened"),
        "correct_moment",
        _("Save the correction"),
        view,
        Field("event", _("What was entered late?"), FieldKind.SELECT, choices=(_choose(), *choices[:MOST_EVENTS])),
        Field("at", _("When did it happen?"), FieldKind.MOMENT),
        reason(_read_by_supplier(view)),
        look=_look(),
    )


def waited(view: TicketView, reading: Reading) -> Form:
    definition = reading.book.definition(view.ticket.workflow_version)
    waits = [step for step in definition.transitions.values() if is_wait(step, definition)]
    steps = [
        Choice(step.key, definition.states[step.to].labels[language.current()], _when(step.from_states, reading, view))
        for step in waits
    ]
    return form(
        "tell-wait",
        _("Record a wait afterwards"),
        "tell_wait",
        _("Save the correction"),
        view,
        Field("step", _("What did the ticket wait for?"), FieldKind.SELECT, choices=(_choose(), *steps)),
        Field("at", _("From when?"), FieldKind.MOMENT),
        Field("until", _("Until when?"), FieldKind.MOMENT, required=False, help=_("Leave empty if it waits still.")),
        reason(_read_by_supplier(view)),
        look=_look(),
    )


PRIORITY = Kind(frozenset({Right.CORRECT_PRIORITY}), priority)
MOMENT = Kind(frozenset({Right.CORRECT_MOMENT}), moment)
WAIT = Kind(frozenset({Right.TELL_WAIT}), waited)

CORRECTIONS = (PRIORITY, MOMENT, WAIT)


def _known(view: TicketView) -> list[Event]:
    """What was told, each as it is known now: a correction is found by what it corrects."""
    return amended(entry.event for entry in view.entries)


def _when(states: tuple[str, ...], reading: Reading, view: TicketView) -> str:
    definition = reading.book.definition(view.ticket.workflow_version)
    return ", ".join(definition.states[state].labels[language.current()] for state in states)


def _happened(event: Event, reading: Reading) -> str:
    return f"{times.short(event.occurred_at)} {what_of(event, reading.installation)}"


def _changed(at: datetime, data: PriorityChanged) -> str:
    return _("From the change %(at)s to %(priority)s", at=times.short(at), priority=PRIORITIES[data.priority])


def _read_by_supplier(view: TicketView) -> str:
    return _("If it concerns the supplier's time, the supplier reads this too.") if view.ticket.suppliers else ""


def _look() -> str:
    return _("See what it changes")


def _choose() -> Choice:
    return Choice("", _("Choose"))
