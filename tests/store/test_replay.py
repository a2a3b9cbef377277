"""What-if over a database: hand-made tickets folded again, each figure worked out by hand, and nothing written."""

from datetime import date, timedelta
from hashlib import sha256

from sqlalchemy import select

from servicedesk.actions.desk import Desk
from servicedesk.actions.steps import perform
from servicedesk.core.clock import ControlledClock
from servicedesk.core.facts import OPERATOR
from servicedesk.core.follow_up import Reach
from servicedesk.core.installations.file_part import parse_part
from servicedesk.core.outcomes import Outcome
from servicedesk.core.period import period_of
from servicedesk.core.replay.rules import WhatIf
from servicedesk.core.replay.substitutes import Substitutes
from servicedesk.core.replay.tally import Tally
from servicedesk.core.vocabulary import Level
from servicedesk.store.base import Base
from servicedesk.store.queries.follow_up.counted import Asked, Scope
from servicedesk.store.queries.replay import Replayed, count_lived, replay
from tests.core.replay_stories import FOUR_HOURS, SWEDEN, local
from tests.support.desk import CHAIN, WRITTEN, new_ticket, persona

NORMAL = {"impact": Level.MEDIUM, "urgency": Level.MEDIUM}
EVERYTHING = Scope(OPERATOR, Reach.ALL, frozenset())


def at_supplier(desk: Desk, ordered: str, solved: str = "", **given: object) -> str:
    """A ticket ordered from the platform's supplier at one moment, and solved and closed at another."""
    own = Desk(desk.engine, ControlledClock(local(ordered) - timedelta(minutes=5)), desk._book)
    number = new_ticket(own, **(given or NORMAL)).number
    for who, step, needs in CHAIN:
        if step == "order_from_supplier":
            own.clock = ControlledClock(local(ordered))
        if step == "propose_solution":
            if not solved:
                break
            own.clock = ControlledClock(local(solved))
        name = f"{who}_lulea" if who in ("first_line", "second_line") else who
        perform(own, number, step, actor=persona(own, name), given={need: WRITTEN[need] for need in needs})
    return number


def replayed(desk: Desk, text: str, now: str, first: date, last: date) -> Replayed:
    with desk.reading() as connection:
        book = desk.book(connection)
        part = parse_part({"a.toml": text}, book.installation)
        asked = Asked(EVERYTHING, period_of(first, last, SWEDEN), local(now))
        what_if = WhatIf(book, Substitutes(part.agreements, part.calendars))
        done = replay(connection, asked, book, what_if, Tally())
        assert count_lived(connection, asked) == done.tickets
        return done


def every_row(desk: Desk) -> str:
    """A hash of all that the database holds."""
    with desk.reading() as connection:
        rows = [
            list(map(str, row)) for table in Base.metadata.sorted_tables for row in connection.execute(select(table))
        ]
    return sha256(repr(sorted(rows)).encode()).hexdigest()


def test_a_four_hour_contract_in_place_of_the_samples_worked_out_by_hand(either_desk: Desk) -> None:
    """The supplier works 7-18 on weekdays and 9-13 on Saturdays; the sample gives it 8 h, and 32 h at priority 4."""
    late = at_supplier(either_desk, "2026-03-02 10:00", "2026-03-02 16:00")  # 6 h: broken at 14.00
    at_supplier(either_desk, "2026-03-02 10:00", "2026-03-03 12:00")  # 8 h + 5 h: broken under both
    at_supplier(either_desk, "2026-03-10 15:00")  # 3 h on the evening of the day: running under both
    # 8 h + 2 h: broken at 14.00
    low = at_supplier(either_desk, "2026-03-02 10:00", "2026-03-03 09:00", impact=Level.LOW, urgency=Level.LOW)
    before = every_row(either_desk)

    done = replayed(either_desk, FOUR_HOURS, "2026-03-10 20:00", date(2026, 3, 1), date(2026, 3, 31))

    assert (done.tickets, done.unfit) == (4, 0)
    of = {line.of: line for line in done.tally.lines("metric", "tier", "supplier")}
    contract = of["contract", "supplier", "leverantor-plattform"]
    assert [(side.kept, side.broken, side.running) for side in (contract.before, contract.after)] == [
        (2, 1, 1),
        (0, 3, 1),
    ]
    assert (contract.before.percent, contract.after.percent) == (200 / 3, 0.0)
    # 6, 10 and 13 hours: the second of three is the median, the third nine tenths of them
    assert (contract.before.median, contract.before.ninetieth) == (10 * 3600, 13 * 3600)
    assert [line.of for line in of.values() if line.is_changed] == [("contract", "supplier", "leverantor-plattform")]
    assert (done.tally.ways, done.tally.changed_tickets) == ({(Outcome.KEPT, Outcome.BROKEN): 2}, 2)
    assert [
        (
            each.number,
            each.pair.before.spent / 3600,
            each.pair.before.target,
            each.pair.after.target,
            each.pair.after.due_at,
        )
        for each in done.tally.heaviest()
    ] == [
        (late, 6, 28800, 14400, local("2026-03-02 14:00")),
        (low, 10, 115200, 14400, local("2026-03-02 14:00")),
    ]
    assert done.tally.heaviest()[0].pair.before.due_at == local("2026-03-02 18:00")

    # Only what is decided in a period counts in it, on the side on which it is.
    day = replayed(either_desk, FOUR_HOURS, "2026-03-10 20:00", date(2026, 3, 3), date(2026, 3, 3))
    found = next(line for line in day.tally.lines("metric") if line.of == ("contract",))
    assert (found.before.kept, found.before.broken, found.after.decided) == (1, 0, 0)
    assert every_row(either_desk) == before
