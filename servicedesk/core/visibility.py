"""Who sees what: the one predicate. Which organisations see a ticket, and what of it each of them sees.

Everything shown anywhere (list, page, count, API, search, export, notice) goes through `accesses` (materialised as rows
by the fold) and `view_of`. What is not allowed here is not shown.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property

from msgspec import Struct

from servicedesk.core.amended import amended
from servicedesk.core.events import (
    Addressed,
    AgreementChanged,
    ContactCorrected,
    Event,
    Moved,
    MunicipalityChanged,
    PriorityChanged,
    PromiseWarned,
    RatingGiven,
    ReferenceGiven,
    TicketLogged,
    TicketMerged,
    WorkflowChanged,
)
from servicedesk.core.facts import Actor
from servicedesk.core.sla import whose
from servicedesk.core.ticket import Clock, Holder, TicketState
from servicedesk.core.vocabulary import AgreementKind, Audience, Role, Tier, Verb, WaitsOn

NEVER = datetime(9999, 1, 1, tzinfo=UTC)


class Access(StrEnum):
    """How an organisation meets a ticket, and last whoever asked; ordered from most to least."""

    MUNICIPALITY = "municipality"
    JOINT = "joint"
    SUPPLIER = "supplier"
    REQUESTER = "requester"


# Asked of every event with everybody's eyes: a name is found some ten times as fast as an enum's member.
MUNICIPALITY, JOINT = Access.MUNICIPALITY, Access.JOINT
SUPPLIER, REQUESTER = Access.SUPPLIER, Access.REQUESTER


def accesses(ticket: TicketState) -> dict[str, Access]:
    """Organisation -> access. The municipality sees its own; the joint board what has been escalated to it; a supplier
    what is or was in its hands."""
    seen = dict.fromkeys(ticket.suppliers, SUPPLIER)
    if ticket.joint:
        seen[ticket.joint] = JOINT
    seen[ticket.municipality] = MUNICIPALITY
    return seen


def organisations_reading(ticket: TicketState, audience: Audience, supplier: str = "") -> set[str]:
    """Those that read what is written to an audience, and to which supplier."""
    seen = accesses(ticket).items()
    return {organisation for organisation, access in seen if _reads(access, organisation, audience, supplier)}


def _reads(access: Access, organisation: str, audience: Audience, supplier: str) -> bool:
    if access is SUPPLIER:
        return audience is Audience.SUPPLIER and organisation == supplier
    return access is MUNICIPALITY or audience is not Audience.MUNICIPALITY


def visible_clocks(ticket: TicketState, access: Access, organisation: str) -> list[Clock]:
    """A supplier sees its own contract's clocks and no promise between others; a requester what they are promised."""
    if access is REQUESTER:
        return [clock for clock in ticket.clocks.values() if whose(clock.key) == ("", "")]
    if access is not SUPPLIER:
        return list(ticket.clocks.values())
    return [clock for clock in ticket.clocks.values() if whose(clock.key) == (Tier.SUPPLIER, organisation)]


def next_due(ticket: TicketState, access: Access, organisation: str) -> datetime:
    """What runs out first in this organisation's view; `NEVER` when nothing runs."""
    due = (clock.due_at for clock in visible_clocks(ticket, access, organisation) if clock.due_at)
    return min(due, default=NEVER) if ticket.is_open else NEVER


def running_promises(ticket: TicketState, access: Access, organisation: str) -> list[tuple[datetime, datetime]]:
    """When each promise that runs in this organisation's view runs out, and when it was made; those that had not run
    out at the ticket's last event."""
    clocks = visible_clocks(ticket, access, organisation) if ticket.is_open else []
    since = ticket.last_at or ticket.opened_at
    return [(clock.due_at, clock.started_at) for clock in clocks if clock.due_at and clock.due_at > since]


def promised_at(ticket: TicketState, access: Access, organisation: str) -> datetime | None:
    """When the promise that runs out first was made; None when nothing runs."""
    due = next_due(ticket, access, organisation)
    clocks = visible_clocks(ticket, access, organisation)
    return min((clock.started_at for clock in clocks if clock.due_at == due), default=None)


