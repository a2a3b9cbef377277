"""A person's own notices."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from servicedesk.actions.notices import mark_desk_read, mark_read, mark_ticket_read
from servicedesk.extensions import desk
from servicedesk.store.queries.notices import list_notices, unread_of_desk
from servicedesk.web.blueprint import bp
from servicedesk.web.clients.webhooks import OF_DESK
from servicedesk.web.identity import viewer
from servicedesk.web.lists.notices import asked_after, notices_page
from servicedesk.web.reading import reading
from servicedesk.web.rendering import render


@bp.get("/notices")
def notices() -> ResponseReturnValue:
    with reading() as now:
        lines, after = list_notices(now.connection, viewer(), after=asked_after(request.args.get("after", "")))
        page = notices_page(lines, after, now)
        of_desk = unread_of_desk(now.connection, viewer())
        return render("web/notices.html", now, page=page, of_desk=of_desk, desk_words=OF_DESK)


@bp.post("/notices")
def read_notices() -> ResponseReturnValue:
    """Marks what was on the page; what has come since stays unread."""
    mark_read(desk(), _sent("up_to"), actor=viewer())
    mark_desk_read(desk(), _sent("desk_up_to"), actor=viewer())
    return redirect(url_for("web.notices"), 303)


@bp.post("/tickets/<number>/notices")
def open_from_notices(number: str) -> ResponseReturnValue:
    """The ticket, with all of one's notices of it read. Its own page sends this by itself when it is opened."""
    mark_ticket_read(desk(), number, actor=viewer())
    if "HX-Request" in request.headers:
        return "", 204
    return redirect(url_for("web.show_ticket", number=number), 303)


def _sent(name: str) -> int:
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
