"""The queue, and the front page."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from servicedesk.store.queries.lists import Scope
from servicedesk.web.blueprint import bp
from servicedesk.web.live import live_page
from servicedesk.web.queue_page import filter_from, queue_page
from servicedesk.web.reading import reading


@bp.get("/")
def home() -> ResponseReturnValue:
    return redirect(url_for("web.queue"), 303)


@bp.get("/queue")
def queue() -> ResponseReturnValue:
    """A scope that is none of ours shows the team's queue."""
    asked = request.args.get("scope", Scope.TEAM)
    scope = Scope(asked) if asked in list(Scope) else Scope.TEAM
    with reading() as now:
        page = queue_page(scope, filter_from(request.args), request.args.get("after", ""), now)
        return live_page("web/queue.html", now, page)
