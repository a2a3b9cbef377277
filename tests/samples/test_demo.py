"""The demonstration: a year at its full size, true to its own journal, with something to show on every page."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from servicedesk.actions.demo.year import UNREAD, build_demo
from servicedesk.actions.desk import Desk
from servicedesk.core.clock import ControlledClock
from servicedesk.core.vocabulary import Category, Tier
from servicedesk.store.engine import make_engine
from servicedesk.store.journal import JournalRow, PersonalText
from servicedesk.store.outbox import Notice, OutboxRow
from servicedesk.store.queries.verification import ticket_ids, verify_ticket
from servicedesk.store.tickets import Ticket, TicketClock, Visibility
from tests.support.demo import TICKETS, UNTIL
from tests.support.desk import PERSONAS, DeskFactory, Template

FEW = 40
SELDOM = (
    *("TicketMerged", "TicketLinked", "MunicipalityChanged", "TicketReturned", "SolutionRejected", "TextErased"),
    *("TicketReopened", "PriorityChanged", "TicketClassified", "TicketAssigned", "WaitStarted", "EntryAdded"),
)


@pytest.fixture(scope="module")
def demo(demo_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    url = demo_template.copy_to(tmp_path_factory.mktemp("demo"))
    desk = Desk(make_engine(url), ControlledClock(UNTIL))
    yield desk
    desk.engine.dispose()


def counted(desk: Desk, *columns: object) -> dict[object, int]:
    with desk.reading() as connection:
        rows = connection.execute(select(*columns, func.count()).group_by(*columns)).all()  # type: ignore[call-overload]
    return {tuple(row[:-1]) if len(row) > 2 else row[0]: row[-1] for row in rows}


def test_every_ticket_is_what_its_journal_makes_of_it(demo: Desk) -> None:
    with demo.reading() as connection:
        book = demo.book(connection)
        ids = ticket_ids(connection)
        assert len(ids) == TICKETS
        assert [found for ticket_id in ids for found in verify_ticket(connection, book, ticket_id)] == []


def test_every_workflow_has_tickets_in_every_category(demo: Desk) -> None:
    found = counted(demo, Ticket.workflow, Ticket.category)
    with demo.reading() as connection:
        workflows = [definition.key for definition in demo.book(connection).workflows()]
    assert {(key, str(category)) for key in workflows for category in Category} <= found.keys()


def test_every_tier_holds_something_and_some_wait_to_be_triaged(demo: Desk) -> None:
    with demo.reading() as connection:
        at_tier = select(Ticket.holder_tier, Ticket.assignee).where(Ticket.is_open)
        held = Counter(row.holder_tier for row in connection.execute(at_tier))
        to_triage = [row for row in connection.execute(at_tier) if (row.holder_tier, row.assignee) == (Tier.JOINT, "")]
    assert all(held[tier] >= 5 for tier in Tier)
    assert len(to_triage) >= 6


def test_what_seldom_happens_has_happened(demo: Desk) -> None:
    kinds = counted(demo, JournalRow.kind)
    assert [kind for kind in SELDOM if not kinds.get(kind)] == []
    assert counted(demo, Ticket.platform_case != "")[True] > 50


def test_most_promises_are_kept_and_some_are_not(demo: Desk) -> None:
    with demo.reading() as connection:
        settled = select(TicketClock.metric, TicketClock.broken_at).where(TicketClock.target > 0)
        rows = connection.execute(settled).all()
    for metric in {row.metric for row in rows}:
        broken = [row.broken_at is not None for row in rows if row.metric == metric]
        assert 0.02 < sum(broken) / len(broken) < 0.4, metric


def test_most_of_what_is_in_hand_is_in_time(demo: Desk) -> None:
    with demo.reading() as connection:
        due = connection.execute(
            select(func.min(Visibility.next_due_at)).where(Visibility.is_open).group_by(Visibility.ticket_id)
        ).scalars()
        late = [moment < UNTIL for moment in due]
    assert len(late) > 40
    assert 0.05 < sum(late) / len(late) < 0.5


def test_no_list_shows_the_same_subject_five_times(demo: Desk) -> None:
    with demo.reading() as connection:
        subject = select(Visibility.organisation, PersonalText.text).join(
            PersonalText, PersonalText.ticket_id == Visibility.ticket_id
        )
        seen = Counter(connection.execute(subject.where(PersonalText.field == "subject", Visibility.is_open)).all())
    assert max(seen.values()) < 5


def test_notices_have_come_when_it_happened_and_most_are_read(demo: Desk) -> None:
    with demo.reading() as connection:
        notices = connection.execute(select(Notice.person, Notice.created_at, Notice.read_at)).all()
        assert connection.execute(select(func.count()).select_from(OutboxRow)).scalar_one() == 0
    assert len({notice.created_at.date() for notice in notices}) > 40
    unread = Counter(notice.person for notice in notices if notice.read_at is None)
    assert 0 < unread[PERSONAS["first_line_lulea"]] <= UNREAD == unread[PERSONAS["it_service_manager"]]


def test_the_same_seed_lives_the_same_year(desk_factory: DeskFactory, tmp_path: Path) -> None:
    lives = []
    for _ in range(2):
        desk = desk_factory(UNTIL)
        build_demo(desk, FEW, UNTIL)
        with desk.reading() as connection:
            columns = (Ticket.number, Ticket.state, Ticket.seq, Ticket.assignee, Ticket.last_at, Ticket.platform_case)
            lives.append(connection.execute(select(*columns).order_by(Ticket.number)).all())
    assert len(lives[0]) == FEW
    assert lives[0] == lives[1]
