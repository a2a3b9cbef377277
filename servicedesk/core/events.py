"""What happened to a ticket: past-tense facts, the journal's content.

An event is a header (`Event`) around one payload. Personal text is never in a payload: a header's `texts` names each
field's stored text and its HMAC, so that erasing the text leaves the chain whole.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from servicedesk.core.canonical import canonical_json
from servicedesk.core.codec import dump, load, moment, stamp
from servicedesk.core.ticket import Holder
from servicedesk.core.vocabulary import AgreementKind, Audience, Channel, Fault, Level, RequesterKind, Verb


@dataclass(frozen=True, slots=True)
class TicketLogged:
    """texts: subject, description, requester_name, requester_contact."""

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


@dataclass(frozen=True, slots=True)
class Moved:
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


@dataclass(frozen=True, slots=True)
class TicketAssigned:
    assignee: str


@dataclass(frozen=True, slots=True)
class PriorityChanged:
    """texts: reason."""

    impact: Level
    urgency: Level
    priority: int


@dataclass(frozen=True, slots=True)
class TicketClassified:
    """Whose fault it is and which service; agreements and supplier follow the service. texts: reason."""

    fault: Fault
    service: str
    e_service: str = ""
    supplier: str = ""
    agreements: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EntryAdded:
    """A reply, note or description. texts: body."""

    entry: str
    audience: Audience
    supplier: str = ""


@dataclass(frozen=True, slots=True)
class AttachmentAdded:
    """A file, for the same readers as an entry. `digest`: the HMAC of its SHA-256 under a key of its own, which is
    destroyed with it. texts: file_name."""

    media_type: str
    size: int
    digest: str
    audience: Audience
    supplier: str = ""


@dataclass(frozen=True, slots=True)
class MunicipalityChanged:
    """Moved to the right municipality, with the requester's knowledge. texts: reason."""

    municipality: str
    holder: Holder
    state: str
    agreements: dict[str, str] = field(default_factory=dict)
    rule: str = ""


@dataclass(frozen=True, slots=True)
class TicketMerged:
    """This ticket is closed as a duplicate of `into`. texts: reason."""

    into: str
    from_state: str
    to_state: str


@dataclass(frozen=True, slots=True)
class TicketLinked:
    """`relation` as read from this ticket; `inverse` when the other ticket is the subject."""

    relation: str
    number: str
    inverse: bool = False


@dataclass(frozen=True, slots=True)
class PromiseWarned:
    """A clock reached `share` percent of its target; `tell` are the roles of the ladder that were told."""

    clock: str
    share: int
    tell: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class WorkflowChanged:
    """Moved to another version of its workflow, into the state that stands for the one it was in. `counts_on`: time in
    the state goes on as it was, reminders that have been sent included; else it begins anew. texts: reason."""

    workflow_version: str
    from_version: str
    from_state: str
    state: str
    counts_on: bool = True


@dataclass(frozen=True, slots=True)
class AgreementChanged:
    """Moved to another version of one of its agreements; `party` is whose agreement it is. texts: reason."""

    kind: AgreementKind
    version: str
    party: str
    from_version: str = ""


@dataclass(frozen=True, slots=True)
class TextErased:
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
    | MunicipalityChanged
    | TicketMerged
    | TicketLinked
    | PromiseWarned
    | WorkflowChanged
    | AgreementChanged
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
            MunicipalityChanged,
            TicketMerged,
            TicketLinked,
            PromiseWarned,
            WorkflowChanged,
            AgreementChanged,
            TextErased,
        )
    },
}


# What somebody wrote or sent for the eyes of some: both have `audience` and `supplier`.
Addressed = EntryAdded | AttachmentAdded


def kind_of(payload: Payload) -> str:
    return EVENT_OF_VERB[payload.verb] if isinstance(payload, Moved) else type(payload).__name__


@dataclass(frozen=True, slots=True)
class Event:
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
    texts: dict[str, str] = field(default_factory=dict)
    observed: bool = False
    party: str = ""
    amends: int | None = None


def body_of(event: Event) -> str:
    """The canonical text that is stored and hashed."""
    body: dict[str, Any] = {
        "kind": event.kind,
        "ticket": event.ticket,
        "seq": event.seq,
        "occurred_at": stamp(event.occurred_at),
        "recorded_at": stamp(event.recorded_at),
        "actor": event.actor,
        "data": dump(event.payload),
        "texts": event.texts,
    }
    if event.party:
        body["party"] = event.party
    if event.observed:
        body["observed"] = True
    if event.amends is not None:
        body["amends"] = event.amends
    return canonical_json(body)


def event_from(body: dict[str, Any]) -> Event:
    return Event(
        kind=body["kind"],
        ticket=body["ticket"],
        seq=body["seq"],
        occurred_at=moment(body["occurred_at"]),
        recorded_at=moment(body["recorded_at"]),
        actor=body["actor"],
        payload=load(PAYLOADS[body["kind"]], body["data"]),
        texts=body["texts"],
        observed=body.get("observed", False),
        party=body.get("party", ""),
        amends=body.get("amends"),
    )


GENESIS = "0" * 64


def chain_hash(previous: str, body: str) -> str:
    """SHA-256 over the hash before and this row's canonical bytes; the first row follows `GENESIS`."""
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


def text_mac(secret: bytes, text: str) -> str:
    """HMAC-SHA256 of a personal text under its own random key; without the key it proves nothing and tells nothing."""
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
