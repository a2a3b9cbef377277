"""Templates on a ticket: those that its reader may begin a reply with, filled in from what they and their readers see.

    for template in offered(reading):
        filled = filled_in(template, view, audience, reading)

`filled.text` is the beginning of a reply; `filled.missing` names what whoever writes has to see to themselves.
"""

from datetime import datetime

from servicedesk.core.facts import Template
from servicedesk.core.templates import Filled, Variable, fill, templates_for
from servicedesk.core.vocabulary import Audience
from servicedesk.store.queries.tickets import TicketView
from servicedesk.web import identity, names, times
from servicedesk.web.reading import Reading


def offered(reading: Reading) -> list[Template]:
    return templates_for(identity.viewer(), reading.installation)


def filled_in(template: Template, view: TicketView, audience: Audience, reading: Reading) -> Filled:
    """From `view` alone, which holds nothing that the viewer may not see; of that, what `audience` may read."""
    ticket, installation, viewer = view.ticket, reading.installation, identity.viewer()
    mine = [seat.team for seat in viewer.seats if seat.organisation == view.organisation]
    due = _next_due(view)
    values = {
        Variable.NUMBER: view.number,
        Variable.REQUESTER: view.requester.name if view.requester else "",
        Variable.SUBJECT: view.title,
        Variable.MUNICIPALITY: names.organisation(installation, ticket.municipality),
        Variable.SERVICE: names.service(installation, ticket.service),
        Variable.E_SERVICE: names.e_service(installation, ticket.e_service) if ticket.e_service else "",
        Variable.DUE: times.long(due) if due else "",
        Variable.ME: viewer.name,
        Variable.TEAM: names.team(installation, mine[0]) if mine else "",
    }
    return fill(template.text, values, audience)


def _next_due(view: TicketView) -> datetime | None:
    """Of the promises to the requester, which belong to no tier; none to a supplier, who is promised nothing there."""
    promised = (clock.due_at for clock in view.clocks if clock.tier is None and clock.party == view.ticket.municipality)
    return min((due for due in promised if due is not None), default=None)
