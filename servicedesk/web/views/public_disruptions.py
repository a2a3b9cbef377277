"""What works and what does not, for everybody: a page, a feed, a part for a municipality's own site, and data."""

from typing import Any
from urllib.parse import urljoin

from flask import Response, current_app, g, json, request, url_for

from servicedesk.core.codec import stamp
from servicedesk.core.vocabulary import Language
from servicedesk.web import language
from servicedesk.web.blueprint import bp
from servicedesk.web.disruptions import atom
from servicedesk.web.disruptions.serving import FRAMED, cached
from servicedesk.web.disruptions.told import News, Told, news
from servicedesk.web.reading import reading
from servicedesk.web.rendering import brand_mark, render_plain

HTML = "text/html; charset=utf-8"


@bp.get("/driftinfo")
def public_disruptions() -> Response:
    return _page("web/public_disruptions.html")


@bp.get("/driftinfo/fragment")
def disruptions_fragment() -> Response:
    """For a frame on a municipality's own site."""
    response = _page("web/disruptions_fragment.html")
    response.headers["Content-Security-Policy"] = FRAMED
    return response


@bp.get("/driftinfo/atom.xml")
def disruptions_feed() -> Response:
    g.page_language = _chosen() or Language.SWEDISH
    with reading() as now:
        found = news(now)
        here = _here(found)
        page = url_for("web.public_disruptions", **here, _external=True)
        address = url_for("web.disruptions_feed", **here, _external=True)
        brand, mark = current_app.extensions["brand"], urljoin(address, brand_mark())
        body = atom.feed(found, page, address, str(language.current()), name=brand.name, mark=mark)
    return cached(body, atom.MEDIA_TYPE, found.updated_at)


@bp.get("/driftinfo.json")
def disruptions_data() -> Response:
    """The same for a script on any site: it holds nothing that not everybody may read."""
    g.page_language = Language.SWEDISH
    with reading() as now:
        found = news(now)
    body = json.dumps({"disruptions": [_as_data(told) for told in found.all]}, ensure_ascii=False, sort_keys=True)
    response = cached(body, "application/json", found.updated_at)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _page(template: str) -> Response:
    of_browser = request.accept_languages.best_match(list(Language)) or Language.SWEDISH
    g.page_language = _chosen() or Language(of_browser)
    with reading() as now:
        found = news(now)
        body = render_plain(template, news=found, title=atom.title(found), chosen=_chosen(), here=_here(found))
    return cached(body, HTML, found.updated_at, speaks=True)


def _here(found: News) -> dict[str, str]:
    """What the address asks for, with the language if it names one."""
    chosen = _chosen()
    return {**found.asked, **({"lang": str(chosen)} if chosen else {})}


def _chosen() -> Language | None:
    asked = request.args.get("lang", "")
    return Language(asked) if asked in list(Language) else None


def _as_data(told: Told) -> dict[str, Any]:
    each = told.disruption
    return {
        "id": each.key,
        "title": each.title,
        "service": {"key": each.service, "name": told.service},
        "municipalities": list(each.municipalities),
        "began_at": stamp(each.began_at),
        "ended_at": stamp(each.ended_at) if each.ended_at else None,
        "updated_at": stamp(each.updated_at),
        "messages": [{"at": stamp(message.at), "text": message.text} for message in each.messages],
    }
