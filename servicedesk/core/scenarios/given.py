"""What the steps of a scenario are given: for every action the fields it takes, read and checked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from servicedesk.core.codec import stamp
from servicedesk.core.installations.entry import Entry, suggestion
from servicedesk.core.scenarios.expect import moment_of
from servicedesk.core.scenarios.scenario import LOG
from servicedesk.core.vocabulary import (
    CancelReason,
    Channel,
    Fault,
    Level,
    Need,
    Relation,
    RequesterKind,
    ResolutionCode,
)
from servicedesk.core.workflows.definition import Definition, Transition
from servicedesk.core.workflows.needs import takes


@dataclass(slots=True)
class Context:
    """What is known while a step is read. `labels`: the tickets logged so far, each with its workflow. `home`: the
    municipality of the one who acts, '' when that is none, or several.

    `refused`: a step that expects its refusal may lack what the action asks for, since that may be the point.
    """

    zone: ZoneInfo
    workflows: Mapping[str, Definition]
    workflow: str
    labels: dict[str, Definition] = field(default_factory=dict)
    home: str = ""
    refused: bool = False

    def required(self) -> str | None:
        """The default of a field that must be given."""
        return "" if self.refused else None


Given = dict[str, Any]
Read = Callable[[Entry, Context], Given]


def _log(entry: Entry, context: Context) -> Given:
    workflow = entry.text("workflow", context.workflow)
    if workflow not in context.workflows:
        entry.fault("workflow", f'"{workflow}" is no workflow.', suggestion(workflow, context.workflows))
    return {
        "workflow": workflow,
        "municipality": entry.reference("municipality", "organisation", context.home or None),
        "service": entry.reference("service", "service"),
        "e_service": entry.reference("e_service", "e_service", ""),
        "subject": entry.text("subject", context.required()),
        "channel": entry.choice("channel", Channel, Channel.PHONE),
        "requester_kind": entry.choice("requester_kind", RequesterKind, RequesterKind.CITIZEN),
        "impact": entry.choice("impact", Level, Level.LOW),
        "urgency": entry.choice("urgency", Level, Level.MEDIUM),
        "fault": entry.choice("fault", Fault, Fault.UNKNOWN),
        **{name: entry.text(name, "") for name in _LOGGED_TEXTS},
    }


_LOGGED_TEXTS = ("description", "requester_name", "requester_contact", "platform_case")


def _entry(entry: Entry, context: Context) -> Given:
    return {"text": entry.text("text", context.required())}


def _note(entry: Entry, context: Context) -> Given:
    return {**_entry(entry, context), "to_joint": entry.flag("to_joint")}


def _assign(entry: Entry, context: Context) -> Given:
    return {"person": entry.reference("person", "person", "")}


def _change_priority(entry: Entry, context: Context) -> Given:
    return {"impact": entry.choice("impact", Level), "urgency": entry.choice("urgency", Level), **_why(entry, context)}


def _classify(entry: Entry, context: Context) -> Given:
    """Service and e-service left out stay as they are: None."""
    return {
        "fault": entry.choice("fault", Fault),
        "service": entry.reference("service", "service") if "service" in entry else None,
        "e_service": entry.reference("e_service", "e_service", "") if "e_service" in entry else None,
        **_why(entry, context),
    }


def _change_agreement(entry: Entry, context: Context) -> Given:
    return {"agreement": entry.reference("agreement", "agreement"), **_why(entry, context)}


def _move(entry: Entry, context: Context) -> Given:
    return {"municipality": entry.reference("municipality", "organisation"), **_why(entry, context)}


def _link(entry: Entry, context: Context) -> Given:
    return {"relation": entry.choice("relation", Relation), "other": _label(entry, "other", context)}


def _merge(entry: Entry, context: Context) -> Given:
    return {"into": _label(entry, "into", context), **_why(entry, context)}


def _correct_priority(entry: Entry, context: Context) -> Given:
    """`event` is its place in the ticket's journal: 1 from the start, 0 from the moment `at`."""
    since = {"event": entry.whole("event", 1), "at": _moment(entry, "at", context)}
    return {**since, **_change_priority(entry, context)}


def _correct_moment(entry: Entry, context: Context) -> Given:
    return {"event": entry.whole("event"), "at": _moment(entry, "at", context), **_why(entry, context)}


def _tell_wait(entry: Entry, context: Context) -> Given:
    moments = {name: _moment(entry, name, context) for name in ("at", "until")}
    return {"step": entry.text("step", context.required()), **moments, **_why(entry, context)}


def _moment(entry: Entry, name: str, context: Context) -> datetime | None:
    text = entry.text(name, "")
    return moment_of(entry, name, text, context.zone) if text else None


def _why(entry: Entry, context: Context) -> Given:
    return {"reason": entry.text("reason", context.required())}


def _label(entry: Entry, name: str, context: Context) -> str:
    """Another ticket of the scenario, by what the scenario calls it."""
    label = entry.text(name)
    if label and label not in context.labels:
        entry.fault(name, f'no ticket "{label}" has been logged before this step.', suggestion(label, context.labels))
    return label


ACTIONS: dict[str, Read] = {
    LOG: _log,
    "reply": _entry,
    "note": _note,
    "note_to_supplier": _entry,
    "describe_for_supplier": _entry,
    "assign": _assign,
    "change_priority": _change_priority,
    "classify": _classify,
    "change_agreement": _change_agreement,
    "move_municipality": _move,
    "link": _link,
    "merge": _merge,
    "correct_priority": _correct_priority,
    "correct_moment": _correct_moment,
    "tell_wait": _tell_wait,
}


def read_transition(entry: Entry, step: Transition, context: Context) -> Given:
    """The fields a transition takes. What it needs must be there, and be right, unless a refusal is expected."""
    given = {}
    for need in takes(step):
        is_needed = need in step.needs and not context.refused
        text = entry.text(need, None if is_needed else "")
        if text:
            given[str(need)] = _value(entry, need, text, context)
    return given


def _value(entry: Entry, need: Need, text: str, context: Context) -> str:
    if need is Need.UNTIL:
        until = moment_of(entry, need, text, context.zone)
        return stamp(until) if until else ""
    if need is Need.DUPLICATE_OF:
        return _label(entry, need, context)
    if need in _CHOICES and not context.refused:
        return str(entry.choice(need, _CHOICES[need]))
    if need is Need.TEAM:
        return entry.reference(need, "team")
    return text


_CHOICES: dict[Need, type[ResolutionCode] | type[CancelReason]] = {
    Need.RESOLUTION_CODE: ResolutionCode,
    Need.CANCEL_REASON: CancelReason,
}
