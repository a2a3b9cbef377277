"""Every route, every kind of viewer, every kind of ticket: nobody meets what is not theirs to see."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from servicedesk.actions.desk import Desk
from servicedesk.actions.outbox import drain
from servicedesk.actions.sequencing import sequence
from servicedesk.actions.tokens import create_token
from servicedesk.app import create_app
from servicedesk.config import read_settings
from servicedesk.core.changes import WITHDRAWN
from servicedesk.core.clock import ControlledClock
from servicedesk.core.facts import OPERATOR
from servicedesk.store.engine import make_engine
from servicedesk.store.journal import JournalRow
from tests.isolation.routes import ROUTES, Route
from tests.isolation.world import KINDS, VIEWERS, Kind, Viewer, build, forbidden, may_see
from tests.support.desk import PERSONAS, START, Template
from tests.support.pages import session_of

NOT_THEIRS = {"web": {404}, "api": {403, 404}}


@pytest.fixture(scope="module")
def world(desk_template: Template, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A database with every kind of ticket in it, and their numbers."""
    folder = tmp_path_factory.mktemp("isolation")
    desk = Desk(make_engine(desk_template.copy_to(folder)), ControlledClock(START))
    numbers = build(desk)
    drain(desk)
    sequence(desk)
    desk.engine.dispose()
    return folder / "servicedesk.sqlite", numbers


@pytest.fixture
def app(world: tuple[Path, dict[str, str]], tmp_path: Path) -> Iterator[Flask]:
    copied = tmp_path / "servicedesk.sqlite"
    shutil.copyfile(world[0], copied)
    environ = {
        "SERVICEDESK_INSTANCE": str(tmp_path),
        "SERVICEDESK_DATABASE_URL": f"sqlite:///{copied}",
        "SERVICEDESK_SECRET_KEY": "a-key-for-tests-only",
    }
    made = create_app(read_settings(environ), ControlledClock(START))
    made.config["WTF_CSRF_METHODS"] = []  # forms' tokens have tests of their own
    yield made
    made.extensions["desk"].engine.dispose()


@pytest.fixture
def numbers(world: tuple[Path, dict[str, str]]) -> dict[str, str]:
    return world[1]


def come_in(app: Flask, viewer: Viewer) -> FlaskClient:
    client = app.test_client()
    if viewer.has_token:
        token = "sd_" + "x" * 43
        if viewer.organisation:
            token = create_token(app.extensions["desk"], viewer.organisation, "test", actor=OPERATOR).text
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    elif viewer.name in PERSONAS:
        with client.session_transaction() as session:
            session.update(session_of(app.extensions["desk"], viewer.name))
    return client


def rules(app: Flask, kind: str) -> list[tuple[Rule, Route]]:
    return [(rule, ROUTES[rule.endpoint]) for rule in app.url_map.iter_rules() if ROUTES[rule.endpoint].kind == kind]


def visit(client: FlaskClient, rule: Rule, route: Route, number: str = "") -> Iterator[TestResponse]:
    values = dict(route.values)
    if "number" in rule.arguments:
        values["number"] = number
    with client.application.test_request_context():
        built = rule.build(values, append_unknown=False)
    assert built is not None, f"{rule.endpoint} needs values for {rule.arguments}"
    for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
        sent = {"json": route.form} if route.edge == "api" else {"data": route.form}
        if route.edge == "api":
            client.environ_base["HTTP_IDEMPOTENCY_KEY"] = token_hex(8)
        yield client.open(f"{built[1]}?{route.query}", method=method, **({} if method == "GET" else sent))  # type: ignore[arg-type]


def everything(response: TestResponse) -> str:
    return response.get_data(as_text=True) + "".join(f"{name}: {value}\n" for name, value in response.headers)


def without_word_that_it_is_gone(found: str, number: str) -> tuple[str, int]:
    """The change feed tells whoever no longer sees a ticket that one thing of it: all but this, and how often it is."""
    withdrawn = rf'{{"position":[^{{}}]*"type":"{WITHDRAWN}"[^{{}}]*"ticket":"{number}"[^{{}}]*}}'
    return re.subn(withdrawn, "", found)


