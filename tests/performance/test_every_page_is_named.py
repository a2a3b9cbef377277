"""No page is forgotten: every address that answers with a document stands in PAGES, whose lines are measured in time
and queries, looked at by axe in every width, and taken pictures of."""

from collections.abc import Iterator

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from tests.isolation.routes import ROUTES
from tests.performance.pages import PAGES, visitor_of
from tests.support.pages import signed_in
from tests.support.things import Things

# What answers with no document of its own: a way on, files, feeds, and what systems read.
NO_PAGE = {
    *("web.home", "web.static", "static", "web.brand_style", "web.brand_mark", "web.disruptions_data"),
    *("web.disruptions_feed", "web.show_attachment", "web.show_picture", "web.link_attachment", "web.own_attachment"),
    *("healthz", "readyz", "metrics", "api_openapi", "problems.kind", "oauth.authorization_server"),
}


def shown(app: Flask) -> Iterator[Rule]:
    """Every address to get, but what a system asks for with a token."""
    for rule in app.url_map.iter_rules():
        is_for_systems = ROUTES[rule.endpoint].edge == "api" and not rule.endpoint.startswith("api_docs.")
        if "GET" in (rule.methods or ()) and not (is_for_systems and rule.endpoint not in NO_PAGE):
            yield rule


def named(app: Flask, things: Things) -> set[str]:
    """The endpoints that the lines of PAGES lead to, by the map itself."""
    there = app.url_map.bind("localhost")
    paths = (things.address(page.address, page.viewer).partition("?")[0] for page in PAGES)
    return {there.match(path, method="GET")[0] for path in paths}


def is_document(answer: Response) -> bool:
    return answer.mimetype == "text/html" and "<!doctype html" in answer.get_data(as_text=True)[:200].lower()


def test_every_page_has_a_line(demo_app: Flask, things: Things) -> None:
    pages = {rule.endpoint for rule in shown(demo_app)} - NO_PAGE
    assert named(demo_app, things) == pages, "a new page needs a line in tests/performance/pages.py"


def test_every_line_leads_to_a_page_of_its_own(demo_app: Flask, things: Things) -> None:
    """Not to one that says that there is none, nor to where one signs in."""
    for page in PAGES:
        with visitor_of(demo_app, page).client.get(things.address(page.address, page.viewer)) as answer:
            assert answer.status_code == 200 and is_document(answer), page.name
    assert len({page.name for page in PAGES}) == len(PAGES)


def test_what_is_called_no_page_answers_with_none(demo_app: Flask) -> None:
    client = signed_in(demo_app, "it_service_manager").client
    assert {rule.endpoint for rule in shown(demo_app)} >= NO_PAGE
    for rule in (rule for rule in shown(demo_app) if rule.endpoint in NO_PAGE):
        with demo_app.test_request_context():
            built = rule.build({"number": "2026-00001", **ROUTES[rule.endpoint].values}, append_unknown=False)
        assert built is not None
        with client.get(built[1]) as answer:
            # What is not there is said on a page that stands for every address.
            assert answer.status_code in (303, 404) or not is_document(answer), rule.rule
