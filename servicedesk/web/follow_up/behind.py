"""The tickets behind a figure: which figure it is, in words, and those of its tickets that one may open."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from servicedesk.core.errors import NotFound
from servicedesk.core.facts import Installation
from servicedesk.core.outcomes import Outcome
from servicedesk.core.vocabulary import Metric, Tier
from servicedesk.store.queries.follow_up.figures import DIMENSIONS, Behind, Family, Figure, behind, tally
from servicedesk.store.queries.follow_up.flow import Happening
from servicedesk.store.queries.follow_up.held import Part
from servicedesk.store.queries.follow_up.promises import COUNTED
from servicedesk.store.queries.follow_up.unsolved import Age
from servicedesk.web import names, numbers
from servicedesk.web.follow_up import words
from servicedesk.web.follow_up.asking import Asking
from servicedesk.web.follow_up.figure import Figured, figured
from servicedesk.web.lists.rows import Row, rows_of
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _, ngettext
from servicedesk.web.words import PRIORITIES, TIERS

PAGE = 50
YES_OR_NO = ("yes", "no")
VALUES: dict[str, Any] = {
    "metric": list(Metric),
    "tier": list(Tier),
    "from_tier": list(Tier),
    "to_tier": list(Tier),
    "outcome": COUNTED,
    "part": list(Part),
    "age": list(Age),
    "what": list(Happening),
    "priority": [str(priority) for priority in PRIORITIES],
    "lives": YES_OR_NO,
    "overdue": YES_OR_NO,
    "solved_there": YES_OR_NO,
}


@dataclass(frozen=True, slots=True)
class Share:
    """What one organisation, or one's own team, had of a time."""

    label: str
    time: Figured
    tickets: str


@dataclass(frozen=True, slots=True)
class BehindPage:
    """`n` is the figure; `others` how many of its tickets the viewer may not open."""

    heading: str
    days: str
    chosen: list[str]
    figure: str
    n: int
    tickets: int
    others: int
    shown: str
    shares: list[Share]
    rows: list[Row]
    following: str
    first: str
    back: str


def figure_of(args: MultiDict[str, str], installation: Installation) -> Figure:
    """NotFound for an address that names no figure of ours."""
    family = args.get("figure", "")
    if family not in list(Family):
        raise NotFound("There is no such figure. Go to the follow-up and choose one there.")
    where: dict[str, tuple[Any, ...]] = {}
    for name in DIMENSIONS[Family(family)]:
        values = args.getlist(name)
        if not all(_is_known(Family(family), name, value, installation) for value in values):
            raise NotFound("There is no such figure. Go to the follow-up and choose one there.")
        if values:
            where[name] = tuple(int(value) if name == "priority" else value for value in values)
    return Figure(Family(family), where)


def _is_known(family: Family, name: str, value: str, installation: Installation) -> bool:
    if (family, name, value) == (Family.PROMISES, "tier", ""):
        return True  # a promise over the whole chain
    if name in ("organisation", "party"):
        return value in installation.organisations
    return value in installation.teams if name == "team" else value in VALUES[name]


def behind_page(asking: Asking, figure: Figure, args: MultiDict[str, str], reading: Reading) -> BehindPage:
    assert asking.asked is not None
    after = args.get("after", "")
    cursor = int(after) if after.isascii() and after.isdigit() and len(after) <= 18 else 0
    found = behind(reading.connection, asking.asked, figure, after=cursor, limit=PAGE)
    where: dict[str, Any] = dict(figure.where)
    return BehindPage(
        heading=heading(figure, reading.installation),
        days=words.days(asking.asked.period),
        chosen=[choice.label for each in asking.filters for choice in each.choices if each.value == choice.value != ""],
        figure=_figure_in_words(figure, found),
        n=found.seconds if figure.family is Family.HELD else found.n,
        tickets=found.tickets,
        others=found.tickets - found.open_to_viewer,
        shown=numbers.whole(found.open_to_viewer),
        shares=_shares(asking, figure, reading),
        rows=rows_of(found.lines, reading),
        following=asking.behind(figure.family, **where, after=found.after) if found.after else "",
        first=asking.behind(figure.family, **where) if cursor else "",
        back=asking.again() + f"#{figure.family}",
    )


def heading(figure: Figure, installation: Installation) -> str:
    """'Brutna åtaganden: Leverantör Plattform: avtalad lösningstid, 1 kritisk'."""
    what, *more = _HEADINGS[figure.family](figure.where, installation)
    details = ", ".join(part for part in more if part)
    return f"{what}: {details}" if details else what


