"""What happened to a ticket: past-tense facts, the journal's content.

An event is a header (`Event`) around one payload. Personal text is never in a payload: a header's `texts` names each
field's stored text and its HMAC, so that erasing the text leaves the chain whole.
"""

import hashlib
import hmac
from datetime import datetime
from typing import Any

from msgspec import Raw, Struct, field

from servicedesk.core.codec import FrozenRecord, from_json, is_kept, to_json
from servicedesk.core.ticket import Holder
from servicedesk.core.vocabulary import AgreementKind, Audience, Channel, Fault, Level, Rating, RequesterKind, Verb


class TicketLogged(FrozenRecord, frozen=True):
    """texts: subject, description, requester_name, requester_contact; requester_person, the key of the employee who
    asks, where that is known; requester_language, the one that they read, where that was said."""

    workflow: str
    workflow_version: str
    state: str
    municipality: str
    service: str
    holder: Holder
    channel: Channel
    requester_kind: RequesterKind
    impact: Level
    urgency: Level
    priority: int
    fault: Fault
    e_service: str = ""
    supplier: str = ""
    agreements: dict[str, str] = field(default_factory=dict)
    platform_case: str = ""
    rule: str = ""
    priority_given: bool = False
    reference: str = ""


# What the requester writes without being asked, as an entry.
MESSAGE = "message"


class Moved(FrozenRecord, frozen=True):
    """One step of the workflow. `holder` is set when custody passes; `rule` is the routing rule that chose it. `timer`
    is the timer that it is the firing of, `occurrence` which one of them (0: the state's own, in older journals).

    texts: reason, tried, question, answer, solution, supplier_description.
    """

    verb: Verb
    transition: str
    from_state: str
    to_state: str
    effects: list[str] = field(default_factory=list)
    holder: Holder | None = None
    rule: str = ""
    assignee: str = ""
    given: dict[str, str] = field(default_factory=dict)
    on_behalf: bool = False
    timer: str = ""
    occurrence: int = 0


class TicketAssigned(FrozenRecord, frozen=True):
    assignee: str


class PriorityChanged(FrozenRecord, frozen=True):
    """texts: reason."""

    impact: Level
    urgency: Level
    priority: int


class TicketClassified(FrozenRecord, frozen=True):
    """Whose fault it is and which service; agreements and supplier follow the service. texts: reason."""

    fault: Fault
    service: str
    e_service: str = ""
    supplier: str = ""
    agreements: dict[str, str] = field(default_factory=dict)


class EntryAdded(FrozenRecord, frozen=True):
    """A reply, note or description; a `message` is the requester's own. texts: body. `mentions`: keys of people among
    its readers who are named in it to be told."""

    entry: str
    audience: Audience
    supplier: str = ""
    mentions: list[str] = field(default_factory=list)

    @property
    def tells_requester(self) -> bool:
        """Whether it is an answer to the requester: their own words are none."""
        return self.audience is Audience.REQUESTER and self.entry != MESSAGE


class AttachmentAdded(FrozenRecord, frozen=True):
    """A file, for the same readers as an entry. `digest`: the HMAC of its SHA-256 under a key of its own, which is
    destroyed with it. texts: file_name."""

    media_type: str
    size: int
    digest: str
    audience: Audience
    supplier: str = ""


class ReferenceGiven(FrozenRecord, frozen=True):
    """What an organisation's own system calls the ticket; '' when it calls it nothing any longer."""

    organisation: str
    reference: str


class MunicipalityChanged(FrozenRecord, frozen=True):
    """Moved to the right municipality, with the requester's knowledge. texts: reason."""

    municipality: str
    holder: Holder
    state: str
    agreements: dict[str, str] = field(default_factory=dict)
    rule: str = ""


class TicketMerged(FrozenRecord, frozen=True):
    """This ticket is closed as a duplicate of `into`. texts: reason."""

    into: str
    from_state: str
    to_state: str


class TicketLinked(FrozenRecord, frozen=True):
    """`relation` as read from this ticket; `inverse` when the other ticket is the subject."""

    relation: str
    number: str
    inverse: bool = False


class PromiseWarned(FrozenRecord, frozen=True):
    """A clock reached `share` percent of its target; `tell` are the roles of the ladder that were told."""

    clock: str
    share: int
    tell: list[str] = field(default_factory=list)


class WorkflowChanged(FrozenRecord, frozen=True):
    """Moved to another version of its workflow, into the state that stands for the one it was in. `counts_on`: time in
    the state goes on as it was, reminders that have been sent included; else it begins anew. texts: reason."""

    workflow_version: str
    from_version: str
    from_state: str
    state: str
    counts_on: bool = True


class AgreementChanged(FrozenRecord, frozen=True):
    """Moved to another version of one of its agreements; `party` is whose agreement it is. texts: reason."""

    kind: AgreementKind
    version: str
    party: str
    from_version: str = ""


class LinkGiven(FrozenRecord, frozen=True):
    """Somebody was shown the requester's own link to the ticket, or, `withdrawn`, took it out of use."""

    withdrawn: bool = False


class ContactCorrected(FrozenRecord, frozen=True):
    """How the requester is reached, told again because it was wrong or missing; the latest counts. Somebody who can be
    reached is anonymous no longer: `requester_kind` is what they are now. texts: requester_contact, reason;
    requester_person, where with it another employee asks, or none."""

    requester_kind: RequesterKind


class RatingGiven(FrozenRecord, frozen=True):
    """How the requester thinks it went, once it was over; the latest counts. texts: comment."""

    rating: Rating


