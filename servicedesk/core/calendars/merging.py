"""A calendar brought in over the one that is stored."""

from dataclasses import replace
from datetime import date

from servicedesk.core.facts import CalendarFacts, CalendarVersion


def merge_calendar(old: CalendarFacts | None, new: CalendarFacts) -> CalendarFacts:
    """The new calendar; versions that only the stored one has stay before it."""
    if old is None:
        return new
    first = begins(new.versions[0])
    kept = tuple(version for version in old.versions if begins(version) < first)
    return replace(new, versions=(*kept, *new.versions))


def begins(version: CalendarVersion) -> date:
    return version.valid_from or date.min
