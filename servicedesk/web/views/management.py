"""Follow-up, and the tickets behind each of its figures."""

from flask import request
from flask.typing import ResponseReturnValue

from servicedesk.web.blueprint import bp
from servicedesk.web.follow_up.asking import asking
from servicedesk.web.follow_up.behind import behind_page, figure_of
from servicedesk.web.follow_up.page import management_page, moment
from servicedesk.web.follow_up.source import reports
from servicedesk.web.rendering import render


@bp.get("/management")
def management() -> ResponseReturnValue:
    with reports() as (now, source):
        asked = asking(request.args, now)
        if asked.asked is None:
            return render("web/management.html", now, source=source, asking=asked, page=None), 422
        return render("web/management.html", now, source=source, asking=asked, page=management_page(asked, now))


@bp.get("/management/tickets")
def management_tickets() -> ResponseReturnValue:
    with reports() as (now, source):
        asked = asking(request.args, now)
        if asked.asked is None:
            return render("web/management.html", now, source=source, asking=asked, page=None), 422
        page = behind_page(asked, figure_of(request.args, now.installation), request.args, now)
        return render("web/management_tickets.html", now, source=source, page=page, moment=moment(asked, now))
