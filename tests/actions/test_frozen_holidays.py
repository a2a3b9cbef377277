"""Holidays are stored when they are loaded: the library may say otherwise later, what has been stays as it was."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import NoReturn

import pytest
from sqlalchemy import select, update

from servicedesk.actions import installation as loading
from servicedesk.actions.desk import Desk
from servicedesk.actions.installation import freeze_holidays, load_installation
from servicedesk.core.calendars import calendar, civil, frozen
from servicedesk.core.calendars.frozen import Days, thawed
from servicedesk.core.calendars.sources import closed_days
from servicedesk.core.facts import CalendarFacts, Installation
from servicedesk.core.installations.diff import CHANGED
from servicedesk.store.installation import Version
from servicedesk.store.queries.verification_installation import verify_installation
from tests.actions.life import at, clock, proved
from tests.actions.test_loading import stored, written
from tests.support.desk import new_ticket, ticket_after

SWEDEN = "SE:public,de_facto"
EPIPHANY, NATIONAL_DAY, NEW_HOLIDAY = date(2026, 1, 6), date(2026, 6, 6), date(2026, 3, 4)
Patch = pytest.MonkeyPatch


def another_release(country: str, categories: tuple[str, ...], year: int) -> Days:
    """It has struck a day that has been and one to come, and found a new one on Wednesday."""
    days = closed_days(country, categories, year)
    return (days | {NEW_HOLIDAY}) - {EPIPHANY, NATIONAL_DAY} if year == 2026 else days


def no_library(country: str, *asked: object) -> NoReturn:
    raise AssertionError(f"the library was asked about {country}: {asked}")


def files_of(desk: Desk) -> Installation:
    """What is stored, as files would say it."""
    installation = stored(desk)
    calendars = {key: thawed(facts) for key, facts in installation.calendars.items()}
    return replace(installation, calendars=calendars)


def holidays(desk: Desk) -> Days:
    with desk.reading() as connection:
        return desk.book(connection).stored_holidays[SWEDEN]


def test_deadlines_and_proofs_ask_the_stored_list_alone(desk: Desk, monkeypatch: Patch) -> None:
    monkeypatch.setattr(civil, "closed_days", no_library)
    monkeypatch.setattr(calendar, "check_holidays", no_library)
    number = ticket_after(desk, "take", urgency="high").number
    assert clock(desk, number, "resolution").due_at == at("2026-03-04", "14:00")
    proved(desk)
    with desk.reading() as connection:
        book = desk.book(connection)
    for key in ("lulea-kundcenter", "leverantor-kontorstid"):
        hours = book.calendar(key)
        assert hours.elapsed(at("1999-12-22", "08:00"), at("2000-01-10", "08:00")) > 0
        assert hours.open_intervals(date(2099, 12, 25)) == []


def test_the_list_covers_every_year_that_calendars_answer_for(desk: Desk) -> None:
    assert {day.year for day in holidays(desk)} == set(range(1970, 2101))


def test_another_release_changes_only_days_to_come_and_says_which(either_desk: Desk, monkeypatch: Patch) -> None:
    desk = either_desk
    running = ticket_after(desk, "take", urgency="high").number
    assert clock(desk, running, "resolution").due_at == at("2026-03-04", "14:00")
    monkeypatch.setattr(frozen, "closed_days", another_release)
    changes = load_installation(desk, files_of(desk), [])
    told = next(change for change in changes if change.kind == "holidays")
    assert (told.key, told.what, told.fields) == (
        SWEDEN,
        CHANGED,
        {str(NATIONAL_DAY): ("holiday", None), str(NEW_HOLIDAY): (None, "holiday")},
    )
    assert EPIPHANY in holidays(desk) and NATIONAL_DAY not in holidays(desk)
    # Wednesday is closed now, so its hours are Thursday's.
    assert clock(desk, running, "resolution").due_at == at("2026-03-05", "14:00")
    proved(desk)
    before = written(desk)
    assert load_installation(desk, files_of(desk), []) == []
    assert written(desk) == before


def test_before_the_first_ticket_there_is_no_past_to_keep(desk: Desk, monkeypatch: Patch) -> None:
    monkeypatch.setattr(frozen, "closed_days", another_release)
    load_installation(desk, files_of(desk), [])
    assert EPIPHANY not in holidays(desk)


def loaded_by_an_earlier_release(desk: Desk, monkeypatch: Patch) -> None:
    """Calendars stored without their lists."""

    def none(
        calendars: Mapping[str, CalendarFacts], stored: Mapping[str, Days], today: date | None
    ) -> tuple[Mapping[str, CalendarFacts], dict[str, Days]]:
        return calendars, {}

    with monkeypatch.context() as patched:
        patched.setattr(loading, "frozen", none)
        load_installation(desk, files_of(desk), [])


def test_what_was_loaded_before_works_on_and_is_frozen_when_it_is_opened(either_desk: Desk, monkeypatch: Patch) -> None:
    desk = either_desk
    loaded_by_an_earlier_release(desk, monkeypatch)
    number = new_ticket(desk, urgency="high").number
    due = clock(desk, number, "resolution").due_at
    assert not any(version.frozen for facts in stored(desk).calendars.values() for version in facts.versions)
    frozen_now = freeze_holidays(desk)
    assert frozen_now == sum(any(v.holidays for v in f.versions) for f in stored(desk).calendars.values())
    assert all(v.frozen for f in stored(desk).calendars.values() for v in f.versions if v.holidays)
    assert clock(desk, number, "resolution").due_at == due
    proved(desk)
    before = written(desk)
    assert freeze_holidays(desk) == 0
    assert written(desk) == before


def test_a_list_that_was_tampered_with_is_found(desk: Desk) -> None:
    with desk.transaction() as connection:
        content = connection.execute(select(Version.content).where(Version.key == SWEDEN)).scalar_one()
        other = content.replace("2026-06-06", "2026-06-08")
        connection.execute(update(Version).where(Version.content == content).values(content=other))
    with desk.reading() as connection:
        assert f"holidays.{SWEDEN}" in [found.where for found in verify_installation(connection)]
