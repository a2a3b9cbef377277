"""/api/docs: what a vendor's developer reads, from the first token to years of use. Open to all: nothing of any ticket
is in it."""

from typing import Any

from flask import Blueprint, current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from servicedesk.api.docs import mapping_page
from servicedesk.api.docs.operations import operations_of
from servicedesk.api.docs.texts import TEXTS, text_of
from servicedesk.api.language import language, say
from servicedesk.api.problems import KINDS
from servicedesk.core.errors import NotFound
from servicedesk.extensions import desk

bp = Blueprint("api_docs", __name__, url_prefix="/api/docs", template_folder="templates")


@bp.get("")
def reference() -> str:
    """Every operation, drawn by the browser from the OpenAPI document; without scripts a list of them."""
    document = current_app.extensions["api_document"]
    return _page("reference", operations=operations_of(document()))


@bp.get("/problems")
def problems() -> str:
    found = [(code, kind.status, say(kind.title), say(kind.remedy)) for code, kind in KINDS.items()]
    return _page("problems", kinds=found)


@bp.get("/tmf621")
def tmf621() -> str:
    """How TM Forum's standard is spoken here: of the tables and workflows that are in force."""
    with desk().reading() as connection:
        definitions = desk().book(connection).workflows()
    return _page("tmf621", **mapping_page.told(definitions))


@bp.get("/<string:name>")
def text(name: str) -> str:
    if name not in TEXTS:
        raise NotFound("There is no such page.")
    return _page("text", name=name, html=text_of(name, language()))


def _page(template: str, **context: Any) -> str:
    spoken = str(language())
    with force_locale(spoken):
        titles = {
            "guide": _("Guide: your first ticket"),
            "webhooks": _("Webhooks and the change feed"),
            "versions": _("Versions and changes"),
            "tmf621": _("TMF621: TM Forum's trouble tickets"),
        }
        return render_template(f"api_docs/{template}.html", spoken=spoken, titles=titles, **context)
