"""What whoever shares work out watches: every promise at risk, and load by team."""

from flask import request
from flask.typing import ResponseReturnValue

from servicedesk.web.blueprint import bp
from servicedesk.web.lists.live import live_page
from servicedesk.web.lists.queue import filter_from
from servicedesk.web.managing.load import load_page
from servicedesk.web.managing.promises import promises_page
from servicedesk.web.managing.reach import require_manager
from servicedesk.web.reading import reading


@bp.get("/promises")
def promises() -> ResponseReturnValue:
    """Those that run out first, or with `all` as many as a page can hold."""
    viewer, typed = require_manager(), request.args
    with reading() as now:
        page = promises_page(filter_from(typed), typed, viewer, now, whole="all" in typed)
        return live_page("web/promises.html", now, page)


@bp.get("/load")
def load() -> ResponseReturnValue:
    """Of all teams, or with `team` (and `person`, '' for nobody) the tickets of one, from `after` on."""
    viewer, typed = require_manager(), request.args
    with reading() as now:
        page = load_page(typed.get("team", ""), typed.get("person"), typed.get("after", ""), viewer, now)
        return live_page("web/load.html", now, page)
