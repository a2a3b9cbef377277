"""What is done to a ticket outside its workflow: every verb by somebody who may, where they may, and how it is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from servicedesk.core.inputs import LONGEST_LINE, LONGEST_TEXT
from tests.same_rules.edges import UNKNOWN, Attempt, House
from tests.same_rules.places import beginning_of, spot_at
from tests.same_rules.verbs import MATTERS
from tests.same_rules.world import World
from tests.support.desk import PERSONAS, PLATFORM

FIRST, SECOND, JOINT, SUPPLIER = "first_line", "second_line", "joint", "supplier"
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
    code: str = ""
    about: str = ""

    def __str__(self) -> str:
        return "-".join(filter(None, (self.verb, "by", self.who, self.where, self.about)))

    @property
    def is_offered_to_systems(self) -> bool:
        return self.who == TECHNICIAN and bool(MATTERS[self.verb].resource)

    def attempt(self, house: House, who: str = "") -> Attempt:
        number, other = ticket(house.world, self.where), ticket(house.world, self.other)
        named = {OTHER_FIELD[self.verb]: other} if other else {}
        return Attempt(MATTERS[self.verb], number, who or self.who, {**self.given, **named}, other)


OTHER_FIELD = {"link": "other", "merge": "into"}


def ticket(world: World, where: str) -> str:
    """A number; '' for none."""
    if where in ("", UNKNOWN):
        return where
    if where in (FIRST, SECOND, JOINT, SUPPLIER):
        return world.numbers[spot_at(where)]
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
    Done("move_municipality", FIRST_LINE, "new", {"municipality": "pitea", **WHY}),
    Done("move_municipality", SECOND_LINE, SECOND, {"municipality": "pajala", **WHY}),
    Done("link", FIRST_LINE, "new", {"relation": "follows"}, "other"),
    Done("link", MANAGER, JOINT, {"relation": "caused_by"}, SUPPLIER),
    Done("merge", FIRST_LINE, "new", WHY, "other"),
    Done("merge", SECOND_LINE, SECOND, WHY, "other"),
)
