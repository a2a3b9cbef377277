"""Before one sends: the form for one circle of readers on a page of its own, begun with a template.

Nothing is saved here. Where scripts run they ask for a part of it and put that in the ticket's page.
"""

from flask import request
from flask.typing import ResponseReturnValue

from servicedesk.core.errors import NotFound
from servicedesk.core.templates import Filled
from servicedesk.store.queries.tickets import TicketView, view_ticket
from servicedesk.web import identity
from servicedesk.web.blueprint import bp
from servicedesk.web.reading import Reading, reading
from servicedesk.web.rendering import render, wants_fragment
from servicedesk.web.ticket.doubts import doubts
from servicedesk.web.ticket.templates import filled_in, offered
from servicedesk.web.ticket.writing import To, written_to


@bp.route("/tickets/<number>/writing/<to>", methods=["GET", "POST"])
def write(number: str, to: str) -> ResponseReturnValue:
    body = request.form.get("body", "")
    with reading() as now:
        view = view_ticket(now.connection, now.book, identity.viewer(), number)
        way = written_to(to, view, now)
        begun = _begun(way, view, now)
        if wants_fragment("begun") and begun:
            return {"text": begun.text}
        body = "\n\n".join(part for part in (body.strip("\r\n"), begun.text if begun else "") if part)
        found = doubts(body, way.audience, view, now)
        if wants_fragment("doubts"):
            return render("web/_doubts.html", now, to=way, doubts=found)
        return render("web/writing.html", now, view=view, to=way, body=body, doubts=found)


def _begun(way: To, view: TicketView, now: Reading) -> Filled | None:
    """The template that was chosen, filled in. NotFound when it is none of this person's."""
    key = request.values.get("template", "")
    if not key:
        return None
    template = next((each for each in offered(now) if each.key == key), None)
    if template is None:
        raise NotFound("There is no such template. Open the ticket and choose one of those that are there.")
    return filled_in(template, view, way.audience, now)
