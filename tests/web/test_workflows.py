"""The pages about workflows: the picture with live counts, the words, what is proved; and who sees them."""

from html import unescape
from xml.etree import ElementTree

import pytest

from servicedesk.actions.desk import Desk
from servicedesk.core.proof.check import RULES, guarantees, proof_of
from servicedesk.core.vocabulary import Language
from servicedesk.core.workflows.file import parse_workflow
from servicedesk.web.speech import sentence
from servicedesk.web.workflows import page as workflow_page
from servicedesk.web.workflows.alone import speaking
from tests.actions.versions import put_in_force, second_version, ticket_in
from tests.support.desk import new_ticket, ticket_after
from tests.support.pages import Page
from tests.web.conftest import People
from tests.workflows.cast import SHIPPED, shipped
from tests.workflows.test_broken_files import BROKEN

KEY = "citizen_incident"
ADDRESS = f"/workflows/{KEY}"
SVG = "{http://www.w3.org/2000/svg}"


def picture(page: Page) -> ElementTree.Element:
    return ElementTree.fromstring(
        page.html[page.html.index("<svg xmlns") : page.html.index("</svg>", page.html.index("<svg xmlns")) + 6]
    )


def counts(page: Page) -> dict[str, str]:
    """State -> what its mark in the picture says."""
    links = picture(page).iter(f"{SVG}a")
    return {
        link.attrib["href"].rpartition("/")[2]: "".join(t.text or "" for t in link.iter(f"{SVG}text")) for link in links
    }


@pytest.mark.parametrize("key", SHIPPED)
def test_a_workflow_page_draws_it_tells_it_in_words_and_says_what_is_proved(person_at: People, key: str) -> None:
    page = person_at("first_line_lulea").get(f"/workflows/{key}")
    words = page.text
    for state in shipped(key).states.values():
        assert state.labels[Language.SWEDISH] in words
    for step in shipped(key).steps():
        assert step.labels[Language.SWEDISH] in words
    assert shipped(key).version[:12] in words
    assert picture(page).findtext(f"{SVG}title") == shipped(key).labels[Language.SWEDISH]
    with speaking(Language.SWEDISH):
        assert all(sentence(rule) in words for _find, rule in RULES)
    for walk in shipped(key).scenarios.values():
        assert walk.labels[Language.SWEDISH] in words
    assert f"i högst {guarantees(shipped(key)).longest_way_out} steg" in words
    assert not [rule for _find, rule in RULES if rule in words], "said in English on a Swedish page"


def test_the_picture_says_how_many_of_the_viewers_tickets_are_where_and_leads_to_them(
    person_at: People, desk: Desk
) -> None:
    new_ticket(desk, subject="Första"), new_ticket(desk, subject="Andra")
    ticket_after(desk, "accept_in_joint", subject="Hos förvaltningsledaren")
    ticket_after(desk, "confirm")
    new_ticket(desk, "pitea", subject="Piteås")
    visitor = person_at("first_line_lulea")
    page = visitor.get(ADDRESS)
    assert counts(page) == {"first_new": "2", "joint_active": "1"}
    assert "3 pågående ärenden" in page.text
    listed = visitor.get(f"{ADDRESS}/first_new").text
    assert "Första" in listed and "Andra" in listed and "Piteås" not in listed
    assert "Hos förvaltningsledaren" in visitor.get(f"{ADDRESS}/joint_active").text
    assert counts(person_at("first_line_pitea").get(ADDRESS)) == {"first_new": "1"}
    assert counts(person_at("it_service_manager").get(ADDRESS)) == {"joint_active": "1"}


def test_tickets_on_an_older_version_are_counted_beside_and_named(person_at: People, desk: Desk) -> None:
    ticket_in(desk, "first_active")
    ticket_in(desk, "first_new")
    old = shipped(KEY).version[:12]
    put_in_force(desk, second_version())
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    page = visitor.get(ADDRESS)
    assert counts(page) == {"first_new": "1 + 1"}
    assert "Ärenden i äldre versioner" in page.text
    assert f"{old}: 2 pågående ärenden" in page.text
    assert "Pågår hos första linjen: 1" in page.text
    assert "2 av dem i en äldre version" in visitor.get("/workflows").text
    assert visitor.get(f"{ADDRESS}/first_active").status == 200


def test_a_long_list_of_tickets_in_a_state_comes_page_by_page(
    person_at: People, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workflow_page, "PAGE", 2)
    for _ in range(5):
        new_ticket(desk)
    visitor, address, seen = person_at("first_line_lulea"), f"{ADDRESS}/first_new", list[str]()
    while address:
        page = visitor.get(address)
        seen += [link for link in page.links() if link.startswith("/tickets/2026")]
        address = next((unescape(link) for link in page.links() if "after=" in link), "")
    assert len(seen) == len(set(seen)) == 5


def test_the_list_names_every_workflow_and_is_in_the_menu(person_at: People, desk: Desk) -> None:
    visitor = person_at("second_line_lulea")
    assert "/workflows" in visitor.get("/queue").links()
    page = visitor.get("/workflows")
    assert {f"/workflows/{key}" for key in SHIPPED} <= set(page.links())


def test_a_supplier_sees_no_workflow_and_nothing_that_leads_to_one(person_at: People, desk: Desk) -> None:
    """A workflow shows the whole chain, and a supplier is told only of its own part."""
    ticket_after(desk, "accept_at_supplier")
    visitor = person_at("supplier_technician")
    assert "/workflows" not in visitor.get("/queue").links()
    for address in ("/workflows", ADDRESS, f"{ADDRESS}/supplier_active", "/workflows/none"):
        page = visitor.get(address)
        assert page.status == 404
        assert "Invånare" not in page.text and "<svg xmlns" not in page.html


@pytest.mark.parametrize(
    "address", ["/workflows/none", f"{ADDRESS}/none", f"{ADDRESS}/first_new/more", "/workflows/%00"]
)
def test_an_address_of_no_workflow_or_state_leads_nowhere(person_at: People, address: str) -> None:
    assert person_at("first_line_lulea").get(address).status == 404


@pytest.mark.parametrize("after", ["x", "-1", "9" * 40, "²"])
def test_an_address_that_was_tampered_with_shows_the_first_page(person_at: People, desk: Desk, after: str) -> None:
    new_ticket(desk, subject="Först")
    assert "Först" in person_at("first_line_lulea").get(f"{ADDRESS}/first_new?after={after}").text


def test_a_picture_needs_no_style_in_the_page_and_scrolls_in_a_region_of_its_own(person_at: People) -> None:
    page = person_at("first_line_lulea").get(ADDRESS)
    assert "style=" not in page.html and "<style" not in page.html
    region = next(attributes for _, attributes in page.elements if attributes.get("role") == "region")
    assert region["tabindex"] == "0" and region["aria-label"]


def test_of_a_version_that_a_rule_finds_fault_with_it_says_which_holds_and_which_does_not(
    person_at: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    proof = proof_of(parse_workflow((BROKEN / "cycle.toml").read_text(encoding="utf-8"), "cycle.toml"))
    assert proof.broken and len(proof.proven) + len(proof.broken) == len(RULES) and not proof.longest_way_out
    monkeypatch.setattr(workflow_page, "_proof", lambda definition: proof)
    page = person_at("first_line_lulea").get(ADDRESS)
    with speaking(Language.SWEDISH):
        told = page.html.partition('class="workflow-broken"')[2].partition("</ul>")
        assert all(sentence(rule) in told[0] for rule in proof.broken)
        assert all(sentence(rule) in told[2] and sentence(rule) not in told[0] for rule in proof.proven)
    assert "i högst" not in page.text
