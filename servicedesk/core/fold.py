"""The fold: events in, the ticket as it is out. The same function builds the row and proves it."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from servicedesk.core import clocks, sla, updates
from servicedesk.core.amended import amended
from servicedesk.core.events import (
    AgreementChanged,
    AttachmentAdded,
    ContactCorrected,
    EntryAdded,
    Event,
    LinkGiven,
    MajorIncidentDeclared,
    MajorIncidentJoined,
    MajorIncidentLeft,
    Moved,
    MunicipalityChanged,
    PriorityChanged,
    PromiseWarned,
    RatingGiven,
    ReferenceGiven,
    TextErased,
    TicketAssigned,
    TicketClassified,
    TicketLinked,
    TicketLogged,
    TicketMerged,
    WorkflowChanged,
)
from servicedesk.core.rules import Rules
from servicedesk.core.ticket import Custody, Link, TicketState
from servicedesk.core.visibility import Access, changed_at, seen_by_supplier, view_of
from servicedesk.core.vocabulary import Category, Channel, ClockEffect, Metric, Tier, Verb, WaitsOn
from servicedesk.core.workflows.definition import State
from servicedesk.core.workflows.effects import apply_effect

# Contacts that are themselves the first answer: somebody picked up and wrote the matter down.
ANSWERED_CHANNELS = frozenset({Channel.PHONE, Channel.VISIT, Channel.CHAT})
NOBODY = "nobody"

# Asked at every step of every ticket: a name is found some ten times as fast as an enum's member.
JOINT, SUPPLIER = Tier.JOINT, Tier.SUPPLIER
WAITING, RESOLVED, CLOSED = Category.WAITING, Category.RESOLVED, Category.CLOSED
ASK, REMIND, REOPEN, CANCEL = Verb.ASK, Verb.REMIND, Verb.REOPEN, Verb.CANCEL
RESOLUTION = Metric.RESOLUTION


def fold(events: Iterable[Event], rules: Rules) -> TicketState:
    """The ticket that a whole journal makes, each event as it was last corrected, in the order in which things
    happened. ValueError when there is no event."""
    events = list(events)
    ticket: TicketState | None = None
    for event in amended(events):
        ticket = apply(ticket, event, rules)
    if ticket is None:
        raise ValueError("a ticket has at least one event")
    if any(event.amends is not None for event in events):
        _move_on(ticket, events)
    return ticket


def _move_on(ticket: TicketState, events: list[Event]) -> None:
    """A correction speaks of the past, and is itself the last thing that happened to the ticket when it is made."""
    changes = [event for event in events if not isinstance(event.payload, PromiseWarned)]
    ticket.seq = max(event.seq for event in events)
    ticket.version = max(event.seq for event in changes)
    ticket.last_at = max(changed_at(event) for event in events)
    for supplier in ticket.suppliers:
        seen = [each.event for each in view_of(changes, Access.SUPPLIER, supplier)]
        if seen:
            ticket.supplier_versions[supplier] = max(event.seq for event in seen)
            ticket.supplier_seen_at[supplier] = max(changed_at(event) for event in seen)


def lived(events: Iterable[Event], rules: Rules) -> Iterator[tuple[Event, TicketState]]:
    """Each event in order of seq with the ticket as it was when that had become known: the same object each time."""
    known: list[Event] = []
    ticket: TicketState | None = None
    for event in events:
        known.append(event)
        ticket = fold(known, rules) if is_late(ticket, event) else apply(ticket, event, rules)
        yield event, ticket


def is_late(ticket: TicketState | None, event: Event) -> bool:
    """Whether an event happened before what is known already, or corrects it: then all is folded again."""
    if event.amends is not None:
        return True
    return ticket is not None and ticket.last_at is not None and event.occurred_at < ticket.last_at


def apply(ticket: TicketState | None, event: Event, rules: Rules) -> TicketState:
    """One event further. The ticket given is changed and returned (a new one for the first event)."""
    if isinstance(event.payload, TicketLogged):
        return _logged(event, event.payload, rules)
    if ticket is None:
        raise ValueError(f"{event.ticket} does not begin with TicketLogged")
    before = ticket.holder
    _HANDLERS[type(event.payload)](ticket, event, event.payload, rules)
    ticket.seq = max(ticket.seq, event.seq)
    ticket.last_at = event.occurred_at
    if not isinstance(event.payload, PromiseWarned):
        ticket.version = max(ticket.version, event.seq)
        for supplier in ticket.suppliers:
            if seen_by_supplier(event, before, ticket.holder, supplier):
                ticket.supplier_versions[supplier] = event.seq
                ticket.supplier_seen_at[supplier] = event.occurred_at
    return ticket


def _logged(event: Event, data: TicketLogged, rules: Rules) -> TicketState:
    state = rules.definition(data.workflow_version).states[data.state]
    ticket = TicketState(
        number=event.ticket,
        workflow=data.workflow,
        workflow_version=data.workflow_version,
        municipality=data.municipality,
        service=data.service,
        e_service=data.e_service,
        supplier=data.supplier,
        channel=data.channel,
        requester_kind=data.requester_kind,
        impact=data.impact,
        urgency=data.urgency,
        priority=data.priority,
        fault=data.fault,
        state=data.state,
        category=state.category,
        holder=data.holder,
        opened_at=event.occurred_at,
        accepted=not state.received,
        platform_case=data.platform_case,
        references={data.municipality: data.reference} if data.reference else {},
        seq=event.seq,
        version=event.seq,
        last_at=event.occurred_at,
    )
    ticket.agreements = rules.bound_by(ticket, data.agreements, event.occurred_at)
    if data.channel in ANSWERED_CHANNELS and not event.observed:
        ticket.responded_at = event.occurred_at
    clocks.open_sla(ticket, event.occurred_at, rules)
    _enter(ticket, event, data.state, rules)
    return ticket


def _enter(ticket: TicketState, event: Event, name: str, rules: Rules) -> None:
    """Into a state (or the same one with another holder): category, custody stretch, clocks."""
    state = rules.definition(ticket.workflow_version).states[name]
    at = event.occurred_at
    ticket.state, ticket.category = name, state.category
    ticket.state_since, ticket.state_seq = at, event.seq
    if state.category is not WAITING:
        # Whatever was waited for is over, however the waiting ended: answered, moved, merged, cancelled or recalled.
        ticket.question, ticket.resume_at = None, None
    if ticket.holder.tier is JOINT:
        ticket.joint, ticket.joint_by_major = ticket.holder.organisation, False
    elif ticket.holder.tier is SUPPLIER and ticket.holder.organisation not in ticket.suppliers:
        ticket.suppliers.append(ticket.holder.organisation)
    _mark_milestones(ticket, state, at)
    _next_stretch(ticket, state, at)
    clocks.open_of_holder(ticket, state, at, rules)
    clocks.run_on(ticket, state, at, rules)


def _mark_milestones(ticket: TicketState, state: State, at: datetime) -> None:
    if state.category is RESOLVED or state.category is CLOSED:
        ticket.resolved_at = ticket.resolved_at or at
        ticket.responded_at = ticket.responded_at or at
    else:
        ticket.resolved_at = None
    ticket.closed_at = (ticket.closed_at or at) if state.category is CLOSED else None


def _next_stretch(ticket: TicketState, state: State, at: datetime) -> None:
    closed = state.category is CLOSED
    if ticket.custody:
        ticket.custody[-1].ended_at = at
    ticket.custody.append(
        Custody(
            number=ticket.holding_number,
            holder=ticket.holder,
            state=ticket.state,
            account=_account(ticket, state),
            accepted=ticket.accepted,
            started_at=at,
            counted=not closed,
            clock=state.clocks[RESOLUTION],
        )
    )


def _account(ticket: TicketState, state: State) -> str:
    """Whose time a state is: what is solved waits for the requester to say so, what is closed is nobody's."""
    if state.category is CLOSED:
        return NOBODY
    if state.category is RESOLVED:
        return WaitsOn.REQUESTER
    return str(state.waits_on or ticket.holder.tier)


