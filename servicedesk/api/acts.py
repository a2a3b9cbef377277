"""What a client can do to a ticket: one act per kind of fact, whichever face of the API it comes by. Each is one action
of the desk; the desk judges whether it may be done."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from servicedesk.actions import entries
from servicedesk.actions.desk import Desk
from servicedesk.actions.once import Once
from servicedesk.actions.steps import perform_verb
from servicedesk.core.facts import Actor
from servicedesk.core.rights import Right
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Audience, Language, Tier, Verb

Given = Mapping[str, str]
# The field by which a client chooses between several steps of one verb.
STEP = "step"


class Do(Protocol):
    """Carries out what was given on a ticket, as the client, if the version is still the expected one."""

    def __call__(
        self, desk: Desk, number: str, given: Given, *, actor: Actor, expected: int | None, once: Once | None
    ) -> TicketState: ...


@dataclass(frozen=True, slots=True)
class Act:
    """`name`: the fact that comes of it. `verb`: the family of workflow steps it takes; else it is a `writing`, for
    these readers, each with the right that it takes."""

    name: str
    called: str
    label: Mapping[Language, str]
    do: Do
    verb: Verb | None = None
    rights: Mapping[Audience, Right] | None = None

    def audiences(self, client: Actor) -> tuple[Audience, ...]:
        """Of a writing: whom this client can write to, the usual first. A supplier has one reader."""
        outside = is_supplier(client)
        return tuple(each for each in self.rights or () if (each is Audience.SUPPLIER) is outside)


def is_supplier(client: Actor) -> bool:
    return any(seat.tier is Tier.SUPPLIER for seat in client.seats)


def _step(
    verb: Verb, desk: Desk, number: str, given: Given, *, actor: Actor, expected: int | None, once: Once | None
) -> TicketState:
    said = {name: text for name, text in given.items() if name != STEP}
    chosen = given.get(STEP, "").strip()
    return perform_verb(desk, number, verb, actor=actor, given=said, transition=chosen, expected=expected, once=once)


def _note(
    desk: Desk, number: str, given: Given, *, actor: Actor, expected: int | None, once: Once | None
) -> TicketState:
    body = given.get("body", "")
    if is_supplier(actor):
        return entries.note_to_supplier(desk, number, body, actor=actor, expected=expected, once=once)
    to_joint = given.get("audience") == Audience.JOINT
    return entries.note(desk, number, body, actor=actor, to_joint=to_joint, expected=expected, once=once)


def _update(
    desk: Desk, number: str, given: Given, *, actor: Actor, expected: int | None, once: Once | None
) -> TicketState:
    return entries.tell_progress(desk, number, given.get("body", ""), actor=actor, expected=expected, once=once)


def _reply(
    desk: Desk, number: str, given: Given, *, actor: Actor, expected: int | None, once: Once | None
) -> TicketState:
    return entries.reply(desk, number, given.get("body", ""), actor=actor, expected=expected, once=once)


def _of_verb(verb: Verb, name: str, sv: str, en: str) -> Act:
    return Act(name, str(verb), {Language.SWEDISH: sv, Language.ENGLISH: en}, partial(_step, verb), verb)


def _writing(name: str, called: str, do: Do, rights: Mapping[Audience, Right], sv: str, en: str) -> Act:
    return Act(name, called, {Language.SWEDISH: sv, Language.ENGLISH: en}, do, rights=rights)


ACTS = (
    _of_verb(Verb.ACCEPT, "acknowledgements", "Ta emot", "Accept"),
    _of_verb(Verb.ASK, "information-requests", "Ställ en fråga", "Ask"),
    _of_verb(Verb.ANSWER, "answers", "Svara på frågan", "Answer the question"),
    _of_verb(Verb.RESOLVE, "solutions", "Lämna en lösning", "Propose a solution"),
    _of_verb(Verb.RETURN, "returns", "Lämna tillbaka", "Return"),
    _of_verb(Verb.HAND_OVER, "handovers", "Lämna över", "Hand over"),
    _of_verb(Verb.RESUME, "resumptions", "Fortsätt", "Resume"),
    _of_verb(Verb.WAIT, "waits", "Vänta", "Wait"),
    _of_verb(Verb.TAKE, "takeovers", "Ta över", "Take over"),
    _of_verb(Verb.VERIFY, "verifications", "Godkänn lösningen", "Verify the solution"),
    _of_verb(Verb.REJECT, "rejections", "Underkänn lösningen", "Reject the solution"),
    _of_verb(Verb.RECALL, "recalls", "Återta", "Recall"),
    _of_verb(Verb.CONFIRM, "confirmations", "Bekräfta att felet är löst", "Confirm that it is solved"),
    _of_verb(Verb.REOPEN, "reopenings", "Öppna igen", "Reopen"),
    _of_verb(Verb.CANCEL, "cancellations", "Makulera", "Cancel"),
    _of_verb(Verb.CLOSE, "closures", "Avsluta", "Close"),
    _of_verb(Verb.STEP, "steps", "Gå vidare", "Go on"),
    _writing(
        "notes", "note", _note,
        {
            Audience.SUPPLIER: Right.NOTE_TO_SUPPLIER,
            Audience.MUNICIPALITY: Right.NOTE,
            Audience.JOINT: Right.NOTE_TO_JOINT,
        },
        "Skriv en anteckning", "Write a note",
    ),
    _writing(
        "updates", "update", _update,
        {Audience.SUPPLIER: Right.NOTE_TO_SUPPLIER, Audience.JOINT: Right.NOTE_TO_JOINT},
        "Berätta hur det går", "Tell how it goes",
    ),
    _writing(
        "replies", "reply", _reply, {Audience.REQUESTER: Right.REPLY}, "Svara anmälaren", "Reply to the requester"
    ),
)  # fmt: skip
ACT_OF_VERB = {act.verb: act for act in ACTS if act.verb}
