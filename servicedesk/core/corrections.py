"""Corrections: what is told afterwards of how it truly was, judged before it is written down.

A correction is one event, or two for a wait and its end, that amends an event or tells of what no event told. The whole
journal with it must still be a life that the rules allow: every later step must leave from the same state and the same
holder as it did.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from servicedesk.core.amended import amended
from servicedesk.core.codec import stamp
from servicedesk.core.errors import Invalid, Refusal
from servicedesk.core.events import (
    Addressed,
    AgreementChanged,
    EntryAdded,
    Event,
    Moved,
    MunicipalityChanged,
    Payload,
    PriorityChanged,
    TicketAssigned,
    TicketClassified,
    TicketLogged,
    TicketMerged,
    WorkflowChanged,
    kind_of,
)
from servicedesk.core.fold import apply, fold
from servicedesk.core.rules import Rules
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Audience, Category, Language, Level, Tier, Verb
from servicedesk.core.workflows import guards
from servicedesk.core.workflows.definition import Definition, Transition
from servicedesk.core.workflows.effects import PASSING, Effect

MUNICIPAL = (Tier.FIRST_LINE, Tier.SECOND_LINE)
AN_EVENT = "Choose one of the events offered."


@dataclass(frozen=True, slots=True)
class Told:
    """One event of a correction, before it has a seq."""

    payload: Payload
    at: datetime
    amends: int


@dataclass(frozen=True, slots=True)
class Correction:
    """`tier`, `organisation`: of those whose custody or promises it concerns, the one furthest up the chain."""

    told: tuple[Told, ...]
    tier: Tier
    organisation: str


def of_priority(
    events: Sequence[Event],
    rules: Rules,
    seq: int,
    at: datetime | None,
    levels: tuple[Level, Level],
    priority: int,
) -> Correction:
    """The ticket had this priority from the start (`seq` 1), from a change that was wrong (its seq) or, with `seq` 0,
    from a moment of its own. Invalid, or Refusal `nothing_changed`."""
    payload = PriorityChanged(*levels, priority)
    if seq == 0:
        moment = _within(events, at, "at")
        ticket = _ticket_at(events, rules, moment)
        if not ticket.is_open:
            raise Invalid({"at": ["The ticket was not open then. Give a moment when it was."]})
        if (ticket.impact, ticket.urgency, ticket.priority) == (*levels, priority):
            raise _nothing()
        return _concerning_since(Told(payload, moment, 0), events, rules)
    event = _known(events, seq)
    if not isinstance(event.payload, TicketLogged | PriorityChanged):
        raise Invalid({"event": [AN_EVENT]})
    moment = event.occurred_at
    if at is not None and not isinstance(event.payload, TicketLogged):
        moment = _within(events, at, "at")
    was = event.payload
    if (was.impact, was.urgency, was.priority, event.occurred_at) == (*levels, priority, moment):
        raise _nothing()
    return _concerning_since(Told(payload, moment, event.seq), events, rules)


def of_moment(events: Sequence[Event], rules: Rules, seq: int, at: datetime | None) -> Correction:
    """What an event tells of happened at another moment. Invalid, or Refusal `nothing_changed`."""
    event = _known(events, seq)
    if not can_be_moved(event):
        raise Invalid({"event": [AN_EVENT]})
    moment = _within(events, at, "at")
    if moment == event.occurred_at:
        raise _nothing()
    if isinstance(event.payload, PriorityChanged):
        return _concerning_since(Told(event.payload, moment, event.seq), events, rules)
    before = _ticket_before(events, rules, event.seq)
    correction = _concerning(Told(event.payload, moment, event.seq), before)
    holder = event.payload.holder if isinstance(event.payload, Moved) else None
    if holder and holder.tier.level > correction.tier.level:
        return replace(correction, tier=holder.tier, organisation=holder.organisation)
    return correction


def can_be_moved(event: Event) -> bool:
    """What people did, said to the requester or decided. What time did by itself stands."""
    data = event.payload
    if isinstance(data, Moved):
        return not data.timer and data.verb is not Verb.REMIND
    return isinstance(data, PriorityChanged) or (isinstance(data, EntryAdded) and data.tells_requester)


def of_wait(
    events: Sequence[Event], rules: Rules, step: str, at: datetime | None, until: datetime | None
) -> Correction:
    """The ticket waited, and nobody said so: a step into a waiting state and, with `until`, the one back. Invalid, or
    Refusal `not_then`."""
    began = _within(events, at, "at")
    ended = _within(events, until, "until") if until is not None else None
    if ended is not None and ended <= began:
        raise Invalid({"until": ["The end must come after the beginning."]})
    ticket = _ticket_at(events, rules, began)
    definition = rules.definition(ticket.workflow_version)
    wait = definition.transitions.get(step)
    if wait is None or not is_wait(wait, definition):
        raise Invalid({"step": ["Choose one of the values offered."]})
    if ended is None and Effect.WAIT_UNTIL in wait.effects:
        raise Invalid({"until": ["Say until when."]})
    if ticket.state not in wait.from_states:
        sentence = "The ticket could not wait like that then. Choose another moment, or another wait."
        raise Refusal(sentence, code="not_then")
    for guard in wait.guards:
        if refusal := guards.ask(guard, ticket, {}):
            raise refusal
    told = [Told(_step(wait, ticket.state, wait.to, definition, ended), began, 0)]
    if ended is not None:
        back = _way_back(wait, ticket.state, definition)
        told.append(Told(_step(back, wait.to, ticket.state, definition, None), ended, 0))
    return Correction(tuple(told), ticket.holder.tier, ticket.holder.organisation)


def is_wait(step: Transition, definition: Definition) -> bool:
    """Whether a step begins a wait that can be told of afterwards: the holder stays, and there is a way back."""
    if definition.states[step.to].category is not Category.WAITING or not PASSING.isdisjoint(step.effects):
        return False
    return any(_ways_back(step, state, definition) for state in step.from_states)


def _ways_back(wait: Transition, state: str, definition: Definition) -> list[Transition]:
    return [
        step
        for step in definition.transitions.values()
        if wait.to in step.from_states and step.to == state and PASSING.isdisjoint(step.effects)
    ]


def _way_back(wait: Transition, state: str, definition: Definition) -> Transition:
    """Work that was resumed says least of how the waiting ended, so it is taken where there is such a step."""
    ways = _ways_back(wait, state, definition)
    if not ways:
        raise Invalid({"step": ["Choose one of the values offered."]})
    return next((step for step in ways if step.verb is Verb.RESUME), ways[0])


def _step(step: Transition, start: str, to: str, definition: Definition, until: datetime | None) -> Moved:
    given = {"until": stamp(until)} if until is not None and Effect.WAIT_UNTIL in step.effects else {}
    if Effect.RECORD_QUESTION in step.effects:
        given["of"] = str(definition.states[to].waits_on)
    effects = [str(effect) for effect in step.effects]
    return Moved(step.verb, step.key, start, to, effects=effects, given=given)


def _concerning(told: Told, ticket: TicketState) -> Correction:
    return Correction((told,), ticket.holder.tier, ticket.holder.organisation)


def _concerning_since(told: Told, events: Sequence[Event], rules: Rules) -> Correction:
    """A priority concerns whoever has had the ticket from then on."""
    stretches = fold(events, rules).custody
    holders = [stretch.holder for stretch in stretches if stretch.ended_at is None or stretch.ended_at > told.at]
    furthest = max(holders, key=lambda holder: holder.tier.level)
    return Correction((told,), furthest.tier, furthest.organisation)


def _known(events: Sequence[Event], seq: int) -> Event:
    """The event as it stands now; a correction stands for what it corrects. Invalid when there is none."""
    seq = next((event.amends or event.seq for event in events if event.seq == seq), 0)
    found = next((event for event in amended(events) if event.seq == seq), None)
    if found is None:
        raise Invalid({"event": [AN_EVENT]})
    return found


def _within(events: Sequence[Event], at: datetime | None, name: str) -> datetime:
    """A moment of the ticket's life, in whole seconds; that it is not still to come is for the one who knows the
    time."""
    if at is None:
        raise Invalid({name: ["Give a date and a time."]})
    if at < events[0].occurred_at:
        raise Invalid({name: ["The ticket was not logged then. Give a later moment."]})
    return at.replace(microsecond=0)


def _ticket_at(events: Sequence[Event], rules: Rules, at: datetime) -> TicketState:
    return fold((event for event in amended(events) if event.occurred_at <= at), rules)


def _ticket_before(events: Sequence[Event], rules: Rules, seq: int) -> TicketState:
    known = amended(events)
    place = next(place for place, event in enumerate(known) if event.seq == seq)
    return fold(known[: max(1, place)], rules)


def _nothing() -> Refusal:
    return Refusal("That is what the journal says already. Nothing was changed.", code="nothing_changed")


def require_possible(
    events: Sequence[Event], told: Iterable[Event], rules: Rules, language: Language, zone: str
) -> None:
    """Refusal `not_possible`, naming the first event that could no longer have happened."""
    corrected = [*events, *told]
    was, new = _grounds(events, rules), _grounds(corrected, rules)
    for event in amended(corrected):
        if new[event.seq] != was.get(event.seq, new[event.seq]):
            raise Refusal(
                "That cannot be. %(what)s, %(at)s (event %(seq)s), could not have happened then. "
                "Choose another moment, or correct that first.",
                code="not_possible",
                what=_name(event, rules, events, language),
                at=event.occurred_at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M"),
                seq=event.seq,
            )


Ground = tuple[object, ...]


def _grounds(events: Iterable[Event], rules: Rules) -> dict[int, Ground]:
    """seq -> what each event rests on: if that is the same, it can happen as it did."""
    found: dict[int, Ground] = {}
    ticket: TicketState | None = None
    for event in amended(events):
        found[event.seq] = _ground(event, ticket, rules) if ticket else ()
        ticket = apply(ticket, event, rules)
    return found


def _ground(event: Event, ticket: TicketState, rules: Rules) -> Ground:
    data, holder = event.payload, ticket.holder
    if isinstance(data, Moved) and data.verb is not Verb.REMIND:
        return (ticket.state, ticket.workflow_version, holder.team, *_refusals(event, data, ticket, rules))
    if isinstance(data, MunicipalityChanged | TicketMerged | WorkflowChanged):
        return (ticket.state, ticket.workflow_version, holder.team)
    if isinstance(data, TicketAssigned):
        return (ticket.is_open, holder.team)
    if isinstance(data, PriorityChanged | TicketClassified | AgreementChanged):
        return (ticket.is_open, holder.tier in MUNICIPAL)
    if isinstance(data, Addressed) and data.audience is Audience.REQUESTER:
        return (ticket.category is Category.CLOSED,)
    if isinstance(data, Addressed) and data.audience is Audience.SUPPLIER:
        return (ticket.is_open, event.party == data.supplier and holder.organisation == data.supplier)
    return ()


def _refusals(event: Event, data: Moved, ticket: TicketState, rules: Rules) -> list[str]:
    step = rules.definition(ticket.workflow_version).step(data.transition)
    if step is None or event.observed:
        return []
    asked = (guards.ask(guard, ticket, data.given) for guard in step.guards)
    return [refusal.code for refusal in asked if refusal]


# What happened outside a workflow has no label there.
NAMES: dict[str, Mapping[Language, str]] = {
    "AgreementChanged": {Language.SWEDISH: "Bytet av åtagande", Language.ENGLISH: "The change of agreement"},
    "AttachmentAdded": {Language.SWEDISH: "Filen som bifogades", Language.ENGLISH: "The file that was attached"},
    "ContactCorrected": {
        Language.SWEDISH: "Ändringen av anmälarens adress",
        Language.ENGLISH: "The correction of the requester's address",
    },
    "EntryAdded": {Language.SWEDISH: "Det som skrevs", Language.ENGLISH: "What was written"},
    "LinkGiven": {Language.SWEDISH: "Anmälarens länk", Language.ENGLISH: "The requester's link"},
    "MajorIncidentDeclared": {
        Language.SWEDISH: "Att det blev en allvarlig incident",
        Language.ENGLISH: "The declaration of a major incident",
    },
    "MajorIncidentJoined": {
        Language.SWEDISH: "Kopplingen till en allvarlig incident",
        Language.ENGLISH: "The attachment to a major incident",
    },
    "MajorIncidentLeft": {
        Language.SWEDISH: "Att ärendet lossades från en allvarlig incident",
        Language.ENGLISH: "The detachment from a major incident",
    },
    "MunicipalityChanged": {Language.SWEDISH: "Flytten till en annan kommun", Language.ENGLISH: "The move"},
    "PriorityChanged": {Language.SWEDISH: "Ändringen av prioritet", Language.ENGLISH: "The change of priority"},
    "RatingGiven": {Language.SWEDISH: "Anmälarens omdöme", Language.ENGLISH: "The requester's rating"},
    "ReferenceGiven": {Language.SWEDISH: "Referensen som sattes", Language.ENGLISH: "The reference"},
    "TicketAssigned": {Language.SWEDISH: "Tilldelningen", Language.ENGLISH: "The assignment"},
    "TicketClassified": {Language.SWEDISH: "Uppgiften om var felet ligger", Language.ENGLISH: "The classification"},
    "TicketMerged": {Language.SWEDISH: "Sammanslagningen", Language.ENGLISH: "The merging"},
    "WorkflowChanged": {Language.SWEDISH: "Bytet av processversion", Language.ENGLISH: "The change of process"},
}


def _name(event: Event, rules: Rules, events: Sequence[Event], language: Language) -> str:
    data = event.payload
    if isinstance(data, Moved):
        definition = rules.definition(_ticket_before(events, rules, event.seq).workflow_version)
        step = definition.step(data.transition)
        return step.labels[language] if step else data.transition
    return NAMES[kind_of(data)][language]
