"""Desks on both databases, copied from one that was loaded once a run."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from servicedesk.actions.desk import Desk
from servicedesk.core.clock import ControlledClock
from servicedesk.store.engine import make_engine
from tests.support.desk import START, DeskFactory, Template, fill
from tests.support.postgres import Cluster


@pytest.fixture
def desk(desk_factory: DeskFactory) -> Desk:
    return desk_factory()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def loaded_url(request: pytest.FixtureRequest, desk_template: Template, tmp_path: Path) -> Iterator[str]:
    """A database with the sample installation in it, once of each kind."""
    if request.param == "sqlite":
        yield desk_template.copy_to(tmp_path / "either")
    else:
        cluster: Cluster = request.getfixturevalue("postgres_cluster")
        with cluster.fresh(cluster.template("loaded", prepare)) as url:
            yield url


@pytest.fixture
def either_desk(loaded_url: str) -> Iterator[Desk]:
    desk = Desk(make_engine(loaded_url), ControlledClock(START))
    yield desk
    desk.engine.dispose()


def prepare(url: str) -> None:
    desk = Desk(make_engine(url), ControlledClock(START))
    fill(desk)
    desk.engine.dispose()


@pytest.fixture
def keyed(desk: Desk) -> Desk:
    desk.secret = "a-key-for-tests-only"
    return desk
