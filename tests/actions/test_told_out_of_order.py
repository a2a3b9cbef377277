"""What became known later may have happened earlier: the order in which things happened decides."""

from datetime import timedelta

import pytest

from servicedesk.actions.desk import Desk
from servicedesk.actions.log import NewTicket, log
from servicedesk.actions.work import Work, unit_of_work
from servicedesk.core.events import EntryAdded, PriorityChanged
from servicedesk.core.facts import IMPORTER
from servicedesk.core.vocabulary import Audience, Level
from tests.actions.life import HOUR, clock, kinds, proved, wait
from tests.support.desk import PLATFORM, START, new_ticket


def logged(work: Work, number: str) -> None:
    new = NewTicket("lulea", PLATFORM, "Ur en gammal logg", impact=Level.MEDIUM)
    log(work, new, actor=IMPORTER, at=START, number=number)


def test_an_event_told_too_late_takes_its_place_in_the_fold(desk: Desk) -> None:
    answered = EntryAdded("reply", Audience.REQUESTER)
    dearer = PriorityChanged(Level.HIGH, Level.HIGH, 1)
    with unit_of_work(desk) as work:
        logged(work, "INC1")
        held = work.opened["INC1"]
        work.record(held, dearer, actor=IMPORTER, occurred_at=START + timedelta(hours=3))
        work.record(held, answered, actor=IMPORTER, occurred_at=START + timedelta(hours=1))
    assert kinds(desk, "INC1") == ["TicketLogged", "PriorityChanged", "EntryAdded"]
    response = clock(desk, "INC1", "response")
    assert (response.spent, response.target) == (HOUR, 4 * HOUR)  # answered while it was still normal
    proved(desk)


def test_so_it_does_when_it_is_told_the_day_after(desk: Desk) -> None:
    number = new_ticket(desk, channel="mail").number
    moment = desk.clock.now() + timedelta(hours=1)
    wait(desk, days=1)
    with unit_of_work(desk) as work:
        held = work.open_ticket(number, actor=IMPORTER)
        work.record(held, EntryAdded("reply", Audience.REQUESTER), actor=IMPORTER, occurred_at=moment)
    assert clock(desk, number, "response").stopped_at == moment
    proved(desk)


def test_nothing_can_have_happened_before_the_ticket_was_logged(desk: Desk) -> None:
    number = new_ticket(desk).number
    with pytest.raises(ValueError, match="does not begin with TicketLogged"), unit_of_work(desk) as work:
        held = work.open_ticket(number, actor=IMPORTER)
        early = START - timedelta(hours=1)
        work.record(held, EntryAdded("reply", Audience.REQUESTER), actor=IMPORTER, occurred_at=early)
    assert kinds(desk, number) == ["TicketLogged"]
    proved(desk)
