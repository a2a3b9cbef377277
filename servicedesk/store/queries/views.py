"""The saved lists that a person has: their own, and those that are shared with a team or an organisation of theirs."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, or_, select

from servicedesk.core.facts import Actor
from servicedesk.store.views import SavedView, StartView

TEAM, ORGANISATION = "team", "organisation"

# Built once: every page of a list asks.
_PERSON: ColumnElement[str] = bindparam("person")
_IS_OWN = SavedView.owner == _PERSON
MAY_OPEN = or_(
    _IS_OWN,
    and_(SavedView.audience == TEAM, SavedView.shared_with.in_(bindparam("teams", expanding=True))),
    and_(SavedView.audience == ORGANISATION, SavedView.shared_with.in_(bindparam("organisations", expanding=True))),
)
_VIEWS = (
    select(
        SavedView.id,
        SavedView.name,
        SavedView.asked,
        SavedView.audience,
        SavedView.shared_with,
        case((_IS_OWN, True), else_=False),
        StartView.view_id.is_not(None),
    )
    .outerjoin(StartView, and_(StartView.view_id == SavedView.id, StartView.person == _PERSON))
    .where(MAY_OPEN)
    .order_by(case((_IS_OWN, 0), else_=1), SavedView.name, SavedView.id)
)


@dataclass(frozen=True, slots=True)
class View:
    """`asked`: as an address says it. `is_own`: theirs to rename and remove. `is_start`: their first page."""

    id: int
    name: str
    asked: str
    audience: str
    shared_with: str
    is_own: bool
    is_start: bool


def views_of(connection: Connection, viewer: Actor) -> list[View]:
    """Their own first, each kind by name."""
    return [
        View(key, name, asked, audience, shared_with, bool(is_own), bool(is_start))
        for key, name, asked, audience, shared_with, is_own, is_start in connection.execute(_VIEWS, whose(viewer))
    ]


def start_of(connection: Connection, viewer: Actor) -> str:
    """What their first page asks for; '' where they have none, or it is shared with them no longer."""
    mine = select(SavedView.asked).join(StartView, StartView.view_id == SavedView.id)
    return connection.execute(mine.where(StartView.person == _PERSON, MAY_OPEN), whose(viewer)).scalar() or ""


def whose(viewer: Actor) -> dict[str, Any]:
    """The values in MAY_OPEN."""
    teams = sorted({seat.team for seat in viewer.seats})
    return {"person": viewer.key, "teams": teams, "organisations": sorted(viewer.organisations)}
