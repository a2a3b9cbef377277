"""The queue: one line a ticket, what runs out next first."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from flask_babel import format_decimal

from servicedesk.core.facts import Actor, Service
from servicedesk.core.vocabulary import OrganisationKind, Tier
from servicedesk.store.queries.lists import (
    COUNT_CAP,
    EVERYTHING,
    Filter,
    Page,
    asked_of_closed,
    count_tickets,
    list_tickets,
)
from servicedesk.store.queries.whose import Scope, scopes_of
from servicedesk.web import identity
from servicedesk.web.forms.fields import Choice
from servicedesk.web.lists.rows import Row, rows_of
from servicedesk.web.lists.views import Shown, as_text, sharing, shown_views
from servicedesk.web.lists.wording import Understood, understand, worded
from servicedesk.web.reading import Reading
from servicedesk.web.speech import Words, _, _l
from servicedesk.web.words import EMPTY, PRIORITIES, SCOPES, TIERS

PAGE = 50
# What one can do without; what runs out and the ticket itself always stand there.
COLUMN_NAMES: dict[str, Words] = {
    "priority": _l("Priority"),
    "service": _l("Service"),
    "where": _l("Where it is"),
    "assignee": _l("Assignee"),
    "age": _l("Age"),
}
COLUMNS = tuple(COLUMN_NAMES)
# What is filtered by with a tick.
TICKS: dict[str, Words] = {"unassigned": _l("Nobody's"), "late": _l("Late"), "at_risk": _l("At risk")}
# Where one finds something to do instead, when a list is empty.
INSTEAD = {
    Scope.MINE: Scope.TEAM,
    Scope.TEAM: Scope.OPEN,
    Scope.WAITING: Scope.MINE,
    Scope.AT_RISK: Scope.OPEN,
    Scope.ABOVE: Scope.TEAM,
    Scope.BELOW: Scope.TEAM,
    Scope.OPEN: Scope.CLOSED,
    Scope.CLOSED: Scope.OPEN,
}


@dataclass(frozen=True, slots=True)
class Tab:
    scope: Scope
    label: str
    count: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Control:
    """One thing to filter by. `value` is what is chosen, '' for everything."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    value: str


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter that is on, and the address of the list without it."""

    label: str
    without: dict[str, str]


@dataclass(frozen=True, slots=True)
class QueuePage:
    """`empty` and `instead`: what a list without tickets says, and the list that it leads to. `asked` are the filters
    as an address says them. `has_municipality` is False where all have the same."""

    scope: Scope
    tabs: list[Tab]
    rows: list[Row]
    after: str
    empty: str
    instead: Tab
    asked: dict[str, str]
    controls: list[Control]
    chips: list[Chip]
    ticks: list[Choice]
    has_municipality: bool
    columns: tuple[str, ...]
    every_column: list[Choice]
    views: list[Shown]
    sharing: list[Choice]
    kept: str
    words: str
    trouble: list[str]


Wanted = tuple[Scope, Filter, tuple[str, ...]]


def asked_in(typed: Mapping[str, str]) -> Wanted:
    """Scope, filter and columns that an address asks for; a scope that is none of ours is the team's."""
    asked = typed.get("scope", Scope.TEAM)
    chosen = typed.get("columns", "").split(".")
    columns = tuple(name for name in COLUMNS if name in chosen) or COLUMNS
    return Scope(asked) if asked in list(Scope) else Scope.TEAM, filter_from(typed), columns


def asked_of(scope: Scope, wanted: Filter, columns: tuple[str, ...]) -> dict[str, str]:
    """The other way round of `asked_in`."""
    return {"scope": str(scope), **in_address(wanted), **_in_address(columns)}


def _in_address(columns: tuple[str, ...]) -> dict[str, str]:
    return {"columns": ".".join(columns)} if columns != COLUMNS else {}


def reworded(text: str, reading: Reading) -> Understood:
    """A filter that was typed."""
    controls = filter_controls(identity.viewer(), EVERYTHING, reading)
    return understand(text, {control.name: control.choices for control in controls})


def filter_from(typed: Mapping[str, str]) -> Filter:
    """What an address asks for. A value that is none of ours asks for nothing."""
    tier, priority = typed.get("tier", ""), typed.get("priority", "")
    return Filter(
        municipality=_printable(typed.get("municipality", "")),
        service=_printable(typed.get("service", "")),
        priority=next((one for one in PRIORITIES if str(one) == priority), 0),
        tier=Tier(tier) if tier in list(Tier) else None,
        unassigned=typed.get("unassigned") == "1",
        late=typed.get("late") == "1",
        at_risk=typed.get("at_risk") == "1",
    )


