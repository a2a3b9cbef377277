"""What whoever shares work out watches is counted alike by both databases."""

from servicedesk.actions.desk import Desk
from servicedesk.core.grouping import By
from servicedesk.store.queries.at_risk import promises_at_risk
from servicedesk.store.queries.board import divided, one_column
from servicedesk.store.queries.lists import EVERYTHING
from servicedesk.store.queries.load import load_of, tickets_before
from tests.actions.life import wait
from tests.support.desk import persona, ticket_after


def test_load_columns_and_promises_are_the_same_on_both(either_desk: Desk) -> None:
    desk = either_desk
    team = ticket_after(desk, "accept_in_joint").holder.team
    wait(desk, days=40)
    manager = persona(desk, "it_service_manager")
    with desk.reading() as connection:
        now = desk.now(connection)
        (load,) = load_of(connection, manager, [team], now)
        assert (load.team, load.person, load.open, load.at_risk) == (team, manager.key, 1, 1)
        assert len(tickets_before(connection, manager, team, manager.key, limit=10)[0]) == 1
        found, count = promises_at_risk(connection, manager, EVERYTHING, "", now, 100)
        assert len(found) == count > 0
        for by, key in ((By.MUNICIPALITY, "lulea"), (By.TIER, "joint"), (By.AGE, "month")):
            (column,) = divided(connection, manager, by, EVERYTHING, now, 5)
            assert (column.key, column.count) == (key, 1)
            assert one_column(connection, manager, by, key, EVERYTHING, now, limit=5)[0].ids == column.ids
