"""A person's own notices."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from servicedesk.actions.notices import mark_read
from servicedesk.extensions import desk
from servicedesk.store.queries.notices import list_notices
from servicedesk.web.blueprint import bp
from servicedesk.web.identity import viewer
from servicedesk.web.reading import reading
from servicedesk.web.rendering import render
from servicedesk.web.words import NOTICES


@bp.get("/notices")
def notices() -> ResponseReturnValue:
    with reading() as now:
        return render("web/notices.html", now, notices=list_notices(now.connection, viewer()), words=NOTICES)


@bp.post("/notices")
def read_notices() -> ResponseReturnValue:
    """Marks what was on the page; what has come since stays unread."""
    up_to = request.form.get("up_to", "")
    mark_read(desk(), int(up_to) if up_to.isascii() and up_to.isdigit() and len(up_to) < 18 else 0, actor=viewer())
    return redirect(url_for("web.notices"), 303)
