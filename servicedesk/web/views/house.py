"""The installation's own look, and what it says of how accessible it is: for everybody."""

from flask import Response, abort, current_app, g, request

from servicedesk.core.facts import Installation
from servicedesk.core.vocabulary import Language, OrganisationKind
from servicedesk.web import preferences
from servicedesk.web.assets import FOR_EVER
from servicedesk.web.blueprint import bp
from servicedesk.web.house.brand import Brand
from servicedesk.web.house.statement import Statement
from servicedesk.web.reading import reading
from servicedesk.web.rendering import render_plain


@bp.get("/assets/brand.css")
def brand_style() -> Response:
    return _own(_brand().style.encode(), "text/css")


@bp.get("/assets/brand.svg")
def brand_mark() -> Response:
    return _own(_brand().mark, "image/svg+xml")


@bp.get("/tillganglighet")
def accessibility() -> str:
    """In the language asked for, else the one chosen before, else the browser's."""
    asked = request.args.get("lang", "")
    chosen = Language(asked) if asked in list(Language) else preferences.current().language
    g.page_language = chosen or request.accept_languages.best_match(list(Language)) or Language.SWEDISH
    statement: Statement = current_app.extensions["statement"]
    with reading() as now:
        organisation = statement.organisation or _shared_by_all(now.installation)
    return render_plain("web/accessibility.html", statement=statement, organisation=organisation)


def _shared_by_all(installation: Installation) -> str:
    """The organisation that answers for what the municipalities share."""
    of_all = (one.name for one in installation.organisations.values() if one.kind is OrganisationKind.JOINT)
    return next(of_all, _brand().name)


def _brand() -> Brand:
    found: Brand = current_app.extensions["brand"]
    return found


def _own(content: bytes, kind: str) -> Response:
    if not content:
        abort(404)
    response = Response(content, mimetype=kind)
    response.cache_control.public = True
    response.cache_control.max_age = FOR_EVER if "v" in request.args else 0
    return response
