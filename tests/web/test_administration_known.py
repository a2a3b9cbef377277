"""Known errors and answers looked after in pages, by whoever looks after whom they are for."""

from servicedesk.actions.desk import Desk
from tests.support.pages import Page
from tests.web.conftest import People

KNOWN = "/administration/known"
NEW = "/administration/new/known"
FOR_ALL = f"{KNOWN}/logga-in-utan-bankid"
SAID = {
    "title": "Parkeringstillstånd för boende",
    "kind": "answer",
    "answer": "Det söks i e-tjänsten.",
    "symptoms": "boendeparkering\nparkera på gatan",
    "service": "e-tjansteplattform",
    "resolution_code": "information_given",
}


def choices(page: Page) -> set[str]:
    return {attributes["value"] for tag, attributes in page.elements if tag == "option" and attributes.get("value")}


def test_what_the_first_line_can_tell_is_added_changed_and_withdrawn(person_at: People, desk: Desk) -> None:
    visitor = person_at("administrator_lulea")
    assert NEW in visitor.get("/administration/known").links()
    form = visitor.get(NEW)
    assert {"lulea"} <= choices(form) and not {"pitea", "all"} & choices(form)
    page = visitor.follow(visitor.send(NEW, **SAID))
    assert "Det söks i e-tjänsten." in page.text and "boendeparkering" in page.text
    address = next(link for link in page.links() if link.endswith("/change")).removesuffix("/change")
    changed = visitor.follow(visitor.send(f"{address}/change", answer="Det söks på plats.", e_service="Bygglov"))
    assert "Det söks på plats." in changed.text and "Det söks i e-tjänsten." in changed.text, "with what it was before"
    withdrawn = visitor.follow(visitor.send(address, f"{address}/withdrawal"))
    assert withdrawn.has_form("/restoration") and not withdrawn.has_form("/withdrawal")
    assert visitor.follow(visitor.send(address, f"{address}/restoration")).has_form("/withdrawal")
    assert SAID["title"] in visitor.get("/administration?q=parkeringstillstånd").text


def test_all_that_was_typed_stands_there_when_something_is_wrong(person_at: People, desk: Desk) -> None:
    visitor = person_at("administrator_lulea")
    page = visitor.send(NEW, **{**SAID, "title": "", "e_service": "Finns inte"})
    assert page.status == 422
    form = page.form(NEW)
    assert (form["symptoms"], form["e_service"], form["answer"]) == (SAID["symptoms"], "Finns inte", SAID["answer"])


def test_what_is_for_all_is_seen_by_a_municipality_and_changed_by_the_it_service_manager(
    person_at: People, desk: Desk
) -> None:
    lulea, manager = person_at("administrator_lulea"), person_at("it_service_manager")
    assert f"{FOR_ALL}/change" not in lulea.get(FOR_ALL).links()
    assert lulea.get(f"{FOR_ALL}/change").status == 404
    token = lulea.get(NEW).form(NEW)["csrf_token"]
    assert lulea.post(f"{FOR_ALL}/change", {**SAID, "csrf_token": token, "municipality": "all"}).status == 404
    assert f"{FOR_ALL}/change" in manager.get(FOR_ALL).links()
    assert "Ring oss." in manager.follow(manager.send(f"{FOR_ALL}/change", answer="Ring oss.")).text
    assert person_at("first_line_lulea").get(NEW).status == 404
    assert person_at("supplier_technician").get(NEW).status == 404
