"""How much each team and each person has before them, of the tickets that the viewer may see."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, case, func, select
from sqlalchemy.orm import aliased

from servicedesk.core.facts import Actor
from servicedesk.store import risks
from servicedesk.store.queries.follow_up.epoch import epoch
from servicedesk.store.queries.lines import Line, lines_of
from servicedesk.store.queries.lists import IS_OPEN
from servicedesk.store.queries.open_pages import PLACE, ids_from
from servicedesk.store.queries.visible import visible
from servicedesk.store.tickets import TicketCustody, Visibility


@dataclass(frozen=True, slots=True)
class Load:
    """`person` is '' for what nobody works on. `held`: seconds by the wall clock since the team got each of them,
    together."""

    team: str
    person: str
    open: int
    at_risk: int
    held: int


def load_of(connection: Connection, viewer: Actor, teams: Collection[str], now: datetime) -> list[Load]:
    """By team and person; exact."""
    here, stay = aliased(TicketCustody), aliased(TicketCustody)
    mine = visible(viewer, Visibility.ticket_id).where(IS_OPEN, Visibility.holder_team.in_(sorted(teams)))
    came = (
        select(stay.ticket_id, func.min(stay.started_at).label("at"))
        .join(here, (here.ticket_id == stay.ticket_id) & (here.number == stay.number))
        .where(here.ended_at.is_(None), stay.ticket_id.in_(mine))
        .group_by(stay.ticket_id)
        .subquery()
    )
    person = func.coalesce(Visibility.assignee, "").label("who")
    risk = func.coalesce(func.sum(case((risks.is_late_or_at_risk(), 1), else_=0)), 0)
    held = func.sum(int(now.timestamp()) - epoch(came.c.at))
    query = (
        visible(viewer, Visibility.holder_team, person, func.count(), risk, held)
        .join(came, came.c.ticket_id == Visibility.ticket_id)
        .where(IS_OPEN)
        .group_by(Visibility.holder_team, "who")
    )
    rows = connection.execute(query, risks.at(now))
    return [Load(team, who, count, at_risk, int(held)) for team, who, count, at_risk, held in rows]


def tickets_before(
    connection: Connection, viewer: Actor, team: str, person: str | None, *, after: str = "", limit: int
) -> tuple[list[Line], str]:
    """A page of what a team has before it, or of that what one person has ('' for nobody), what runs out first on top;
    and the cursor of the next page, '' on the last."""
    query = visible(viewer, *PLACE).where(IS_OPEN, Visibility.holder_team == team)
    if person is not None:
        query = query.where(Visibility.assignee == person)
    page = ids_from(connection, query, {}, after, limit)
    lines = lines_of(connection, viewer, page.ids)
    return [lines[each] for each in page.ids], page.after
