"""What the page of a thing says, as one text to search in: its values, not what they are called."""

from collections.abc import Iterator
from typing import Any

from servicedesk.core.facts import CalendarFacts, Person, Template
from servicedesk.web import names, times
from servicedesk.web.administration.facts import facts_of
from servicedesk.web.administration.hours import own_days, weeks_of
from servicedesk.web.administration.seeing import Sight
from servicedesk.web.reading import Reading


def said_on_page(kind: str, item: Any, reading: Reading, sight: Sight) -> str:
    return " ".join([*_facts(kind, item, sight), *_beside(item, reading)])


def _facts(kind: str, item: Any, sight: Sight) -> Iterator[str]:
    for fact in facts_of(kind, item, sight):
        for value in fact.values:
            yield f"{value.text} {value.note}"


def _beside(item: Any, reading: Reading) -> Iterator[str]:
    """What stands on the page in a form of its own."""
    today = times.local(reading.now).date()
    if isinstance(item, Template):
        yield item.text
    elif isinstance(item, Person):
        for absence in item.absences:
            yield f"{absence.first} {absence.last} {names.person(reading.installation, absence.stand_in)}"
    elif isinstance(item, CalendarFacts):
        for week in weeks_of(item, today):
            yield " ".join(f"{days} {hours}" for days, hours in week.days)
        for own in own_days(item, today):
            yield f"{own.weekday} {own.day} {own.hours}"
