"""Triage."""

from flask import abort, request
from flask.typing import ResponseReturnValue

from servicedesk.core.grouping import By
from servicedesk.core.triage import Lane
from servicedesk.store.queries.tickets import view_ticket
from servicedesk.web import identity
from servicedesk.web.blueprint import bp
from servicedesk.web.forms.submission import Trouble
from servicedesk.web.lists.board import board_page, divisions
from servicedesk.web.lists.live import live_page
from servicedesk.web.lists.moving import moving
from servicedesk.web.lists.queue import filter_from, in_address
from servicedesk.web.lists.triage import triage_page
from servicedesk.web.majors.listing import on_top
from servicedesk.web.managing.reach import suppliers_followed
from servicedesk.web.reading import reading
from servicedesk.web.rendering import render
from servicedesk.web.ticket.presence import polled


@bp.get("/triage")
def triage() -> ResponseReturnValue:
    """The board by what is to be done, or with `lane` one lane of it in full; with `by` all that is open, divided by
    that, and with `column` one column of it in full."""
    typed = request.args
    lane, by = typed.get("lane", ""), typed.get("by", "")
    wanted, viewer = filter_from(typed), identity.viewer()
    divided = by if by in list(By) else ""
    with reading() as now:
        beside = {
            "suppliers": suppliers_followed(viewer, now),
            "divisions": divisions(divided, in_address(wanted)),
            "majors_now": on_top(now),
        }
        if divided:
            page = board_page(By(by), typed.get("column", ""), typed.get("after", ""), wanted, viewer, now)
            return live_page("web/board.html", now, page, **beside)
        board = triage_page(wanted, Lane(lane) if lane in list(Lane) else None, now)
        return live_page("web/triage.html", now, board, **beside)


@bp.get("/triage/move/<number>")
def move_card(number: str) -> ResponseReturnValue:
    """What moving the ticket's card to a column means, as the form that does it; or why it cannot be."""
    by, to = request.args.get("by", ""), request.args.get("to", "")
    if by not in list(By):
        abort(404)
    with reading() as now:
        view = view_ticket(now.connection, now.book, identity.viewer(), number)
        found = moving(view, By(by), to, identity.viewer(), now)
        is_trouble = isinstance(found, Trouble)
        form, trouble = (None, found) if is_trouble else (found, None)
        beside = polled(view.ticket, view.version, now)
        page = render("web/form.html", now, view=view, form=form, trouble=trouble, kept=[], foreseen=None, **beside)
        return page, 409 if is_trouble else 200
