"""The summary: what each state, priority and holder had, and that the three are the same time told three ways."""

import pytest

from servicedesk.actions.desk import Desk
from servicedesk.core.facts import IMPORTER, Actor
from servicedesk.core.summary import Summary
from servicedesk.core.vocabulary import Metric
from servicedesk.store.queries.summary import summary_of
from tests.import_.logs import EXCERPT, bring, log, row
from tests.support.desk import persona

HOUR = 3600
PING_PONG = [
    row(at="09:00"),
    row("Active", 1, "10:00"),
    row("Active", 2, "11:00", group="Group 12"),
    row("Active", 3, "12:00"),
    row("Active", 4, "13:00", group="Group 12"),
    row("Resolved", 5, "14:00", group="Group 12"),
    row("Closed", 6, "15:00", group="Group 12"),
]


def summed(desk: Desk, content: bytes, viewer: Actor = IMPORTER) -> Summary:
    numbers = bring(desk, content).numbers
    with desk.reading() as connection:
        return summary_of(connection, numbers, desk.clock.now(), viewer=viewer)


@pytest.fixture
def ping_pong(desk: Desk) -> Summary:
    return summed(desk, log(PING_PONG))


def test_each_holder_has_the_hours_it_had(ping_pong: Summary) -> None:
    first, second = ping_pong.holders["lulea-kundcenter"], ping_pong.holders["logg-group-12"]
    assert (first.seconds, second.seconds) == (3 * HOUR, 3 * HOUR)
    assert (first.tickets, second.tickets) == (1, 1)


def test_each_state_has_the_hours_spent_in_it_and_closed_none(ping_pong: Summary) -> None:
    hours = {state: total.seconds // HOUR for (_, state), total in ping_pong.states.items()}
    assert hours == {"first_new": 1, "first_active": 2, "second_active": 2, "resolved": 1, "closed": 0}


def test_hand_overs_are_counted_where_they_left_and_ping_pong_where_they_came_back(ping_pong: Summary) -> None:
    first, second = ping_pong.holders["lulea-kundcenter"], ping_pong.holders["logg-group-12"]
    assert (first.handovers, second.handovers) == (2, 1)
    assert (first.ping_pong, second.ping_pong) == (1, 1)
    assert (ping_pong.priorities[3].handovers, ping_pong.priorities[3].ping_pong) == (3, 2)


def test_a_promise_is_settled_once_where_it_was_fulfilled(ping_pong: Summary) -> None:
    settled = {team: (total.kept, total.promised) for team, total in ping_pong.holders.items()}
    assert settled == {"lulea-kundcenter": (0, 0), "logg-group-12": (1, 1)}
    assert ping_pong.promises[Metric.RESOLUTION] == (1, 1)


def test_a_promise_is_settled_once_where_it_was_broken(desk: Desk) -> None:
    late = [
        row(),
        row("Active", 1, "11-03-2016 09:00", group="Group 12"),
        row("Resolved", 2, "14-03-2016 09:00", group="Group 12"),
    ]
    found = summed(desk, log(late))
    settled = {team: (total.kept, total.promised) for team, total in found.holders.items()}
    assert settled == {"lulea-kundcenter": (0, 1), "logg-group-12": (0, 0)}


def test_a_promise_still_running_is_not_counted(desk: Desk) -> None:
    today = "02-03-2026 08:30"
    assert Metric.RESOLUTION not in summed(desk, log([row(at=today, opened_at=today)])).promises


def test_states_priorities_and_holders_tell_the_same_whole(desk: Desk) -> None:
    found = summed(desk, EXCERPT.read_bytes())
    wholes = [
        {
            name: sum(getattr(total, name) for total in sums)
            for name in ("seconds", "handovers", "ping_pong", "kept", "promised")
        }
        for sums in (found.states.values(), found.priorities.values(), found.holders.values())
    ]
    assert wholes[0] == wholes[1] == wholes[2]
    assert found.tickets == 10 and wholes[0]["promised"] == 10 and wholes[0]["ping_pong"] > 0


def test_a_viewer_sums_up_only_what_they_may_see(desk: Desk) -> None:
    assert summed(desk, log(PING_PONG), persona(desk, "first_line_lulea")).tickets == 1
    assert summed(desk, log(PING_PONG), persona(desk, "first_line_pitea")).tickets == 0
