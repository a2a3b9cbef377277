"""Keeping what somebody writes on a ticket."""

from flask.typing import ResponseReturnValue

from servicedesk.core.errors import Invalid
from servicedesk.store.queries.tickets import find_ticket
from servicedesk.web import times
from servicedesk.web.blueprint import bp
from servicedesk.web.forms import nonce
from servicedesk.web.forms.keeping import keep
from servicedesk.web.identity import viewer
from servicedesk.web.reading import reading
from servicedesk.web.speech import _
from servicedesk.web.ticket.drafts import WORDS

LONGEST_WAY = 80


@bp.post("/tickets/<number>/drafts/<way>")
def keep_ticket_draft(number: str, way: str) -> ResponseReturnValue:
    """What stands in one of its forms now, asked for by the page itself at a pause in the typing."""
    with reading() as now:
        find_ticket(now.connection, viewer(), number)
        words = _("Draft kept %(when)s", when=times.clock(now.now))
    try:
        form, saves = keep(nonce.said(), WORDS, actor=viewer(), about=number, way=way[:LONGEST_WAY])
    except Invalid:
        return {}, 422
    return {"form": form, "saves": saves, "words": words if saves else ""}
