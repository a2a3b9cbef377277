"""Moments and spans as people read them, in the installation's zone."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from flask import g

from servicedesk.core.vocabulary import Language
from servicedesk.web import language
from servicedesk.web.speech import _

LONG = {Language.SWEDISH: "d MMMM y 'kl.' HH.mm", Language.ENGLISH: "d MMMM y, HH:mm"}
SPOKEN = {Language.SWEDISH: "EEEE d MMMM HH.mm", Language.ENGLISH: "EEEE d MMMM HH:mm"}
DAY = {Language.SWEDISH: "EEE d MMM", Language.ENGLISH: "EEE d MMM"}
CLOCK = {Language.SWEDISH: "HH.mm", Language.ENGLISH: "HH:mm"}
MINUTE, HOUR, DAY_SECONDS = 60, 3600, 86_400


def zone() -> ZoneInfo:
    return ZoneInfo(g.get("zone", "Europe/Stockholm"))


def local(moment: datetime) -> datetime:
    return moment.astimezone(zone())


def long(moment: datetime) -> str:
    """21 november 2026 kl. 14.05"""
    return _formatted(moment, LONG)


def short(moment: datetime) -> str:
    """2026-11-21 14:05, the same in both languages."""
    return local(moment).strftime("%Y-%m-%d %H:%M")


def clock(moment: datetime) -> str:
    """14.05"""
    dot = "." if language.current() is Language.SWEDISH else ":"
    return local(moment).strftime(f"%H{dot}%M")


def day(date: date, now: datetime) -> str:
    """i dag, i går, 14 november; another year with its number."""
    days = (local(now).date() - date).days
    if days in (0, 1):
        return _("yesterday") if days else _("today")
    pattern = "d MMMM" if date.year == local(now).year else "d MMMM y"
    return format_date(date, pattern, locale=str(language.current()))


def near(moment: datetime, now: datetime) -> str:
    """i dag 14.05, i morgon 09.00, fre 13 mars 10.00; another year by its date."""
    there, here = local(moment), local(now)
    clock = _formatted(moment, CLOCK)
    days = (there.date() - here.date()).days
    if days in _NEAR_DAYS:
        return _NEAR_DAYS[days](clock)
    return f"{_formatted(moment, DAY)} {clock}" if there.year == here.year else short(moment)


def spoken(moment: datetime, now: datetime) -> str:
    """The same to be read out: i dag 14.05, tisdag 24 november 16.00."""
    there, here = local(moment), local(now)
    if (there.date() - here.date()).days in _NEAR_DAYS:
        return near(moment, now)
    return _formatted(moment, SPOKEN) if there.year == here.year else long(moment)


_NEAR_DAYS = {
    -1: lambda clock: _("yesterday %(clock)s", clock=clock),
    0: lambda clock: _("today %(clock)s", clock=clock),
    1: lambda clock: _("tomorrow %(clock)s", clock=clock),
}


def span(seconds: float) -> str:
    """2 tim 10 min; days only from two whole ones on; never more than two units."""
    total = max(0, int(seconds))
    if total < MINUTE:
        return _("less than 1 min")
    if total < HOUR:
        return _("%(minutes)s min", minutes=total // MINUTE)
    if total < 2 * DAY_SECONDS:
        return _in_hours(total)
    days, rest = total // DAY_SECONDS, total % DAY_SECONDS // HOUR
    return _("%(days)s days %(hours)s h", days=days, hours=rest) if rest else _("%(days)s days", days=days)


def hours(seconds: int) -> str:
    """Open time: hours however many, since no two calendars have days of the same length."""
    return span(seconds) if seconds < HOUR else _in_hours(seconds)


def _in_hours(seconds: int) -> str:
    whole, minutes = seconds // HOUR, seconds % HOUR // MINUTE
    return _("%(hours)s h %(minutes)s min", hours=whole, minutes=minutes) if minutes else _("%(hours)s h", hours=whole)


def left(due: datetime, now: datetime) -> str:
    """2 tim 10 min kvar, 35 min försenat: by the wall clock."""
    seconds = (due - now).total_seconds()
    if seconds < 0:
        return _("%(span)s overdue", span=span(-seconds))
    return _("%(span)s left", span=span(seconds))


def field_value(moment: datetime) -> str:
    """What a datetime-local field takes."""
    return local(moment).strftime("%Y-%m-%dT%H:%M")


def with_zone(text: str) -> str:
    """A datetime-local field's value with the installation's offset; anything else as it is, for core to judge."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return text if moment.tzinfo else moment.replace(tzinfo=zone()).isoformat()


def tomorrow_morning(now: datetime) -> datetime:
    return (local(now) + timedelta(days=1)).replace(hour=8, minute=0, second=0)


def _formatted(moment: datetime, patterns: dict[Language, str]) -> str:
    speaks = language.current()
    return format_datetime(local(moment), patterns[speaks], locale=str(speaks)).replace(".,", ",")
