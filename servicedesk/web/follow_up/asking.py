"""What the address of a follow-up page asks for: a period and a choice of tickets. The same address asks it again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for

from servicedesk.core.errors import NotFound
from servicedesk.core.facts import Actor, Installation
from servicedesk.core.follow_up import Reach, follower
from servicedesk.core.period import Period, Preset, period_of, preset_days
from servicedesk.core.vocabulary import OrganisationKind
from servicedesk.store.queries.follow_up.counted import Asked, Scope
from servicedesk.store.queries.follow_up.figures import Family, withdrawn_states
from servicedesk.web import identity, times
from servicedesk.web.forms.fields import Choice
from servicedesk.web.reading import Reading
from servicedesk.web.speech import Words, _, _l

DEFAULT = Preset.LAST_3_MONTHS
AHEAD, LONGEST = timedelta(days=366), timedelta(days=3653)
FIRST_YEAR = 1970

PRESETS: dict[Preset, Words] = {
    Preset.THIS_MONTH: _l("This month"),
    Preset.LAST_MONTH: _l("Last month"),
    Preset.LAST_3_MONTHS: _l("Last 3 months"),
    Preset.LAST_12_MONTHS: _l("Last 12 months"),
    Preset.THIS_YEAR: _l("This year"),
}
FILTERS: dict[str, tuple[Words, Words]] = {
    "municipality": (_l("Municipality"), _l("All municipalities")),
    "service": (_l("Service"), _l("All services")),
    "supplier": (_l("Supplier"), _l("All suppliers")),
}


@dataclass(frozen=True, slots=True)
class Filter:
    name: str
    label: str
    choices: list[Choice]
    value: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Asking:
    """`asked` is None when `faults` (sentences by field) say why not. `endpoint`: the page that asks, and `also` what
    else its address says."""

    reach: Reach
    asked: Asked | None
    first: str
    last: str
    filters: list[Filter]
    preset: Preset | None
    faults: dict[str, str]
    endpoint: str = "web.management"
    also: Mapping[str, str] = field(default_factory=dict)
    roots: dict[tuple[Family, date | None], str] = field(default_factory=dict)

    @property
    def chosen(self) -> dict[str, Any]:
        return {each.name: each.value for each in self.filters if each.value and not each.fault}

    @property
    def tabs(self) -> list[Tab]:
        return [
            Tab(str(label), self._address({"period": preset}), preset is self.preset)
            for preset, label in PRESETS.items()
        ]

    def again(self) -> str:
        return self._address(self._days())

    @property
    def tried(self) -> str:
        """The page that tries other promises on the same tickets."""
        return url_for("web.what_if", **self._days(), **self.chosen)

    def _address(self, days: Mapping[str, Any]) -> str:
        asked: dict[str, Any] = {**self.also, **days, **self.chosen}
        return url_for(self.endpoint, **asked)

    def behind(self, family: Family, days: Period | None = None, **where: Any) -> str:
        """The address of the tickets behind a figure, of these days or of the whole period."""
        # Put together here, and not by url_for: a page has hundreds of these, and every value is one of our keys.
        found = [self._root(family, days)]
        for name, value in where.items():
            values = value if isinstance(value, (list, tuple)) else (value,)
            found += [f"{name}={each}" for each in values]
        return "&".join(found)

    def _root(self, family: Family, days: Period | None) -> str:
        key = family, days.first if days else None
        if key not in self.roots:
            asked = {"figure": family, **self._days(days), **self.chosen}
            self.roots[key] = url_for("web.management_tickets", **asked)
        return self.roots[key]

    def _days(self, days: Period | None = None) -> dict[str, Any]:
        if days is None:
            return {"from": self.first, "to": self.last}
        return {"from": days.first.isoformat(), "to": days.last.isoformat()}


def asking(
    args: Mapping[str, str], reading: Reading, endpoint: str = "web.management", also: Mapping[str, str] | None = None
) -> Asking:
    """NotFound for somebody whose roles follow up nothing."""
    found = follower(identity.viewer())
    if found is None:
        raise NotFound("Follow-up is for those who manage a service, its system or its supplier.")
    reach, viewer = found
    today = times.local(reading.now).date()
    first, last, preset = _days(args, today)
    filters = [_filter(name, args.get(name, ""), options) for name, options in _options(found, reading)]
    faults = {each.name: each.fault for each in filters if each.fault}
    faults |= _faults_of_days(first, last, today)
    asked = None
    if not faults:
        withdrawn = withdrawn_states(reading.connection, reading.book)
        scope = Scope(viewer, reach, withdrawn, **{each.name: each.value for each in filters})
        period = period_of(date.fromisoformat(first), date.fromisoformat(last), ZoneInfo(reading.installation.zone))
        asked = Asked(scope, period, reading.now)
    return Asking(reach, asked, first, last, filters, preset, faults, endpoint, also or {})


def _days(args: Mapping[str, str], today: date) -> tuple[str, str, Preset | None]:
    """As typed; or those of a preset."""
    wanted, typed = args.get("period", ""), (args.get("from", "").strip(), args.get("to", "").strip())
    if wanted not in list(Preset) and any(typed):
        same = (preset for preset in Preset if tuple(day.isoformat() for day in preset_days(preset, today)) == typed)
        return *typed, next(same, None)
    preset = Preset(wanted) if wanted in list(Preset) else DEFAULT
    first, last = preset_days(preset, today)
    return first.isoformat(), last.isoformat(), preset


def _faults_of_days(first: str, last: str, today: date) -> dict[str, str]:
    days = {"from": _day(first), "to": _day(last)}
    wrong = {name: _("Write the day as %(example)s.", example=today) for name, day in days.items() if day is None}
    begins, ends = days["from"], days["to"]
    if begins is None or ends is None:
        return wrong
    if begins > today:
        return {"from": _("The period has not begun. Choose a first day that is not after today.")}
    if ends < begins:
        return {"to": _("The last day is before the first. Choose a later last day.")}
    if ends > today + AHEAD:
        return {"to": _("Choose a last day within a year from today.")}
    return {"from": _("Choose ten years at most.")} if ends - begins > LONGEST else {}


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year >= FIRST_YEAR and day < date.max - AHEAD else None


def _options(found: tuple[Reach, Actor], reading: Reading) -> list[tuple[str, list[Choice]]]:
    reach, viewer = found
    installation = reading.installation
    municipalities = _organisations(installation, OrganisationKind.MUNICIPALITY)
    if reach is Reach.MUNICIPALITY:
        municipalities = [each for each in municipalities if each.value in viewer.organisations]
    services = [
        Choice(service.key, service.name)
        for service in installation.services.values()
        if reach is not Reach.CONTRACT or service.supplier in viewer.organisations
    ]
    suppliers = _organisations(installation, OrganisationKind.SUPPLIER) if reach is not Reach.CONTRACT else []
    offered = {"municipality": municipalities, "service": services, "supplier": suppliers}
    return [(name, choices) for name, choices in offered.items() if len(choices) > 1]


def _organisations(installation: Installation, kind: OrganisationKind) -> list[Choice]:
    found = [each for each in installation.organisations.values() if each.kind is kind]
    return [Choice(each.key, each.name) for each in sorted(found, key=lambda each: each.name)]


def _filter(name: str, value: str, choices: list[Choice]) -> Filter:
    label, everything = FILTERS[name]
    known = value == "" or any(choice.value == value for choice in choices)
    fault = "" if known else _("Choose one of the list.")
    return Filter(name, str(label), [Choice("", str(everything)), *choices], value if known else "", fault)
