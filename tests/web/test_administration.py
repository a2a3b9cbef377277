"""What the installation consists of is seen and changed in pages, by those who administer it and within their own."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask, session

from servicedesk.actions.changes import assign
from servicedesk.actions.desk import Desk
from servicedesk.app import create_app
from servicedesk.config import Settings
from servicedesk.core.clock import ControlledClock
from servicedesk.core.vocabulary import Audience
from servicedesk.store.queries.tickets import view_ticket
from servicedesk.web import identity
from servicedesk.web.administration.words import KINDS
from servicedesk.web.reading import reading
from servicedesk.web.ticket.templates import filled_in, offered
from tests.support.desk import START, Template, new_ticket, persona
from tests.support.pages import Visitor, session_of

PEOPLE = "/administration/person"


@pytest.fixture
def app(desk_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("instance")
    settings = Settings(
        instance=folder, database_url=desk_template.copy_to(folder), secret_key="only-for-tests-0123456789"
    )
    made = create_app(settings, ControlledClock(START))
    yield made
    made.extensions["desk"].engine.dispose()


@pytest.fixture
def desk(app: Flask) -> Desk:
    found: Desk = app.extensions["desk"]
    return found


def as_persona(app: Flask, name: str) -> Visitor:
    visitor = Visitor(app)
    with visitor.client.session_transaction() as session:
        session.update(session_of(app.extensions["desk"], name))
    return visitor


def test_every_kind_of_thing_is_listed_and_each_has_a_page(app: Flask) -> None:
    manager = as_persona(app, "it_service_manager")
    for kind in KINDS:
        listed = manager.get(f"/administration/{kind}")
        assert listed.status == 200
        things = [link for link in listed.links() if link.startswith(f"/administration/{kind}/")]
        assert things or kind == "template"
        for link in {*things[:2], *things[-2:]}:
            assert manager.get(link).status == 200, link


def test_the_matrix_and_the_ladder_are_shown(app: Flask, desk: Desk) -> None:
    page = as_persona(app, "administrator_lulea").get("/administration/rules")
    with desk.reading() as connection:
        installation = desk.book(connection).installation
    assert page.html.count("<td>") == len(installation.priorities)
    assert all(f"<dt>{rung.share} " in page.html for rung in installation.ladder)


def test_a_suppliers_lead_looks_after_its_own_people_and_sees_nothing_else(app: Flask) -> None:
    own = "/administration/person/leverantor-plattform-tekniker"
    assert as_persona(app, "supplier_technician").get(own).status == 200
    assert as_persona(app, "other_supplier_technician").get(own).status == 404
    visitor = as_persona(app, "supplier_technician")
    assert visitor.get("/administration/rules").status == 404
    assert visitor.get("/administration/person/lulea-administrator").status == 404
    shown = "".join(visitor.get(f"/administration/{kind}").html for kind in KINDS)
    assert not any(f"/{key}" in shown for key in ("lulea", "pitea", "e-namnden"))


def test_the_search_finds_by_any_word_that_stands_beside(app: Flask) -> None:
    found = as_persona(app, "administrator_lulea").get("/administration?q=administratör+luleå")
    assert "Exempel Administratör Luleå" in found.text
    nothing = as_persona(app, "administrator_lulea").get("/administration?q=pajala+administratör")
    assert "Nothing here has these words" in nothing.text or "Inget" in nothing.text


@pytest.mark.parametrize("name", ["first_line_lulea", "developer_lulea", "system_owner"])
def test_to_those_who_administer_nothing_there_are_no_such_pages(app: Flask, name: str) -> None:
    visitor = as_persona(app, name)
    assert visitor.get("/administration").status == 404
    assert visitor.get(f"{PEOPLE}/lulea-administrator").status == 404


def test_a_municipality_sees_its_own_and_nothing_of_another(app: Flask) -> None:
    visitor = as_persona(app, "administrator_lulea")
    for kind in KINDS:
        html = visitor.get(f"/administration/{kind}").html
        assert "/pajala" not in html, kind
    assert visitor.get(f"{PEOPLE}/pajala-forsta-linjen").status == 404
    assert visitor.get("/administration/team/pajala-vaxel").status == 404


def test_a_person_is_added_invited_and_signs_in(app: Flask) -> None:
    visitor = as_persona(app, "administrator_lulea")
    page = visitor.send(
        "/administration/new/person",
        name="Ny Person",
        email="Ny.Person@lulea.example",
        phone="0920-45 30 00",
        seat="lulea-kundcenter/first_line_staff",
    )
    shown = visitor.follow(page)
    assert "ny.person@lulea.example" in shown.text
    made = visitor.send(page.location, "/invitation")
    link = made.element("invitation-link")["value"]
    path = urlsplit(link).path
    newcomer = Visitor(app)
    short = newcomer.send(path, password="kort", again="kort")
    assert short.status == 422
    assert newcomer.send(path, password="ett riktigt långt", again="ett annat långt").status == 422
    assert newcomer.send(path, password="ett riktigt långt", again="ett riktigt långt").status == 303
    assert newcomer.get(path).status == 404
    assert newcomer.sign_in("ny.person@lulea.example", "ett riktigt långt").status == 303
    assert newcomer.get("/queue").status == 200


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(app: Flask) -> None:
    visitor = as_persona(app, "administrator_lulea")
    page = visitor.send("/administration/new/person", name="Ny Person", email="ingen adress", seat="")
    assert page.status == 422
    assert page.form("/administration/new/person")["name"] == "Ny Person"
    assert page.form("/administration/new/person")["email"] == "ingen adress"
    taken = visitor.send(
        "/administration/new/person", name="A", email="forsta.linjen@pajala.example",
        seat="lulea-kundcenter/first_line_staff",
    )  # fmt: skip
    assert taken.status == 422


def test_the_later_of_two_is_told_and_shown_both(app: Flask) -> None:
    one, other = as_persona(app, "administrator_lulea"), as_persona(app, "second_line_lulea")
    path = f"{PEOPLE}/lulea-forsta-linjen/change"
    opened = one.get(path).form(path)
    assert other.send(path, name="Det Andra Namnet").status == 303
    late = one.post(path, {**opened, "name": "Det Första Namnet"})
    assert late.status == 409
    assert "Det Andra Namnet" in late.text
    assert late.form(path)["name"] == "Det Första Namnet"
    assert one.post(path, late.form(path)).status == 303
    assert "Det Första Namnet" in one.get(f"{PEOPLE}/lulea-forsta-linjen").text


def test_who_has_left_is_signed_out_and_their_tickets_go_back(app: Flask, desk: Desk) -> None:
    number = new_ticket(desk).number
    assign(desk, number, "lulea-forsta-linjen-2", actor=persona(desk, "first_line_lulea"))
    leaver = as_persona(app, "first_line_colleague_lulea")
    assert leaver.get("/queue").status == 200
    visitor = as_persona(app, "administrator_lulea")
    path = f"{PEOPLE}/lulea-forsta-linjen-2/end"
    assert number in visitor.get(path).text
    assert visitor.send(path, reason="").status == 422
    ended = visitor.send(path, reason="Har slutat.")
    assert ended.status == 303
    assert leaver.get("/queue").status == 303
    shown = visitor.follow(ended)
    assert "Har slutat." in shown.text
    assert number in shown.text
    assert leaver.sign_in("forsta.linjen.2@lulea.example").status == 401


def test_a_form_sent_twice_makes_one_person(app: Flask, desk: Desk) -> None:
    visitor = as_persona(app, "administrator_lulea")
    path = "/administration/new/person"
    said = {"name": "Två Gånger", "email": "tva@lulea.example", "seat": "lulea-kundcenter/first_line_staff"}
    sent = {**visitor.get(path).form(path), **said}
    assert visitor.post(path, sent).status == 303
    assert visitor.post(path, sent).status == 303
    with desk.reading() as connection:
        people = desk.book(connection).installation.people.values()
    assert sum(person.email == "tva@lulea.example" for person in people) == 1


def test_other_words_in_a_form_that_was_sent_are_asked_about_and_never_lost(app: Flask) -> None:
    visitor, path = as_persona(app, "administrator_lulea"), "/administration/new/person"
    form = {**visitor.get(path).form(path), "name": "En Ny", "seat": "lulea-kundcenter/first_line_staff"}
    assert visitor.post(path, {**form, "email": "en@lulea.example"}).status == 303
    page = visitor.post(path, {**form, "email": "två@lulea.example", "name": "En Till"})
    assert page.status == 409 and page.form(path)["name"] == "En Till"
    assert "Då stod det något annat i det, och det är sparat." in page.text
    assert visitor.post(path, {**page.form(path), "email": "till@lulea.example"}).status == 303
    assert "En Till" in visitor.get(PEOPLE).text


def test_a_week_that_is_never_open_is_refused_with_a_sentence(app: Flask) -> None:
    visitor, path = as_persona(app, "administrator_lulea"), "/administration/calendar/lulea-kundcenter/week"
    page = visitor.send(path, **dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), ""))
    assert page.status == 422
    assert "De här tiderna går inte att använda" in page.text
    assert "De får inte gå in i varandra." in visitor.send(path, mon="12–9").text


def test_a_day_is_closed_and_opened_again(app: Flask) -> None:
    visitor, hours = as_persona(app, "administrator_lulea"), "/administration/calendar/lulea-kundcenter"
    wrong = visitor.send(f"{hours}/days", first="2026-03-06", hours="hela dagen")
    assert (wrong.status, wrong.form(f"{hours}/days")["hours"]) == (422, "hela dagen")
    assert visitor.send(f"{hours}/days", first="2026-03-02").status == 422
    shown = visitor.follow(visitor.send(f"{hours}/days", first="2026-03-06", last="2026-03-07", reason="Utbildning."))
    assert "Utbildning." in shown.text
    assert shown.has_form("/days/2026-03-06/usual")
    opened = visitor.follow(visitor.send(hours, "/days/2026-03-06/usual"))
    assert not opened.has_form("/days/2026-03-06/usual")
    assert opened.has_form("/days/2026-03-07/usual")


def test_the_week_gets_new_hours_and_every_wrong_day_is_named(app: Flask) -> None:
    visitor, hours = as_persona(app, "administrator_lulea"), "/administration/calendar/lulea-kundcenter"
    wrong = visitor.send(f"{hours}/week", since="2026-04-01", mon="x", tue="9–8")
    assert wrong.status == 422
    assert {each["id"] for _, each in wrong.elements if each.get("id", "").endswith("-fault")} == {
        "part-mon-fault",
        "part-tue-fault",
    }
    shown = visitor.follow(visitor.send(f"{hours}/week", since="2026-04-01", mon="9–15", tue="9–15"))
    assert "09.00–15.00" in shown.text


def test_who_gives_out_a_ticket_sees_who_is_away(app: Flask, desk: Desk) -> None:
    number = new_ticket(desk).number
    away = as_persona(app, "first_line_colleague_lulea")
    said = {"first": "2026-03-02", "last": "2026-03-06", "stand_in": "lulea-forsta-linjen"}
    shown = away.follow(away.send("/away", **said))
    assert shown.has_form("/away/2026-03-02/end")
    page = as_persona(app, "first_line_lulea").get(f"/tickets/{number}")
    assert "6 mars, Exempel Första linjen Luleå" in page.text
    back = away.follow(away.send("/away", "/away/2026-03-02/end"))
    assert not back.has_form("/end")


def test_a_template_is_written_offered_filled_in_and_withdrawn(app: Flask, desk: Desk) -> None:
    visitor, path = as_persona(app, "administrator_lulea"), "/administration/new/template"
    wrong = visitor.send(path, title="Återkoppling", text="Hej {namnet}!", place="lulea")
    assert (wrong.status, wrong.form(path)["text"]) == (422, "Hej {namnet}!")
    assert visitor.send(path, title="X", text="Hej", place="pitea").status == 422
    text = "Hej {anmälare}! {ärendenummer} gäller {tjänst}. Senast {senast}. {mitt namn}"
    made = visitor.send(path, title="Återkoppling", text=text, place="lulea")
    shown = visitor.follow(made)
    assert "Hej Anna Exempel! 2026-00042" in shown.text
    number = new_ticket(desk).number
    to_requester, missing = filled(app, "first_line_lulea", number, Audience.REQUESTER)
    assert to_requester.startswith(f"Hej Anna Exempel! {number} gäller ")
    assert missing == ()
    assert "2026" in to_requester.partition("Senast")[2]
    to_supplier, missing = filled(app, "first_line_lulea", number, Audience.SUPPLIER)
    assert "Anna Exempel" not in to_supplier
    assert set(missing) == {"anmälare", "senast"}
    assert filled(app, "first_line_lulea", number, Audience.REQUESTER, "Återkoppling")
    visitor.send(made.location, "/withdrawal")
    with pytest.raises(StopIteration):
        filled(app, "first_line_lulea", number, Audience.REQUESTER)
    assert visitor.follow(visitor.send(made.location, "/restoration")).has_form("/withdrawal")


def filled(
    app: Flask, name: str, number: str, audience: Audience, title: str = "Återkoppling"
) -> tuple[str, tuple[str, ...]]:
    """By the persona, in a request of theirs."""
    with app.test_request_context():
        session.update(session_of(app.extensions["desk"], name))
        with reading() as now:
            template = next(each for each in offered(now) if each.title == title)
            view = view_ticket(now.connection, now.book, identity.viewer(), number)
            found = filled_in(template, view, audience, now)
            return found.text, found.missing
