"""What the installation consists of: an overview with a search, lists, and a page for each thing."""

from flask import request
from flask.typing import ResponseReturnValue

from servicedesk.web.administration.listing import additions, kind_lines, overview
from servicedesk.web.administration.places import places
from servicedesk.web.administration.rules import rules_page
from servicedesk.web.administration.seeing import require_administration, sight
from servicedesk.web.administration.thing import thing_page
from servicedesk.web.administration.words import ABOUT, KINDS
from servicedesk.web.blueprint import bp
from servicedesk.web.reading import reading
from servicedesk.web.rendering import render

LONGEST_WORDS = 100


@bp.get("/administration")
def administration() -> ResponseReturnValue:
    require_administration()
    words = _words()
    with reading() as now:
        seen = sight(now)
        shown = {"groups": overview(now, seen, words), "places": places(words, now, seen)}
        return render("web/administration.html", now, words=words, about=ABOUT, seen=seen, **shown)


@bp.get("/administration/rules")
def rules() -> ResponseReturnValue:
    require_administration()
    with reading() as now:
        return render("web/administration_rules.html", now, page=rules_page(now))


@bp.get("/administration/<kind>")
def administration_kind(kind: str) -> ResponseReturnValue:
    require_administration()
    words = _words()
    with reading() as now:
        lines = kind_lines(kind, words, now, sight(now))
        label = str(KINDS[kind])
        adds = additions(kind, sight(now))
        return render("web/administration_kind.html", now, kind=kind, label=label, lines=lines, words=words, adds=adds)


@bp.get("/administration/<kind>/<key>")
def show_part(kind: str, key: str) -> ResponseReturnValue:
    require_administration()
    with reading() as now:
        return render("web/administration_thing.html", now, page=thing_page(kind, key, now))


def _words() -> str:
    return " ".join(request.args.get("q", "")[:LONGEST_WORDS].split())
