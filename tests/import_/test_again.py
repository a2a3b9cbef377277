"""An import run again changes nothing; a longer log continues what it began; what is somebody else's is left."""

from contextlib import AbstractContextManager

import pytest
from sqlalchemy import func, select

from servicedesk import paths
from servicedesk.actions import importing
from servicedesk.actions.desk import Desk
from servicedesk.actions.entries import note
from servicedesk.actions.installation import load_installation
from servicedesk.actions.steps import perform
from servicedesk.actions.sweep import sweep
from servicedesk.actions.work import Work, unit_of_work
from servicedesk.core.errors import Unavailable
from servicedesk.core.facts import Actor
from servicedesk.core.servicenow.account import Kind, Outcome
from servicedesk.core.workflows.file import parse_workflow
from servicedesk.store.installation import Revision
from servicedesk.store.journal import SealHead
from servicedesk.store.queries.verification import seal_head
from tests.import_.logs import EXCERPT, bring, differences, is_accounted, kinds, log, mapping, row, said, ticket
from tests.support.desk import new_ticket, persona

LIFE = [row(), row("Active", 1, "10:00"), row("Active", 2, "10:30"), row("Resolved", 3, "11:00")]


@pytest.fixture
def first_line_lulea(desk: Desk) -> Actor:
    return persona(desk, "first_line_lulea")


def test_the_same_log_again_changes_nothing(desk: Desk) -> None:
    content = EXCERPT.read_bytes()
    first = bring(desk, content)
    with desk.reading() as connection:
        before = seal_head(connection), connection.execute(select(Revision.number)).scalar()
    again = bring(desk, content)
    with desk.reading() as connection:
        assert (seal_head(connection), connection.execute(select(Revision.number)).scalar()) == before
    assert again.incidents == {"unchanged": first.incidents["new"]}
    assert again.made == []
    assert again.account.counts()[Outcome.HERE] == again.account.rows


def test_what_was_repaired_is_still_said_but_not_as_done_now(desk: Desk) -> None:
    rows = [row(group="?"), row("Active", 1, "10:00")]
    bring(desk, log(rows))
    assert said(bring(desk, log(rows))) == [(2, Outcome.HERE, Kind.GROUP_MISSING)]


def test_a_dry_run_writes_nothing_and_says_the_same(desk: Desk) -> None:
    content = EXCERPT.read_bytes()
    tried = bring(desk, content, dry_run=True)
    with desk.reading() as connection:
        assert connection.execute(select(func.count()).select_from(SealHead)).scalar() == 0
        assert all(not team.observed for team in desk.book(connection).installation.teams.values())
    done = bring(desk, content)
    assert (tried.account.equation(), said(tried), tried.incidents) == (
        done.account.equation(),
        said(done),
        done.incidents,
    )


def test_a_longer_log_continues_the_incident(desk: Desk) -> None:
    bring(desk, log(LIFE[:2]))
    imported = bring(desk, log(LIFE))
    assert kinds(desk) == ["TicketLogged", "TicketTaken", "TicketResolved"]
    assert imported.incidents == {"continued": 1}
    assert imported.account.outcomes == {
        2: Outcome.HERE,
        3: Outcome.HERE,
        4: Outcome.NO_CHANGE,
        5: Outcome.IMPORTED,
    }
    assert differences(desk) == []


def test_a_shorter_log_takes_nothing_back(desk: Desk) -> None:
    bring(desk, log(LIFE))
    assert bring(desk, log(LIFE[:2])).incidents == {"unchanged": 1}
    assert ticket(desk).state == "resolved"


def test_a_log_that_now_says_otherwise_is_left_and_named(desk: Desk) -> None:
    bring(desk, log(LIFE))
    imported = bring(desk, log([row(), row("Awaiting User Info", 1, "10:00"), *LIFE[2:], row(number="INC2")]))
    assert imported.incidents == {"left": 1, "new": 1}
    assert said(imported) == [(2, Outcome.LEFT, Kind.DIFFERS)]
    assert imported.numbers == ["INC2"]
    assert is_accounted(imported, 5)
    assert kinds(desk) == ["TicketLogged", "TicketTaken", "TicketResolved"]