def last_seen_at(ticket: TicketState, access: Access, organisation: str) -> datetime:
    """When the last change was that this organisation may see: its lists are ordered by no other time."""
    assert ticket.last_at is not None
    if access is SUPPLIER:
        return ticket.supplier_seen_at.get(organisation, ticket.opened_at)
    return ticket.last_at


def seen_tier(ticket: TicketState, access: Access, organisation: str) -> str:
    """Where in the chain the ticket is; '' where that is the customer's own business."""
    holder = ticket.holder
    if access is SUPPLIER and holder.organisation != organisation and holder.tier is not Tier.JOINT:
        return ""
    return str(holder.tier)


def seen_assignee(ticket: TicketState, access: Access, organisation: str) -> str | None:
    """Who works on it, '' for nobody; None to a supplier that does not have it."""
    outside = access is SUPPLIER and ticket.holder.organisation != organisation
    return None if outside else ticket.assignee


def references_seen(ticket: TicketState, access: Access, organisation: str) -> dict[str, str]:
    """Organisation -> what its system calls the ticket. A supplier knows of no other's."""
    if access is not SUPPLIER:
        return ticket.references
    own = ticket.references.get(organisation)
    return {organisation: own} if own else {}


def title_seq(ticket: TicketState, access: Access, organisation: str) -> int:
    """The event whose text names the ticket in this organisation's view; 0 when it has none yet."""
    return ticket.descriptions.get(organisation, 0) if access is SUPPLIER else 1


def best_access(ticket: TicketState, organisations: Iterable[str]) -> tuple[Access, str] | None:
    """(access, through which organisation) of somebody who is in these; None when it is not theirs to see."""
    order = list(Access)
    seen = accesses(ticket)
    mine = [(order.index(seen[key]), key) for key in organisations if key in seen]
    return (order[min(mine)[0]], min(mine)[1]) if mine else None


def may_know_of(ticket: TicketState, viewer: Actor, other: Actor) -> bool:
    """Whether two people who have the ticket before them may learn of each other that they do: those of its
    municipality and of the joint organisation, whom its timeline names to each other; of a supplier those of one team.
    A supplier and its customer are not named to one another. It holds either way round or neither."""
    mine, theirs = access_of(ticket, viewer), access_of(ticket, other)
    inside = (MUNICIPALITY, JOINT)
    if mine is None or theirs is None:
        return False
    if mine[0] in inside or theirs[0] in inside:
        return mine[0] in inside and theirs[0] in inside
    return mine[0] is SUPPLIER and mine == theirs and bool(_teams(viewer, mine[1]) & _teams(other, theirs[1]))


def may_know_of_writing(access: Access, audience: Audience | None) -> bool:
    """Whether whoever may know of somebody also learns that they write this: only who is to see it. None: a step."""
    return access is MUNICIPALITY or audience is not Audience.MUNICIPALITY


def _teams(actor: Actor, organisation: str) -> set[str]:
    return {seat.team for seat in actor.seats if seat.organisation == organisation}


def access_of(ticket: TicketState, viewer: Actor) -> tuple[Access, str] | None:
    """The same of whoever looks. A requester is there for the one ticket that their key names."""
    if viewer.kind == Role.REQUESTER:
        return (Access.REQUESTER, "") if viewer.key == ticket.number else None
    return best_access(ticket, viewer.organisations)


class SeenEvent(Struct, frozen=True):
    """An event as one viewer may see it: which of its texts, and whether the actor's name may be shown."""

    event: Event
    holder: Holder
    texts: frozenset[str]
    names_actor: bool


def view_of(events: Iterable[Event], access: Access, organisation: str) -> Iterator[SeenEvent]:
    """The timeline of one ticket, in order of seq, as an organisation with this access sees it.

    Who had the ticket follows the order in which things happened. What was corrected is seen by whoever sees it where
    it was first told or where it belongs; a corrected priority also by whoever had the ticket after that.
    """
    events = list(events)
    timeline = Timeline(events)
    for event in events:
        seen = timeline.seen(event, access, organisation)
        if seen is not None:
            yield seen


# The holders before and after an event, and the organisations that have the ticket then or later.
Place = tuple[Holder, Holder, frozenset[str]]


