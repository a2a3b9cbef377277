"""The whole way of a citizen's ticket to the supplier and back, on both databases."""

from servicedesk.actions.desk import Desk
from servicedesk.core.vocabulary import Category
from tests.actions.life import kinds, proved, wait
from tests.support.desk import CHAIN, ticket_after


def test_a_ticket_goes_to_the_supplier_and_comes_back_closed(either_desk: Desk) -> None:
    ticket = ticket_after(either_desk, "confirm")
    assert ticket.category is Category.CLOSED
    assert len(kinds(either_desk, ticket.number)) == 1 + len(CHAIN)
    wait(either_desk, days=30)
    proved(either_desk)
