"""Workflows: what they are, and where their tickets are now."""

from flask import request
from flask.typing import ResponseReturnValue

from servicedesk.web.blueprint import bp
from servicedesk.web.reading import reading
from servicedesk.web.rendering import render
from servicedesk.web.workflows.page import require_sight, state_page, workflow_list, workflow_page


@bp.get("/workflows")
def workflows() -> ResponseReturnValue:
    require_sight()
    with reading() as now:
        return render("web/workflows.html", now, workflows=workflow_list(now))


@bp.get("/workflows/<key>")
def show_workflow(key: str) -> ResponseReturnValue:
    require_sight()
    with reading() as now:
        return render("web/workflow.html", now, page=workflow_page(key, now))


@bp.get("/workflows/<key>/<state>")
def workflow_tickets(key: str, state: str) -> ResponseReturnValue:
    require_sight()
    with reading() as now:
        return render("web/workflow_tickets.html", now, page=state_page(key, state, request.args.get("after", ""), now))
