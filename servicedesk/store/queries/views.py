"""The saved lists that a person has: their own, and those that are shared with a team or an organisation of theirs."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, case, or_, select

from servicedesk.core.facts import Actor
from servicedesk.store.views import SavedView, StartView

TEAM, ORGANISATION = "team", "organisation"


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
    is_own = SavedView.owner == viewer.key
    query = (
        select(
            SavedView.id,
            SavedView.name,
            SavedView.asked,
            SavedView.audience,
            SavedView.shared_with,
            case((is_own, True), else_=False),
            StartView.view_id.is_not(None),
        )
        .outerjoin(StartView, and_(StartView.view_id == SavedView.id, StartView.person == viewer.key))
        .where(may_open(viewer))
        .order_by(case((is_own, 0), else_=1), SavedView.name, SavedView.id)
    )
    return [
        View(key, name, asked, audience, whose, bool(is_own), bool(is_start))
        for key, name, asked, audience, whose, is_own, is_start in connection.execute(query)
    ]


def start_of(connection: Connection, viewer: Actor) -> str:
    """What their first page asks for; '' where they have none, or it is shared with them no longer."""
    mine = select(SavedView.asked).join(StartView, StartView.view_id == SavedView.id)
    return connection.execute(mine.where(StartView.person == viewer.key, may_open(viewer))).scalar() or ""


def may_open(viewer: Actor) -> ColumnElement[bool]:
    teams = sorted({seat.team for seat in viewer.seats})
    return or_(
        SavedView.owner == viewer.key,
        and_(SavedView.audience == TEAM, SavedView.shared_with.in_(teams)),
        and_(SavedView.audience == ORGANISATION, SavedView.shared_with.in_(sorted(viewer.organisations))),
    )
