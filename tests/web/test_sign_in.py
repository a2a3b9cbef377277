from datetime import timedelta

import pytest

from servicedesk.actions.attempts import ORIGIN, count_attempt
from servicedesk.actions.desk import Desk
from servicedesk.actions.signin import set_password
from servicedesk.app import create_app
from servicedesk.config import Settings
from servicedesk.core.clock import ControlledClock
from servicedesk.core.facts import OPERATOR
from servicedesk.web.addresses import safe_next
from tests.support.desk import PASSWORD, person
from tests.support.pages import Visitor
from tests.web.conftest import People


def test_the_right_password_leads_to_the_queue(visitor: Visitor, desk: Desk) -> None:
    page = visitor.follow(visitor.follow(visitor.sign_in(person(desk, "first_line_lulea").email)))
    assert page.status == 200
    assert "Exempel Första linjen Luleå" in page.text
    assert "Luleå kundcenter" in page.text


def test_one_is_led_to_the_page_one_asked_for(visitor: Visitor, desk: Desk) -> None:
    asked = visitor.get("/notices?x=1")
    assert asked.status == 303
    assert asked.location == "/sign-in?next=/notices?x%3D1"
    page = visitor.send(asked.location, "/sign-in", email=person(desk, "first_line_lulea").email, password=PASSWORD)
    assert page.location == "/notices?x=1"


@pytest.mark.parametrize("email", ["forsta.linjen@lulea.example", "nobody@lulea.example"])
def test_a_wrong_password_and_an_unknown_address_are_answered_alike(visitor: Visitor, email: str) -> None:
    page = visitor.sign_in(email, "fel lösenord")
    assert page.status == 401
    assert "E-postadressen eller lösenordet är fel." in page.text
    assert page.form("/sign-in")["email"] == email
    assert "fel lösenord" not in page.html


def test_an_address_nobody_has_is_locked_with_the_same_words(visitor: Visitor, desk: Desk) -> None:
    pages = []
    for email in (person(desk, "first_line_lulea").email, "ingen.sadan@lulea.example"):
        page = [visitor.sign_in(email, "fel") for _ in range(6)][-1]
        pages.append((page.status, page.html.replace(email, "").replace(page.form("/sign-in")["csrf_token"], "")))
    assert pages[0] == pages[1] and pages[0][0] == 429


def test_tries_are_counted_by_where_they_come_from(visitor: Visitor, desk: Desk) -> None:
    for number in range(ORIGIN.attempts):
        count_attempt(desk, f"nummer-{number}@lulea.example", "127.0.0.1")
    email = person(desk, "first_line_lulea").email
    assert "Vänta 10 min" in visitor.sign_in(email).text
    visitor.client.environ_base["REMOTE_ADDR"] = "192.0.2.1"
    assert visitor.sign_in(email).location == "/"


@pytest.mark.parametrize(("proxies", "answer"), [(0, 429), (1, 303)])
def test_behind_a_proxy_its_word_counts_and_nobody_elses(desk: Desk, proxies: int, answer: int) -> None:
    """The last in the list is what the proxy saw; the one before is what the visitor would like to be."""
    for number in range(ORIGIN.attempts):
        for origin in ("127.0.0.1", "203.0.113.9"):
            count_attempt(desk, f"nummer-{number}@{origin}", origin)
    settings = Settings(database_url=str(desk.engine.url), secret_key="x" * 32, proxies=proxies)
    app = create_app(settings, desk.clock)
    app.extensions["desk"] = desk
    visitor = Visitor(app)
    visitor.client.environ_base["HTTP_X_FORWARDED_FOR"] = "203.0.113.9, 192.0.2.1"
    assert visitor.sign_in(person(desk, "first_line_lulea").email).status == answer


def test_five_failures_lock_the_address_for_five_minutes(visitor: Visitor, desk: Desk) -> None:
    email = person(desk, "first_line_lulea").email
    assert [visitor.sign_in(email, "fel").status for _ in range(5)] == [401] * 5
    locked = visitor.sign_in(email, PASSWORD)
    assert locked.status == 429
    assert "Vänta 5 min" in locked.text
    assert isinstance(desk.clock, ControlledClock)
    desk.clock.move_to(desk.clock.now() + timedelta(minutes=6))
    assert visitor.sign_in(email, PASSWORD).location == "/"


def test_a_session_begun_before_the_sign_in_does_not_live_on(visitor: Visitor, desk: Desk) -> None:
    visitor.get("/sign-in")
    with visitor.client.session_transaction() as session:
        session["planted"] = "by somebody else"
        token_before = session["csrf_token"]
    visitor.sign_in(person(desk, "first_line_lulea").email)
    visitor.get("/queue")
    with visitor.client.session_transaction() as session:
        assert "planted" not in session
        assert session["csrf_token"] != token_before


def test_signing_out_ends_it(person_at: People) -> None:
    visitor = person_at("first_line_lulea")
    assert visitor.send("/queue", "/sign-out").location == "/sign-in"
    assert visitor.get("/queue").location.startswith("/sign-in")


def test_a_new_password_ends_every_session_begun_with_the_old_one(person_at: People, desk: Desk) -> None:
    visitor, colleague = person_at("first_line_lulea"), person_at("first_line_colleague_lulea")
    set_password(desk, person(desk, "first_line_lulea").email, "ett-nytt-lösenord", actor=OPERATOR)
    assert visitor.get("/queue").location == "/sign-in?next=/queue"
    assert colleague.get("/queue").status == 200
    assert visitor.sign_in(person(desk, "first_line_lulea").email, "ett-nytt-lösenord").location == "/"


def test_a_person_who_is_signed_in_needs_no_sign_in_page(person_at: People) -> None:
    assert person_at("first_line_lulea").get("/sign-in?next=/notices").location == "/notices"


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example/",
        "\\\\elsewhere.example",
        "/\t/elsewhere.example/",
        "/\n/elsewhere.example",
        "javascript:alert(1)",
        "queue",
        "",
        None,
    ],
)
def test_nobody_is_led_to_another_site(address: str | None) -> None:
    assert safe_next(address, "/queue") == "/queue"


@pytest.mark.parametrize("address", ["/queue", "/tickets/2026-00001?x=1", "/queue?scope=open&after=a~1"])
def test_a_page_of_this_site_is_led_to(address: str) -> None:
    assert safe_next(address, "/") == address


def test_a_form_sent_after_the_session_ended_keeps_what_was_written(visitor: Visitor) -> None:
    page = visitor.post("/tickets/2026-00001/replies", {"body": "En lång text som tog tid att skriva."})
    assert page.status == 401
    assert "Inget sparades. Logga in igen" in page.text
    assert "En lång text som tog tid att skriva." in page.text
