from collections.abc import Iterator

import pytest
from flask import Flask

from servicedesk.actions.desk import Desk
from servicedesk.app import create_app
from servicedesk.config import Settings
from servicedesk.core.clock import ControlledClock
from servicedesk.extensions import db
from tests.support.demo import UNTIL
from tests.support.desk import Template
from tests.support.things import Things


@pytest.fixture(scope="module")
def demo_app(demo_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on a year of sample tickets, on the afternoon at which the year ends."""
    folder = tmp_path_factory.mktemp("pages")
    settings = Settings(instance=folder, database_url=demo_template.copy_to(folder), secret_key="only-for-tests-01234")
    made = create_app(settings, ControlledClock(UNTIL))
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def things(demo_app: Flask) -> Things:
    desk: Desk = demo_app.extensions["desk"]
    return Things(desk)
