"""The IT service manager looks after the systems that use the API; to everybody else there are no such pages."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from servicedesk.actions.callers import client_of_token
from servicedesk.actions.clients import ClientGiven, change_client, create_client, suspend_client
from servicedesk.actions.desk import Desk
from servicedesk.actions.tokens import SCOPES, NewToken, make_token
from servicedesk.core.clock import ControlledClock
from servicedesk.core.errors import Refusal
from servicedesk.core.facts import OPERATOR
from servicedesk.core.scopes import SCOPES_OF
from servicedesk.core.vocabulary import OrganisationKind
from servicedesk.store.queries.clients import TOKEN, Client, all_clients, all_tokens, client_by_key
from servicedesk.web.clients.words import SCOPE_WORDS
from tests.api.conftest import app_in
from tests.support.desk import START, Template, persona, ticket_after
from tests.support.pages import Page, Visitor, session_of

SUPPLIER = "leverantor-plattform"


@pytest.fixture(scope="module")
def app(desk_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One for all: each test has a client of its own."""
    with app_in(tmp_path_factory.mktemp("instance"), desk_template) as made:
        yield made


@pytest.fixture
def desk(app: Flask) -> Desk:
    found: Desk = app.extensions["desk"]
    found.clock = ControlledClock(START)
    app.extensions.pop("tokens_ending", None)
    return found


def as_persona(app: Flask, name: str) -> Visitor:
    visitor = Visitor(app)
    with visitor.client.session_transaction() as session:
        session.update(session_of(app.extensions["desk"], name))
    return visitor


@pytest.fixture
def manager(app: Flask) -> Visitor:
    return as_persona(app, "it_service_manager")


@pytest.fixture
def made(desk: Desk) -> Client:
    return create_client(desk, SUPPLIER, ClientGiven("Larm", ("tickets:read",)), actor=OPERATOR)


@pytest.fixture
def token(desk: Desk, made: Client) -> NewToken:
    return make_token(desk, made.key, TOKEN, "drift", actor=OPERATOR)


def shown_text(page: Page) -> str:
    return page.element("token-text")["value"]


def refused_with(desk: Desk, text: str) -> str:
    with pytest.raises(Refusal) as refused:
        client_of_token(desk, text)
    return refused.value.code


def test_every_scope_has_words() -> None:
    assert set(SCOPE_WORDS) == set(SCOPES)


def test_a_system_is_added_with_nothing_ticked_beforehand(desk: Desk, manager: Visitor) -> None:
    first = manager.get("/clients/new")
    assert first.form("/clients/new") == {"organisation": ""}
    page = manager.get("/clients/new?organisation=lulea")
    boxes = [attributes for tag, attributes in page.elements if attributes.get("name") == "scopes"]
    assert {box["value"] for box in boxes} == set(SCOPES_OF[OrganisationKind.MUNICIPALITY])
    assert not any("checked" in box for box in boxes)
    form = page.form("/clients") | {"name": "Kontaktcenter", "rate": "6 00", "addresses": "192.0.2.10"}
    done = manager.post("/clients", form | {"scopes": ["tickets:read", "tickets:log"]})
    with desk.reading() as connection:
        client = all_clients(connection, "lulea")[-1]
    assert done.location == f"/clients/{client.key}"
    assert (client.scopes, client.rate, client.addresses) == (("tickets:read", "tickets:log"), 600, "192.0.2.10")
    assert client.created_by == f"person:{persona(desk, 'it_service_manager').key}"
    # The same form sent twice is one system.
    assert manager.post("/clients", form | {"scopes": ["tickets:read", "tickets:log"]}).location == done.location
    assert "Kontaktcenter" in manager.follow(done).text
    assert "Kontaktcenter" in manager.get("/clients").text


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(manager: Visitor) -> None:
    page = manager.get("/clients/new?organisation=lulea")
    sent = page.form("/clients") | {"name": "", "scopes": ["tickets:log"], "addresses": "10.1.2.3/8", "rate": "många"}
    again = manager.post("/clients", sent)
    assert again.status == 422
    kept = again.form("/clients")
    assert (kept["addresses"], kept["rate"]) == ("10.1.2.3/8", "många")
    for name in ("name", "addresses", "rate"):
        assert again.element(f"client-{name}")["aria-invalid"] == "true"
        assert any(attributes.get("id") == f"client-{name}-fault" for _, attributes in again.elements)
    assert "10.0.0.0/8" in again.text
    ticked = [each["value"] for _, each in again.elements if each.get("name") == "scopes" and "checked" in each]
    assert ticked == ["tickets:log"]