def queue_page(asked: Wanted, after: str, reading: Reading, words: str = "", trouble: Sequence[str] = ()) -> QueuePage:
    """`words` and `trouble`: a filter that was typed, with what was not understood of it."""
    scope, wanted, columns = asked
    viewer = identity.viewer()
    connection = reading.connection
    of_closed = asked_of_closed(connection, viewer, wanted)
    page: Page = list_tickets(
        connection, viewer, scope, wanted, now=reading.now, after=after, limit=PAGE, of_closed=of_closed
    )
    counts = count_tickets(connection, viewer, wanted, now=reading.now, of_closed=of_closed)
    controls = filter_controls(viewer, wanted, reading)
    tabs = {one: Tab(one, str(SCOPES[one]), _counted(one, counts[one]), one is scope) for one in Scope}
    return QueuePage(
        scope=scope,
        tabs=[tabs[one] for one in scopes_of(viewer)],
        rows=rows_of(page.lines, reading),
        after=page.after,
        empty=str(EMPTY[scope]) if wanted == EVERYTHING else _("No ticket here meets the filter."),
        instead=tabs[INSTEAD[scope]],
        asked=in_address(wanted) | _in_address(columns),
        controls=controls,
        chips=chips(wanted, controls),
        ticks=[Choice(name, str(label)) for name, label in TICKS.items()],
        has_municipality=any(control.name == "municipality" for control in controls),
        columns=columns,
        every_column=[Choice(name, str(label)) for name, label in COLUMN_NAMES.items()],
        views=shown_views(asked_of(*asked), reading),
        sharing=sharing(viewer, reading),
        kept=as_text(asked_of(*asked)),
        words=words or worded(in_address(wanted)),
        trouble=list(trouble),
    )


def in_address(wanted: Filter) -> dict[str, str]:
    """The other way round of `filter_from`."""
    return {name: str(int(value) if value is True else value) for name, value in asdict(wanted).items() if value}


def filter_controls(viewer: Actor, wanted: Filter, reading: Reading) -> list[Control]:
    """Only those that divide what this viewer can see."""
    services = [Choice(s.key, s.name) for s in _services(viewer, reading)]
    priorities = [Choice(str(number), str(word)) for number, word in PRIORITIES.items()]
    asked: list[tuple[str, str, list[Choice], str]] = [
        ("municipality", _("Municipality"), _municipalities(viewer, reading), wanted.municipality),
        ("service", _("Service"), services, wanted.service),
        ("priority", _("Priority"), priorities, str(wanted.priority or "")),
        ("tier", _("Where it is"), [Choice(t, str(TIERS[t])) for t in _tiers(viewer)], str(wanted.tier or "")),
    ]
    return [Control(name, label, tuple(found), value) for name, label, found, value in asked if len(found) > 1]


def _municipalities(viewer: Actor, reading: Reading) -> list[Choice]:
    """Their own; everybody's for those above the municipalities."""
    is_above = any(seat.tier in (Tier.JOINT, Tier.SUPPLIER) for seat in viewer.seats)
    found = [
        one
        for one in reading.installation.organisations.values()
        if one.kind is OrganisationKind.MUNICIPALITY and (is_above or one.key in viewer.organisations)
    ]
    return [Choice(one.key, one.name) for one in sorted(found, key=lambda one: one.name)]


def _services(viewer: Actor, reading: Reading) -> list[Service]:
    """Everything that is shared; a supplier's own for a supplier."""
    services = sorted(reading.installation.services.values(), key=lambda service: service.name)
    return [one for one in services if not _is_supplier(viewer) or one.supplier in viewer.organisations]


def _tiers(viewer: Actor) -> list[Tier]:
    """A supplier does not see where in the customer's chain a ticket is."""
    return [Tier.JOINT, Tier.SUPPLIER] if _is_supplier(viewer) else list(Tier)


def _is_supplier(viewer: Actor) -> bool:
    return all(seat.tier is Tier.SUPPLIER for seat in viewer.seats)


def chips(wanted: Filter, controls: list[Control]) -> list[Chip]:
    """One for each control that is set, and for whatever else is asked."""
    labels = {control.name: _chosen(control) for control in controls if control.value}
    asked = in_address(wanted)
    labels |= {name: str(label) for name, label in TICKS.items() if name in asked}
    return [
        Chip(label, {name: value for name, value in asked.items() if name != mine}) for mine, label in labels.items()
    ]


def _chosen(control: Control) -> str:
    """A key that is gone from the installation names itself."""
    return next((choice.label for choice in control.choices if choice.value == control.value), control.value)


def _counted(scope: Scope, count: int) -> str:
    if scope is Scope.CLOSED and count > COUNT_CAP:
        return f"{format_decimal(COUNT_CAP)}+"
    return str(format_decimal(count))


def _printable(text: str) -> str:
    """An address may hold characters that no database takes."""
    return text if text.isprintable() else ""
