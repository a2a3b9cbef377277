"""The closed registry of effects: what a step does to the ticket besides changing its state.

A step's action settles who gets the ticket and who becomes assignee and writes both into the event (`Moved.holder`,
`Moved.assignee`); an effect only carries that out, so that folding again needs neither routing nor people.
"""

from collections.abc import Callable
from enum import StrEnum

from servicedesk.core.codec import moment
from servicedesk.core.events import Event, Moved
from servicedesk.core.ticket import Question, TicketState
from servicedesk.core.vocabulary import Need, WaitsOn


class Effect(StrEnum):
    PASS_TO_TIER = "pass_to_tier"
    PASS_TO_TEAM = "pass_to_team"
    PASS_BACK = "pass_back"
    ACCEPT_CUSTODY = "accept_custody"
    ASSIGN_ACTOR = "assign_actor"
    CLEAR_ASSIGNEE = "clear_assignee"
    RECORD_QUESTION = "record_question"
    RECORD_ANSWER = "record_answer"
    WITHDRAW_QUESTION = "withdraw_question"
    RECORD_SOLUTION = "record_solution"
    CLEAR_SOLUTION = "clear_solution"
    COUNT_RETURN = "count_return"
    APPROVE_DESCRIPTION = "approve_description"
    WAIT_UNTIL = "wait_until"


# Custody, the holder, changes by these and by nothing else.
PASSING_ON = frozenset({Effect.PASS_TO_TIER, Effect.PASS_TO_TEAM})
PASSING = PASSING_ON | {Effect.PASS_BACK}

# What is about the new holder stands after the effect that passes the ticket on.
ABOUT_THE_NEW_HOLDER = frozenset({Effect.ACCEPT_CUSTODY, Effect.ASSIGN_ACTOR, Effect.APPROVE_DESCRIPTION})

# What an effect records must have been asked for, and what is asked for this way must be recorded.
NEED_OF_EFFECT: dict[Effect, Need] = {
    Effect.PASS_TO_TEAM: Need.TEAM,
    Effect.RECORD_QUESTION: Need.QUESTION,
    Effect.RECORD_ANSWER: Need.ANSWER,
    Effect.RECORD_SOLUTION: Need.SOLUTION,
    Effect.APPROVE_DESCRIPTION: Need.SUPPLIER_DESCRIPTION,
    Effect.WAIT_UNTIL: Need.UNTIL,
}


def apply_effect(name: str, ticket: TicketState, event: Event, moved: Moved) -> None:
    """Carry one effect out, before the ticket enters the step's state. ValueError for a name not in the registry."""
    apply = _APPLY.get(name) or _APPLY[Effect(name)]
    apply(ticket, event, moved)


def _pass_on(ticket: TicketState, event: Event, moved: Moved) -> None:
    """The way back leads to the one who handed over. A ticket that stays in its team (reopened there) adds no step."""
    if moved.holder is not None and moved.holder.team != ticket.holder.team:
        ticket.handed_over_by.append(ticket.holder)
    _pass(ticket, moved)


def _pass_back(ticket: TicketState, event: Event, moved: Moved) -> None:
    if ticket.handed_over_by and moved.holder is not None and ticket.handed_over_by[-1].team == moved.holder.team:
        ticket.handed_over_by.pop()
    _pass(ticket, moved)


def _pass(ticket: TicketState, moved: Moved) -> None:
    if moved.holder is None:
        return
    if moved.holder.team != ticket.holder.team:
        ticket.handovers += 1
    ticket.holder = moved.holder
    ticket.holding_number += 1
    ticket.assignee = ""


def _accept_custody(ticket: TicketState, event: Event, moved: Moved) -> None:
    ticket.accepted = True
    ticket.assignee = moved.assignee


def _assign_actor(ticket: TicketState, event: Event, moved: Moved) -> None:
    ticket.assignee = moved.assignee


def _clear_assignee(ticket: TicketState, event: Event, moved: Moved) -> None:
    ticket.assignee = ""


def _record_question(ticket: TicketState, event: Event, moved: Moved) -> None:
    """Whom it asks stands in the event as `of`: the state that the step leads to says on whom it waits."""
    asked = WaitsOn(moved.given.get("of", WaitsOn.REQUESTER))
    ticket.question = Question(seq=event.seq, asked_by=ticket.holder.team, of=asked)


def _close_question(ticket: TicketState, event: Event, moved: Moved) -> None:
    ticket.question = None


def _record_solution(ticket: TicketState, event: Event, moved: Moved) -> None:
    ticket.solution_seq = event.seq
    ticket.resolution_code = moved.given.get("resolution_code", ticket.resolution_code)


def _clear_solution(ticket: TicketState, event: Event, moved: Moved) -> None:
    ticket.solution_seq = 0
    ticket.resolution_code = ""


def _count_return(ticket: TicketState, event: Event, moved: Moved) -> None:
    ticket.returns += 1


def _approve_description(ticket: TicketState, event: Event, moved: Moved) -> None:
    """Declared after the effect that passes the ticket on, so that the holder is the supplier who is to read it."""
    ticket.descriptions[ticket.holder.organisation] = event.seq


def _wait_until(ticket: TicketState, event: Event, moved: Moved) -> None:
    ticket.resume_at = moment(moved.given["until"])


_APPLY: dict[str, Callable[[TicketState, Event, Moved], None]] = {
    Effect.PASS_TO_TIER: _pass_on,
    Effect.PASS_TO_TEAM: _pass_on,
    Effect.PASS_BACK: _pass_back,
    Effect.ACCEPT_CUSTODY: _accept_custody,
    Effect.ASSIGN_ACTOR: _assign_actor,
    Effect.CLEAR_ASSIGNEE: _clear_assignee,
    Effect.RECORD_QUESTION: _record_question,
    Effect.RECORD_ANSWER: _close_question,
    Effect.WITHDRAW_QUESTION: _close_question,
    Effect.RECORD_SOLUTION: _record_solution,
    Effect.CLEAR_SOLUTION: _clear_solution,
    Effect.COUNT_RETURN: _count_return,
    Effect.APPROVE_DESCRIPTION: _approve_description,
    Effect.WAIT_UNTIL: _wait_until,
}
