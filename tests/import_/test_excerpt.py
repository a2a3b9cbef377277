"""Ten real incidents: see README.md."""

from servicedesk.actions.desk import Desk
from servicedesk.core.servicenow.account import Kind, Outcome
from servicedesk.core.vocabulary import Category
from servicedesk.store.engine import make_engine
from tests.import_.logs import EXCERPT, bring, differences, is_accounted, kinds, said, ticket, times
from tests.support.desk import fill


def test_every_row_of_the_excerpt_is_accounted_for(desk: Desk) -> None:
    imported = bring(desk, EXCERPT.read_bytes())
    counts = imported.account.counts()
    assert is_accounted(imported, 71)
    assert imported.incidents == {"new": 10}
    assert counts[Outcome.REFUSED] == counts[Outcome.DUPLICATE] == 0
    assert {kind for _, _, kind in said(imported)} == {
        Kind.STATE_SKIPPED,
        Kind.GROUP_MISSING,
        Kind.TIME_BEFORE,
        Kind.ORDER_TWICE,
        Kind.OPENED_LATE,
        Kind.ENDING_ADDED,
    }
    assert differences(desk) == []


def test_a_plain_incident_has_its_own_history(desk: Desk) -> None:
    bring(desk, EXCERPT.read_bytes())
    assert kinds(desk, "INC0000045") == ["TicketLogged", "TicketResolved", "TicketClosed"]
    assert times(desk, "INC0000045") == ["29 00:16", "29 07:53", "05 11:00"]


def test_a_row_numbered_out_of_turn_stands_where_its_counter_says(desk: Desk) -> None:
    """Rows 2, 1, 2, 3, 4, 5 with the first one's time before all others: the counter 1 comes first."""
    bring(desk, EXCERPT.read_bytes())
    custody = ticket(desk, "INC0000130").custody
    assert [stretch.holder.team for stretch in custody][:3] == ["logg-group-73", "logg-group-72", "logg-group-73"]
    assert times(desk, "INC0000130")[:2] == ["29 08:41", "29 08:59"]


def test_every_incident_of_the_excerpt_ends_closed(desk: Desk) -> None:
    imported = bring(desk, EXCERPT.read_bytes())
    assert {ticket(desk, number).category for number in imported.numbers} == {Category.CLOSED}
    assert ticket(desk, "INC0000294").reopenings == 1


def test_either_database_takes_it(database_url: str) -> None:
    engine = make_engine(database_url)
    desk = Desk(engine)
    fill(desk)
    assert bring(desk, EXCERPT.read_bytes()).incidents == {"new": 10}
    assert bring(desk, EXCERPT.read_bytes()).incidents == {"unchanged": 10}
    assert differences(desk) == []
    engine.dispose()
