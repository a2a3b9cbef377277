"""The verbs: what each edge calls them and how each writes what is given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from servicedesk.actions import changes, corrections, entries, relations
from servicedesk.actions.desk import Desk
from servicedesk.actions.log import NewTicket, log_ticket
from servicedesk.actions.play import NAMES_A_TICKET
from servicedesk.actions.steps import perform
from servicedesk.api.v1.resources import RESOURCES
from servicedesk.core.facts import Actor
from servicedesk.core.scenarios.scenario import LOG
from servicedesk.core.scenarios.time import write_moment
from servicedesk.core.vocabulary import Channel, Fault, Level, Need, Relation, RequesterKind, Verb
from servicedesk.core.workflows.definition import Transition

Given = Mapping[str, Any]
Act = Callable[[Desk, str, Given, Actor, int | None], object]
Written = Callable[[Given], dict[str, Any]]

HERE = ZoneInfo("Europe/Stockholm")
OTHER = "B"  # what a scenario calls the other ticket


def as_it_is(given: Given) -> dict[str, Any]:
    return dict(given)


def renamed(**names: str) -> Written:
    return lambda given: {names.get(name, name): value for name, value in given.items()}


MOMENTS = (str(Need.UNTIL), "at")


def of_a_step(given: Given) -> dict[str, Any]:
    """A page's clock has no zone: it shows the time that people there have."""
    moments = {name: datetime.fromisoformat(given[name]).astimezone(HERE) for name in MOMENTS if given.get(name)}
    return {**given, **{name: f"{moment:%Y-%m-%dT%H:%M}" for name, moment in moments.items()}}


def of_a_note(given: Given) -> dict[str, Any]:
    return {"body": given["text"], "audience": "joint" if given.get("to_joint") else "municipality"}


def in_a_scenario(given: Given) -> dict[str, Any]:
    """Other tickets by their label, moments as the clock on the wall shows them."""
    found = {name: OTHER if name in NAMES_A_TICKET else value for name, value in given.items()}
    for name in MOMENTS:
        if moment := given.get(name):
            found[name] = write_moment(datetime.fromisoformat(moment), HERE)
    return found


@dataclass(frozen=True)
class Known:
    """A verb by the names that the edges have for it: play's, the page's endpoint (with `values` of its address) and
    the API's resource, '' where it is not offered. `page` writes what is given as a form has it, or a JSON body."""

    name: str
    act: Act
    endpoint: str
    page: Written = as_it_is
    values: Mapping[str, str] = field(default_factory=dict)
    resource: str = ""


RESOURCE_OF = {resource.act.verb: resource.act.name for resource in RESOURCES if resource.act.verb}


def is_for_municipal_systems(step: Transition) -> bool:
    """What the requester may do; and what the first line does for them, where there is one."""
    own = step.verb in (Verb.ANSWER, Verb.CONFIRM, Verb.REOPEN, Verb.CANCEL)
    return own and any(who.role == "requester" or who.tier == "first_line" for who in step.who)


def known_step(step: Transition) -> Known:
    """A step of a workflow; the API offers it when it is the supplier's, or for whoever asks."""

    def act(desk: Desk, number: str, given: Given, actor: Actor, expected: int | None) -> object:
        return perform(desk, number, step.key, actor=actor, given=given, expected=expected)

    offered = any(who.tier == "supplier" for who in step.who) or is_for_municipal_systems(step)
    resource = RESOURCE_OF.get(step.verb, "") if offered else ""
    return Known(step.key, act, "web.take_step", of_a_step, {"transition": step.key}, resource)


CHOICES: Mapping[str, type[StrEnum]] = {
    "channel": Channel,
    "requester_kind": RequesterKind,
    "impact": Level,
    "urgency": Level,
    "fault": Fault,
}


def _log(desk: Desk, number: str, given: Given, actor: Actor, expected: int | None) -> object:
    chosen = {name: kind(given[name]) for name, kind in CHOICES.items()}
    return log_ticket(desk, NewTicket(**{**given, **chosen}), actor=actor)