def _moved(ticket: TicketState, event: Event, data: Moved, rules: Rules) -> None:
    to_state = rules.definition(ticket.workflow_version).states[data.to_state]
    asks_requester = data.verb is ASK and to_state.waits_on is WaitsOn.REQUESTER
    updates.heard(ticket, event, rules, asks_requester=asks_requester)
    for name in data.effects:
        apply_effect(name, ticket, event, data)
    if data.timer:
        ticket.timed_done.append(f"{data.timer}#{data.occurrence or ticket.state_seq}")
    if data.verb is REMIND:
        return
    ticket.accepted = not to_state.received
    if asks_requester:
        ticket.responded_at = ticket.responded_at or event.occurred_at
    if data.verb is REOPEN:
        ticket.reopenings += 1
        ticket.cancel_reason = ""
        ticket.rating = ""
    if data.verb is CANCEL:
        ticket.cancel_reason = data.given.get("cancel_reason", "")
    _enter(ticket, event, data.to_state, rules)


def _assigned(ticket: TicketState, event: Event, data: TicketAssigned, rules: Rules) -> None:
    ticket.assignee = data.assignee


def _priority_changed(ticket: TicketState, event: Event, data: PriorityChanged, rules: Rules) -> None:
    ticket.impact, ticket.urgency, ticket.priority = data.impact, data.urgency, data.priority
    for clock in ticket.clocks.values():
        agreement = rules.agreement(clock.agreement)
        sla.retarget(clock, agreement, clock.agreement, ticket, event.occurred_at, rules)


