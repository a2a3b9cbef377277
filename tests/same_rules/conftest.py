from collections.abc import Iterator

import pytest

from servicedesk.app import create_app
from servicedesk.config import Settings
from servicedesk.core.clock import ControlledClock
from servicedesk.store.engine import make_engine
from tests.same_rules.edges import House
from tests.same_rules.world import LATER, World, build
from tests.support.desk import Template


@pytest.fixture(scope="session")
def world(desk_template: Template, tmp_path_factory: pytest.TempPathFactory) -> World:
    return build(desk_template, tmp_path_factory.mktemp("same_rules"))


@pytest.fixture(scope="session")
def house(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Refusals share a copy, since they must write nothing; whatever writes asks for a fresh one."""
    folder = tmp_path_factory.mktemp("house")
    settings = Settings(instance=folder, database_url=f"sqlite:///{world.file}", secret_key="only-for-tests-0123456789")
    app = create_app(settings, ControlledClock(LATER))
    app.config["WTF_CSRF_METHODS"] = []  # forms' tokens have tests of their own
    made = House(app, world, folder / "copy.sqlite")
    made.desk.engine = make_engine(f"sqlite:///{made.copied}")
    made.fresh()
    yield made
    made.desk.engine.dispose()
