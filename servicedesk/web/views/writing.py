"""Before one sends: the form for one circle of readers on a page of its own, begun with a template or a quotation, or
as it will look.

Nothing is saved here. Where scripts run they ask for a part of it and put that in the ticket's page.
"""

from flask import request
from flask.typing import ResponseReturnValue

from servicedesk.core.errors import NotFound
from servicedesk.core.mentions import handles
from servicedesk.store.queries.tickets import TicketView, numbers_seen, view_ticket
from servicedesk.web import identity, names
from servicedesk.web.blueprint import bp
from servicedesk.web.marked import marked, numbers_in
from servicedesk.web.reading import Reading, reading
from servicedesk.web.rendering import render, wants_fragment
from servicedesk.web.ticket.doubts import doubts, readers
from servicedesk.web.ticket.presence import polled
from servicedesk.web.ticket.quoting import quoted
from servicedesk.web.ticket.templates import filled_in, offered
from servicedesk.web.ticket.writing import To, written_to


@bp.route("/tickets/<number>/writing/<to>", methods=["GET", "POST"])
def write(number: str, to: str) -> ResponseReturnValue:
    body = request.form.get("body", "").replace("\r\n", "\n")
    with reading() as now:
        view = view_ticket(now.connection, now.book, identity.viewer(), number)
        way = written_to(to, view, now)
        if wants_fragment("people"):
            return _people(way, view, now)
        begun = _template(way, view, now) or _quotation(way, view)
        if wants_fragment("begun") and begun:
            return {"text": begun}
        body = "\n\n".join(part for part in (body.strip("\n"), begun) if part)
        if wants_fragment("preview"):
            return render("web/_preview.html", now, to=way, preview=_shown(body, now))
        found = doubts(body, way.audience, view, now)
        if wants_fragment("doubts"):
            return render("web/_doubts.html", now, to=way, doubts=found)
        preview = _shown(body, now) if request.values.get("show") == "preview" else ""
        beside = polled(view.ticket, view.version, now)
        return render("web/writing.html", now, view=view, to=way, body=body, doubts=found, preview=preview, **beside)


def _template(way: To, view: TicketView, now: Reading) -> str:
    """The template that was chosen, filled in. NotFound when it is none of this person's."""
    key = request.values.get("template", "")
    if not key:
        return ""
    template = next((each for each in offered(now) if each.key == key), None)
    if template is None:
        raise NotFound("There is no such template. Open the ticket and choose one of those that are there.")
    return filled_in(template, view, way.audience, now).text


def _quotation(way: To, view: TicketView) -> str:
    seq = request.args.get("quote", "")
    if not seq:
        return ""
    text = quoted(view, int(seq), way.form.key) if seq.isascii() and seq.isdigit() and len(seq) < 10 else ""
    if not text:
        raise NotFound("There is nothing to quote here. Open the ticket and choose another entry.")
    return text


def _people(way: To, view: TicketView, now: Reading) -> list[dict[str, str]]:
    """Those who can be mentioned, each with where they work and what means them alone: for whoever writes an @."""
    people = readers(way.audience, view, now)
    handle_of = handles(people, now.installation.teams)
    return [
        {
            "name": person.name,
            "handle": handle_of[person.key],
            "beside": ", ".join(names.team(now.installation, seat.team) for seat in person.memberships),
        }
        for person in people
    ]


def _shown(body: str, now: Reading) -> str:
    numbers = numbers_seen(now.connection, identity.viewer(), numbers_in(body))
    found = marked(body.strip(), numbers)
    return found[0] if found else body.strip()