class MajorIncidentDeclared(FrozenRecord, frozen=True):
    """Out of this ticket a major incident was declared, which gathers others; `incident` is its key."""

    incident: str


class MajorIncidentJoined(FrozenRecord, frozen=True):
    """The ticket belongs to a major incident, which opens it to the joint organisation that leads that."""

    incident: str
    joint: str


class MajorIncidentLeft(FrozenRecord, frozen=True):
    """It did not belong there after all."""

    incident: str


class TextErased(FrozenRecord, frozen=True):
    """Personal text of these events was destroyed under a decision (*gallringsbeslut*)."""

    seqs: list[int]
    decision: str


Payload = (
    TicketLogged
    | Moved
    | TicketAssigned
    | PriorityChanged
    | TicketClassified
    | EntryAdded
    | AttachmentAdded
    | ReferenceGiven
    | MunicipalityChanged
    | TicketMerged
    | TicketLinked
    | PromiseWarned
    | WorkflowChanged
    | AgreementChanged
    | LinkGiven
    | ContactCorrected
    | RatingGiven
    | MajorIncidentDeclared
    | MajorIncidentJoined
    | MajorIncidentLeft
    | TextErased
)

EVENT_OF_VERB: dict[Verb, str] = {
    Verb.TAKE: "TicketTaken",
    Verb.HAND_OVER: "TicketHandedOver",
    Verb.ACCEPT: "TicketAccepted",
    Verb.RETURN: "TicketReturned",
    Verb.RECALL: "TicketRecalled",
    Verb.ASK: "QuestionAsked",
    Verb.ANSWER: "QuestionAnswered",
    Verb.WAIT: "WaitStarted",
    Verb.RESUME: "WorkResumed",
    Verb.RESOLVE: "TicketResolved",
    Verb.VERIFY: "SolutionVerified",
    Verb.REJECT: "SolutionRejected",
    Verb.CONFIRM: "SolutionConfirmed",
    Verb.REOPEN: "TicketReopened",
    Verb.CLOSE: "TicketClosed",
    Verb.CANCEL: "TicketCancelled",
    Verb.REMIND: "RequesterReminded",
    Verb.STEP: "StepTaken",
}

PAYLOADS: dict[str, type[Any]] = {
    **dict.fromkeys(EVENT_OF_VERB.values(), Moved),
    **{
        cls.__name__: cls
        for cls in (
            TicketLogged,
            TicketAssigned,
            PriorityChanged,
            TicketClassified,
            EntryAdded,
            AttachmentAdded,
            ReferenceGiven,
            MunicipalityChanged,
            TicketMerged,
            TicketLinked,
            PromiseWarned,
            WorkflowChanged,
            AgreementChanged,
            LinkGiven,
            ContactCorrected,
            RatingGiven,
            MajorIncidentDeclared,
            MajorIncidentJoined,
            MajorIncidentLeft,
            TextErased,
        )
    },
}


# What somebody wrote or sent for the eyes of some: both have `audience` and `supplier`.
Addressed = EntryAdded | AttachmentAdded


def kind_of(payload: Payload) -> str:
    return EVENT_OF_VERB[payload.verb] if isinstance(payload, Moved) else type(payload).__name__


class Event(FrozenRecord, frozen=True, rename={"payload": "data"}):
    """One journal row. `occurred_at` orders the fold (then `seq`), `seq` orders the hash chain.

    `actor` is `kind:key`, `party` the organisation that it acted for ('' for the system itself). `observed` marks a
    move taken over from another system, to which no guard applied. `texts` maps a field to the HMAC of its personal
    text under that text's own key.

    `amends` is None for what was told in its time. In a correction it is the seq of the event that this one is to be
    read instead of, 0 when it tells of something that no event told.
    """

    kind: str
    ticket: str
    seq: int
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    payload: Payload
    texts: dict[str, str]
    observed: bool = False
    party: str = ""
    amends: int | None = None


class _Body(Struct, frozen=True, forbid_unknown_fields=True):
    """An event as it is read: what its data is, only its kind tells."""

    kind: str
    ticket: str
    seq: int
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    data: Raw
    texts: dict[str, str]
    observed: bool = False
    party: str = ""
    amends: int | None = None


def body_of(event: Event) -> str:
    """The canonical text that is stored and hashed."""
    return to_json(event)


def event_from(text: str) -> Event:
    """The event again from its body. KeyError and ValueError tell of a foreign or damaged one."""
    body = from_json(_Body, text)
    for moment in (body.occurred_at, body.recorded_at):
        if not is_kept(moment):
            raise ValueError(f"{moment.isoformat()!r} is not a moment as the journal writes it")
    return Event(
        kind=body.kind,
        ticket=body.ticket,
        seq=body.seq,
        occurred_at=body.occurred_at,
        recorded_at=body.recorded_at,
        actor=body.actor,
        payload=from_json(PAYLOADS[body.kind], body.data),
        texts=body.texts,
        observed=body.observed,
        party=body.party,
        amends=body.amends,
    )


GENESIS = "0" * 64


def chain_hash(previous: str, body: str) -> str:
    """SHA-256 over the hash before and this row's canonical bytes; the first row follows `GENESIS`."""
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


def text_mac(secret: bytes, text: str) -> str:
    """HMAC-SHA256 of a personal text under its own random key; without the key it proves nothing and tells nothing."""
    return hmac.digest(secret, text.encode(), "sha256").hex()
