"""Moments and spans as people read them, in the installation's zone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from flask import g

from servicedesk.core.vocabulary import Language
from servicedesk.web import language
from servicedesk.web.speech import _

MINUTE, HOUR, DAY_SECONDS = 60, 3600, 86_400


def zone() -> ZoneInfo:
    return _reader().zone


def local(moment: datetime) -> datetime:
    return moment.astimezone(_reader().zone)


def use_zone(key: str) -> None:
    """The installation's, from here on in this request."""
    g.zone = key
    g.pop("reader", None)


def long(moment: datetime) -> str:
    """21 november 2026 kl. 14.05"""
    reader = _reader()
    at, names = moment.astimezone(reader.zone), reader.names
    return f"{at.day} {names.months[at.month]} {at.year}{names.before_clock}{_clock(at, names)}"


def long_date(date: date) -> str:
    """21 november 2026"""
    return f"{date.day} {_reader().names.months[date.month]} {date.year}"


def short(moment: datetime) -> str:
    """2026-11-21 14:05, the same in both languages."""
    return local(moment).strftime("%Y-%m-%d %H:%M")


def clock(moment: datetime) -> str:
    """14.05"""
    return _clock(local(moment), _reader().names)


def day(date: date, now: datetime) -> str:
    """i dag, i går, 14 november; another year with its number."""
    days = (local(now).date() - date).days
    if days in (0, 1):
        return _("yesterday") if days else _("today")
    there = f"{date.day} {_reader().names.months[date.month]}"
    return there if date.year == local(now).year else f"{there} {date.year}"


def near(moment: datetime, now: datetime) -> str:
    """i dag 14.05, i morgon 09.00, fre 13 mars 10.00; another year by its date."""
    reader = _reader()
    there, here, names = moment.astimezone(reader.zone), _here(now, reader.zone), reader.names
    clock = _clock(there, names)
    days = there.toordinal() - here.toordinal()
    if days in _NEAR_DAYS:
        return _NEAR_DAYS[days](clock)
    if there.year != here.year:
        return short(moment)
    return f"{names.short_weekdays[there.weekday()]} {there.day} {names.short_months[there.month]} {clock}"


def spoken(moment: datetime, now: datetime) -> str:
    """The same to be read out: i dag 14.05, tisdag 24 november 16.00."""
    there, here, names = local(moment), local(now), _reader().names
    if there.toordinal() - here.toordinal() in _NEAR_DAYS:
        return near(moment, now)
    if there.year != here.year:
        return long(moment)
    return f"{names.weekdays[there.weekday()]} {there.day} {names.months[there.month]} {_clock(there, names)}"


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


def age(seconds: float) -> str:
    """As `span`, in the width of a column."""
    return span(seconds) if seconds >= MINUTE else _("< 1 min")


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


@dataclass(frozen=True, slots=True)
class Names:
    """How a language says a moment: months from 1, weekdays from Monday, 0; what stands before a clock after a date,
    and between its hour and minute."""

    months: dict[int, str]
    short_months: dict[int, str]
    weekdays: dict[int, str]
    short_weekdays: dict[int, str]
    before_clock: str
    point: str


@dataclass(frozen=True, slots=True)
class Reader:
    """To whom this request tells of moments."""

    zone: ZoneInfo
    names: Names


# Of this request, without the detour through `g` at each moment.
_kept = g._get_current_object


def _reader() -> Reader:
    """Found once in a request: a list says hundreds of moments."""
    here = _kept()
    found: Reader | None = here.get("reader")
    if found is None:
        found = here.reader = Reader(ZoneInfo(here.get("zone", "Europe/Stockholm")), _names_in(language.current()))
    return found


@lru_cache(maxsize=16)
def _here(now: datetime, zone: ZoneInfo) -> datetime:
    """The present, beside which every moment of a page is said."""
    return now.astimezone(zone)


@cache
def _names_in(speaks: Language) -> Names:
    """A list says a hundred moments. Babel would read its pattern anew for each, so it only gives the words."""
    months, days = Locale(str(speaks)).months["format"], Locale(str(speaks)).days["format"]
    before_clock, point = (" kl. ", ".") if speaks is Language.SWEDISH else (", ", ":")
    return Names(
        dict(months["wide"]),
        dict(months["abbreviated"]),
        dict(days["wide"]),
        dict(days["abbreviated"]),
        before_clock,
        point,
    )


def _clock(at: datetime, names: Names) -> str:
    return f"{at.hour:02}{names.point}{at.minute:02}"


def weekday(number: int) -> str:
    """måndag is 0."""
    return _names_in(language.current()).weekdays[number]
