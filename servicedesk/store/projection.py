"""From a folded ticket to its rows, and nothing else: writing and proving use the same functions."""

from collections.abc import Iterable
from typing import Any

from servicedesk.core.codec import to_json
from servicedesk.core.risk import at_risk_from
from servicedesk.core.ticket import Clock, Custody, TicketState
from servicedesk.core.timers import Timer
from servicedesk.core.turns import handed_on_by, turn_of
from servicedesk.core.visibility import (
    Access,
    accesses,
    last_seen_at,
    next_due,
    promised_at,
    running_promises,
    seen_assignee,
    seen_tier,
    title_seq,
)
from servicedesk.store.facets import facet_of
from servicedesk.store.risks import risks_of

Row = dict[str, Any]
Key = tuple[Any, ...]


def state_json(ticket: TicketState) -> str:
    return to_json(ticket)


def ticket_row(ticket: TicketState, head_hash: str) -> Row:
    return {**ticket_columns(ticket), "head_hash": head_hash, "state_json": state_json(ticket)}


def ticket_columns(ticket: TicketState) -> Row:
    """What is copied from the fold to be searched and sorted by."""
    return {
        "number": ticket.number,
        "workflow": ticket.workflow,
        "workflow_version": ticket.workflow_version,
        "municipality": ticket.municipality,
        "service": ticket.service,
        "e_service": ticket.e_service,
        "state": ticket.state,
        "category": str(ticket.category),
        "is_open": ticket.is_open,
        "priority": ticket.priority,
        "holder_team": ticket.holder.team,
        "holder_tier": str(ticket.holder.tier),
        "holder_organisation": ticket.holder.organisation,
        "assignee": ticket.assignee,
        "platform_case": ticket.platform_case,
        "rating": ticket.rating,
        "major": ticket.major,
        "opened_at": ticket.opened_at,
        "last_at": ticket.last_at,
        "closed_at": ticket.closed_at,
        "seq": ticket.seq,
    }


def clock_row(ticket_id: int, clock: Clock) -> Row:
    return {
        "ticket_id": ticket_id,
        "key": clock.key,
        "metric": str(clock.metric),
        "party": clock.party,
        "tier": str(clock.tier or ""),
        "agreement": clock.agreement,
        "target": clock.target,
        "spent": clock.spent,
        "state": str(clock.state),
        "started_at": clock.started_at,
        "due_at": clock.due_at,
        "breaks_at": clock.breaks_at,
        "stopped_at": clock.stopped_at,
        "broken_at": clock.broken_at,
    }


def custody_row(ticket_id: int, position: int, stretch: Custody) -> Row:
    return {
        "ticket_id": ticket_id,
        "position": position,
        "number": stretch.number,
        "team": stretch.holder.team,
        "tier": str(stretch.holder.tier),
        "organisation": stretch.holder.organisation,
        "state": stretch.state,
        "account": stretch.account,
        "accepted": stretch.accepted,
        "counted": stretch.counted,
        "clock": str(stretch.clock),
        "started_at": stretch.started_at,
        "ended_at": stretch.ended_at,
    }


def clock_rows(ticket_id: int, ticket: TicketState) -> dict[Key, Row]:
    return {(ticket_id, key): clock_row(ticket_id, clock) for key, clock in ticket.clocks.items()}


def custody_rows(ticket_id: int, ticket: TicketState) -> dict[Key, Row]:
    return {(ticket_id, n): custody_row(ticket_id, n, stretch) for n, stretch in enumerate(ticket.custody)}


def visibility_rows(ticket_id: int, ticket: TicketState) -> dict[Key, Row]:
    return {
        (organisation, ticket_id): visibility_row(ticket_id, ticket, access, organisation)
        for organisation, access in accesses(ticket).items()
    }


def visibility_row(ticket_id: int, ticket: TicketState, access: Access, organisation: str) -> Row:
    tier, assignee = seen_tier(ticket, access, organisation), seen_assignee(ticket, access, organisation)
    promises = running_promises(ticket, access, organisation)
    return {
        "organisation": organisation,
        "ticket_id": ticket_id,
        "access": str(access),
        "is_open": ticket.is_open,
        "holder_team": ticket.holder.team,
        "priority": ticket.priority,
        "title_seq": title_seq(ticket, access, organisation),
        "next_due_at": next_due(ticket, access, organisation),
        "promised_at": promised_at(ticket, access, organisation),
        "opened_at": ticket.opened_at,
        "last_at": last_seen_at(ticket, access, organisation),
        "municipality": ticket.municipality,
        "service": ticket.service,
        "tier": tier,
        "assignee": assignee,
        "facet": facet_of(ticket.municipality, ticket.service, ticket.priority, tier, assignee).word,
        "reference": ticket.references.get(organisation, ""),
        "turn": turn_of(ticket, access, organisation),
        "handed_by": handed_on_by(ticket, organisation),
        "risk_at": min((at_risk_from(due, made) for due, made in promises), default=None),
        "risks": risks_of(promises),
    }


def timer_rows(ticket_id: int, timers: Iterable[Timer]) -> dict[Key, Row]:
    return {
        (ticket_id, timer.rule, timer.occurrence): {
            "ticket_id": ticket_id,
            "rule": timer.rule,
            "occurrence": timer.occurrence,
            "due_at": timer.due_at,
        }
        for timer in timers
    }
