"""What each organisation is told of what happens to a ticket: the types of change, and the rule that gives them.

The change feed, webhooks and TMF621's events all go by this. A change is told to whoever sees the event itself; to who
gains or loses the sight of the ticket; and to a supplier, of an event that it does not see, when what it is shown of
the ticket has changed by it. Everything else leaves no trace.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from msgspec import Struct

from servicedesk.core import fold
from servicedesk.core.events import Event, TicketLogged
from servicedesk.core.rules import Rules
from servicedesk.core.ticket import Holder, TicketState
from servicedesk.core.visibility import Access, accesses, changed_at, sees, view_of
from servicedesk.core.vocabulary import Category, Tier, TmfStatus, WaitsOn
from servicedesk.core.workflows.definition import State

SHARED = "ticket.shared"
WITHDRAWN = "ticket.withdrawn"
CORRECTED = "ticket.corrected"
CHANGED = "ticket.changed"
LOGGED = "ticket.logged"
SOLVED = "ticket.solved"
CLOSED = "ticket.closed"
CANCELLED = "ticket.cancelled"
REOPENED = "ticket.reopened"
WARNED = "ticket.promise_warned"

# What the journal calls it -> what the world is told.
OF_EVENT: Mapping[str, str] = {
    "TicketLogged": LOGGED,
    "TicketTaken": "ticket.taken",
    "TicketHandedOver": "ticket.handed_over",
    "TicketAccepted": "ticket.acknowledged",
    "TicketReturned": "ticket.returned",
    "TicketRecalled": "ticket.recalled",
    "QuestionAsked": "ticket.information_requested",
    "QuestionAnswered": "ticket.information_given",
    "WaitStarted": "ticket.wait_started",
    "WorkResumed": "ticket.work_resumed",
    "TicketResolved": SOLVED,
    "SolutionVerified": "ticket.solution_verified",
    "SolutionRejected": "ticket.solution_rejected",
    "SolutionConfirmed": "ticket.solution_confirmed",
    "TicketReopened": REOPENED,
    "TicketClosed": CLOSED,
    "TicketCancelled": CANCELLED,
    "RequesterReminded": "ticket.requester_reminded",
    "StepTaken": "ticket.step_taken",
    "TicketAssigned": "ticket.assigned",
    "PriorityChanged": "ticket.priority_changed",
    "TicketClassified": "ticket.classified",
    "EntryAdded": "ticket.updated",
    "AttachmentAdded": "ticket.attachment_added",
    "ReferenceGiven": "ticket.reference_given",
    "MunicipalityChanged": "ticket.municipality_changed",
    "TicketMerged": "ticket.merged",
    "TicketLinked": "ticket.linked",
    "PromiseWarned": WARNED,
    "WorkflowChanged": "ticket.workflow_changed",
    "AgreementChanged": "ticket.agreement_changed",
    "LinkGiven": "ticket.link_given",
    "ContactCorrected": "ticket.contact_corrected",
    "RatingGiven": "ticket.rated",
    "MajorIncidentDeclared": "ticket.major_incident_declared",
    "MajorIncidentJoined": "ticket.major_incident_joined",
    "MajorIncidentLeft": "ticket.major_incident_left",
    "TextErased": "ticket.text_erased",
}
# Every type there is, and what it says.
TYPES: Mapping[str, str] = {
    LOGGED: "A ticket has been logged in your municipality.",
    SHARED: "A ticket is now yours to see. Read it: what happened before is in it.",
    WITHDRAWN: "A ticket is no longer yours to see.",
    "ticket.taken": "Somebody works on it.",
    "ticket.handed_over": "It has been handed over to another team.",
    "ticket.acknowledged": "Whoever has it has accepted it.",
    "ticket.returned": "It has been returned to where it came from.",
    "ticket.recalled": "Whoever handed it over has taken it back.",
    "ticket.information_requested": "Somebody has asked a question and waits for the answer.",
    "ticket.information_given": "A question has been answered.",
    "ticket.wait_started": "It waits for something.",
    "ticket.work_resumed": "It waits no longer.",
    SOLVED: "It has been solved, or a solution has been proposed.",
    "ticket.solution_verified": "A supplier's solution has been verified.",
    "ticket.solution_rejected": "A solution has been rejected.",
    "ticket.solution_confirmed": "The requester has confirmed the solution.",
    REOPENED: "It has been opened again.",
    CLOSED: "It has been closed.",
    CANCELLED: "It has been cancelled.",
    "ticket.requester_reminded": "The requester has been reminded of a question.",
    "ticket.step_taken": "It has taken a step that is its workflow's own.",
    "ticket.assigned": "Somebody has been named to work on it.",
    "ticket.priority_changed": "It has another priority.",
    "ticket.classified": "It concerns another service, or the fault is another's.",
    "ticket.updated": "Somebody has written in it: a reply, a note, a description.",
    "ticket.attachment_added": "A file has come with it.",
    "ticket.reference_given": "A system has said what it calls the ticket itself.",
    "ticket.municipality_changed": "It has been moved to another municipality.",
    "ticket.merged": "It has been merged into another ticket.",
    "ticket.linked": "It has been linked to another ticket.",
    WARNED: "So much of a promise's time is used that a warning was due.",
    "ticket.workflow_changed": "It goes by another version of its workflow.",
    "ticket.agreement_changed": "It goes by another version of an agreement.",
    "ticket.link_given": "Somebody was shown the requester's own link to it, or took it out of use.",
    "ticket.contact_corrected": "How the requester is reached was corrected.",
    "ticket.rated": "The requester has said how it went.",
    "ticket.major_incident_declared": "A major incident was declared out of it.",
    "ticket.major_incident_joined": "It belongs to a major incident.",
    "ticket.major_incident_left": "It does not belong to the major incident after all.",
    "ticket.text_erased": "Personal text in it has been destroyed under a decision.",
    CORRECTED: "What was told of it before has been corrected.",
    CHANGED: "What you are shown of it has changed: where it is, its state or its priority.",
}


class Change(Struct, frozen=True):
    """What an organisation is told of one event. `ordinal`: the how-manyth change of this ticket that is to it, with no
    gap. `own`: it was done for that organisation itself."""

    organisation: str
    seq: int
    type: str
    ordinal: int
    own: bool
    at: datetime


class Shown(Struct, frozen=True):
    """What a supplier is shown of a ticket that may change by what it does not see: how it ended, if it has, and the
    rest."""

    ended: tuple[Category, TmfStatus] | None
    rest: tuple[object, ...]


class _Seen(Struct, frozen=True):
    """A ticket at one moment: who sees it, who has it, and what each supplier is shown of it."""

    accesses: dict[str, Access]
    holder: Holder
    shown: dict[str, Shown]


def changes_of(events: Iterable[Event], rules: Rules) -> Iterator[Change]:
    """Everything that each organisation is told of a ticket, in order of seq. Of the same journal always the same, and
    of a longer one the same first: what has been told stands."""
    telling = Telling(rules)
    for event, ticket in fold.lived(events, rules):
        yield from telling.of(event, ticket)


def told_to(organisation: str, events: Iterable[Event], rules: Rules) -> Iterator[Change]:
    """The same for one of them alone."""
    telling = Telling(rules, organisation)
    for event, ticket in fold.lived(events, rules):
        yield from telling.of(event, ticket)


class Telling:
    """The same, one event after another, for whoever folds the ticket anyway; to one alone if it is named."""

    def __init__(self, rules: Rules, only: str = "") -> None:
        self.rules = rules
        self.only = only
        self._told: dict[str, int] = {}
        self._known: list[Event] = []
        self._before: _Seen | None = None

    def of(self, event: Event, ticket: TicketState) -> Iterator[Change]:
        """What is told of the next event. `ticket`: as it was when that had become known."""
        self._known.append(event)
        before, now = self._before, _seen(ticket, self.rules, self.only)
        self._before = now
        moment = changed_at(event)
        for organisation in sorted({*before.accesses, *now.accesses} if before else now.accesses):
            if kind := _type(self._known, before, now, organisation):
                ordinal = self._told[organisation] = self._told.get(organisation, 0) + 1
                yield Change(organisation, event.seq, kind, ordinal, event.party == organisation, moment)


def _seen(ticket: TicketState, rules: Rules, only: str) -> _Seen:
    seen = {key: access for key, access in accesses(ticket).items() if not only or key == only}
    if not ticket.suppliers:
        return _Seen(seen, ticket.holder, {})
    state = rules.definition(ticket.workflow_version).states[ticket.state]
    suppliers = [organisation for organisation, access in seen.items() if access is Access.SUPPLIER]
    return _Seen(seen, ticket.holder, {supplier: shown(ticket, state, supplier) for supplier in suppliers})


def _type(known: list[Event], before: _Seen | None, now: _Seen, organisation: str) -> str:
    """'' when the organisation is told nothing of the last event."""
    event, access = known[-1], now.accesses.get(organisation)
    if access is None:
        return WITHDRAWN
    if before is None or organisation not in before.accesses:
        return LOGGED if isinstance(event.payload, TicketLogged) and access is not Access.SUPPLIER else SHARED
    if _is_seen(known, before, now, access, organisation):
        return OF_EVENT[event.kind] if event.amends is None else CORRECTED
    was, shows = before.shown.get(organisation), now.shown.get(organisation)
    return _of_what_is_shown(was, shows) if was and shows and was != shows else ""


def _is_seen(known: list[Event], before: _Seen, now: _Seen, access: Access, organisation: str) -> bool:
    event = known[-1]
    if event.amends is None:
        return sees(event, before.holder, now.holder, access, organisation)
    # Where a correction belongs is only to be told from all that is known.
    return any(seen.event.seq == event.seq for seen in view_of(known, access, organisation))


BELOW = (WaitsOn.REQUESTER, WaitsOn.FIRST_LINE, WaitsOn.SECOND_LINE)


def shown(ticket: TicketState, state: State, supplier: str) -> Shown:
    """Everything of that kind that store.queries.systems shows."""
    is_near = is_near_to(supplier, ticket.holder)
    ended = (state.category, state.tmf621) if state.category in (Category.RESOLVED, Category.CLOSED) else None
    rest = (
        (state.category, state.tmf621, "" if state.waits_on in BELOW else state.key) if is_near and not ended else None,
        (ticket.holder.tier, ticket.holder.organisation) if is_near else None,
        ticket.priority,
        ticket.service,
        ticket.municipality,
    )
    return Shown(ended, rest)


def is_near_to(supplier: str, holder: Holder) -> bool:
    """Whether the supplier or the joint organisation has it: who else does is the municipality's own business."""
    return holder.tier is Tier.JOINT or (holder.tier is Tier.SUPPLIER and holder.organisation == supplier)


def _of_what_is_shown(was: Shown, shows: Shown) -> str:
    if was.ended == shows.ended:
        return CHANGED
    if shows.ended is None:
        return REOPENED
    category, status = shows.ended
    if status is TmfStatus.CANCELLED:
        return CANCELLED
    return CLOSED if category is Category.CLOSED else SOLVED