def _of_promises(where: Mapping[str, Any], installation: Installation) -> list[str]:
    outcomes, metrics = where.get("outcome", ()), where.get("metric", ())
    what = str(words.OUTCOMES[outcomes[0]]) if len(outcomes) == 1 else _("Promises that have been decided")
    if outcomes == (Outcome.BROKEN,) and where.get("lives") == ("yes",):
        what = _("Broken promises that still run")
    tier, party = where.get("tier", ("",))[0], where.get("party", ("",))[0]
    promise = words.promise(installation, metrics[0], tier, party) if len(metrics) == 1 else ""
    return [what, promise, *_each(where, "priority", PRIORITIES)]


def _of_held(where: Mapping[str, Any], installation: Installation) -> list[str]:
    parts = where.get("part", ())
    part = str(words.PARTS[parts[0]]) if len(parts) == 1 else ""
    who = [names.organisation(installation, key) for key in where.get("organisation", ())]
    team = [names.team(installation, key) for key in where.get("team", ())]
    return [_("Time held"), *_each(where, "tier", TIERS), *who, *team, part[:1].lower() + part[1:]]


def _of_open(where: Mapping[str, Any], installation: Installation) -> list[str]:
    overdue = _("overdue") if where.get("overdue") == ("yes",) else ""
    kinds = (("tier", TIERS), ("priority", PRIORITIES), ("age", words.AGES))
    return [_("Open tickets"), *(word for name, table in kinds for word in _each(where, name, table)), overdue]


def _of_flow(where: Mapping[str, Any], installation: Installation) -> list[str]:
    whats = where.get("what", ())
    what = str(words.HAPPENINGS[whats[0]]) if len(whats) == 1 else _("What happened")
    way = [*_each(where, "from_tier", TIERS), *_each(where, "to_tier", TIERS)]
    return [what, " → ".join(way)]


def _of_first_line(where: Mapping[str, Any], installation: Installation) -> list[str]:
    if where.get("solved_there") == ("yes",):
        return [_("Solved at the first line")]
    return [_("Closed tickets that began at the first line")]


def _each(where: Mapping[str, Any], name: str, table: Mapping[Any, Any]) -> list[str]:
    return [str(table[value]) for value in where.get(name, ())]


_HEADINGS: dict[Family, Callable[[Mapping[str, Any], Installation], list[str]]] = {
    Family.PROMISES: _of_promises,
    Family.HELD: _of_held,
    Family.OPEN: _of_open,
    Family.FLOW: _of_flow,
    Family.FIRST_LINE: _of_first_line,
}


def _figure_in_words(figure: Figure, found: Behind) -> str:
    """The figure, and in how many tickets it is when it counts something else."""
    tickets = _tickets(found.tickets)
    if figure.family is Family.HELD:
        return _("%(hours)s in %(tickets)s", hours=numbers.hours(found.seconds), tickets=tickets)
    if figure.family is Family.PROMISES:
        return ngettext(
            "1 promise in %(tickets)s",
            "%(count)s promises in %(tickets)s",
            found.n,
            count=numbers.whole(found.n),
            tickets=tickets,
        )
    if found.n != found.tickets:
        return _("%(n)s times, in %(tickets)s", n=numbers.whole(found.n), tickets=tickets)
    return tickets


def _tickets(n: int) -> str:
    return ngettext("1 ticket", "%(count)s tickets", n, count=numbers.whole(n))


def _shares(asking: Asking, figure: Figure, reading: Reading) -> list[Share]:
    """How the time of a figure is divided between organisations, and within one's own between teams."""
    if figure.family is not Family.HELD or "organisation" in figure.where:
        return []
    assert asking.asked is not None
    rows = tally(reading.connection, asking.asked, Family.HELD, "organisation", "team", figure=figure, tickets=True)
    found = []
    for row in sorted(rows, key=lambda row: -row.seconds):
        narrower: dict[str, Any] = {"organisation": row.organisation} | ({"team": row.team} if row.team else {})
        href = asking.behind(Family.HELD, **{**figure.where, **narrower})
        name = names.team(reading.installation, row.team) if row.team else ""
        label = name or names.organisation(reading.installation, row.organisation)
        found.append(
            Share(label, figured(int(row.seconds), href, numbers.hours(int(row.seconds))), _tickets(row.tickets))
        )
    return found
