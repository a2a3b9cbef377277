"""Declaring a major incident: out of a ticket, or anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import insert

from servicedesk.actions.desk import Desk
from servicedesk.actions.disruptions import NewDisruption, checked, declare
from servicedesk.actions.majors.acts import add_act
from servicedesk.actions.once import Once, claim, settle
from servicedesk.actions.opened import Open
from servicedesk.actions.work import unit_of_work
from servicedesk.core.errors import Refusal
from servicedesk.core.events import MajorIncidentDeclared
from servicedesk.core.facts import Actor
from servicedesk.core.majors import Act, require_leads
from servicedesk.store.majors import MajorIncident, MajorMunicipality


@dataclass(frozen=True, slots=True)
class NewMajor:
    """`title` and `text` are read in all these municipalities, and by the public where `is_public`: nothing of one
    ticket's own stands in them. `number`: the ticket that it is declared out of."""

    service: str
    municipalities: Sequence[str]
    title: str
    text: str
    is_public: bool = False
    number: str = ""


def declare_major(desk: Desk, new: NewMajor, *, actor: Actor, once: Once | None = None) -> str:
    """Its key. Refusal `not_yours` but to the IT service manager; Invalid names every field."""
    require_leads(actor)
    with unit_of_work(desk) as work:
        if once:
            claim(work.connection, once, work.began)
        held = _open(work.open_ticket(new.number, actor=actor)) if new.number else None
        told = NewDisruption(new.service, new.municipalities, new.title, new.text)
        title, text = checked(told, work.book.installation, work.began)
        ticket_id, public, key = held.id if held else None, "", str(uuid4())
        if new.is_public:
            public = declare(
                work.connection, work.book.installation, told, work.began, actor=actor, ticket_id=ticket_id
            )
        row = {
            "key": key,
            "service": new.service,
            "title": title,
            "declared_at": work.began,
            "declared_by": f"{actor.kind}:{actor.key}",
            "ticket_id": ticket_id,
            "disruption": public,
        }
        made = work.connection.execute(insert(MajorIncident).values(row).returning(MajorIncident.id)).scalar_one()
        places = [{"incident_id": made, "municipality": each} for each in sorted(set(new.municipalities))]
        work.connection.execute(insert(MajorMunicipality), places)
        add_act(work.connection, made, Act.DECLARE, text, work.began, actor=actor)
        if held is not None:
            work.record(held, MajorIncidentDeclared(key), actor=actor)
        if once:
            settle(work.connection, once, key)
        return key


def _open(held: Open) -> Open:
    if not held.ticket.is_open:
        raise Refusal("Only out of an open ticket can a major incident be declared.", code="not_open")
    if held.ticket.major:
        raise Refusal("The ticket belongs to a major incident already.", code="nothing_changed")
    return held
