"""What the model check proves on paper holds in the engine, whoever acts and whatever the ticket is like."""

from copy import deepcopy
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servicedesk.core.proof.model import model_of, paths_to
from servicedesk.core.proof.ways import OUTSIDERS, is_firm, without
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Category, Fault, RequesterKind, Role
from servicedesk.core.workflows.definition import Definition
from servicedesk.core.workflows.engine import attempt, options
from tests.workflows.cast import EVERYBODY, PARTIES, SHIPPED, a_ticket, carried_out, fields_for, shipped, take

OUTSIDE = frozenset({Role.SUPPLIER_AGENT, Role.REQUESTER})
ANY_TICKET = st.fixed_dictionaries(
    {
        "fault": st.sampled_from(Fault),
        "requester_kind": st.sampled_from(RequesterKind),
        "supplier": st.sampled_from(["plattform", ""]),
    }
)
WALKS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def offered(definition: Definition, ticket: TicketState) -> list[tuple[Any, str]]:
    return [
        (actor, option.step.step)
        for actor in EVERYBODY
        for option in options(definition, ticket, actor, PARTIES)
        if option.refusal is None
    ]


def wander(data: st.DataObject, definition: Definition, steps: int) -> TicketState:
    ticket = a_ticket(definition, **data.draw(ANY_TICKET))
    for _ in range(data.draw(st.integers(0, steps))):
        actor, step = data.draw(st.sampled_from(offered(definition, ticket)))
        ticket = take(definition, ticket, step, actor)
    return ticket


@WALKS
@given(st.data(), st.sampled_from(SHIPPED))
def test_somebody_can_always_do_something(data: st.DataObject, key: str) -> None:
    ticket = wander(data, shipped(key), 40)
    assert offered(shipped(key), ticket)


@WALKS
@given(st.data(), st.sampled_from(SHIPPED))
def test_a_ticket_can_always_be_closed_without_supplier_and_requester(data: st.DataObject, key: str) -> None:
    definition = shipped(key)
    model = model_of(definition)
    firm = without([edge for edge in model.edges if is_firm(model, edge)], OUTSIDE)
    ways_out = paths_to(firm, model.closed())
    ticket = wander(data, definition, 40)
    for step in ways_out[ticket.state]:
        actor = next(a for a, possible in offered(definition, ticket) if possible == step)
        ticket = take(definition, ticket, step, actor)
    assert ticket.category is Category.CLOSED


@WALKS
@given(st.data(), st.sampled_from(SHIPPED))
def test_the_holder_always_sits_where_the_state_says(data: st.DataObject, key: str) -> None:
    definition = shipped(key)
    ticket = wander(data, definition, 40)
    state = definition.states[ticket.state]
    assert state.tier in (None, ticket.holder.tier)
    assert ticket.accepted != state.received


@WALKS
@given(st.data(), st.sampled_from(SHIPPED))
def test_an_attempt_changes_nothing(data: st.DataObject, key: str) -> None:
    definition = shipped(key)
    ticket = wander(data, definition, 15)
    before = deepcopy(ticket)
    actor, step = data.draw(st.sampled_from(offered(definition, ticket)))
    move = attempt(definition, ticket, step, actor, fields_for(definition, step, ticket), PARTIES)
    assert ticket == before
    assert carried_out(ticket, move, actor).seq == before.seq + 1


def test_the_outsiders_are_the_ones_the_proof_is_about() -> None:
    assert OUTSIDERS[-1][1] == OUTSIDE
