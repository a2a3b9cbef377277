"""The closed registry of guards: what must be true of the ticket before a step may be taken."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from servicedesk.core.errors import Refusal
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Fault, RequesterKind


class Guard(StrEnum):
    PLATFORM_FAULT = "platform_fault"
    FAULT_CLASSIFIED = "fault_classified"
    REQUESTER_REACHABLE = "requester_reachable"
    SUPPLIER_KNOWN = "supplier_known"
    SOLUTION_GIVEN = "solution_given"
    NOT_MERGED = "not_merged"


Check = Callable[[TicketState, Mapping[str, str]], Refusal | None]


def ask(guard: Guard, ticket: TicketState, given: Mapping[str, str]) -> Refusal | None:
    """The guard's refusal, with code, reason and remedy; None when it lets the step pass."""
    return _CHECKS[guard](ticket, given)


def platform_fault(ticket: TicketState, given: Mapping[str, str]) -> Refusal | None:
    """A fault in a municipality's own e-service stays with the municipality."""
    if ticket.fault is not Fault.E_SERVICE:
        return None
    return Refusal(
        "You cannot hand this over to the joint organisation. The fault is in the municipality's own e-service. "
        "Mend it in the second line, or change the classification if the platform is at fault.",
        code="e_service_fault",
    )


def fault_classified(ticket: TicketState, given: Mapping[str, str]) -> Refusal | None:
    """Somebody has judged whose the fault is."""
    if ticket.fault is not Fault.UNKNOWN:
        return None
    return Refusal(
        "You cannot hand this over yet. Nobody has said whether the platform or an e-service is at fault. "
        "Classify the fault first.",
        code="fault_unknown",
    )


def requester_reachable(ticket: TicketState, given: Mapping[str, str]) -> Refusal | None:
    """There is somebody to ask."""
    if ticket.requester_kind is RequesterKind.PROTECTED:
        return Refusal(
            "You cannot ask the requester here. Their identity is protected, and nothing to reach them by is kept. "
            "Ask by the way that you have agreed on, and write a note of the answer.",
            code="requester_protected",
        )
    if ticket.requester_kind is not RequesterKind.ANONYMOUS:
        return None
    return Refusal(
        "You cannot ask the requester. The requester is anonymous. Go on with what is known, or resolve the ticket.",
        code="requester_anonymous",
    )


def supplier_known(ticket: TicketState, given: Mapping[str, str]) -> Refusal | None:
    """The service has a supplier to hand over to."""
    if ticket.supplier:
        return None
    return Refusal(
        "You cannot hand this over to a supplier. The service %(service)s has none. "
        "Correct the service if it is another, or go on without a supplier.",
        code="no_supplier",
        service=ticket.service,
    )


def solution_given(ticket: TicketState, given: Mapping[str, str]) -> Refusal | None:
    """There is a solution to judge."""
    if ticket.solution_seq:
        return None
    return Refusal(
        "There is no solution to verify. Recall the ticket or ask for a solution first.",
        code="no_solution",
    )


def not_merged(ticket: TicketState, given: Mapping[str, str]) -> Refusal | None:
    """The ticket lives on its own, not inside another."""
    if not ticket.merged_into:
        return None
    return Refusal(
        "You cannot reopen this ticket. It has been merged into %(into)s. Go on with that ticket.",
        code="merged",
        into=ticket.merged_into,
    )


_CHECKS: dict[Guard, Check] = {
    Guard.PLATFORM_FAULT: platform_fault,
    Guard.FAULT_CLASSIFIED: fault_classified,
    Guard.REQUESTER_REACHABLE: requester_reachable,
    Guard.SUPPLIER_KNOWN: supplier_known,
    Guard.SOLUTION_GIVEN: solution_given,
    Guard.NOT_MERGED: not_merged,
}