def _classified(ticket: TicketState, event: Event, data: TicketClassified, rules: Rules) -> None:
    ticket.fault, ticket.service, ticket.e_service = data.fault, data.service, data.e_service
    ticket.supplier = data.supplier
    _follow(ticket, data.agreements, event.occurred_at, rules)


def _agreement_changed(ticket: TicketState, event: Event, data: AgreementChanged, rules: Rules) -> None:
    _follow(ticket, {**ticket.agreements, data.kind: data.version}, event.occurred_at, rules)


def _follow(ticket: TicketState, agreements: dict[str, str], at: datetime, rules: Rules) -> None:
    """Other agreements in the same state."""
    clocks.adopt(ticket, agreements, at, rules)
    state = rules.definition(ticket.workflow_version).states[ticket.state]
    clocks.open_of_holder(ticket, state, at, rules)
    clocks.run_on(ticket, state, at, rules)


def _entry(ticket: TicketState, event: Event, data: EntryAdded, rules: Rules) -> None:
    updates.heard(ticket, event, rules)
    if data.entry == "supplier_description":
        ticket.descriptions[data.supplier] = event.seq
    if data.tells_requester and ticket.responded_at is None:
        ticket.responded_at = event.occurred_at
        clock = ticket.clocks.get(Metric.RESPONSE)
        if clock:
            sla.put(clock, ClockEffect.STOP, event.occurred_at, rules)
    updates.measure(
        ticket, rules.definition(ticket.workflow_version).states[ticket.state].clocks, event.occurred_at, rules
    )


def _municipality_changed(ticket: TicketState, event: Event, data: MunicipalityChanged, rules: Rules) -> None:
    ticket.municipality, ticket.e_service = data.municipality, ""
    ticket.holder, ticket.assignee, ticket.handed_over_by = data.holder, "", []
    ticket.holding_number += 1
    ticket.handovers += 1
    ticket.accepted = not rules.definition(ticket.workflow_version).states[data.state].received
    clocks.adopt(ticket, data.agreements, event.occurred_at, rules)
    _enter(ticket, event, data.state, rules)


