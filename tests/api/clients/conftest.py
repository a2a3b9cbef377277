"""One application for all that is tried of clients: each test has a client of its own."""

from collections.abc import Iterator

import pytest
from flask import Flask

from servicedesk.actions.desk import Desk
from servicedesk.core.clock import ControlledClock
from tests.api.conftest import app_in
from tests.support.desk import START, Template


@pytest.fixture(scope="module")
def app(desk_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with app_in(tmp_path_factory.mktemp("instance"), desk_template) as made:
        yield made


@pytest.fixture
def desk(app: Flask) -> Desk:
    found: Desk = app.extensions["desk"]
    found.clock = ControlledClock(START)
    return found