def test_a_token_is_shown_once_and_never_again(desk: Desk, manager: Visitor, made: Client) -> None:
    address = f"/clients/{made.key}"
    form = manager.get(address).form("/tokens") | {"kind": "token", "name": "Driften"}
    shown = manager.post(f"{address}/tokens", form)
    text = shown_text(shown)
    assert (shown.status, shown.headers["Cache-Control"]) == (201, "no-store")
    assert client_of_token(desk, text).name == "Larm"
    # Sent once more, by a reload: nothing more is made, and nothing shown.
    again = manager.post(f"{address}/tokens", form)
    assert again.location == address
    page = manager.follow(again)
    assert text not in page.html and text not in manager.get("/clients").html
    with desk.reading() as connection:
        assert [each.name for each in all_tokens(connection, made.id)] == ["Driften"]


def test_a_secret_comes_with_where_to_take_it(desk: Desk, manager: Visitor, made: Client) -> None:
    shown = manager.send(f"/clients/{made.key}", f"/clients/{made.key}/tokens", kind="secret", name="Prov")
    assert shown.element("client-key")["value"] == made.key
    assert shown.element("token-place")["value"].endswith("/oauth/token")
    sent = {"grant_type": "client_credentials", "client_id": made.key, "client_secret": shown_text(shown)}
    assert manager.client.post("/oauth/token", data=sent).status_code == 200


def test_a_token_is_replaced_and_revoked(desk: Desk, manager: Visitor, made: Client, token: NewToken) -> None:
    address = f"/clients/{made.key}"
    new = manager.send(address, f"{address}/tokens/{token.id}/rotation", overlap="1")
    desk.clock.move_to(START + timedelta(hours=23))  # type: ignore[attr-defined]
    assert client_of_token(desk, token.text) and client_of_token(desk, shown_text(new))
    desk.clock.move_to(START + timedelta(days=1))  # type: ignore[attr-defined]
    assert refused_with(desk, token.text) == "token_expired"
    with desk.reading() as connection:
        newest = all_tokens(connection, made.id)[-1]
    done = manager.send(address, f"{address}/tokens/{newest.id}/revocation")
    assert done.location == address
    assert refused_with(desk, shown_text(new)) == "token_revoked"
    # What is dead cannot be replaced, and says why.
    gone = manager.post(f"{address}/tokens/{newest.id}/rotation", manager.get(address).form("/tokens"))
    assert gone.status == 409
    assert not gone.has_form(f"/tokens/{newest.id}/rotation")


def test_a_system_is_changed_suspended_and_let_in_again(
    desk: Desk, manager: Visitor, made: Client, token: NewToken
) -> None:
    address = f"/clients/{made.key}"
    form = manager.get(f"{address}/change").form("/change")
    assert form["name"] == "Larm"
    manager.post(f"{address}/change", form | {"name": "Larmet", "scopes": ["tickets:read", "tickets:act"]})
    assert client_of_token(desk, token.text).scopes == ("tickets:read", "tickets:act")
    manager.send(address, f"{address}/suspension")
    assert refused_with(desk, token.text) == "client_suspended"
    manager.send(address, f"{address}/resumption")
    page = manager.get(address)
    assert client_of_token(desk, token.text).name == "Larmet"
    told = page.html.partition('class="client-happened"')[2]
    assert told.count("<li>") == 5
    assert told.count(persona(desk, "it_service_manager").name) == 3
    assert "<bdi>Larm</bdi> → <bdi>Larmet</bdi>" in told


