"""What a step must be given: every missing or impossible field is named at once, and nothing typed is lost silently."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from functools import partial

from servicedesk.core.codec import stamp
from servicedesk.core.errors import Invalid
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import CancelReason, Need, ResolutionCode
from servicedesk.core.workflows.definition import Step
from servicedesk.core.workflows.parties import Parties

MISSING: dict[Need, str] = {
    Need.REASON: "Say why.",
    Need.TRIED: "Say what has been tried.",
    Need.QUESTION: "Write the question.",
    Need.ANSWER: "Write the answer.",
    Need.SOLUTION: "Describe the solution.",
    Need.RESOLUTION_CODE: "Choose how it was resolved.",
    Need.SUPPLIER_DESCRIPTION: "Describe the fault to the supplier, without anything about the requester.",
    Need.TEAM: "Choose a team.",
    Need.UNTIL: "Say until when.",
    Need.CANCEL_REASON: "Choose whether it is a duplicate or a mistake.",
    Need.DUPLICATE_OF: "Give the number of the ticket that this one duplicates.",
}
NOT_A_CHOICE = "Choose one of the values offered."
NOT_A_MOMENT = "Give a date and a time with its zone."
OTHER_TEAM = "Choose another team in the same tier of the same organisation."
NOT_ASKED_FOR = "This step does not take this field."


def accept_given(step: Step, ticket: TicketState, given: Mapping[str, str], parties: Parties) -> dict[str, str]:
    """The fields the step takes, stripped and in one written form. Invalid names every field at fault."""
    said = {name: text.strip() for name, text in given.items() if text and text.strip()}
    faults: dict[str, list[str]] = {need: [MISSING[need]] for need in required(step, said) if need not in said}
    faults |= {name: [NOT_ASKED_FOR] for name in said if name not in takes(step)}
    accepted = {}
    for name in said.keys() - faults.keys():
        try:
            accepted[name] = _read(Need(name), said[name], ticket, parties)
        except _Unacceptable as fault:
            faults[name] = [str(fault)]
    if faults:
        raise Invalid({str(name): sentences for name, sentences in faults.items()})
    return {str(need): accepted[need] for need in takes(step) if need in accepted}


def takes(step: Step) -> tuple[Need, ...]:
    """Every field the step has room for: a cancelled duplicate names its original."""
    return (*step.needs, *({Need.DUPLICATE_OF} if Need.CANCEL_REASON in step.needs else ()))


def required(step: Step, said: Mapping[str, str]) -> tuple[Need, ...]:
    duplicate = said.get(Need.CANCEL_REASON) == CancelReason.DUPLICATE
    return takes(step) if duplicate else step.needs


class _Unacceptable(ValueError):
    """Carries the sentence that the field gets."""


def _read(need: Need, text: str, ticket: TicketState, parties: Parties) -> str:
    reader = _READERS.get(need)
    return reader(text, ticket, parties) if reader else text


def _choice(kind: type[StrEnum], text: str, ticket: TicketState, parties: Parties) -> str:
    if text not in list(kind):
        raise _Unacceptable(NOT_A_CHOICE)
    return text


def _moment(text: str, ticket: TicketState, parties: Parties) -> str:
    """RFC 3339; whether it is still to come is for the one who knows the time."""
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return stamp(moment)
    except (ValueError, OverflowError):  # no moment, or one that is none in UTC: beyond the years there are
        pass
    raise _Unacceptable(NOT_A_MOMENT)


def _team(text: str, ticket: TicketState, parties: Parties) -> str:
    if text not in {team.key for team in parties.beside(ticket.holder)}:
        raise _Unacceptable(OTHER_TEAM)
    return text


_READERS: dict[Need, Callable[[str, TicketState, Parties], str]] = {
    Need.RESOLUTION_CODE: partial(_choice, ResolutionCode),
    Need.CANCEL_REASON: partial(_choice, CancelReason),
    Need.UNTIL: _moment,
    Need.TEAM: _team,
}
