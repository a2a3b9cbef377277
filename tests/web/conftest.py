from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from servicedesk.actions.desk import Desk
from servicedesk.app import create_app
from servicedesk.config import Settings
from servicedesk.core.clock import ControlledClock
from servicedesk.extensions import db
from tests.support.desk import START, Template
from tests.support.pages import Visitor, signed_in

People = Callable[[str], Visitor]


@pytest.fixture
def app(desk_template: Template, tmp_path: Path):  # type: ignore[no-untyped-def]
    """The application on a copy of the sample installation, on a Monday morning."""
    url = desk_template.copy_to(tmp_path)
    made = create_app(
        Settings(instance=tmp_path, database_url=url, secret_key="only-for-tests-0123456789"), ControlledClock(START)
    )
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def desk(app: Flask) -> Desk:
    found: Desk = app.extensions["desk"]
    return found


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Somebody who has not signed in."""
    return Visitor(app)


@pytest.fixture
def person_at(app: Flask) -> People:
    """`person_at("first_line_lulea")`: that persona, signed in at a browser of their own."""
    return lambda name: signed_in(app, name)
