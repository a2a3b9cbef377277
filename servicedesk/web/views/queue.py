"""The queue."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from servicedesk.store.queries.lists import Scope
from servicedesk.web.blueprint import bp
from servicedesk.web.queue_page import queue_page
from servicedesk.web.reading import reading
from servicedesk.web.rendering import render


@bp.get("/")
def home() -> ResponseReturnValue:
    return redirect(url_for("web.queue"), 303)


@bp.get("/queue")
def queue() -> ResponseReturnValue:
    """A scope that is none of ours shows the team's queue."""
    asked = request.args.get("scope", Scope.TEAM)
    scope = Scope(asked) if asked in list(Scope) else Scope.TEAM
    with reading() as now:
        return render("web/queue.html", now, page=queue_page(scope, request.args.get("after", ""), now))
