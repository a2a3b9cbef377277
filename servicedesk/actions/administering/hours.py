"""Opening hours of one's own: single days, the week from a day on, and hours apart from those that are shared.

Hours that have been are history: only days after today can be changed.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from servicedesk.actions.administering.changing import ADDED, Changing, changing, found_in, free_key
from servicedesk.actions.desk import Desk
from servicedesk.actions.once import Once
from servicedesk.core.administering import (
    NOT_HERE,
    may_change_calendar,
    may_change_team,
    seen_organisations,
    sees_all,
    users_of,
)
from servicedesk.core.calendars.check import check_calendar
from servicedesk.core.calendars.merging import begins
from servicedesk.core.errors import Invalid, NotFound, Refusal
from servicedesk.core.facts import Actor, CalendarFacts, CalendarVersion, Interval, Team
from servicedesk.core.inputs import LONGEST_LINE, clean_line, clean_text, too_long
from servicedesk.core.installations.entry import LONGEST_NAME
from servicedesk.core.installations.file import slug_of

Hours = tuple[Interval, ...]

MOST_DAYS = 62
AT_LEAST = ["Choose a day after today: hours that have been cannot be changed."]


def set_days(
    desk: Desk, key: str, first: date, last: date, hours: Hours, reason: str, *, actor: Actor, seen: str
) -> None:
    """Hours of their own for these days, both of them too; none is closed."""
    with changing(desk, actor=actor) as change:
        calendar = _calendar(change, key)
        _require_to_come(change, calendar, first, "first")
        if not first <= last <= first + timedelta(days=MOST_DAYS):
            raise Invalid({"last": ["Choose a last day at most two months after the first one, or leave it empty."]})
        why = _reason(reason)
        change.require_same("calendar", key, seen)
        for n in range((last - first).days + 1):
            calendar = _with_day(calendar, first + timedelta(days=n), hours)
        _put(change, calendar, "day_set", why)


def clear_day(desk: Desk, key: str, day: date, *, actor: Actor) -> None:
    """The week's hours, or the holiday, count again on that day."""
    with changing(desk, actor=actor) as change:
        calendar = _calendar(change, key)
        _require_to_come(change, calendar, day, "day")
        _put(change, _with_day(calendar, day, None), "day_cleared")


def set_week(desk: Desk, key: str, since: date, week: Sequence[Hours], reason: str, *, actor: Actor, seen: str) -> None:
    """Hours of the week from a day on, Monday first. Days with hours of their own keep these."""
    with changing(desk, actor=actor) as change:
        calendar = _calendar(change, key)
        _require_to_come(change, calendar, since, "since")
        why = _reason(reason)
        change.require_same("calendar", key, seen)
        present = _version_on(calendar, since)
        own = {day: hours for day, hours in present.exceptions.items() if day >= since}
        coming = replace(present, week=tuple(week), valid_from=since, exceptions=own)
        others = [version for version in calendar.versions if version.valid_from != since]
        versions = tuple(sorted((*others, coming), key=begins))
        _put(change, replace(calendar, versions=versions), "week_set", why)


def give_own_hours(desk: Desk, team: str, name: str, *, actor: Actor, seen: str, once: Once | None = None) -> str:
    """A calendar of its own for the organisation, like the one that the team shares with others; all the organisation's
    teams that keep those hours keep the new ones. Its key."""
    with changing(desk, actor=actor, once=once) as change:
        own = _team(change, team)
        shared = change.installation.calendars[own.calendar]
        if may_change_calendar(actor, shared, change.installation):
            raise Refusal("The team has hours of its own already. Change those.", code="nothing_changed")
        title = _name(name)
        change.require_same("team", team, seen)
        key = free_key(f"{own.organisation}-{slug_of(title)}", change.installation.calendars)
        change.put("calendar", replace(shared, key=key, name=title), what=ADDED)
        for each in list(change.installation.teams.values()):
            if each.organisation == own.organisation and each.calendar == shared.key:
                change.put("team", replace(each, calendar=key))
        change.result = key
        return key


def change_team(desk: Desk, key: str, name: str, calendar: str, *, actor: Actor, seen: str) -> None:
    """What the team is called, and which hours it keeps."""
    with changing(desk, actor=actor) as change:
        team, title = _team(change, key), _name(name)
        chosen = change.installation.calendars.get(calendar)
        if chosen is None or (calendar != team.calendar and calendar not in hours_for(change, team)):
            raise Invalid({"calendar": ["Choose one of those that are offered."]})
        change.require_same("team", key, seen)
        change.put("team", replace(team, name=title, calendar=calendar))


def hours_for(change: Changing, team: Team) -> set[str]:
    """Those that the team's own organisation uses, or that are its to change."""
    return {
        calendar.key
        for calendar in change.installation.calendars.values()
        if team.organisation in users_of(calendar, change.installation)
    }


def _team(change: Changing, key: str) -> Team:
    team: Team = found_in(change.installation.teams, key)
    if team.organisation not in seen_organisations(change.actor, change.installation):
        raise NotFound(NOT_HERE)
    if not may_change_team(change.actor, team):
        raise Refusal("Only those who look after the team's own organisation can change it.", code="not_yours")
    return team


def _calendar(change: Changing, key: str) -> CalendarFacts:
    calendar: CalendarFacts = found_in(change.installation.calendars, key)
    mine = seen_organisations(change.actor, change.installation)
    if not sees_all(change.actor) and users_of(calendar, change.installation).isdisjoint(mine):
        raise NotFound(NOT_HERE)
    if not may_change_calendar(change.actor, calendar, change.installation):
        raise Refusal(
            "Others go by these hours too, so they cannot be changed here. Give the team hours of its own first.",
            code="not_yours",
        )
    return calendar


def _require_to_come(change: Changing, calendar: CalendarFacts, day: date, field: str) -> None:
    # Where clocks show something else, tomorrow may have begun.
    is_here = all(version.zone == change.installation.zone for version in calendar.versions)
    if day <= change.today + timedelta(days=0 if is_here else 1):
        raise Invalid({field: AT_LEAST})


def _version_on(calendar: CalendarFacts, day: date) -> CalendarVersion:
    begun = [version for version in calendar.versions if begins(version) <= day]
    return begun[-1] if begun else calendar.versions[0]


def _with_day(calendar: CalendarFacts, day: date, hours: Hours | None) -> CalendarFacts:
    """None: as usual."""
    version = _version_on(calendar, day)
    days = {each: own for each, own in version.exceptions.items() if each != day}
    if hours is not None:
        days[day] = hours
    changed = replace(version, exceptions=dict(sorted(days.items())))
    return replace(calendar, versions=tuple(changed if each is version else each for each in calendar.versions))


def _put(change: Changing, calendar: CalendarFacts, what: str, reason: str = "") -> None:
    if check_calendar(calendar):
        raise Invalid({"hours": ["These hours cannot be used: there has to be open time in the week."]})
    if calendar != change.installation.calendars[calendar.key]:
        change.put("calendar", calendar, what=what, reason=reason)


def _name(name: str) -> str:
    title = clean_line(name)
    if not title:
        raise Invalid({"name": ["Write a name."]})
    if len(title) > LONGEST_NAME:
        raise Invalid({"name": [too_long(title, LONGEST_NAME)]})
    return title


def _reason(reason: str) -> str:
    """Why, if anybody says: hours are taken from nobody."""
    text = clean_text(reason)
    if len(text) > LONGEST_LINE:
        raise Invalid({"reason": [too_long(text, LONGEST_LINE)]})
    return text
