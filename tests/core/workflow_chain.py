"""The citizen's incident, walked to where a test begins."""

import pytest

from servicedesk.core.errors import Refusal
from servicedesk.core.facts import Actor
from servicedesk.core.ticket import TicketState
from servicedesk.core.workflows.engine import Move, attempt, options
from tests.workflows.cast import PARTIES, a_ticket, fields_for, shipped, walk

CHAIN = shipped("citizen_incident")
TO_SECOND_LINE = ("take", "escalate_to_second_line", "accept_in_second_line")
TO_SUPPLIER = (*TO_SECOND_LINE, "escalate_to_joint", "accept_in_joint", "order_from_supplier", "accept_at_supplier")


def after(*steps: str, **changes: object) -> TicketState:
    return walk(CHAIN, a_ticket(CHAIN, **changes), *steps)


def refused(ticket: TicketState, step: str, actor: Actor) -> Refusal:
    known = CHAIN.step(step)
    given = fields_for(CHAIN, step, ticket) if known else {}
    with pytest.raises(Refusal) as caught:
        attempt(CHAIN, ticket, step, actor, given, PARTIES)
    return caught.value


def moved(ticket: TicketState, step: str, actor: Actor, **given: str) -> Move:
    return attempt(CHAIN, ticket, step, actor, fields_for(CHAIN, step, ticket) | given, PARTIES)


def offered(ticket: TicketState, actor: Actor) -> list[str]:
    return [option.step.step for option in options(CHAIN, ticket, actor, PARTIES)]
