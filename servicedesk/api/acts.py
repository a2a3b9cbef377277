"""What a client can do to a ticket: one act per kind of fact, whichever face of the API it comes by. Each is one action
of the desk; the desk judges whether it may be done."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from servicedesk.actions.acting import Do, Given
from servicedesk.actions.entries import add_entry, progress_for
from servicedesk.actions.opened import Open
from servicedesk.actions.steps import step_of_verb
from servicedesk.actions.work import Work
from servicedesk.core.facts import Actor
from servicedesk.core.rights import Right
from servicedesk.core.vocabulary import Audience, Language, Tier, Verb

# The field by which a client chooses between several steps of one verb.
STEP = "step"


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


def audiences_of(rights: Mapping[Audience, Right], client: Actor) -> tuple[Audience, ...]:
    """Of a writing: whom this client can write to, the usual first. A supplier has one reader."""
    outside = is_supplier(client)
    return tuple(each for each in rights if (each is Audience.SUPPLIER) is outside)


def is_supplier(client: Actor) -> bool:
    return any(seat.tier is Tier.SUPPLIER for seat in client.seats)


def _step(verb: Verb, work: Work, held: Open, given: Given, *, actor: Actor) -> None:
    said = {name: text for name, text in given.items() if name != STEP}
    step_of_verb(work, held, said, verb=verb, actor=actor, transition=given.get(STEP, "").strip())


def _note(work: Work, held: Open, given: Given, *, actor: Actor) -> None:
    if is_supplier(actor):
        entry, audience = "supplier_note", Audience.SUPPLIER
    else:
        entry, audience = "note", Audience(given.get("audience", Audience.MUNICIPALITY))
    add_entry(work, held, entry, audience, given.get("body", ""), actor=actor)


def _update(work: Work, held: Open, given: Given, *, actor: Actor) -> None:
    add_entry(work, held, "update", progress_for(actor), given.get("body", ""), actor=actor)


def _reply(work: Work, held: Open, given: Given, *, actor: Actor) -> None:
    add_entry(work, held, "reply", Audience.REQUESTER, given.get("body", ""), actor=actor)


def _of_verb(verb: Verb, name: str, sv: str, en: str) -> Act:
    return Act(name, str(verb), {Language.SWEDISH: sv, Language.ENGLISH: en}, partial(_step, verb), verb)


def _writing(name: str, called: str, do: Do, rights: Mapping[Audience, Right], sv: str, en: str) -> Act:
    return Act(name, called, {Language.SWEDISH: sv, Language.ENGLISH: en}, do, rights=rights)


NOTES = {
    Audience.SUPPLIER: Right.NOTE_TO_SUPPLIER,
    Audience.MUNICIPALITY: Right.NOTE,
    Audience.JOINT: Right.NOTE_TO_JOINT,
}
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
        "notes", "note", _note, NOTES, "Skriv en anteckning", "Write a note"
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