def events(app: Flask) -> int:
    with app.extensions["desk"].reading() as connection:
        return int(connection.execute(select(func.count()).select_from(JournalRow)).scalar_one())


def test_every_route_is_in_the_table(app: Flask) -> None:
    served = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert served == set(ROUTES), "a new route needs a line in tests/isolation/routes.py"


@pytest.mark.parametrize("viewer", VIEWERS, ids=lambda viewer: viewer.name)
def test_one_ticket_is_there_for_those_who_may_see_it_and_for_nobody_else(
    app: Flask, numbers: dict[str, str], viewer: Viewer
) -> None:
    client = come_in(app, viewer)
    for kind in KINDS:
        for rule, route in rules(app, "ticket"):
            before = events(app)
            for response in visit(client, rule, route, numbers[kind.name]):
                about = f"{viewer.name} at {rule.rule} of {kind.name}: {response.status_code}"
                check_entry(viewer, kind, route, response, about)
                if not may_see(viewer, kind):
                    assert events(app) == before, f"{about} changed something"


def check_entry(viewer: Viewer, kind: Kind, route: Route, response: TestResponse, about: str) -> None:
    found = everything(response)
    leaked = [mark for mark in forbidden(viewer, kind) if mark in found]
    assert not leaked, f"{about} shows {leaked}"
    belongs = viewer.side != "outside" and viewer.has_token == (route.edge == "api")
    if not belongs:
        assert response.status_code in (303, 401), about
    elif not may_see(viewer, kind):
        assert response.status_code in NOT_THEIRS[route.edge], about
    else:
        assert response.status_code < 500, about


@pytest.mark.parametrize("viewer", VIEWERS, ids=lambda viewer: viewer.name)
def test_the_tickets_one_may_see_are_not_hidden(app: Flask, numbers: dict[str, str], viewer: Viewer) -> None:
    """The other half of the proof: a program that showed nobody anything would pass the rest."""
    client = come_in(app, viewer)
    read = "/api/v1/tickets/" if viewer.has_token else "/tickets/"
    for kind in KINDS:
        status = client.get(read + numbers[kind.name]).status_code
        assert (status == 200) == may_see(viewer, kind), f"{viewer.name}, {kind.name}: {status}"


@pytest.mark.parametrize("viewer", VIEWERS, ids=lambda viewer: viewer.name)
def test_lists_counts_and_notices_hold_only_ones_own(app: Flask, numbers: dict[str, str], viewer: Viewer) -> None:
    client = come_in(app, viewer)
    scopes = ("", "?scope=mine", "?scope=team", "?scope=open", "?scope=closed")
    pages = [*(f"/queue{scope}" for scope in scopes), *(f"/api/v1/tickets{scope}" for scope in scopes[3:])]
    found = "".join(everything(client.get(page)) for page in (*pages, "/notices", "/tickets/new", "/"))
    for rule, route in rules(app, "own"):
        # Who is not signed in is given back what they sent.
        sent = route.form.get("tickets", "")
        found += "".join(everything(response).replace(sent, "") for response in visit(client, rule, route))
    for kind in KINDS:
        assert [mark for mark in forbidden(viewer, kind) if mark in found] == []
        if viewer.has_token and viewer.organisation == kind.municipality != kind.home:
            found, gone = without_word_that_it_is_gone(found, numbers[kind.name])
            assert gone == 1, f"{viewer.name} is told {gone} times that {kind.name} is gone"
        if not may_see(viewer, kind):
            assert numbers[kind.name] not in found, f"{viewer.name} finds {kind.name} in a list"
    listed = [kind for kind in KINDS if numbers[kind.name] in found]
    if viewer.side != "outside":
        assert listed == [kind for kind in KINDS if may_see(viewer, kind)]


@pytest.mark.parametrize("viewer", VIEWERS, ids=lambda viewer: viewer.name)
def test_open_routes_say_nothing_of_any_ticket(app: Flask, viewer: Viewer) -> None:
    client = come_in(app, viewer)
    for rule, route in rules(app, "open"):
        for response in visit(client, rule, route):
            assert "MARK-" not in everything(response), rule.rule