def _assign(desk: Desk, number: str, given: Given, actor: Actor, expected: int | None) -> object:
    return changes.assign(desk, number, given["person"], actor=actor, expected=expected)


def _change_priority(desk: Desk, number: str, given: Given, actor: Actor, expected: int | None) -> object:
    impact, urgency = Level(given["impact"]), Level(given["urgency"])
    return changes.change_priority(desk, number, impact, urgency, given["reason"], actor=actor, expected=expected)


def _classify(desk: Desk, number: str, given: Given, actor: Actor, expected: int | None) -> object:
    said = {**given, "fault": Fault(given["fault"])}
    return changes.classify(desk, number, **said, actor=actor, expected=expected)


def _change_agreement(desk: Desk, number: str, given: Given, actor: Actor, expected: int | None) -> object:
    return changes.change_agreement(desk, number, **given, actor=actor, expected=expected)


def _move(desk: Desk, number: str, given: Given, actor: Actor, expected: int | None) -> object:
    return changes.move_municipality(desk, number, **given, actor=actor, expected=expected)


def _link(desk: Desk, number: str, given: Given, actor: Actor, expected: int | None) -> object:
    return relations.link(desk, number, Relation(given["relation"]), given["other"], actor=actor)


def _merge(desk: Desk, number: str, given: Given, actor: Actor, expected: int | None) -> object:
    return relations.merge(desk, number, **given, actor=actor, expected=expected)


def _moment(given: Given, name: str) -> datetime | None:
    return datetime.fromisoformat(given[name]) if given.get(name) else None


def _correct_priority(desk: Desk, number: str, given: Given, actor: Actor, expected: int | None) -> object:
    levels = (Level(given["impact"]), Level(given["urgency"]))
    at, why = _moment(given, "at"), given["reason"]
    return corrections.correct_priority(desk, number, given["event"], *levels, why, at, actor=actor, expected=expected)


def _correct_moment(desk: Desk, number: str, given: Given, actor: Actor, expected: int | None) -> object:
    event, at, why = given["event"], _moment(given, "at"), given["reason"]
    return corrections.correct_moment(desk, number, event, at, why, actor=actor, expected=expected)


def _tell_wait(desk: Desk, number: str, given: Given, actor: Actor, expected: int | None) -> object:
    at, until = _moment(given, "at"), _moment(given, "until")
    return corrections.tell_wait(
        desk, number, given["step"], at, given["reason"], until, actor=actor, expected=expected
    )


def _entry(add: Callable[..., object]) -> Act:
    return lambda desk, number, given, actor, expected: add(desk, number, **given, actor=actor, expected=expected)


MATTERS = {
    known.name: known
    for known in (
        Known(LOG, _log, "web.log"),
        Known("reply", _entry(entries.reply), "web.add_reply", renamed(text="body")),
        Known("note", _entry(entries.note), "web.add_note", of_a_note),
        Known(
            "note_to_supplier",
            _entry(entries.note_to_supplier),
            "web.add_supplier_note",
            renamed(text="body"),
            resource="notes",
        ),
        Known(
            "describe_for_supplier",
            _entry(entries.describe_for_supplier),
            "web.add_supplier_description",
            renamed(text="body"),
        ),
        Known("assign", _assign, "web.assign_ticket", renamed(person="assignee")),
        Known("change_priority", _change_priority, "web.set_priority"),
        Known("classify", _classify, "web.set_classification"),
        Known("change_agreement", _change_agreement, "web.set_agreement"),
        Known("move_municipality", _move, "web.set_municipality"),
        Known("link", _link, "web.add_link", renamed(other="number")),
        Known("merge", _merge, "web.add_merge", renamed(into="number")),
        Known("correct_priority", _correct_priority, "web.correct_priority", of_a_step),
        Known("correct_moment", _correct_moment, "web.correct_moment", of_a_step),
        Known("tell_wait", _tell_wait, "web.tell_wait", of_a_step),
    )
}

# The verbs of workflows that only time takes.
OF_TIME_ALONE = frozenset({Verb.REMIND})
