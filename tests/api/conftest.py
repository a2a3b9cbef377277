"""The supplier's side: an application on a desk of its own, and clients with tokens."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from servicedesk.actions.desk import Desk
from servicedesk.actions.tokens import create_token
from servicedesk.app import create_app
from servicedesk.config import read_settings
from servicedesk.core.clock import ControlledClock
from servicedesk.core.facts import OPERATOR
from tests.support.desk import START, Template

SUPPLIER, OTHER_SUPPLIER = "leverantor-plattform", "leverantor-arkiv"


def app_on(url: str, folder: Path) -> Flask:
    """The whole application, pages included, with its clock on START."""
    key = "a-key-for-tests-only"
    environ = {"SERVICEDESK_INSTANCE": str(folder), "SERVICEDESK_DATABASE_URL": url, "SERVICEDESK_SECRET_KEY": key}
    return create_app(read_settings(environ), ControlledClock(START))


@contextmanager
def app_in(folder: Path, template: Template) -> Iterator[Flask]:
    """The same on a copy of its own, as long as it is needed."""
    made = app_on(template.copy_to(folder), folder)
    yield made
    made.extensions["desk"].engine.dispose()


@pytest.fixture
def app(desk_template: Template, tmp_path: Path) -> Iterator[Flask]:
    with app_in(tmp_path / "instance", desk_template) as made:
        yield made


@pytest.fixture
def desk(app: Flask) -> Desk:
    found: Desk = app.extensions["desk"]
    return found


@dataclass
class Caller:
    """A supplier's system: its HTTP client with its token."""

    http: FlaskClient
    token: str
    heard: list[TestResponse] = field(default_factory=list)

    def get(self, path: str, **headers: str | None) -> TestResponse:
        return self._said(self.http.get(path, headers=self._headers(headers)))

    def post(self, path: str, given: Mapping[str, Any] | None = None, **headers: str | None) -> TestResponse:
        """Under a key of its own, unless one is given; None sends none."""
        sent = {"Idempotency_Key": token_hex(8), **headers}
        return self._said(self.http.post(path, json=given or {}, headers=self._headers(sent)))

    def put(self, path: str, given: Mapping[str, Any], **headers: str | None) -> TestResponse:
        return self._said(self.http.put(path, json=given, headers=self._headers(headers)))

    def send(
        self, path: str, data: bytes, content_type: str = "application/json", **headers: str | None
    ) -> TestResponse:
        sent = self._headers({"Idempotency_Key": token_hex(8), **headers})
        return self._said(self.http.post(path, data=data, content_type=content_type, headers=sent))

    def _headers(self, headers: Mapping[str, str | None]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in headers.items() if value is not None}
        return {"Authorization": f"Bearer {self.token}", **named}

    def _said(self, response: TestResponse) -> TestResponse:
        self.heard.append(response)
        return response


MakeCaller = Callable[..., Caller]


@pytest.fixture
def make_caller(app: Flask, desk: Desk) -> MakeCaller:
    def make(organisation: str = SUPPLIER, scopes: tuple[str, ...] | None = None, **more: Any) -> Caller:
        new = create_token(desk, organisation, "Provsystem", actor=OPERATOR, scopes=scopes, **more)
        return Caller(app.test_client(), new.text)

    return make


@pytest.fixture
def supplier(make_caller: MakeCaller) -> Caller:
    """The platform's supplier, with every scope."""
    return make_caller()


@pytest.fixture
def other_supplier(make_caller: MakeCaller) -> Caller:
    return make_caller(OTHER_SUPPLIER)
