"""Everything there is to go to, on a page of its own; the palette (static/palette.js) asks for its two lists."""

from flask import request
from flask.typing import ResponseReturnValue

from servicedesk.web import identity
from servicedesk.web.blueprint import bp
from servicedesk.web.lists.commands import places, remembered
from servicedesk.web.reading import reading
from servicedesk.web.rendering import render, render_block, wants_fragment

PLACES, TICKETS = "places", "tickets"


@bp.get("/commands")
def commands() -> ResponseReturnValue:
    typed = request.args.get("q", "")
    with reading() as now:
        if wants_fragment(TICKETS):
            return render_block("web/commands.html", TICKETS, now, found=remembered(typed, now))
        here = places(identity.viewer())
        if wants_fragment(PLACES):
            return render_block("web/commands.html", PLACES, now, places=here)
        found = remembered(typed, now) if typed else []
        return render("web/commands.html", now, places=here, found=found, typed=typed)
