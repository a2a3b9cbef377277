"""The forms about teams and their opening hours."""

from collections.abc import Mapping
from datetime import date, timedelta

from flask import url_for

from servicedesk.core.administering import may_change_calendar, may_change_team, users_of
from servicedesk.core.calendars.written import WRONG_HOURS, as_written, hours_written
from servicedesk.core.errors import Invalid
from servicedesk.core.facts import CalendarFacts, Interval, Team
from servicedesk.web import times
from servicedesk.web.administration.hours import version_on
from servicedesk.web.administration.seeing import Sight, sight, the_item
from servicedesk.web.administration.sending import AdminForm
from servicedesk.web.administration.words import LABELS
from servicedesk.web.forms.fields import Choice, Field, Kind
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def may_change_hours(item: object, sight: Sight) -> bool:
    return isinstance(item, CalendarFacts) and may_change_calendar(sight.viewer, item, sight.installation)


def shares_hours(team: Team, sight: Sight) -> bool:
    """A team of one's own whose hours others go by too."""
    calendar = sight.installation.calendars.get(team.calendar)
    mine = may_change_team(sight.viewer, team)
    return mine and calendar is not None and not may_change_calendar(sight.viewer, calendar, sight.installation)


def days_form(key: str, reading: Reading) -> AdminForm:
    calendar = _calendar(key, reading)
    fields = (
        Field("first", _("Which day?"), Kind.DAY, value=_tomorrow(reading).isoformat()),
        Field("last", _("To and including"), Kind.DAY, _("Only if it is several days in a row."), required=False),
        Field(
            "hours",
            _("Opening hours"),
            Kind.LINE,
            _("As 8.00–12.00, 13.00–16.30. Empty: closed all day."),
            required=False,
        ),
        Field("reason", _("Why?"), Kind.LINE, required=False),
    )
    lead = _("Promises that count on these hours are reckoned anew for open tickets.")
    heading = _("Close a day, or give it other hours")
    return AdminForm(heading, _at("set_days", key), _("Save"), fields, _back(calendar), ("calendar", key), lead)


def week_form(key: str, reading: Reading) -> AdminForm:
    calendar = _calendar(key, reading)
    present = version_on(calendar, _tomorrow(reading))
    week = tuple(
        Field(day, times.weekday(n).capitalize(), Kind.LINE, value=as_written(hours), required=False)
        for n, (day, hours) in enumerate(zip(DAYS, present.week, strict=True))
    )
    since = Field("since", _("From which day?"), Kind.DAY, value=_tomorrow(reading).isoformat())
    lead = _("Write hours as 8.00–12.00, 13.00–16.30. A day without any is closed.")
    reason = Field("reason", _("Why?"), Kind.LINE, required=False)
    heading = _("New hours for the week")
    return AdminForm(
        heading, _at("set_week", key), _("Save"), (since, *week, reason), _back(calendar), ("calendar", key), lead
    )


def team_form(key: str, reading: Reading) -> AdminForm:
    seen = sight(reading)
    team: Team = the_item("team", key, seen)
    offered = sorted(
        (calendar.name, calendar.key)
        for calendar in reading.installation.calendars.values()
        if calendar.key == team.calendar or team.organisation in users_of(calendar, reading.installation)
    )
    options = tuple(Choice(key, name) for name, key in offered)
    fields = (
        Field("name", str(LABELS["name"]), Kind.LINE, value=team.name),
        Field("calendar", str(LABELS["calendar"]), Kind.SELECT, choices=options, value=team.calendar),
    )
    heading = _("Change %(name)s", name=team.name)
    return AdminForm(heading, _at("change_team", key), _("Save"), fields, _back_to_team(team), ("team", key))


def own_hours_form(key: str, reading: Reading) -> AdminForm:
    seen = sight(reading)
    team: Team = the_item("team", key, seen)
    whose = reading.installation.organisations[team.organisation].name
    with_it = [
        each.name
        for each in reading.installation.teams.values()
        if each.organisation == team.organisation and each.calendar == team.calendar
    ]
    lead = _(
        "The hours are shared with others, so nobody changes them alone. This makes hours of your own, the same to "
        "begin with, for: %(teams)s.",
        teams=", ".join(with_it),
    )
    fields = (Field("name", _("What are the hours called?"), Kind.LINE, value=whose),)
    heading = _("Give %(name)s hours of its own", name=team.name)
    return AdminForm(heading, _at("give_own_hours", key), _("Make them"), fields, _back_to_team(team), ("team", key),
                     lead)  # fmt: skip


def hours_of(typed: Mapping[str, str], name: str) -> tuple[Interval, ...]:
    found = hours_written(typed.get(name, ""))
    if found is None:
        raise Invalid({name: [WRONG_HOURS]})
    return found


def week_of(typed: Mapping[str, str]) -> list[tuple[Interval, ...]]:
    """Monday first. Invalid names every day that is wrong."""
    found = {day: hours_written(typed.get(day, "")) for day in DAYS}
    if wrong := [day for day, hours in found.items() if hours is None]:
        raise Invalid({day: [WRONG_HOURS] for day in wrong})
    return [hours for hours in found.values() if hours is not None]


def day_of(typed: Mapping[str, str], name: str, otherwise: date | None = None) -> date:
    text = typed.get(name, "").strip()
    if not text and otherwise:
        return otherwise
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid({name: ["Give a day."]}) from None


def _calendar(key: str, reading: Reading) -> CalendarFacts:
    calendar: CalendarFacts = the_item("calendar", key, sight(reading))
    return calendar


def _tomorrow(reading: Reading) -> date:
    return times.local(reading.now).date() + timedelta(days=1)


def _at(endpoint: str, key: str) -> str:
    return url_for(f"web.{endpoint}", key=key)


def _back(calendar: CalendarFacts) -> tuple[str, str]:
    return calendar.name, url_for("web.show_part", kind="calendar", key=calendar.key)


def _back_to_team(team: Team) -> tuple[str, str]:
    return team.name, url_for("web.show_part", kind="team", key=team.key)
