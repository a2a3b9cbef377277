"""What is done to a ticket outside its workflow: every verb by somebody who may, where they may, and its refusals."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from servicedesk.core.inputs import LONGEST_LINE, LONGEST_TEXT
from servicedesk.core.vocabulary import Tier
from tests.same_rules.edges import UNKNOWN, Attempt, House
from tests.same_rules.places import beginning_of, spot_at
from tests.same_rules.verbs import MATTERS
from tests.same_rules.world import LATER, World
from tests.support.desk import PERSONAS, PLATFORM, START

FIRST, SECOND, JOINT, SUPPLIER = Tier.FIRST_LINE, Tier.SECOND_LINE, Tier.JOINT, Tier.SUPPLIER
FIRST_LINE, COLLEAGUE, SECOND_LINE = "first_line_lulea", "first_line_colleague_lulea", "second_line_lulea"
MANAGER, TECHNICIAN, STRANGER = "it_service_manager", "supplier_technician", "first_line_pitea"

WHY = {"reason": "Flera har ringt."}
SAID = {"text": "Felet syns i loggen sedan klockan åtta."}
LEVELS = {"impact": "high", "urgency": "high"}
AS_IT_WAS = {"impact": "low", "urgency": "medium"}
ARCHIVE = {"fault": "platform", "service": "e-arkiv", "e_service": ""}
LOGGED = {
    "workflow": "citizen_incident",
    "municipality": "lulea",
    "service": PLATFORM,
    "e_service": "",
    "subject": "Det går inte att skicka",
    "description": "Knappen är grå.\nI alla webbläsare.",
    "channel": "visit",
    "requester_kind": "citizen",
    "requester_name": "Anna Exempel",
    "requester_contact": "070-000 00 00",
    "platform_case": "2026-17",
    "impact": "high",
    "urgency": "medium",
    "fault": "e_service",
}
SLA, OLA = {"agreement": "lulea-sla"}, {"agreement": "e-namnden-ola"}
CONTRACT = {"agreement": "leverantor-plattform-uc"}
FOREIGN = {**ARCHIVE, "service": PLATFORM, "e_service": "pitea-bygglov"}
BEGAN, NOW = START.isoformat(), LATER.isoformat()
EARLY, TO_COME = (START - timedelta(hours=1)).isoformat(), (START + timedelta(hours=1)).isoformat()
NOWHERE = {"municipality": "e-namnden"}
TOO_LONG = "å" * (LONGEST_TEXT + 1)
TOO_LONG_A_LINE = "å" * (LONGEST_LINE + 1)
FOR_NOBODY = {"person": ""}


@dataclass(frozen=True)
class Done:
    """`where`: the tier that works on the ticket, or `new`, or one of the world's own tickets. `other` likewise; its
    number stands in the field `other_field`."""

    verb: str
    who: str
    where: str
    given: Mapping[str, Any] = field(default_factory=dict)
    other: str = ""
    about: str = ""
    code: str = ""
    fields: tuple[str, ...] = ()
    stale: bool = False

    def __str__(self) -> str:
        return "-".join(filter(None, (self.verb, "by", self.who, self.where, self.about)))

    @property
    def is_offered_to_systems(self) -> bool:
        return self.who == TECHNICIAN and bool(MATTERS[self.verb].resource)

    def attempt(self, house: House) -> Attempt:
        number, other = ticket(house.world, self.where), ticket(house.world, self.other)
        named = {OTHER_FIELD[self.verb]: other} if other else {}
        return Attempt(MATTERS[self.verb], number, self.who, {**self.given, **named}, other, stale=self.stale)


OTHER_FIELD = {"link": "other", "merge": "into"}


def ticket(world: World, where: str) -> str:
    """A number; '' for none."""
    if where in ("", UNKNOWN):
        return where
    if where in list(Tier):
        return world.numbers[spot_at(Tier(where))]
    return world.numbers[beginning_of()] if where == "new" else str(getattr(world, where))


DONE = (
    Done("log", FIRST_LINE, "", LOGGED),
    Done("log", SECOND_LINE, "", {**LOGGED, "workflow": "service_request", "requester_kind": "employee"}),
    Done("log", FIRST_LINE, "", {**LOGGED, "requester_name": "", "requester_contact": ""}, about="anonymous"),
    Done("reply", FIRST_LINE, "new", SAID),
    Done("reply", SECOND_LINE, SUPPLIER, SAID),
    Done("note", FIRST_LINE, FIRST, SAID),
    Done("note", SECOND_LINE, JOINT, {**SAID, "to_joint": True}),
    Done("note", MANAGER, JOINT, {**SAID, "to_joint": True}),
    Done("note_to_supplier", MANAGER, JOINT, SAID),
    Done("note_to_supplier", TECHNICIAN, SUPPLIER, SAID),
    Done("describe_for_supplier", SECOND_LINE, SECOND, SAID),
    Done("describe_for_supplier", MANAGER, SUPPLIER, SAID),
    Done("assign", FIRST_LINE, FIRST, {"person": PERSONAS[COLLEAGUE]}),
    Done("assign", FIRST_LINE, FIRST, FOR_NOBODY, about="nobody"),
    Done("assign", MANAGER, JOINT, {"person": PERSONAS["it_service_manager_deputy"]}),
    Done("assign", TECHNICIAN, SUPPLIER, FOR_NOBODY),
    Done("change_priority", FIRST_LINE, "new", {**LEVELS, **WHY}),
    Done("change_priority", MANAGER, SUPPLIER, {**LEVELS, **WHY}),
    Done("classify", SECOND_LINE, SECOND, {**ARCHIVE, **WHY}),
    Done("classify", MANAGER, JOINT, {**ARCHIVE, **WHY}),
    Done("change_agreement", SECOND_LINE, "new", {**SLA, **WHY}),
    Done("change_agreement", MANAGER, JOINT, {**OLA, **WHY}),
    Done("change_agreement", MANAGER, SUPPLIER, {**CONTRACT, **WHY}),
    Done("move_municipality", FIRST_LINE, "new", {"municipality": "pitea", **WHY}),
    Done("move_municipality", SECOND_LINE, SECOND, {"municipality": "pajala", **WHY}),
    Done("link", FIRST_LINE, "new", {"relation": "follows"}, "other"),
    Done("link", MANAGER, JOINT, {"relation": "caused_by"}, SUPPLIER),
    Done("merge", FIRST_LINE, "new", WHY, "other"),
    Done("merge", SECOND_LINE, SECOND, WHY, "other"),
    Done("correct_priority", SECOND_LINE, SECOND, {"event": 1, **LEVELS, **WHY}),
    Done("correct_priority", MANAGER, JOINT, {"event": 0, "at": NOW, **LEVELS, **WHY}),
    Done("correct_moment", SECOND_LINE, SECOND, {"event": 4, "at": NOW, **WHY}),
    Done("correct_moment", MANAGER, SUPPLIER, {"event": 8, "at": NOW, **WHY}),
    Done(
        "tell_wait", SECOND_LINE, SECOND, {"step": "ask_requester_from_second_line", "at": BEGAN, "until": NOW, **WHY}
    ),
    Done("tell_wait", MANAGER, JOINT, {"step": "ask_second_line", "at": BEGAN, **WHY}),
)

NOTHING = {"text": ""}
LONG = {"text": TOO_LONG}
NO_REASON = {"reason": " "}

# (verb, who, where, what is given, the other ticket, what it is about, the code, the fields at fault)
REFUSED = (
    Done("log", FIRST_LINE, "", {**LOGGED, "municipality": "pitea"}, "", "for another", "not_yours"),
    Done("log", MANAGER, "", LOGGED, "", "for a municipality", "not_yours"),
    Done("log", FIRST_LINE, "", {**LOGGED, "subject": " "}, "", "nothing", "invalid", ("subject",)),
    Done(
        "log",
        FIRST_LINE,
        "",
        {**LOGGED, "subject": TOO_LONG_A_LINE, "platform_case": TOO_LONG_A_LINE, "description": TOO_LONG},
        "",
        "at length",
        "invalid",
        ("subject", "platform_case", "description"),
    ),
    Done("log", FIRST_LINE, "", {**LOGGED, "municipality": "e-namnden"}, "", "nowhere", "invalid", ("municipality",)),
    Done("reply", MANAGER, JOINT, SAID, "", "", "not_yours"),
    Done("reply", TECHNICIAN, SUPPLIER, SAID, "", "", "not_yours"),
    Done("reply", FIRST_LINE, "over", SAID, "", "", "not_yours"),
    Done("note", MANAGER, JOINT, SAID, "", "to the municipality", "not_yours"),
    Done("note", TECHNICIAN, SUPPLIER, {**SAID, "to_joint": True}, "", "", "not_yours"),
    Done("note_to_supplier", FIRST_LINE, SUPPLIER, SAID, "", "", "not_yours"),
    Done("note_to_supplier", TECHNICIAN, SUPPLIER, NOTHING, "", "nothing", "invalid", ("body",)),
    Done("note_to_supplier", TECHNICIAN, SUPPLIER, LONG, "", "at length", "invalid", ("body",)),
    Done("note_to_supplier", TECHNICIAN, SUPPLIER, SAID, "", "too late", "conflict", (), stale=True),
    Done("note_to_supplier", TECHNICIAN, UNKNOWN, SAID, "", "", "not_found"),
    Done("note_to_supplier", TECHNICIAN, "new", SAID, "", "", "not_found"),
    Done("note_to_supplier", TECHNICIAN, "lost", SAID, "", "", "not_yours"),
    Done("describe_for_supplier", FIRST_LINE, SECOND, SAID, "", "", "not_yours"),
    Done("assign", FIRST_LINE, JOINT, FOR_NOBODY, "", "", "not_yours"),
    Done("assign", FIRST_LINE, FIRST, {"person": PERSONAS[STRANGER]}, "", "a stranger", "invalid", ("assignee",)),
    Done("change_priority", SECOND_LINE, JOINT, {**LEVELS, **WHY}, "", "", "not_yours"),
    Done("change_priority", FIRST_LINE, "new", {**AS_IT_WAS, **WHY}, "", "as it was", "nothing_changed"),
    Done("change_priority", FIRST_LINE, "new", {**LEVELS, **NO_REASON}, "", "nothing", "invalid", ("reason",)),
    Done("classify", SECOND_LINE, JOINT, {**ARCHIVE, **WHY}, "", "", "not_yours"),
    Done("classify", SECOND_LINE, SECOND, {**ARCHIVE, **NO_REASON}, "", "nothing", "invalid", ("reason",)),
    Done("classify", SECOND_LINE, SECOND, {**FOREIGN, **WHY}, "", "a stranger's", "invalid", ("e_service",)),
    Done("change_agreement", FIRST_LINE, "new", {**SLA, **WHY}, "", "", "not_yours"),
    Done("change_agreement", SECOND_LINE, JOINT, {**OLA, **WHY}, "", "not theirs", "not_yours"),
    Done("change_agreement", MANAGER, JOINT, {**SLA, **WHY}, "", "the municipality's", "not_yours"),
    Done("change_agreement", SECOND_LINE, "new", {**SLA, **NO_REASON}, "", "nothing", "invalid", ("reason",)),
    Done("change_agreement", SECOND_LINE, "new", {"agreement": "pitea-sla", **WHY}, "", "a stranger's", "other_party"),
    Done("move_municipality", MANAGER, JOINT, {"municipality": "pitea", **WHY}, "", "", "not_yours"),
    Done("move_municipality", FIRST_LINE, "new", {"municipality": "lulea", **WHY}, "", "home", "nothing_changed"),
    Done(
        "move_municipality", FIRST_LINE, "new", {"municipality": "pitea", **NO_REASON}, "", "", "invalid", ("reason",)
    ),
    Done("move_municipality", FIRST_LINE, "new", {**NOWHERE, **WHY}, "", "nowhere", "invalid", ("municipality",)),
    Done("link", TECHNICIAN, SUPPLIER, {"relation": "follows"}, "lost", "", "not_yours"),
    Done("link", FIRST_LINE, "new", {"relation": "follows"}, "new", "itself", "invalid", ("number",)),
    Done("merge", MANAGER, JOINT, WHY, SUPPLIER, "", "not_yours"),
    Done("merge", FIRST_LINE, "new", WHY, "new", "itself", "invalid", ("number",)),
    Done("merge", FIRST_LINE, "new", WHY, "over", "closed", "not_open"),
    Done("merge", FIRST_LINE, "new", NO_REASON, "other", "nothing", "invalid", ("reason",)),
    Done("correct_priority", COLLEAGUE, SECOND, {"event": 1, **LEVELS, **WHY}, "", "", "not_yours"),
    Done("correct_priority", SECOND_LINE, JOINT, {"event": 1, **LEVELS, **WHY}, "", "of others", "not_yours"),
    Done("correct_priority", SECOND_LINE, SECOND, {"event": 1, **AS_IT_WAS, **WHY}, "", "as it was", "nothing_changed"),
    Done("correct_priority", SECOND_LINE, SECOND, {"event": 2, **LEVELS, **WHY}, "", "", "invalid", ("event",)),
    Done("correct_priority", SECOND_LINE, SECOND, {"event": 0, **LEVELS, **WHY}, "", "when", "invalid", ("at",)),
    Done("correct_moment", TECHNICIAN, SUPPLIER, {"event": 8, "at": NOW, **WHY}, "", "", "not_yours"),
    Done("correct_moment", SECOND_LINE, SECOND, {"event": 3, "at": NOW, **WHY}, "", "in vain", "not_possible"),
    Done("correct_moment", SECOND_LINE, SECOND, {"event": 4, "at": BEGAN, **WHY}, "", "as it was", "nothing_changed"),
    Done("correct_moment", SECOND_LINE, SECOND, {"event": 4, "at": EARLY, **WHY}, "", "before", "invalid", ("at",)),
    Done("correct_moment", SECOND_LINE, SECOND, {"event": 4, "at": TO_COME, **WHY}, "", "to come", "invalid", ("at",)),
    Done("correct_moment", SECOND_LINE, SECOND, {"event": 4, "at": NOW, **NO_REASON}, "", "", "invalid", ("reason",)),
    Done("tell_wait", SECOND_LINE, SECOND, {"step": "ask_second_line", "at": BEGAN, **WHY}, "", "", "not_then"),
    Done("tell_wait", SECOND_LINE, SECOND, {"step": "take", "at": BEGAN, **WHY}, "", "no wait", "invalid", ("step",)),
    Done(
        "tell_wait",
        SECOND_LINE,
        SECOND,
        {"step": "ask_requester_from_second_line", "at": NOW, "until": BEGAN, **WHY},
        "",
        "backwards",
        "invalid",
        ("until",),
    ),
)


def everywhere_refused() -> Iterator[Done]:
    """What every verb refuses alike: once for each that is done to a ticket, by the first who may."""
    first = {case.verb: case for case in reversed(DONE) if case.where}
    for case in first.values():
        yield replace(case, where=UNKNOWN, about="on no ticket", code="not_found")
        yield replace(case, who=STRANGER, about="out of sight", code="not_found")
        # A page's note goes through, since it takes nothing from anybody: tests/web/test_conflict.py.
        if case.verb not in ("link", "note"):
            yield replace(case, about="too late", code="conflict", stale=True)
        if "text" in case.given:
            yield replace(case, given={**case.given, **NOTHING}, about="nothing", code="invalid", fields=("body",))
            yield replace(case, given={**case.given, **LONG}, about="at length", code="invalid", fields=("body",))
        if "reason" in case.given:
            yield replace(
                case, given={**case.given, "reason": TOO_LONG}, about="at length", code="invalid", fields=("reason",)
            )