class Timeline:
    """One ticket's events, for those who look with the eyes of several: who had it when is found out once."""

    def __init__(self, events: Collection[Event]) -> None:
        self._events = events

    @cached_property
    def _readings(self) -> list[dict[int, Place]]:
        readings = [_holders(amended(self._events))]
        if any(event.amends for event in self._events):
            readings.append(_holders(amended(event for event in self._events if not event.amends)))
        return readings

    def texts_seen(self, event: Event, access: Access, organisation: str) -> frozenset[str]:
        """Which of an event's texts are shown. Who had the ticket matters to those outside alone."""
        if access is MUNICIPALITY or access is JOINT:
            return _texts_inside(event, access) or frozenset()
        seen = self.seen(event, access, organisation)
        return seen.texts if seen else frozenset()

    def seen(self, event: Event, access: Access, organisation: str) -> SeenEvent | None:
        for reading in self._readings:
            place = reading.get(event.amends or event.seq)
            seen = _seen(event, *place, access, organisation) if place else None
            if seen is not None:
                return seen
        return None


def changed_at(event: Event) -> datetime:
    """When an event changed what people see: a correction when it was made, not when what it speaks of happened."""
    return event.occurred_at if event.amends is None else event.recorded_at


def _holders(events: list[Event]) -> dict[int, Place]:
    """seq -> its place among these events, which stand in the order in which things happened."""
    around: list[tuple[int, Holder, Holder]] = []
    holder: Holder | None = None
    for event in events:
        before, holder = holder, _holder_after(event, holder)
        around.append((event.seq, before or holder, holder))
    later: frozenset[str] = frozenset()
    found: dict[int, Place] = {}
    for seq, before, after in reversed(around):
        later |= {before.organisation, after.organisation}
        found[seq] = (before, after, later)
    return found


def _holder_after(event: Event, holder: Holder | None) -> Holder:
    data = event.payload
    if isinstance(data, (TicketLogged, MunicipalityChanged)):
        return data.holder
    if isinstance(data, Moved) and data.holder:
        return data.holder
    assert holder is not None
    return holder


def _seen(
    event: Event, before: Holder, after: Holder, later: frozenset[str], access: Access, organisation: str
) -> SeenEvent | None:
    if access is SUPPLIER:
        return seen_by_supplier(event, before, after, organisation, later)
    if access is REQUESTER:
        return seen_by_requester(event, before, after)
    texts = _texts_inside(event, access)
    return None if texts is None else SeenEvent(event, after, texts, names_actor=True)


def _texts_inside(event: Event, access: Access) -> frozenset[str] | None:
    """The texts that a municipality or the joint organisation is shown of an event; None when nothing of it at all."""
    texts = frozenset(event.texts) - KEYS
    if access is MUNICIPALITY:
        return texts
    if isinstance(event.payload, ContactCorrected):
        return None
    if isinstance(event.payload, Addressed) and not _reads(access, "", event.payload.audience, ""):
        return None
    return texts - IDENTITY


def sees(event: Event, before: Holder, after: Holder, access: Access, organisation: str) -> bool:
    """Whether an event that corrects nothing is shown to it at all, given the holders before and after it."""
    return access is MUNICIPALITY or _seen(event, before, after, frozenset(), access, organisation) is not None


# Who the requester is stays with the municipality: nobody above the second line speaks with them.
IDENTITY = frozenset({"requester_name", "requester_contact"})
# Kept with the texts, so that it can be erased like them, but no words of anybody's: the key of the person who asked.
PERSON = "requester_person"
# Instead of a key, where a correction takes the ticket from somebody who never asked.
NOBODY = "-"
# Likewise: the language that they read, where that is known to be another than usual.
LANGUAGE = "requester_language"
KEYS = frozenset({PERSON, LANGUAGE})


def person_in(text: str) -> str:
    """The key that the text of PERSON names; '' for none."""
    return "" if text == NOBODY else text


# What a requester is told of a step, by verb, whoever took it; a verb that is not here is the desk's own business.
_REQUESTER_STEPS = frozenset({Verb.CONFIRM, Verb.REOPEN, Verb.CLOSE, Verb.CANCEL, Verb.REMIND})


def seen_by_requester(event: Event, before: Holder, after: Holder) -> SeenEvent | None:
    """What whoever asked sees of an event: what they said themselves and what was said to them; that the ticket came to
    an end or began again; never by whom, nor what passed between those who work on it."""
    texts = _texts_to_requester(event, before)
    if texts is None or event.amends is not None:
        return None
    return SeenEvent(event, after, texts & frozenset(event.texts), names_actor=False)


