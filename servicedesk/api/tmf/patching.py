"""A merge patch (RFC 7396) on a TroubleTicket as one change of ours.

Lists are replaced by a merge patch; notes and attachments are part of the record, though, and stay: of the list that is
sent those without a known id are added. What is sent as it stands changes nothing.
"""

from collections.abc import Mapping
from typing import Any

from servicedesk.actions.bundle import Change
from servicedesk.api.tmf import mapping
from servicedesk.api.tmf.reading import Given, files_of, texts_of
from servicedesk.core.errors import Refusal
from servicedesk.core.vocabulary import Need, TmfStatus
from servicedesk.store.queries.trouble.resource import Json

NOT_PATCHABLE = "This is the service's own to set. Leave it out."
FIXED = "This is part of the record and cannot be changed. Write a note instead."
NEVER_REMOVED = "Nothing is removed from the record. Leave it out."


def change_asked(given: Given, shown: Json) -> Change:
    """What is to be changed of a ticket that the client sees as `shown`. Invalid names every attribute at fault."""
    for name in mapping.NOT_PATCHABLE:
        if name in given.body:
            given.fault(name, NOT_PATCHABLE)
    for name in mapping.FIXED:
        if name in given.body and given.body[name] != shown.get(name) and not _is_wait(name, given):
            given.fault(name, FIXED)
    for name in ("status", "severity", "priority", "note", "attachment"):
        if name in given.body and given.body[name] is None:
            given.fault(name, NEVER_REMOVED)
    status = given.choice("status", {str(each): each for each in TmfStatus})
    moves = mapping.MOVES[status] if status and status != shown["status"] else ()
    notes = texts_of(given, _added(given, "note", shown))
    files = files_of(given, _added(given, "attachment", shown))
    # Beside a move the same words again are that move's own; alone they are only what was read.
    words = given.text(REASON) if moves or given.body.get(REASON) != shown.get(REASON) else ""
    change = Change(
        verbs=moves,
        words=words or (notes.pop() if moves and notes else ""),
        given=_fields(given),
        notes=notes,
        files=files,
        reference=given.text("externalId") if "externalId" in given.body else None,
        impact=_changed(given, "severity", mapping.IMPACTS, shown),
        urgency=_changed(given, "priority", mapping.URGENCIES, shown),
    )
    given.finish()
    if status and status != shown["status"] and not moves:
        raise Refusal("A ticket becomes acknowledged by being handed over, not by a change of status.", code="no_move")
    return change


REASON = "statusChangeReason"


def _is_wait(name: str, given: Given) -> bool:
    """Until when a ticket is to be held is said by when it is expected to be solved."""
    return name == "expectedResolutionDate" and given.body.get("status") == TmfStatus.HELD


def _added(given: Given, name: str, shown: Json) -> list[Mapping[str, Any]]:
    """What is new in a list. What claims to be there must be there, as it is."""
    there = {each["id"]: each for each in shown.get(name, [])}
    found = []
    for each in given.objects(name):
        if each.get("id") is None:
            found.append(each)
        elif not isinstance(each["id"], str) or each["id"] not in there:
            given.fault(name, "There is none with this id. Leave id out to add one.")
        elif any(there[each["id"]].get(key, value) != value for key, value in each.items()):
            given.fault(name, FIXED)
    return found


def _fields(given: Given) -> dict[Need, str]:
    """What steps may ask for beside words."""
    return {
        Need.UNTIL: given.text("expectedResolutionDate"),
        Need.RESOLUTION_CODE: given.text("resolutionCode"),
    }


def _changed(given: Given, name: str, choices: Mapping[str, Any], shown: Json) -> Any:
    return given.choice(name, choices) if given.body.get(name) != shown.get(name) else None