def test_a_ticket_that_was_logged_here_is_left_and_named(desk: Desk) -> None:
    native = new_ticket(desk)
    imported = bring(desk, log([row(number=native.number)]))
    assert said(imported) == [(2, Outcome.LEFT, Kind.NATIVE_TICKET)]
    assert kinds(desk, native.number) == ["TicketLogged"]


def test_a_ticket_that_has_gone_on_here_is_left_when_its_log_goes_on_too(desk: Desk, first_line_lulea: Actor) -> None:
    bring(desk, log(LIFE[:2]))
    given = {"solution": "Omstart", "resolution_code": "solved"}
    perform(desk, "INC1", "resolve_in_first_line", actor=first_line_lulea, given=given)
    assert bring(desk, log(LIFE[:2])).incidents == {"unchanged": 1}
    imported = bring(desk, log(LIFE))
    assert said(imported) == [(2, Outcome.LEFT, Kind.GONE_ON)]
    assert differences(desk) == []


def test_a_note_written_here_after_the_log_goes_on_leaves_the_ticket(desk: Desk, first_line_lulea: Actor) -> None:
    bring(desk, log(LIFE[:2]))
    note(desk, "INC1", "Vi har ringt.", actor=first_line_lulea)
    assert said(bring(desk, log(LIFE))) == [(2, Outcome.LEFT, Kind.GONE_ON)]


def test_a_new_version_of_the_workflow_changes_nothing_for_what_is_here(desk: Desk) -> None:
    bring(desk, log(LIFE[:2]))
    text = (paths.workflows() / "citizen_incident.toml").read_text(encoding="utf-8")
    other = parse_workflow(text.replace('en = "Resolve"', 'en = "Solve"'), "citizen_incident.toml")
    with desk.reading() as connection:
        installation = desk.book(connection).installation
    load_installation(desk, installation, [other])
    assert bring(desk, log(LIFE)).incidents == {"continued": 1}
    assert differences(desk) == []


def test_open_incidents_fire_once_at_the_next_sweep_dated_when_due(desk: Desk) -> None:
    bring(desk, log(LIFE[:2]))
    assert kinds(desk) == ["TicketLogged", "TicketTaken"]
    fired = sweep(desk).fired
    assert fired > 0 and kinds(desk).count("PromiseWarned") == fired
    assert sweep(desk).fired == 0
    assert differences(desk) == []
    assert bring(desk, log(LIFE[:2])).incidents == {"unchanged": 1}
    assert differences(desk) == []


def test_an_incident_waiting_for_its_requester_is_closed_by_the_workflow_as_it_would_have_been(desk: Desk) -> None:
    bring(desk, log([row(), row("Awaiting User Info", 1, "10:00")]))
    sweep(desk)
    found = ticket(desk)
    assert found.category == "closed" and found.closed_at is not None and found.closed_at.year == 2016
    assert differences(desk) == []


def test_another_mapping_of_the_same_log_is_not_mixed_with_the_first(desk: Desk) -> None:
    bring(desk, log(LIFE))
    other = mapping(('first_line = "first_active"', 'first_line = "first_waiting_requester"'))
    assert bring(desk, log(LIFE), other).incidents == {"left": 1}


def test_an_import_that_the_database_stops_says_what_is_in_and_goes_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = log(row(number=f"INC{n}") for n in range(1, 5))
    monkeypatch.setattr(importing, "BATCH", 2)
    with monkeypatch.context() as full:
        real, calls = unit_of_work, iter((1, 2))

        def stops_at_the_second(desk: Desk) -> AbstractContextManager[Work]:
            if next(calls) == 2:
                raise Unavailable("The disk is full.")
            return real(desk)

        full.setattr(importing, "unit_of_work", stops_at_the_second)
        with pytest.raises(Unavailable, match="after 2 incidents, which are in.*The disk is full"):
            bring(desk, content)
    assert bring(desk, content).incidents == {"unchanged": 2, "new": 2}
    assert differences(desk) == []
