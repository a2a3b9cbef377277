"""What is open and how old, by tier and by priority."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from servicedesk.core.follow_up import Reach
from servicedesk.core.vocabulary import Tier
from servicedesk.store.queries.follow_up.figures import Family, tally
from servicedesk.web import names, numbers
from servicedesk.web.follow_up.asking import Asking
from servicedesk.web.follow_up.figure import Figured, figured
from servicedesk.web.follow_up.pictures import Piece, columns
from servicedesk.web.follow_up.words import AGES
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _
from servicedesk.web.words import PRIORITIES, TIERS


@dataclass(frozen=True, slots=True)
class Line:
    """A tier, a priority or all of it. `share` is the part overdue."""

    label: str
    total: Figured
    ages: list[Figured]
    overdue: Figured
    share: str
    pieces: list[Piece]
    said: str


@dataclass(frozen=True, slots=True)
class Open:
    ages: list[str]
    tiers: list[Line]
    priorities: list[Line]
    whole: Line


def unsolved(asking: Asking, reading: Reading) -> Open:
    assert asking.asked is not None
    rows = tally(reading.connection, asking.asked, Family.OPEN, "tier", "priority", "age", "overdue")
    most = max(Counter(_by(rows, "tier", "age")).values(), default=0)
    own = names.listed([names.organisation(reading.installation, key) for key in asking.asked.scope.own])
    contract = asking.reach is Reach.CONTRACT
    tiers = [
        _line(asking, own if contract else str(TIERS[tier]), [r for r in rows if r.tier == tier], most, tier=tier)
        for tier in ([Tier.SUPPLIER] if contract else Tier)
    ]
    priorities = [
        _line(asking, str(label), [r for r in rows if r.priority == priority], most, priority=priority)
        for priority, label in PRIORITIES.items()
    ]
    return Open([str(label) for label in AGES.values()], tiers, priorities, _line(asking, _("All"), list(rows), most))


def _by(rows: Any, *names_: str) -> Counter[Any]:
    found: Counter[Any] = Counter()
    for row in rows:
        found[tuple(getattr(row, name) for name in names_)] += row.n
    return found


def _line(asking: Asking, label: str, rows: list[Any], most: int, **where: Any) -> Line:
    total, late = sum(row.n for row in rows), sum(row.n for row in rows if row.overdue == "yes")
    of_age = _by(rows, "age")
    ages = [of_age[str(age),] for age in AGES]
    told = ", ".join(f"{AGES[age]} {n}" for age, n in zip(AGES, ages, strict=True) if n)
    return Line(
        label=label,
        total=figured(total, asking.behind(Family.OPEN, **where)),
        ages=[figured(n, asking.behind(Family.OPEN, **where, age=age)) for age, n in zip(AGES, ages, strict=True)],
        overdue=figured(late, asking.behind(Family.OPEN, **where, overdue="yes")),
        share=numbers.percent(late, total),
        pieces=columns("open", ages, most),
        said=_("%(label)s: %(total)s open", label=label, total=total) + (f". {told}" if told else ""),
    )
