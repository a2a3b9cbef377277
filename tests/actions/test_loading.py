"""Loading an installation: what has happened stays as it was; what is to come follows the new rules."""

from dataclasses import replace
from datetime import date, time

import pytest
from sqlalchemy import func, select

from servicedesk.actions.desk import Desk
from servicedesk.actions.installation import load_installation
from servicedesk.actions.sweep import sweep
from servicedesk.cli.load import read_workflows
from servicedesk.core.errors import FileFaults
from servicedesk.core.facts import CalendarFacts, CalendarVersion, Installation, Interval
from servicedesk.core.installations.diff import ADDED, CHANGED, LEFT
from servicedesk.core.workflows.file import parse_workflow
from servicedesk.store.installation import Part, Revision, Version
from tests.actions.life import HOUR, at, clock, do, go_to, proved, state, warnings
from tests.support.desk import START, new_ticket, ticket_after

TOMORROW = date(2026, 3, 3)


def stored(desk: Desk) -> Installation:
    with desk.reading() as connection:
        return desk.book(connection).installation


def written(desk: Desk) -> tuple[int, ...]:
    with desk.reading() as connection:
        counts = [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in (Part, Version)]
        return (*counts, connection.execute(select(Revision.number)).scalar_one())


def with_version(installation: Installation, key: str, version: CalendarVersion) -> Installation:
    calendar = installation.calendars[key]
    changed = replace(calendar, versions=(*calendar.versions, version))
    return replace(installation, calendars={**installation.calendars, key: changed})


def longer_days(installation: Installation, key: str, begins: date = TOMORROW) -> Installation:
    """Open from six to eight every weekday."""
    week = ((Interval(time(6), time(20)),),) * 5 + ((),) * 2
    return with_version(installation, key, CalendarVersion(week=week, holidays="SE", valid_from=begins))


def promising(installation: Installation, key: str, hours: int) -> Installation:
    """The same agreement with this many hours for every resolution."""
    agreement = installation.agreements[key]
    targets = tuple(replace(t, seconds=hours * HOUR) if t.metric == "resolution" else t for t in agreement.targets)
    return replace(installation, agreements={**installation.agreements, key: replace(agreement, targets=targets)})


def test_loading_twice_changes_nothing(either_desk: Desk) -> None:
    before = written(either_desk)
    assert load_installation(either_desk, stored(either_desk), read_workflows()) == []
    assert written(either_desk) == before


def test_a_dry_run_tells_what_would_change_and_writes_nothing(either_desk: Desk) -> None:
    new_ticket(either_desk)
    before = written(either_desk)
    changed = promising(longer_days(stored(either_desk), "lulea-kundcenter"), "lulea-sla", 5)
    told = load_installation(either_desk, changed, [], dry_run=True)
    assert [(change.kind, change.key, change.what) for change in told] == [
        ("calendar", "lulea-kundcenter", CHANGED),
        ("agreement", "lulea-sla", CHANGED),
    ]
    assert written(either_desk) == before
    assert stored(either_desk).calendars["lulea-kundcenter"] != changed.calendars["lulea-kundcenter"]


def test_what_the_files_no_longer_name_is_left_and_said_each_time(desk: Desk) -> None:
    everything = stored(desk)
    fewer = replace(everything, people={k: p for k, p in everything.people.items() if k != "lulea-lokal-it"})
    before = written(desk)
    for _ in range(2):
        assert [(c.what, c.key) for c in load_installation(desk, fewer, [])] == [(LEFT, "lulea-lokal-it")]
    assert written(desk) == before


def test_opening_hours_that_the_files_have_dropped_stay_and_are_no_change_a_second_time(desk: Desk) -> None:
    changed = longer_days(stored(desk), "lulea-kundcenter")
    load_installation(desk, changed, [])
    only_new = replace(
        changed.calendars["lulea-kundcenter"], versions=changed.calendars["lulea-kundcenter"].versions[1:]
    )
    files = replace(changed, calendars={**changed.calendars, "lulea-kundcenter": only_new})
    before = written(desk)
    assert load_installation(desk, files, []) == []
    assert written(desk) == before


@pytest.mark.parametrize("begins", [date(2026, 3, 2), date(2026, 2, 1), None])
def test_hours_that_have_already_applied_cannot_be_changed(desk: Desk, begins: date | None) -> None:
    new_ticket(desk)
    everything, before = stored(desk), written(desk)
    calendar: CalendarFacts = everything.calendars["lulea-kundcenter"]
    if begins is None:
        other = replace(calendar, versions=(replace(calendar.versions[0], holidays=""),))
        changed = replace(everything, calendars={**everything.calendars, calendar.key: other})
    else:
        changed = longer_days(everything, calendar.key, begins)
    with pytest.raises(FileFaults) as refusal:
        load_installation(desk, changed, [])
    assert refusal.value.faults[0].key == "calendar.lulea-kundcenter"
    assert written(desk) == before


def one_day(installation: Installation, key: str, day: date, hours: tuple[Interval, ...]) -> Installation:
    """Hours of its own for a single day, in the version that applies."""
    calendar = installation.calendars[key]
    [version] = calendar.versions
    changed = replace(calendar, versions=(replace(version, exceptions={**version.exceptions, day: hours}),))
    return replace(installation, calendars={**installation.calendars, key: changed})


@pytest.mark.parametrize(
    ("hours", "due"), [((), "2026-03-05 14:00"), ((Interval(time(6), time(20)),), "2026-03-04 09:30")]
)
def test_a_day_to_come_can_be_closed_or_get_extra_hours_in_the_hours_that_apply(
    hours: tuple[Interval, ...], due: str, desk: Desk
) -> None:
    number = ticket_after(desk, "take", urgency="high").number
    before = clock(desk, number, "resolution")
    load_installation(desk, one_day(stored(desk), "lulea-kundcenter", date(2026, 3, 3), hours), [])
    after = clock(desk, number, "resolution")
    assert (before.due_at, after.due_at) == (at("2026-03-04", "14:00"), at(*due.split()))
    assert after.spent == before.spent
    proved(desk)


