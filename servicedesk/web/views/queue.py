"""The queue, and the front page."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from servicedesk.core.vocabulary import Role
from servicedesk.store.queries.whose import Scope
from servicedesk.web.blueprint import bp
from servicedesk.web.identity import viewer
from servicedesk.web.lists.live import live_page
from servicedesk.web.lists.queue import filter_from, queue_page
from servicedesk.web.lists.supplier import is_supplier
from servicedesk.web.reading import reading


@bp.get("/")
def home() -> ResponseReturnValue:
    """The list that one came for: what is to be shared out, for the one whose day that is; else the team's queue; and
    for who works in no team what they have asked themselves."""
    if not viewer().seats:
        return redirect(url_for("web.own_tickets"), 303)
    if is_supplier(viewer()):
        return redirect(url_for("web.supplier_start"), 303)
    is_manager = Role.IT_SERVICE_MANAGER in viewer().roles
    return redirect(url_for("web.triage" if is_manager else "web.queue"), 303)


@bp.get("/queue")
def queue() -> ResponseReturnValue:
    """A scope that is none of ours shows the team's queue."""
    asked = request.args.get("scope", Scope.TEAM)
    scope = Scope(asked) if asked in list(Scope) else Scope.TEAM
    with reading() as now:
        page = queue_page(scope, filter_from(request.args), request.args.get("after", ""), now)
        return live_page("web/queue.html", now, page)