def test_of_two_who_change_a_system_the_second_is_told_what_the_first_has_changed(
    app: Flask, desk: Desk, manager: Visitor, made: Client
) -> None:
    change = f"/clients/{made.key}/change"
    colleague = as_persona(app, "it_service_manager_deputy")
    mine, theirs = (who.get(change).form("/change") for who in (manager, colleague))
    colleague.post(change, theirs | {"rate": "60"})
    told = manager.post(change, mine | {"name": "Larmet"})
    assert told.status == 409
    assert "Någon hann före" in told.text and "<bdi>som vanligt</bdi> → <bdi>60</bdi>" in told.html
    assert (client_of(desk, made).name, client_of(desk, made).rate) == ("Larm", 60)
    again = told.form("/change")
    assert again["name"] == "Larmet" and again["rate"] == "", "what I wrote stands as I wrote it"
    assert manager.post(change, again).status == 303
    assert (client_of(desk, made).name, client_of(desk, made).rate) == ("Larmet", None)


def test_the_same_change_sent_twice_meets_no_conflict_with_itself(manager: Visitor, made: Client) -> None:
    change = f"/clients/{made.key}/change"
    sent = manager.get(change).form("/change") | {"name": "Larmet"}
    assert [manager.post(change, sent).status for _ in range(2)] == [303, 303]


def client_of(desk: Desk, made: Client) -> Client:
    with desk.reading() as connection:
        found = client_by_key(connection, made.key)
    assert found is not None
    return found


def ending(page: Page) -> str:
    """The part of the list that says what ends soon."""
    return page.html.partition('class="clients-ending"')[2].partition("</section>")[0]


def test_what_was_sent_when_the_session_was_over_is_shown_again_and_not_done(
    desk: Desk, manager: Visitor, made: Client, token: NewToken
) -> None:
    address = f"/clients/{made.key}"
    brought_back = manager.get(address).form("/tokens") | {"kind": "token", "name": "Driften", "draft": "1"}
    assert "Driften" in manager.post(f"{address}/tokens", brought_back).form("/tokens").values()
    for path in ("/suspension", f"/tokens/{token.id}/revocation", f"/tokens/{token.id}/rotation", "/change"):
        assert manager.post(address + path, brought_back).status in (200, 303)
    new = brought_back | {"organisation": "lulea"}
    assert manager.post("/clients", new).form("/clients")["name"] == "Driften"
    with desk.reading() as connection:
        assert client_by_key(connection, made.key) == made
        assert [(each.id, each.expires_at) for each in all_tokens(connection, made.id)] == [
            (token.id, token.expires_at)
        ]
    assert client_of_token(desk, token.text)


def test_what_ends_soon_is_told_in_the_menu_and_first_in_the_list(desk: Desk, manager: Visitor, made: Client) -> None:
    soon = make_token(desk, made.key, TOKEN, "snart", actor=OPERATOR, expires_at=START + timedelta(days=13))
    make_token(desk, made.key, TOKEN, "senare", actor=OPERATOR, expires_at=START + timedelta(days=15))
    told = ending(manager.get("/clients"))
    assert "snart" in told and "senare" not in told
    assert '<span class="badge">' in manager.get("/queue").html
    manager.send(f"/clients/{made.key}", f"/clients/{made.key}/tokens/{soon.id}/rotation")
    assert "snart" not in ending(manager.get("/clients"))
    make_token(desk, made.key, TOKEN, "vilande", actor=OPERATOR, expires_at=START + timedelta(days=13))
    suspend_client(desk, made.key, actor=OPERATOR)
    assert "vilande" not in ending(manager.get("/clients"))


