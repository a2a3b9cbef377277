"""Opening hours changed in pages: coming days only, one's own only, and deadlines of open tickets follow."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from servicedesk import paths
from servicedesk.actions.administering.hours import change_team, clear_day, give_own_hours, set_days, set_week
from servicedesk.actions.desk import Desk
from servicedesk.actions.installation import load_installation
from servicedesk.core.administering import users_of
from servicedesk.core.errors import Conflict, Invalid, NotFound, Refusal
from servicedesk.core.facts import CalendarFacts, Installation, Interval
from servicedesk.core.installations.file import read_installation
from servicedesk.store.queries.administration import state_of
from servicedesk.store.tickets import Ticket, TicketClock
from tests.actions.life import proved
from tests.support.desk import START, DeskFactory, new_ticket, persona

KEY = "lulea-kundcenter"
TODAY = START.date()
TOMORROW = TODAY + timedelta(days=1)
HOURS = (Interval(time(8), time(12)),)


@pytest.fixture
def desk(desk_factory: DeskFactory) -> Desk:
    return desk_factory()


def book(desk: Desk) -> Installation:
    with desk.reading() as connection:
        return desk.book(connection).installation


def calendar(desk: Desk, key: str = KEY) -> CalendarFacts:
    return book(desk).calendars[key]


def mark(desk: Desk, kind: str, key: str) -> str:
    with desk.reading() as connection:
        return state_of(connection, kind, key)


def close(desk: Desk, first: date, last: date | None = None, who: str = "administrator_lulea", key: str = KEY) -> None:
    seen = mark(desk, "calendar", key)
    set_days(desk, key, first, last or first, (), "Utbildning.", actor=persona(desk, who), seen=seen)


def due(desk: Desk, number: str) -> dict[str, object]:
    with desk.reading() as connection:
        query = select(TicketClock.key, TicketClock.due_at).join(Ticket, Ticket.id == TicketClock.ticket_id)
        return {row.key: row.due_at for row in connection.execute(query.where(Ticket.number == number))}


def test_a_day_that_is_closed_moves_what_is_due_on_it_and_opening_it_again_moves_it_back(desk: Desk) -> None:
    number = new_ticket(desk).number
    before = due(desk, number)
    close(desk, TOMORROW, TODAY + timedelta(days=3))
    after = due(desk, number)
    assert after["resolution"] > before["resolution"]  # type: ignore[operator]
    for n in range(1, 4):
        clear_day(desk, KEY, TODAY + timedelta(days=n), actor=persona(desk, "administrator_lulea"))
    assert due(desk, number) == before
    proved(desk)


def test_hours_that_have_been_cannot_be_changed(desk: Desk) -> None:
    for day in (TODAY, TODAY - timedelta(days=1)):
        with pytest.raises(Invalid) as refused:
            close(desk, day)
        assert set(refused.value.fields) == {"first"}
    with pytest.raises(Invalid):
        clear_day(desk, KEY, TODAY, actor=persona(desk, "administrator_lulea"))
    with pytest.raises(Invalid):
        week_from(desk, TODAY)


def week_from(desk: Desk, since: date, week: Sequence[tuple[Interval, ...]] = (*[HOURS] * 5, (), ())) -> None:
    seen = mark(desk, "calendar", KEY)
    set_week(desk, KEY, since, week, "", actor=persona(desk, "administrator_lulea"), seen=seen)


def test_new_hours_for_the_week_begin_on_their_day_and_leave_own_days_alone(desk: Desk) -> None:
    later = TODAY + timedelta(days=40)
    close(desk, later)
    before = calendar(desk)
    week_from(desk, TODAY + timedelta(days=30))
    one, other = calendar(desk).versions
    assert one == before.versions[0]
    assert (other.week[0], other.valid_from) == (HOURS, TODAY + timedelta(days=30))
    assert other.exceptions[later] == ()
    assert other.frozen == one.frozen


def test_the_week_of_a_day_that_begins_one_already_is_changed_and_not_doubled(desk: Desk) -> None:
    week_from(desk, TOMORROW)
    week_from(desk, TOMORROW)
    assert len(calendar(desk).versions) == 2


def test_a_load_of_the_files_keeps_the_closed_day_and_says_so(desk: Desk) -> None:
    close(desk, TOMORROW)
    files = read_installation(paths.samples() / "norrbotten", None)
    said = "\n".join(line for each in load_installation(desk, files, []) for line in each.lines())
    assert calendar(desk).versions[0].exceptions[TOMORROW] == ()
    assert f"kept calendar.{KEY}" in said
    assert f"versions[1].exceptions.{TOMORROW}: person:lulea-administrator" in said
    load_installation(desk, files, [], overwrite=True)
    assert TOMORROW not in calendar(desk).versions[0].exceptions


@pytest.mark.parametrize(
    ("who", "key", "error"),
    [
        ("administrator_lulea", "pitea-kundcenter", NotFound),
        ("administrator_lulea", "kommunkontor", Refusal),
        ("it_service_manager", KEY, Refusal),
        ("it_service_manager", "leverantor-plattform", Refusal),
        ("first_line_lulea", KEY, NotFound),
    ],
)
def test_nobody_changes_hours_that_others_go_by(desk: Desk, who: str, key: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        close(desk, TOMORROW, who=who, key=key)


def test_a_supplier_gives_itself_no_more_time(desk: Desk) -> None:
    """The hours of its contract bind whoever has ordered."""
    installation, technician = book(desk), persona(desk, "supplier_technician")
    lead = replace(technician, seats=tuple(replace(seat, lead=True) for seat in technician.seats))
    contract = "leverantor-plattform"
    assert lead.organisations <= users_of(installation.calendars[contract], installation)
    with pytest.raises(Refusal):
        set_days(desk, contract, TOMORROW, TOMORROW, (), "", actor=lead, seen=mark(desk, "calendar", contract))


def test_a_team_gets_hours_of_its_own_and_its_colleagues_in_the_organisation_too(desk: Desk) -> None:
    admin = persona(desk, "administrator_lulea")
    key = give_own_hours(desk, "lulea-it", "Luleå kontor", actor=admin, seen=mark(desk, "team", "lulea-it"))
    teams = book(desk).teams
    assert {teams[each].calendar for each in ("lulea-it", "lulea-forvaltning", "lulea-administration")} == {key}
    assert all(team.calendar != key for team in teams.values() if team.organisation != "lulea")
    assert calendar(desk, key).versions == calendar(desk, "kommunkontor").versions
    close(desk, TOMORROW, key=key)
    assert TOMORROW not in calendar(desk, "kommunkontor").versions[0].exceptions
    with pytest.raises(Refusal):
        give_own_hours(desk, "lulea-it", "En gång till", actor=admin, seen=mark(desk, "team", "lulea-it"))


def test_a_team_is_renamed_by_its_own_and_by_nobody_else(desk: Desk) -> None:
    seen = mark(desk, "team", KEY)
    change_team(desk, KEY, "Kundcenter", KEY, actor=persona(desk, "second_line_lulea"), seen=seen)
    assert book(desk).teams[KEY].name == "Kundcenter"
    with pytest.raises(Conflict):
        change_team(desk, KEY, "Något annat", KEY, actor=persona(desk, "administrator_lulea"), seen=seen)
    now = mark(desk, "team", KEY)
    with pytest.raises(Refusal):
        change_team(desk, KEY, "X", KEY, actor=persona(desk, "it_service_manager"), seen=now)
    with pytest.raises(NotFound):
        change_team(desk, KEY, "X", KEY, actor=persona(desk, "second_line_pitea"), seen=now)
    with pytest.raises(Invalid):
        change_team(desk, KEY, "X", "pitea-kundcenter", actor=persona(desk, "administrator_lulea"), seen=now)


def test_a_week_without_open_time_is_refused(desk: Desk) -> None:
    with pytest.raises(Invalid) as refused:
        set_week(
            desk,
            KEY,
            TOMORROW,
            [()] * 7,
            "",
            actor=persona(desk, "administrator_lulea"),
            seen=mark(desk, "calendar", KEY),
        )
    assert set(refused.value.fields) == {"hours"}
