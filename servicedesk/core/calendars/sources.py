"""What calendars take from outside: time zones by name, and the public holidays of countries.

The `holidays` library is imported when first needed, and of its 250 countries only those that are asked for.
"""

import sys
from datetime import date
from functools import cache, lru_cache
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from servicedesk.core.errors import DeskError


class CalendarError(DeskError):
    """A calendar that cannot be used, or a question outside what calendars answer."""

    code = "calendar"


@cache
def zone_named(name: str) -> ZoneInfo:
    """An IANA zone: `UTC` or `Area/City`, so that nothing depends on how one machine is set up."""
    area, _, city = name.partition("/")
    try:
        if name == "UTC" or (city and area not in ("right", "posix")):
            return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    raise CalendarError("There is no time zone %(zone)s.", code="unknown_zone", zone=repr(name))


def check_holidays(country: str, categories: tuple[str, ...]) -> None:
    """Raises CalendarError when the library does not know the country or one of the categories."""
    known = supported_categories(country)
    if not categories:
        raise CalendarError("No holiday categories are given.", code="unknown_holiday_category", known=_listed(known))
    for category in categories:
        if category not in known:
            raise CalendarError(
                "Holidays of %(country)s have no category %(category)s; they have %(known)s.",
                code="unknown_holiday_category",
                country=country,
                category=repr(category),
                known=_listed(known),
            )


@cache
def supported_categories(country: str) -> tuple[str, ...]:
    """The holiday categories of a country, given by its two capital letters (ISO 3166-1)."""
    holidays = holidays_library()
    try:
        # The library takes any name it has a class for ("Sweden"); one way to write a country is enough.
        if len(country) == 2 and country.isupper():
            return tuple(holidays.country_holidays(country).supported_categories)
    except NotImplementedError:
        pass
    raise CalendarError("There are no holidays for country %(country)s.", code="unknown_country", country=repr(country))


@cache
def holidays_library() -> ModuleType:
    """The library, whose countries load one by one as they are asked for. The package that they lie in would load them
    all first, 13 MB and a third of a second: an empty one stands in for it, that only knows where they lie."""
    import holidays

    spec = find_spec("holidays.countries")
    assert spec is not None
    sys.modules.setdefault(spec.name, module_from_spec(spec))
    return holidays


@lru_cache(maxsize=4096)
def closed_days(country: str, categories: tuple[str, ...], year: int) -> frozenset[date]:
    holidays = holidays_library()
    check_holidays(country, categories)
    return frozenset(holidays.country_holidays(country, years=year, categories=categories))


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names)
