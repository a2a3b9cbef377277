"""Lists saved under a name, shared, and begun with; a filter as words; columns that one chooses."""

import pytest

from servicedesk.actions.desk import Desk
from tests.support.desk import new_ticket
from tests.support.pages import Page, Visitor
from tests.web.conftest import People

CRITICAL = "/queue?scope=open&priority=1"


def save(visitor: Visitor, address: str, name: str, **given: str) -> Page:
    return visitor.post("/views", {**visitor.get(address).form("/views"), "name": name, **given})


def views(page: Page) -> list[str]:
    return [link for link in page.links() if link.startswith("/queue?") and "after" not in link]


def form_of(page: Page, ending: str) -> str:
    return next(form.action for form in page.forms if form.action.endswith(ending))


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("prioritet:1 tjänst:e-arkiv otilldelade", "scope=open&service=e-arkiv&priority=1&unassigned=1"),
        ("priority:1 unassigned", "scope=open&priority=1&unassigned=1"),
        ("försenade prio:2", "scope=open&priority=2&late=1"),
        ("overdue AT-RISK", "scope=open&late=1&at_risk=1"),
        ("PRIO:kritisk", ""),
        ('tjänst:"E-arkiv" prio:2', "scope=open&service=e-arkiv&priority=2"),
        ("var:leverantör", "scope=open&tier=supplier"),
        ("", "scope=open"),
    ],
)
def test_a_filter_as_words_leads_to_the_address_that_says_it(person_at: People, typed: str, address: str) -> None:
    visitor = person_at("first_line_lulea")
    page = Page(visitor.client.get("/queue", query_string={"scope": "open", "words": typed}))
    assert page.location == (f"/queue?{address}" if address else "/queue?scope=open&priority=1")


def test_what_stands_in_the_address_stands_in_the_field_as_words(person_at: People) -> None:
    page = person_at("first_line_lulea").get(
        "/queue?scope=open&service=e-arkiv&priority=1&unassigned=1&late=1&at_risk=1"
    )
    assert page.element("words")["value"] == "tjänst:e-arkiv prioritet:1 otilldelade försenade riskerar"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("prioritet:1 snabbt", "”snabbt” är inget ord för ett filter."),
        ("tjänst:e", "”tjänst:e” passar inte in på något, eller på för mycket."),
        ("prioritet:1 prio:2", "”prioritet:” står där två gånger. Välj en av dem."),
        ("prioritet:", "passar inte in på något"),
        ("kommun:pitea", "är inget ord för ett filter"),
        ("<script>alert(1)</script>", "är inget ord för ett filter"),
        ("\u202eoitet:1 😀:x", "är inget ord för ett filter"),
    ],
)
def test_what_is_not_understood_is_said_and_kept(person_at: People, typed: str, said: str) -> None:
    visitor = person_at("first_line_lulea")
    page = Page(visitor.client.get("/queue", query_string={"scope": "open", "words": typed}))
    assert page.status == 200
    assert said in page.text
    assert page.element("words")["value"] == typed
    if typed.startswith("prioritet:1"):
        assert page.form("/queue", "priority")["priority"] == "1", "what was understood is on"


