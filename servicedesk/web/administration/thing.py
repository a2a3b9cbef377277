"""The page of one thing: what it says, what refers to it, what has been changed, and what can be done."""

from dataclasses import dataclass
from typing import Any

from servicedesk.core.administering import administered_by, may_change_known, may_change_team
from servicedesk.core.facts import CalendarFacts, Known, Person, Team, Template
from servicedesk.web import times
from servicedesk.web.administration.changes import Changed, changes_shown
from servicedesk.web.administration.facts import Fact, facts_of, references_to
from servicedesk.web.administration.hours import OwnDay, Week, own_days, weeks_of
from servicedesk.web.administration.hours_forms import may_change_hours, shares_hours
from servicedesk.web.administration.people import PersonPart, person_part
from servicedesk.web.administration.seeing import Sight, name_of, sight, the_item
from servicedesk.web.administration.template_forms import preview
from servicedesk.web.administration.words import KINDS
from servicedesk.web.reading import Reading


@dataclass(frozen=True, slots=True)
class Hours:
    """`changes`: whether this reader may; `shares`: a team of theirs has to get hours of its own first."""

    weeks: list[Week]
    days: list[OwnDay]
    changes: bool
    shares: bool


@dataclass(frozen=True, slots=True)
class ThingPage:
    kind: str
    kind_label: str
    key: str
    name: str
    item: Any
    facts: list[Fact]
    references: list[Fact]
    changes: list[Changed]
    person: PersonPart | None = None
    hours: Hours | None = None
    may_change_team: bool = False
    may_change_template: bool = False
    may_change_known: bool = False
    preview: str = ""


def thing_page(kind: str, key: str, reading: Reading) -> ThingPage:
    seen = sight(reading)
    item = the_item(kind, key, seen)
    return ThingPage(
        kind=kind,
        kind_label=str(KINDS[kind]),
        key=key,
        name=name_of(item),
        item=item,
        facts=facts_of(kind, item, seen),
        references=references_to(kind, item, seen),
        changes=changes_shown(kind, key, reading, seen),
        person=person_part(item, reading, seen) if isinstance(item, Person) else None,
        hours=_hours(item, reading, seen),
        may_change_template=isinstance(item, Template) and item.organisation in administered_by(seen.viewer),
        may_change_known=isinstance(item, Known) and may_change_known(seen.viewer, item),
        preview=preview(item, reading) if isinstance(item, Template) else "",
        may_change_team=isinstance(item, Team) and may_change_team(seen.viewer, item),
    )


def _hours(item: Any, reading: Reading, sight: Sight) -> Hours | None:
    calendar = item if isinstance(item, CalendarFacts) else None
    if isinstance(item, Team):
        calendar = sight.installation.calendars.get(item.calendar)
    if calendar is None or isinstance(item, Template):
        return None
    today = times.local(reading.now).date()
    shares = isinstance(item, Team) and shares_hours(item, sight)
    return Hours(weeks_of(calendar, today), own_days(calendar, today), may_change_hours(item, sight), shares)
