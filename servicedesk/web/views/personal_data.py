"""How a municipality handles the data of those who ask, for everybody to read."""

from flask import current_app, g, request
from flask.typing import ResponseReturnValue

from servicedesk.core.errors import NotFound
from servicedesk.core.vocabulary import Language, OrganisationKind
from servicedesk.web.blueprint import bp
from servicedesk.web.reading import reading
from servicedesk.web.rendering import render_plain
from servicedesk.web.requester.personal_data import text_of


@bp.get("/dina-uppgifter/<municipality>")
def personal_data(municipality: str) -> ResponseReturnValue:
    asked = request.args.get("lang", "")
    of_browser = request.accept_languages.best_match(list(Language)) or Language.SWEDISH
    spoken = g.page_language = Language(asked if asked in list(Language) else of_browser)
    with reading() as now:
        found = now.installation.organisations.get(municipality)
    if found is None or found.kind is not OrganisationKind.MUNICIPALITY:
        raise NotFound("There is no such page, or it is not yours to see.")
    text = text_of(current_app.config["INSTANCE"], municipality, found.name, spoken)
    return render_plain("web/personal_data.html", text=text, municipality=found)