def test_columns_are_chosen_and_stay_with_the_list(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    there = Page(visitor.client.get("/queue?scope=open&column=priority&column=age")).location
    assert there == "/queue?scope=open&columns=priority.age"
    page = visitor.get(there)
    assert "cell-age" in page.html and "cell-subject" in page.html
    assert "cell-where" not in page.html and "cell-assignee" not in page.html
    assert any("scope=closed" in link and "columns=priority.age" in link for link in page.links())
    assert "cell-where" in visitor.get("/queue?scope=open&columns=nonsense").html


def test_a_list_is_saved_opened_renamed_and_removed(person_at: People) -> None:
    visitor = person_at("first_line_lulea")
    saved = save(visitor, "/queue?scope=open&priority=1&columns=age", "Kritiska")
    assert saved.location == "/queue?columns=age&priority=1&scope=open"
    page = visitor.get(saved.location)
    assert "Kritiska" in page.text
    assert "Kritiska" not in person_at("first_line_colleague_lulea").get("/queue").text, "nobody else's"
    seen = visitor.get("/views")
    rename = next(form for form in seen.forms if "name" in form.fields and form.action.startswith("/views/"))
    visitor.post(rename.action, {**rename.fields, "name": "Bråttom"})
    assert "Bråttom" in visitor.get("/queue").text
    removal = form_of(seen, "/removal")
    visitor.post(removal, seen.form("/removal"))
    assert "Bråttom" not in visitor.get("/queue").text
    assert visitor.post(removal, seen.form("/removal")).status == 303, "gone already is no trouble"


def test_a_shared_list_shows_each_reader_their_own(person_at: People, desk: Desk) -> None:
    new_ticket(desk, "lulea", subject="Luleås", impact="high", urgency="high")
    visitor = person_at("first_line_lulea")
    save(visitor, CRITICAL, "Lagets kritiska", share="team/lulea-kundcenter")
    save(visitor, CRITICAL, "Kommunens kritiska", share="organisation/lulea")
    colleague, above, other = (
        person_at(name) for name in ("first_line_colleague_lulea", "second_line_lulea", "first_line_pitea")
    )
    assert "Lagets kritiska" in colleague.get("/queue").text and "Kommunens kritiska" in colleague.get("/queue").text
    assert "Lagets kritiska" not in above.get("/queue").text and "Kommunens kritiska" in above.get("/queue").text
    assert "kritiska" not in other.get("/queue").text
    assert "Luleås" not in other.get(CRITICAL).text
    assert not [form for form in colleague.get("/views").forms if form.action.endswith("/removal")]


def test_nobody_changes_or_shares_what_is_not_theirs(person_at: People) -> None:
    visitor, other = person_at("first_line_lulea"), person_at("first_line_pitea")
    save(visitor, CRITICAL, "Min", share="organisation/lulea")
    token = other.get("/queue").form("/views")["csrf_token"]
    assert other.post("/views/1", {"csrf_token": token, "name": "Kapad"}).status == 404
    assert other.post("/views/1/start", {"csrf_token": token, "starts": "1"}).status == 404
    other.post("/views/1/removal", {"csrf_token": token})
    assert "Min" in visitor.get("/views").text
    refused = save(other, CRITICAL, "Till dem", share="organisation/lulea")
    assert refused.status == 422
    assert "Dela den med ett team eller en organisation som du hör till" in refused.text
    assert refused.form("/views")["name"] == "Till dem", "what was typed stands there still"


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_name_that_cannot_be_is_said(person_at: People, name: str) -> None:
    assert save(person_at("first_line_lulea"), CRITICAL, name).status == 422


def test_one_begins_with_a_saved_list_until_one_does_no_longer(person_at: People) -> None:
    visitor = person_at("it_service_manager")
    save(visitor, CRITICAL, "Kritiska", start="1")
    assert visitor.get("/").location == "/queue?priority=1&scope=open"
    page = visitor.get("/views")
    visitor.post(form_of(page, "/start"), page.form("/start"))
    assert visitor.get("/").location == "/triage"
    page = visitor.get("/views")
    visitor.post(form_of(page, "/start"), page.form("/start"))
    assert visitor.get("/").location == "/queue?priority=1&scope=open"
    visitor.post(form_of(page, "/removal"), page.form("/removal"))
    assert visitor.get("/").location == "/triage"


def test_a_double_click_saves_once(person_at: People) -> None:
    visitor = person_at("first_line_lulea")
    form = {**visitor.get(CRITICAL).form("/views"), "name": "Kritiska"}
    for _ in range(2):
        assert visitor.post("/views", form).status == 303
    assert visitor.get("/views").text.count("Nytt namn på Kritiska") == 1


def test_what_is_saved_is_only_what_a_list_can_ask(person_at: People) -> None:
    visitor = person_at("first_line_lulea")
    saved = save(visitor, CRITICAL, "Konstig", asked="scope=x&next=//evil.example&priority=9&after=1&tier=joint")
    assert saved.location == "/queue?scope=team&tier=joint"
