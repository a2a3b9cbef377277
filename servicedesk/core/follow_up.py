"""Who may follow up, and how far: one table. A role that is not in it follows up nothing.

The joint board follows up every ticket, which the domain grants it as statistics: how that is kept from telling more is
said, once, in store.queries.follow_up.counted. A municipality follows up its own tickets, a supplier its own contract.
"""

from dataclasses import replace
from enum import StrEnum

from servicedesk.core.facts import Actor
from servicedesk.core.vocabulary import Role


class Reach(StrEnum):
    """Widest first."""

    ALL = "all"
    MUNICIPALITY = "municipality"
    CONTRACT = "contract"


TABLE: dict[Role, Reach] = {
    Role.IT_SERVICE_MANAGER: Reach.ALL,
    Role.SYSTEM_OWNER: Reach.ALL,
    Role.BUSINESS_SYSTEM_MANAGER: Reach.MUNICIPALITY,
    Role.SUPPLIER_AGENT: Reach.CONTRACT,
}


def follower(viewer: Actor) -> tuple[Reach, Actor] | None:
    """The widest reach of the viewer's roles, and the viewer with nothing but the seats that give it, so that a seat
    elsewhere adds nothing. None when no seat does."""
    for reach in Reach:
        seats = tuple(seat for seat in viewer.seats if TABLE.get(seat.role) is reach)
        if seats:
            return reach, replace(viewer, seats=seats)
    return None
