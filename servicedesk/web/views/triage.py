"""Triage."""

from flask import request
from flask.typing import ResponseReturnValue

from servicedesk.core.triage import Lane
from servicedesk.web import identity
from servicedesk.web.blueprint import bp
from servicedesk.web.lists.live import live_page
from servicedesk.web.lists.queue import filter_from
from servicedesk.web.lists.triage import triage_page
from servicedesk.web.managing.reach import suppliers_followed
from servicedesk.web.reading import reading


@bp.get("/triage")
def triage() -> ResponseReturnValue:
    """The board, or with `lane` one lane of it in full."""
    asked = request.args.get("lane", "")
    with reading() as now:
        page = triage_page(filter_from(request.args), Lane(asked) if asked in list(Lane) else None, now)
        return live_page("web/triage.html", now, page, suppliers=suppliers_followed(identity.viewer(), now))