@pytest.mark.parametrize("day", [date(2026, 3, 2), date(2026, 2, 27)])
def test_a_day_that_has_begun_cannot(day: date, desk: Desk) -> None:
    new_ticket(desk)
    changed, before = one_day(stored(desk), "lulea-kundcenter", day, ()), written(desk)
    with pytest.raises(FileFaults, match="change what has already happened"):
        load_installation(desk, changed, [])
    assert written(desk) == before


def test_new_hours_from_tomorrow_move_the_deadlines_of_open_tickets_and_nothing_they_have_spent(
    either_desk: Desk,
) -> None:
    desk = either_desk
    running, resolved = ticket_after(desk, "take", urgency="high").number, ticket_after(desk, "take").number
    closed = ticket_after(desk, "take").number
    go_to(desk, at("2026-03-02", "15:00"))
    do(desk, resolved, "first_line_lulea", "resolve_in_first_line", solution="Klart", resolution_code="solved")
    do(desk, closed, "first_line_lulea", "solve_at_once", solution="Klart", resolution_code="solved")
    before, ended = clock(desk, running, "resolution"), state(desk, closed)
    load_installation(desk, longer_days(stored(desk), "lulea-kundcenter"), [])
    after = clock(desk, running, "resolution")
    # 24 hours: eight on Monday until five o'clock, fourteen on Tuesday from six, two on Wednesday
    assert (after.due_at, after.spent) == (at("2026-03-04", "08:00"), before.spent)
    assert before.due_at == at("2026-03-04", "14:00")
    assert state(desk, closed) == ended
    proved(desk)
    go_to(desk, at("2026-03-30"))
    sweep(desk)
    assert ("resolution", 100, at("2026-03-04", "08:00")) in warnings(desk, running)
    assert state(desk, resolved).closed_at == at("2026-03-05", "16:00")  # 40 hours: two, fourteen, fourteen, ten
    proved(desk)


def test_hours_changed_the_day_after_count_what_was_spent_by_the_hours_of_that_day(desk: Desk) -> None:
    number = ticket_after(desk, "take", urgency="high").number
    go_to(desk, at("2026-03-02", "18:00"))
    load_installation(desk, longer_days(stored(desk), "lulea-kundcenter"), [])
    go_to(desk, at("2026-03-03", "06:30"))
    do(desk, number, "first_line_lulea", "escalate_to_second_line")
    assert clock(desk, number, "resolution").spent == 8 * HOUR + HOUR // 2
    proved(desk)


def test_a_new_agreement_binds_new_tickets_and_leaves_running_ones_on_theirs(desk: Desk) -> None:
    old = ticket_after(desk, "take", urgency="high")
    load_installation(desk, promising(stored(desk), "lulea-sla", 2), [])
    new = ticket_after(desk, "take", urgency="high")
    do(desk, old.number, "first_line_lulea", "escalate_to_second_line")
    assert clock(desk, old.number, "resolution").target == 24 * HOUR
    assert clock(desk, new.number, "resolution").target == 2 * HOUR
    assert old.agreements["SLA"] != new.agreements["SLA"]
    proved(desk)


def test_a_new_workflow_is_for_new_tickets_and_running_ones_stay_on_theirs(desk: Desk) -> None:
    old = new_ticket(desk)
    shipped = next(definition for definition in read_workflows() if definition.key == "citizen_incident")
    text = shipped.source.replace('after = "40h"', 'after = "4h"')
    assert text != shipped.source
    changed = parse_workflow(text, "citizen_incident.toml")
    assert [c.what for c in load_installation(desk, stored(desk), [changed])] == [CHANGED]
    new = new_ticket(desk)
    assert (old.workflow_version, new.workflow_version) == (shipped.version, changed.version)
    for ticket in (old, new):
        do(desk, ticket.number, "first_line_lulea", "take")
        do(desk, ticket.number, "first_line_lulea", "resolve_in_first_line", solution="x", resolution_code="solved")
    go_to(desk, at("2026-03-03"))
    sweep(desk)
    assert (state(desk, old.number).closed_at, state(desk, new.number).closed_at) == (None, at("2026-03-02", "13:00"))
    proved(desk)


def test_a_rung_put_in_below_says_nothing_of_what_is_past(desk: Desk) -> None:
    number = ticket_after(desk, "take", impact="high", urgency="high").number
    go_to(desk, at("2026-03-02", "12:10"))
    sweep(desk)
    everything = stored(desk)
    ladder = (replace(everything.ladder[0], share=25), *everything.ladder)
    load_installation(desk, replace(everything, ladder=ladder), [])
    proved(desk)
    go_to(desk, at("2026-03-03"))
    sweep(desk)
    assert [share for key, share, _ in warnings(desk, number) if key == "resolution"] == [50, 75, 90, 100]
    proved(desk)


def test_a_first_load_adds_everything(database_url: str) -> None:
    from servicedesk.core.clock import ControlledClock
    from servicedesk.store.engine import make_engine
    from servicedesk.store.schema import upgrade

    desk = Desk(make_engine(database_url), ControlledClock(START))
    upgrade(desk.engine)
    definitions = read_workflows()
    assert {change.what for change in load_installation(desk, Installation(), definitions)} <= {ADDED, CHANGED}
    with desk.reading() as connection:
        assert {d.key for d in desk.book(connection).workflows()} == {d.key for d in definitions}
    desk.engine.dispose()
