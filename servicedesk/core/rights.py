"""What people may do to a ticket outside its workflow: one enum, one table.

A right is granted to a role at a tier, as a workflow's `who` is, when the ticket meets the row's condition. Whose a
seat must be (the ticket's own municipality, its supplier) is core.who's to say, for both.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from servicedesk.core.errors import Refusal
from servicedesk.core.facts import Actor
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import AgreementKind, Category, Role, Tier
from servicedesk.core.workflows.who import is_party


class Right(StrEnum):
    """verb_object, as the action is called."""

    ASSIGN = "assign"
    CHANGE_PRIORITY = "change_priority"
    CLASSIFY = "classify"
    CHANGE_AGREEMENT = "change_agreement"
    CHANGE_SLA = "change_sla"
    REPLY = "reply"
    NOTE = "note"
    NOTE_TO_JOINT = "note_to_joint"
    NOTE_TO_SUPPLIER = "note_to_supplier"
    DESCRIBE_FOR_SUPPLIER = "describe_for_supplier"
    MOVE_MUNICIPALITY = "move_municipality"
    MERGE = "merge"
    LINK = "link"
    CORRECT_PRIORITY = "correct_priority"
    CORRECT_MOMENT = "correct_moment"
    TELL_WAIT = "tell_wait"


Condition = Callable[[TicketState], bool]


def _is_open(ticket: TicketState) -> bool:
    return ticket.is_open


def _is_not_closed(ticket: TicketState) -> bool:
    return ticket.category is not Category.CLOSED


def _is_in_municipality(ticket: TicketState) -> bool:
    return ticket.is_open and ticket.holder.tier in (Tier.FIRST_LINE, Tier.SECOND_LINE)


def _is_with_first_line(ticket: TicketState) -> bool:
    return ticket.is_open and ticket.holder.tier is Tier.FIRST_LINE


def _is_with_joint(ticket: TicketState) -> bool:
    return ticket.is_open and ticket.holder.tier is Tier.JOINT


def _is_escalated(ticket: TicketState) -> bool:
    return ticket.is_open and bool(ticket.joint)


def _is_with_joint_or_beyond(ticket: TicketState) -> bool:
    return ticket.is_open and ticket.holder.tier in (Tier.JOINT, Tier.SUPPLIER)


def _is_with_supplier(ticket: TicketState) -> bool:
    return ticket.is_open and ticket.holder.tier is Tier.SUPPLIER


def _has_been_escalated(ticket: TicketState) -> bool:
    return bool(ticket.joint)


def _always(ticket: TicketState) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Grant:
    """`lead`: only who leads a team. `stretches`: of whose time a correction may be, by tier."""

    roles: frozenset[Role]
    when: Condition
    lead: bool = False
    stretches: tuple[Tier, ...] = ()


FIRST = frozenset({Role.FIRST_LINE_STAFF})
SECOND = frozenset({Role.BUSINESS_SYSTEM_MANAGER, Role.ADMINISTRATOR, Role.E_SERVICE_DEVELOPER, Role.LOCAL_IT})
MUNICIPAL = FIRST | SECOND
MANAGER = frozenset({Role.BUSINESS_SYSTEM_MANAGER})
JOINT = frozenset({Role.IT_SERVICE_MANAGER})
SUPPLIER = frozenset({Role.SUPPLIER_AGENT})
# A municipality's own system writes for whoever stands at its desk; it judges nothing and passes nothing on.
SYSTEMS = frozenset({Role.MUNICIPAL_SYSTEM})

# A correction is for those who answer for the time it speaks of, or stand above both sides of a hand-over; never for a
# supplier, whose own contract it may mend.
CORRECTIONS = (
    Grant(frozenset({Role.BUSINESS_SYSTEM_MANAGER}), _always, stretches=(Tier.FIRST_LINE, Tier.SECOND_LINE)),
    Grant(MUNICIPAL, _always, lead=True, stretches=(Tier.FIRST_LINE, Tier.SECOND_LINE)),
    Grant(JOINT, _has_been_escalated, stretches=(Tier.JOINT, Tier.SUPPLIER)),
)

TABLE: dict[Right, tuple[Grant, ...]] = {
    Right.ASSIGN: (
        Grant(FIRST, _is_with_first_line),
        Grant(SECOND, _is_in_municipality),
        Grant(JOINT, _is_with_joint),
        Grant(SUPPLIER, _is_with_supplier),
    ),
    Right.CHANGE_PRIORITY: (Grant(MUNICIPAL, _is_in_municipality), Grant(JOINT, _is_escalated)),
    Right.CLASSIFY: (Grant(MUNICIPAL, _is_in_municipality), Grant(JOINT, _is_with_joint_or_beyond)),
    Right.CHANGE_AGREEMENT: (Grant(JOINT, _is_escalated),),
    Right.CHANGE_SLA: (Grant(MANAGER, _is_open),),
    Right.REPLY: (Grant(MUNICIPAL | SYSTEMS, _is_not_closed),),
    Right.NOTE: (Grant(MUNICIPAL | SYSTEMS, _always),),
    Right.NOTE_TO_JOINT: (Grant(MUNICIPAL | JOINT | SYSTEMS, _always),),
    Right.NOTE_TO_SUPPLIER: (Grant(JOINT, _is_escalated), Grant(SUPPLIER, _is_with_supplier)),
    Right.DESCRIBE_FOR_SUPPLIER: (Grant(JOINT, _is_escalated), Grant(SECOND, _is_in_municipality)),
    Right.MOVE_MUNICIPALITY: (Grant(MUNICIPAL, _is_in_municipality),),
    Right.MERGE: (Grant(MUNICIPAL, _is_in_municipality),),
    Right.LINK: (Grant(MUNICIPAL | JOINT, _always),),
    Right.CORRECT_PRIORITY: CORRECTIONS,
    Right.CORRECT_MOMENT: CORRECTIONS,
    Right.TELL_WAIT: CORRECTIONS,
}

# Each sentence says what is needed; the edges add what the person could do instead.
SENTENCES: dict[Right, str] = {
    Right.ASSIGN: "Only those who hold the ticket can say who works on it.",
    Right.CHANGE_PRIORITY: "Only the municipality that holds the ticket, or the IT service manager once it is "
    "escalated, can change its priority.",
    Right.CLASSIFY: "Only those who hold the ticket can change its service or say whose fault it is.",
    Right.CHANGE_AGREEMENT: "Only the IT service manager, once the ticket is escalated, can move it to another version "
    "of the agreement between the tiers or of the supplier's contract.",
    Right.CHANGE_SLA: "Only the municipality's business system manager can move an open ticket to another version of "
    "its agreement with the requester.",
    Right.REPLY: "Only the ticket's municipality can reply to the requester, and only until the ticket is closed.",
    Right.NOTE: "Only the ticket's municipality can write a note here.",
    Right.NOTE_TO_JOINT: "Only the ticket's municipality and the joint tier can write a note here.",
    Right.NOTE_TO_SUPPLIER: "Only the IT service manager can write to the supplier, once the ticket is escalated.",
    Right.DESCRIBE_FOR_SUPPLIER: "Only the IT service manager, or the second line that holds the ticket, "
    "can describe it for the supplier.",
    Right.MOVE_MUNICIPALITY: "Only the municipality that holds the ticket can move it to another.",
    Right.MERGE: "Only the municipality that holds the ticket can merge it into another.",
    Right.LINK: "Only the ticket's municipality and the joint tier can link it.",
    **dict.fromkeys(
        (Right.CORRECT_PRIORITY, Right.CORRECT_MOMENT, Right.TELL_WAIT),
        "Only a team lead or the business system manager can correct what happened in their municipality, and only "
        "the IT service manager what concerns the joint organisation or a supplier.",
    ),
}


def has_right(right: Right, ticket: TicketState, actor: Actor) -> bool:
    return any(_is_granted(grant, ticket, actor) for grant in TABLE[right])


def _is_granted(grant: Grant, ticket: TicketState, actor: Actor) -> bool:
    return grant.when(ticket) and any(
        seat.role in grant.roles and is_party(seat, ticket) and (seat.lead or not grant.lead) for seat in actor.seats
    )


def require_correction(right: Right, ticket: TicketState, tier: Tier, organisation: str, actor: Actor) -> None:
    """Refusal `not_yours` unless the actor may correct this tier's time. A municipality that the ticket has left is
    nobody's to correct there."""
    granted = any(tier in grant.stretches and _is_granted(grant, ticket, actor) for grant in TABLE[right])
    theirs = tier in (Tier.JOINT, Tier.SUPPLIER) or organisation == ticket.municipality
    if not (granted and theirs):
        raise _not_yours(right, ticket, actor)


# Who may move a ticket to another version of an agreement depends on whose promise that is.
TO_CHANGE_AGREEMENT: dict[AgreementKind, Right] = {
    AgreementKind.SLA: Right.CHANGE_SLA,
    AgreementKind.OLA: Right.CHANGE_AGREEMENT,
    AgreementKind.UC: Right.CHANGE_AGREEMENT,
}


def require(right: Right, ticket: TicketState, actor: Actor) -> None:
    """Refusal `not_yours` with what is needed, and the rights the actor does have."""
    if not has_right(right, ticket, actor):
        raise _not_yours(right, ticket, actor)


def _not_yours(right: Right, ticket: TicketState, actor: Actor) -> Refusal:
    return Refusal(SENTENCES[right], code="not_yours", allowed=[str(r) for r in rights_of(ticket, actor)])


def rights_of(ticket: TicketState, actor: Actor) -> list[Right]:
    return [right for right in Right if has_right(right, ticket, actor)]
