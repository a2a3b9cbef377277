"""The queue, and the front page."""

from urllib.parse import parse_qsl, urlencode

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from servicedesk.core.vocabulary import Role
from servicedesk.store.queries.views import start_of
from servicedesk.web.blueprint import bp
from servicedesk.web.identity import viewer
from servicedesk.web.lists.live import live_page
from servicedesk.web.lists.queue import asked_in, asked_of, filter_from, queue_page, reworded
from servicedesk.web.lists.supplier import is_supplier
from servicedesk.web.majors.listing import on_top
from servicedesk.web.reading import reading


@bp.get("/")
def home() -> ResponseReturnValue:
    """The list that one came for: the saved one that a person begins with; else what is to be shared out, for the one
    whose day that is; else the team's queue; and for who works in no team what they have asked themselves."""
    if not viewer().seats:
        return redirect(url_for("web.own_tickets"), 303)
    with reading() as now:
        start = start_of(now.connection, viewer())
    if start:
        return _to(dict(parse_qsl(start)))
    if is_supplier(viewer()):
        return redirect(url_for("web.supplier_start"), 303)
    is_manager = Role.IT_SERVICE_MANAGER in viewer().roles
    return redirect(url_for("web.triage" if is_manager else "web.queue"), 303)


@bp.get("/queue")
def queue() -> ResponseReturnValue:
    """What is typed or ticked there leads to the address that says it; with what was not understood it stays here."""
    scope, wanted, columns = asked_in(request.args)
    if ticked := request.args.getlist("column"):
        chosen = asked_in({"columns": ".".join(ticked)})[2]
        return _to(asked_of(scope, wanted, chosen))
    words = request.args.get("words")
    with reading() as now:
        understood = reworded(words, now) if words is not None else None
        if understood:
            wanted = filter_from(understood.asked)
            if not understood.trouble:
                return _to(asked_of(scope, wanted, columns))
        trouble = understood.trouble if understood else ()
        page = queue_page((scope, wanted, columns), request.args.get("after", ""), now, words or "", trouble)
        return live_page("web/queue.html", now, page, majors_now=on_top(now))


def _to(asked: dict[str, str]) -> ResponseReturnValue:
    return redirect(f"{url_for('web.queue')}?{urlencode(asked)}", 303)