def _texts_to_requester(event: Event, before: Holder) -> frozenset[str] | None:
    """None for what they see nothing of."""
    data, nothing = event.payload, frozenset[str]()
    is_theirs = event.actor.partition(":")[0] == Role.REQUESTER
    if isinstance(data, TicketLogged):
        return frozenset({"subject", "description"})
    if isinstance(data, Addressed):
        return frozenset({"body", "file_name"}) if data.audience is Audience.REQUESTER else None
    if isinstance(data, RatingGiven):
        return frozenset({"comment"})
    if isinstance(data, MunicipalityChanged | TicketMerged):
        return nothing
    if not isinstance(data, Moved):
        return None
    if data.verb is Verb.ASK and data.given.get("of") == WaitsOn.REQUESTER:
        return frozenset({"question"})
    if data.verb is Verb.ANSWER and (is_theirs or data.on_behalf):
        return frozenset({"answer"})
    if data.verb is Verb.RESOLVE and not data.holder and before.tier is not Tier.SUPPLIER:
        # A solution with which the ticket changes hands is a proposal: somebody has it to verify first.
        return frozenset({"solution"})
    if data.verb in _REQUESTER_STEPS:
        return frozenset({"reason"}) if is_theirs else nothing
    return None


# What a supplier may read of a step, by verb; a verb that is not here shows it nothing.
_SUPPLIER_TEXTS: dict[Verb, frozenset[str]] = {
    Verb.TAKE: frozenset(),
    Verb.HAND_OVER: frozenset({"supplier_description"}),
    Verb.ACCEPT: frozenset(),
    Verb.RETURN: frozenset({"reason"}),
    Verb.RECALL: frozenset(),
    Verb.ASK: frozenset({"question"}),
    Verb.ANSWER: frozenset({"answer"}),
    Verb.WAIT: frozenset({"reason"}),
    Verb.RESUME: frozenset(),
    Verb.RESOLVE: frozenset({"solution"}),
    Verb.VERIFY: frozenset(),
    Verb.REJECT: frozenset({"reason"}),
}

# What its own people wrote in a step, it may read again.
_OWN_TEXTS = frozenset({"reason", "tried", "question", "solution"})


def seen_by_supplier(
    event: Event, before: Holder, after: Holder, organisation: str, later: frozenset[str] = frozenset()
) -> SeenEvent | None:
    """What a supplier sees of an event, given the holders before and after it, and those then or `later`; None when
    nothing at all. Why its own custody was corrected it may read."""
    data, nothing = event.payload, frozenset[str]()
    is_correction = event.amends is not None
    mine = organisation in (before.organisation, after.organisation)
    by_us = event.party == organisation
    if isinstance(data, Moved):
        if not mine or data.verb not in _SUPPLIER_TEXTS:
            return None
        readable = _SUPPLIER_TEXTS[data.verb] | (_OWN_TEXTS if by_us else nothing)
        readable |= {"reason"} if is_correction else nothing
        return SeenEvent(event, after, readable & frozenset(event.texts), names_actor=by_us)
    if isinstance(data, Addressed):
        if _reads(SUPPLIER, organisation, data.audience, data.supplier):
            return SeenEvent(event, after, frozenset({"body", "file_name"}) & frozenset(event.texts), names_actor=by_us)
        return None
    if isinstance(data, ReferenceGiven) and data.organisation == organisation:
        return SeenEvent(event, after, nothing, names_actor=by_us)
    if isinstance(data, PriorityChanged) and is_correction and organisation in later:
        return SeenEvent(event, after, nothing, names_actor=False)
    if isinstance(data, PriorityChanged | WorkflowChanged) and mine:
        # That it goes by another version changes which steps it has; why is the municipalities' own business.
        return SeenEvent(event, after, nothing, names_actor=False)
    if isinstance(data, AgreementChanged) and (data.kind, data.party) == (AgreementKind.UC, organisation):
        return SeenEvent(event, after, nothing, names_actor=False)
    if isinstance(data, PromiseWarned) and whose(data.clock) == (Tier.SUPPLIER, organisation):
        return SeenEvent(event, after, nothing, names_actor=False)
    return None