def _merged(ticket: TicketState, event: Event, data: TicketMerged, rules: Rules) -> None:
    ticket.merged_into, ticket.cancel_reason = data.into, "duplicate"
    ticket.links.append(Link("duplicate_of", data.into))
    _enter(ticket, event, data.to_state, rules)


def _linked(ticket: TicketState, event: Event, data: TicketLinked, rules: Rules) -> None:
    relation = f"inverse:{data.relation}" if data.inverse else data.relation
    link = Link(relation, data.number)
    if link not in ticket.links:
        ticket.links.append(link)


def _warned(ticket: TicketState, event: Event, data: PromiseWarned, rules: Rules) -> None:
    """A warning stands when a correction lets the clock begin later than it was given: it is not given again."""
    clock = ticket.clocks.get(data.clock)
    warned = clock.warned if clock else ticket.announced.setdefault(data.clock, [])
    warned.append(data.share)


def _workflow_changed(ticket: TicketState, event: Event, data: WorkflowChanged, rules: Rules) -> None:
    """The same holder with the same question, under the new version's clocks and timers, in a stretch of its own."""
    since = ticket.state_since, ticket.state_seq
    ticket.workflow_version = data.workflow_version
    ticket.accepted = not rules.definition(data.workflow_version).states[data.state].received
    _enter(ticket, event, data.state, rules)
    if data.counts_on:
        ticket.state_since, ticket.state_seq = since


def _recorded(ticket: TicketState, event: Event, data: object, rules: Rules) -> None:
    """Nothing folds up from it: a file answers nobody, what it is sent with does; the rest is the record by whom."""


def _contact_corrected(ticket: TicketState, event: Event, data: ContactCorrected, rules: Rules) -> None:
    ticket.requester_kind = data.requester_kind


def _rated(ticket: TicketState, event: Event, data: RatingGiven, rules: Rules) -> None:
    ticket.rating = str(data.rating)


def _major_declared(ticket: TicketState, event: Event, data: MajorIncidentDeclared, rules: Rules) -> None:
    ticket.major = data.incident


def _major_joined(ticket: TicketState, event: Event, data: MajorIncidentJoined, rules: Rules) -> None:
    ticket.major = data.incident
    if not ticket.joint:
        ticket.joint, ticket.joint_by_major = data.joint, True


def _major_left(ticket: TicketState, event: Event, data: MajorIncidentLeft, rules: Rules) -> None:
    """What the belonging alone had opened is shut again."""
    ticket.major = ""
    if ticket.joint_by_major:
        ticket.joint, ticket.joint_by_major = "", False


def _reference_given(ticket: TicketState, event: Event, data: ReferenceGiven, rules: Rules) -> None:
    said = {**ticket.references, data.organisation: data.reference}
    ticket.references = {organisation: reference for organisation, reference in said.items() if reference}


Handler = Callable[[TicketState, Event, Any, Rules], None]

_HANDLERS: dict[type, Handler] = {
    Moved: _moved,
    TicketAssigned: _assigned,
    PriorityChanged: _priority_changed,
    TicketClassified: _classified,
    EntryAdded: _entry,
    AttachmentAdded: _recorded,
    ReferenceGiven: _reference_given,
    MunicipalityChanged: _municipality_changed,
    TicketMerged: _merged,
    TicketLinked: _linked,
    PromiseWarned: _warned,
    WorkflowChanged: _workflow_changed,
    AgreementChanged: _agreement_changed,
    LinkGiven: _recorded,
    ContactCorrected: _contact_corrected,
    RatingGiven: _rated,
    MajorIncidentDeclared: _major_declared,
    MajorIncidentJoined: _major_joined,
    MajorIncidentLeft: _major_left,
    TextErased: _recorded,
}
