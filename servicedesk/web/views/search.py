"""Search."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from servicedesk.store.queries.search import Show
from servicedesk.web.blueprint import bp
from servicedesk.web.lists.search import search_page
from servicedesk.web.reading import reading
from servicedesk.web.rendering import render, render_block, wants_fragment

RESULTS = "results"


@bp.get("/search")
def search() -> ResponseReturnValue:
    """Whoever types a whole number and presses Enter comes straight to that ticket."""
    asked = request.args
    show = Show(asked["show"]) if asked.get("show") in list(Show) else Show.ALL
    with reading() as now:
        page = search_page(asked.get("q", ""), show, asked.get("after", ""), now)
        if wants_fragment(RESULTS):
            return render_block("web/search.html", RESULTS, now, page=page, is_part=True)
        if page.straight_to and asked.keys() == {"q"}:
            return redirect(url_for("web.show_ticket", number=page.straight_to), 303)
        return render("web/search.html", now, page=page, is_part=False)
