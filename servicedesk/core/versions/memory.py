"""What a ticket remembers, and what a definition relies on it to remember in each state.

A definition relies on a question being open in a state when every way into it asks one. A ticket that comes there by
another way than a step, as when it is moved from an older version, must bring that along.
"""

from enum import StrEnum

from servicedesk.core.proof.model import Edge, model_of
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Category, Tier
from servicedesk.core.workflows.definition import Definition
from servicedesk.core.workflows.effects import Effect


class Memory(StrEnum):
    """The values say what is missing, for people."""

    QUESTION = "an open question"
    MOMENT = "the moment until which it waits"
    SOLUTION = "a solution"
    DESCRIPTION = "a description approved for its supplier"


GIVEN_BY = {
    Effect.RECORD_QUESTION: Memory.QUESTION,
    Effect.WAIT_UNTIL: Memory.MOMENT,
    Effect.RECORD_SOLUTION: Memory.SOLUTION,
    Effect.APPROVE_DESCRIPTION: Memory.DESCRIPTION,
}
TAKEN_BY = {
    Effect.RECORD_ANSWER: Memory.QUESTION,
    Effect.WITHDRAW_QUESTION: Memory.QUESTION,
    Effect.CLEAR_SOLUTION: Memory.SOLUTION,
}
WHILE_WAITING = frozenset({Memory.QUESTION, Memory.MOMENT})
Memories = frozenset[Memory]


def remembered(ticket: TicketState) -> Memories:
    outside = ticket.holder.tier is Tier.SUPPLIER
    has = {
        Memory.QUESTION: ticket.question is not None,
        Memory.MOMENT: ticket.resume_at is not None,
        Memory.SOLUTION: bool(ticket.solution_seq),
        Memory.DESCRIPTION: ticket.holder.organisation in ticket.descriptions if outside else bool(ticket.descriptions),
    }
    return frozenset(memory for memory, there in has.items() if there)


def relied_on(definition: Definition) -> dict[str, Memories]:
    """State -> what every way into it brings along; the greatest such sets, by narrowing until nothing changes."""
    edges = model_of(definition).edges
    found = dict.fromkeys(definition.states, frozenset(Memory))
    found[definition.initial] = frozenset()
    changed = True
    while changed:
        changed = False
        for edge in edges:
            narrowed = found[edge.target] & _after(definition, edge, found[edge.source])
            changed = changed or narrowed != found[edge.target]
            found[edge.target] = narrowed
    return found


def _after(definition: Definition, edge: Edge, before: Memories) -> Memories:
    memories = set(before)
    for effect in edge.step.effects:
        memories |= {GIVEN_BY[effect]} if effect in GIVEN_BY else set()
        memories -= {TAKEN_BY[effect]} if effect in TAKEN_BY else set()
    waits = definition.states[edge.target].category is Category.WAITING
    return frozenset(memories if waits else memories - WHILE_WAITING)