@pytest.mark.parametrize("name", ["first_line_lulea", "second_line_lulea", "supplier_technician", "system_owner"])
def test_to_everybody_else_there_are_no_such_pages(
    app: Flask, desk: Desk, made: Client, token: NewToken, name: str
) -> None:
    visitor = as_persona(app, name)
    address = f"/clients/{made.key}"
    assert "/clients" not in visitor.get("/queue").links()
    for path in ("/clients", "/clients/new", address, f"{address}/change"):
        assert visitor.get(path).status == 404
    form = {"csrf_token": visitor.get("/notices").form("/sign-out")["csrf_token"], "name": "x", "overlap": "0"}
    of_token = f"{address}/tokens/{token.id}"
    ends = ("/change", "/suspension", "/resumption", "/tokens")
    for path in ("/clients", *(address + end for end in ends), f"{of_token}/rotation", f"{of_token}/revocation"):
        assert visitor.post(path, form).status == 404
    with desk.reading() as connection:
        assert client_by_key(connection, made.key) == made
    assert client_of_token(desk, token.text)


def test_one_systems_token_is_not_at_anothers_address(
    desk: Desk, manager: Visitor, made: Client, token: NewToken
) -> None:
    other = create_client(desk, "lulea", ClientGiven("Annat", ("tickets:read",)), actor=OPERATOR)
    form = manager.get(f"/clients/{other.key}").form("/tokens")
    for what in ("rotation", "revocation"):
        assert manager.post(f"/clients/{other.key}/tokens/{token.id}/{what}", form).status == 404
        assert manager.post(f"/clients/{made.key}/tokens/{2**70}/{what}", form).status == 404
    assert client_of_token(desk, token.text)


@pytest.mark.parametrize(
    "changed",
    [
        {"expires": "i morgon"},
        {"expires": "9999-12-31"},
        {"expires": "2020-01-01"},
        {"kind": "access"},
        {"name": " "},
        {"name": "x" * 500},
    ],
)
def test_what_cannot_be_a_token_is_said_on_the_page(manager: Visitor, made: Client, changed: dict[str, str]) -> None:
    address = f"/clients/{made.key}"
    form = manager.get(address).form("/tokens") | {"kind": "token", "name": "x"} | changed
    again = manager.post(f"{address}/tokens", form)
    assert again.status == 422
    assert 'aria-invalid="true"' in again.html


def test_what_somebody_writes_is_shown_as_written(desk: Desk, manager: Visitor) -> None:
    evil = '"><script>alert(1)</script>%(name)s'
    client = create_client(desk, SUPPLIER, ClientGiven(evil, ("tickets:read",), contact=evil), actor=OPERATOR)
    make_token(desk, client.key, TOKEN, evil, actor=OPERATOR)
    for path in ("/clients", f"/clients/{client.key}", f"/clients/{client.key}/change"):
        page = manager.get(path)
        assert page.status == 200 and "<script>alert" not in page.html
    assert manager.get("/clients/%00").status == 404
    assert manager.get("/clients/new?organisation=nobody").status == 200


def test_a_tickets_history_names_the_system_that_acted_as_it_is_called_now(
    desk: Desk, manager: Visitor, made: Client, token: NewToken
) -> None:
    change_client(desk, made.key, ClientGiven("Larm", ("tickets:read", "tickets:act")), actor=OPERATOR)
    number = ticket_after(desk, "order_from_supplier").number
    headers = {"Authorization": f"Bearer {token.text}", "Idempotency-Key": "bara-en"}
    done = manager.client.post(f"/api/v1/tickets/{number}/acknowledgements", json={}, headers=headers)
    assert done.status_code == 200, done.text
    change_client(desk, made.key, ClientGiven("Larmet & co", ("tickets:read",)), actor=OPERATOR)
    assert "Larmet & co, Exempelleverantören Plattform" in manager.get(f"/tickets/{number}").text
