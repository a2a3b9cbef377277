"""The scopes of a list: which of the tickets that a viewer sees, by who has them, who waits for whom and what runs out.

All but the closed ones are read in order from one index of open tickets (ix_visibility_open).
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, String, and_, bindparam, or_

from servicedesk.core.facts import Actor
from servicedesk.core.turns import BACK
from servicedesk.core.vocabulary import Tier, WaitsOn
from servicedesk.store import risks
from servicedesk.store.tickets import Visibility


class Scope(StrEnum):
    """Which of the viewer's visible tickets.

    MINE: the viewer is their assignee. TEAM: a team of theirs has them. WAITING: it is the viewer's move: a question is
    theirs to answer, or what they waited for has come back. AT_RISK: one of their promises is about to be broken, also
    where another has been; what runs out next of those comes first. ABOVE: handed on up the chain by a team of theirs,
    and not back. BELOW: further down, and with the first line what waits for the requester.
    """

    MINE = "mine"
    TEAM = "team"
    WAITING = "waiting"
    AT_RISK = "at-risk"
    ABOVE = "above"
    BELOW = "below"
    OPEN = "open"
    CLOSED = "closed"


def scopes_of(viewer: Actor) -> list[Scope]:
    """Those that there is anything in for somebody who sits where the viewer does: nobody is above a supplier."""
    tiers = _tiers(viewer)
    beyond = {Scope.ABOVE: above(tiers), Scope.BELOW: _is_first(viewer) or below(tiers)}
    return [scope for scope in Scope if beyond.get(scope, True)]


def above(tiers: frozenset[Tier]) -> list[str]:
    lowest = min((tier.level for tier in tiers), default=len(Tier))
    return [str(tier) for tier in Tier if tier.level > lowest]


def below(tiers: frozenset[Tier]) -> list[str]:
    highest = max((tier.level for tier in tiers), default=0)
    return [str(tier) for tier in Tier if tier.level < highest and tier not in tiers]


def _tiers(viewer: Actor) -> frozenset[Tier]:
    return frozenset(seat.tier for seat in viewer.seats)


def _is_first(viewer: Actor) -> bool:
    return Tier.FIRST_LINE in _tiers(viewer)


_TEAMS: ColumnElement[Any] = bindparam("teams", expanding=True)
_PERSON: ColumnElement[Any] = bindparam("person")
_IS_THEIRS = or_(Visibility.assignee == _PERSON, and_(Visibility.assignee == "", Visibility.holder_team.in_(_TEAMS)))


@lru_cache(maxsize=32)
def conditions(teams: int) -> Mapping[Scope, ColumnElement[bool]]:
    """What makes an open ticket one of each narrower scope, for somebody of so many teams; the values are `values`'."""
    handed_on = [Visibility.handed_by.like(bindparam(f"handed_{n}", type_=String), escape="\\") for n in range(teams)]
    return {
        Scope.MINE: Visibility.assignee == _PERSON,
        Scope.TEAM: Visibility.holder_team.in_(_TEAMS),
        Scope.WAITING: or_(
            Visibility.turn.in_(bindparam("asked", expanding=True)), and_(Visibility.turn == BACK, _IS_THEIRS)
        ),
        Scope.AT_RISK: risks.is_at_risk(),
        Scope.ABOVE: and_(
            Visibility.tier.in_(bindparam("above", expanding=True)),
            Visibility.holder_team.not_in(_TEAMS),
            or_(*handed_on) if handed_on else Visibility.tier == "-",
        ),
        Scope.BELOW: or_(
            Visibility.tier.in_(bindparam("below", expanding=True)),
            and_(Visibility.turn == WaitsOn.REQUESTER, Visibility.tier.in_(bindparam("first", expanding=True))),
        ),
    }


def values(viewer: Actor, now: datetime) -> dict[str, Any]:
    """All values in `conditions`."""
    teams, tiers = teams_of(viewer), _tiers(viewer)
    return {
        "person": viewer.key,
        "teams": teams,
        "asked": sorted(tiers),
        **risks.at(now),
        "above": above(tiers),
        "below": below(tiers),
        "first": [Tier.FIRST_LINE] if _is_first(viewer) else [],
        **{f"handed_{n}": f"%|{_plain(team)}|%" for n, team in enumerate(teams)},
    }


def teams_of(viewer: Actor) -> list[str]:
    return sorted({seat.team for seat in viewer.seats})


def _plain(key: str) -> str:
    """Nothing in it stands for anything else."""
    return key.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
