import pytest

from servicedesk.actions.desk import Desk
from servicedesk.store.queries.whose import Scope, scopes_of
from servicedesk.web.lists import queue as queue_page
from tests.support.desk import new_ticket, persona, ticket_after
from tests.support.pages import tickets_over_pages
from tests.web.conftest import People


def test_my_teams_queue_comes_first_and_each_tab_says_how_many(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "take", subject="Mitt ärende")
    new_ticket(desk, subject="Lagets ärende")
    ticket_after(desk, "escalate_to_second_line", subject="Hos andra linjen")
    ticket_after(desk, "confirm", subject="Avslutat ärende")
    visitor = person_at("first_line_lulea")
    page = visitor.get("/queue")
    assert (
        "Mina ärenden 1 Mitt teams kö 2 Väntar på mig 0 Riskerar att brytas 0 Lämnat vidare 1 Längre ner 0 Alla öppna 3"
        in page.text
    )
    assert "Avslutade 1" in page.text
    assert "Hos andra linjen" not in page.text
    assert "Lagets ärende" in page.text
    assert "Lagets ärende" not in visitor.get("/queue?scope=mine").text
    assert "Hos andra linjen" in visitor.get("/queue?scope=open").text
    assert "Avslutat ärende" in visitor.get("/queue?scope=closed").text


def test_a_line_says_what_runs_out_when_where_it_is_and_who_has_it(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "take", subject="Kvittens saknas")
    text = person_at("first_line_lulea").get("/queue?scope=mine").text
    for words in ("kvar", "4 låg", "Kvittens saknas", "2026-00001", "E-tjänsteplattformen"):
        assert words in text
    assert "Pågår Luleå kundcenter" in text
    assert "Exempel Första linjen Luleå" in text


def test_pages_follow_one_another_without_loss(person_at: People, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_page, "PAGE", 2)
    for number in range(5):
        new_ticket(desk, subject=f"Ärende {number}")
    visitor = person_at("first_line_lulea")
    seen = tickets_over_pages(visitor, "/queue?scope=open")
    assert sorted(seen) == [f"/tickets/2026-0000{n}" for n in range(1, 6)]
    assert len(set(seen)) == 5


def test_nobody_sees_another_municipalitys_tickets(person_at: People, desk: Desk) -> None:
    new_ticket(desk, "lulea", subject="Bara Luleås")
    visitor = person_at("first_line_pitea")
    for scope in ("mine", "team", "open", "closed"):
        assert "Bara Luleås" not in visitor.get(f"/queue?scope={scope}").text


# What each empty list says, and the list that it leads to.
EMPTY = {
    "mine": ("Du har inga egna ärenden just nu. Ta ett ur ditt teams kö.", "Mitt teams kö 0"),
    "team": ("Inget väntar i ditt teams kö.", "Alla öppna 0"),
    "waiting": ("Ingen väntar på dig. Här syns frågor till dig och svar som har kommit tillbaka.", "Mina ärenden 0"),
    "at-risk": ("Inget åtagande är på väg att brytas.", "Alla öppna 0"),
    "above": ("Inget som du har lämnat vidare är kvar hos andra.", "Mitt teams kö 0"),
    "below": ("Inget ärende ligger längre ner i kedjan", "Mitt teams kö 0"),
    "open": ("Det finns inga öppna ärenden kvar.", "Avslutade 0"),
    "closed": ("Inga ärenden har avslutats än.", "Alla öppna 0"),
}


@pytest.mark.parametrize("who", ["first_line_lulea", "it_service_manager", "supplier_technician"])
def test_every_empty_list_says_why_and_leads_to_another(person_at: People, desk: Desk, who: str) -> None:
    visitor = person_at(who)
    offered = scopes_of(persona(desk, who))
    assert set(EMPTY) == set(Scope)
    for scope, (said, instead) in EMPTY.items():
        page = visitor.get(f"/queue?scope={scope}")
        assert said in page.text and page.text.rindex(instead) > page.text.index(said), scope
        assert queue_page.INSTEAD[Scope(scope)] in offered, "it leads to a list that is there for them"
        filtered = visitor.get(f"/queue?scope={scope}&priority=1&late=1")
        assert "Inget ärende här stämmer med filtret." in filtered.text
        assert f"/queue?scope={scope}" in filtered.links(), "and the way out of the filter"


@pytest.mark.parametrize("query", ["scope=nonsense", "scope=team&after=nonsense", "after=2026~x"])
def test_an_address_that_was_tampered_with_shows_the_first_page(person_at: People, desk: Desk, query: str) -> None:
    new_ticket(desk, subject="Först i kön")
    assert "Först i kön" in person_at("first_line_lulea").get(f"/queue?{query}").text


@pytest.mark.parametrize(
    ("who", "front"),
    [
        ("first_line_lulea", "/queue"),
        ("second_line_lulea", "/queue"),
        ("it_service_manager", "/triage"),
        ("system_owner", "/queue"),
        ("supplier_technician", "/supplier"),
    ],
)
def test_the_front_page_is_the_list_one_came_for(person_at: People, who: str, front: str) -> None:
    assert person_at(who).get("/").location == front
