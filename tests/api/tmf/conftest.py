"""Systems at the TMF621 face: whatever they are answered is held against the official swagger."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from servicedesk.actions.desk import Desk
from servicedesk.actions.tokens import create_token
from servicedesk.core.facts import OPERATOR
from servicedesk.core.ticket import TicketState
from servicedesk.store.queries.tickets import state_of
from tests.api.conftest import SUPPLIER
from tests.api.tmf.standard import ROOT, check

TICKETS = "/troubleTicket"
LEAST = {"description": "Det går inte att skicka in ritningen.", "severity": "Minor", "ticketType": "incident"}


@dataclass
class System:
    """A client with its token. Addresses are the standard's own; every answer must be one that it knows."""

    app: Flask
    token: str

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.call("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> TestResponse:
        return self.call("POST", path, json=body, **more)

    def patch(self, path: str, body: Any = None, **more: Any) -> TestResponse:
        return self.call("PATCH", path, json=body, **more)

    def delete(self, path: str, **more: Any) -> TestResponse:
        return self.call("DELETE", path, **more)

    def call(self, method: str, path: str, headers: dict[str, str] | None = None, **more: Any) -> TestResponse:
        sent = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        response = self.app.test_client().open(ROOT + path, method=method, headers=sent, **more)
        check(method, path.partition("?")[0], response)
        return response


MakeSystem = Callable[..., System]


@pytest.fixture
def make_system(app: Flask, desk: Desk) -> MakeSystem:
    def make(organisation: str, scopes: tuple[str, ...] | None = None) -> System:
        return System(app, create_token(desk, organisation, "Provsystem", actor=OPERATOR, scopes=scopes).text)

    return make


@pytest.fixture
def supplier(make_system: MakeSystem) -> System:
    """The platform's supplier."""
    return make_system(SUPPLIER)


@pytest.fixture
def lulea(make_system: MakeSystem) -> System:
    """The system of Luleå's contact centre."""
    return make_system("lulea")


def told(response: TestResponse, status: int = 200) -> dict[str, Any]:
    assert response.status_code == status, response.text
    body: dict[str, Any] = response.json  # type: ignore[assignment]
    return body


def state(desk: Desk, number: str) -> TicketState:
    with desk.reading() as connection:
        return state_of(connection, number)
