"""Holidays as they were when they were loaded: a list of days that no later release of the library can change."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from servicedesk.core.calendars.civil import FIRST_YEAR, LAST_YEAR
from servicedesk.core.calendars.sources import closed_days
from servicedesk.core.canonical import canonical_json, content_hash
from servicedesk.core.facts import CalendarFacts, CalendarVersion

Days = frozenset[date]

LONGEST_KEY = 80


def holidays_key(version: CalendarVersion) -> str:
    """`SE:public,de_facto`: which country's, of which categories."""
    key = f"{version.holidays}:{','.join(version.holiday_categories)}"
    return key if len(key) <= LONGEST_KEY else f"{version.holidays}:{content_hash(key)[:16]}"


def days_to_json(key: str, days: Iterable[date]) -> str:
    """What is stored; its hash is what a calendar version names as `frozen`."""
    return canonical_json({"holidays": key, "days": [day.isoformat() for day in sorted(days)]})


def days_from_json(text: str) -> Days:
    return frozenset(map(date.fromisoformat, json.loads(text)["days"]))


def frozen(
    calendars: Mapping[str, CalendarFacts], stored: Mapping[str, Days], today: date | None
) -> tuple[dict[str, CalendarFacts], dict[str, Days]]:
    """The calendars, each version naming its list of holidays, and these lists by key.

    The days are the library's. Of what is `stored`, every day up to and including `today` stays as it is: hours that
    have been are history. `today` is None while nothing has been reckoned by them.
    """
    versions = [version for facts in calendars.values() for version in facts.versions if version.holidays]
    lists = {holidays_key(version): _of_library(version) for version in versions}
    if today:
        lists = {key: _past_kept(stored[key], days, today) if key in stored else days for key, days in lists.items()}
    hashes = {key: content_hash(days_to_json(key, days)) for key, days in lists.items()}
    return {key: _named(facts, hashes) for key, facts in calendars.items()}, lists


def thawed(facts: CalendarFacts) -> CalendarFacts:
    """As the files say it, without its lists."""
    return replace(facts, versions=tuple(replace(version, frozen="") for version in facts.versions))


def _of_library(version: CalendarVersion) -> Days:
    categories = tuple(version.holiday_categories)
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    return frozenset(day for year in years for day in closed_days(version.holidays, categories, year))


def _past_kept(stored: Days, days: Days, today: date) -> Days:
    return frozenset(day for day in stored if day <= today) | {day for day in days if day > today}


def _named(facts: CalendarFacts, hashes: Mapping[str, str]) -> CalendarFacts:
    versions = (
        replace(version, frozen=hashes[holidays_key(version)] if version.holidays else "") for version in facts.versions
    )
    return replace(facts, versions=tuple(versions))
