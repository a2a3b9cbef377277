"""What every suite shares: no network, databases of both kinds, a real browser."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from servicedesk.actions.desk import Desk
from servicedesk.core.clock import ControlledClock
from servicedesk.store.engine import make_engine
from tests.support.browser import ARGUMENTS, PATIENCE, Browsers, chromium
from tests.support.demo import make_demo
from tests.support.desk import START, DeskFactory, Template, make_template
from tests.support.hurry import (
    compile_addresses_once,
    compile_templates_once,
    look_seldom_for_garbage,
    need_not_survive,
)
from tests.support.network import localhost_only
from tests.support.postgres import Cluster, binaries, running_cluster

if TYPE_CHECKING:
    from playwright.sync_api import Page

instances = count(1)
NEEDS = {
    "postgres_cluster": pytest.mark.postgres,
    "postgres_url": pytest.mark.postgres,
    "chromium_browsers": pytest.mark.browser,
}


def pytest_configure() -> None:
    settings.register_profile("patient", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("patient")
    localhost_only()
    need_not_survive()
    compile_templates_once()
    compile_addresses_once()


def pytest_collection_finish() -> None:
    look_seldom_for_garbage()


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """The whole selection on two processors; a part of it in this process, where starting workers would cost more."""
    if config.getoption("markexpr") == "timed":
        return 0  # what is measured has the machine to itself
    whole = config.args in ([], ["tests"], [str(config.rootpath / "tests")])
    return min(2, os.cpu_count() or 1) if whole else 0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test is marked by the fixtures it asks for, so that `-m postgres` cannot miss one."""
    for item in items:
        for fixture in getattr(item, "fixturenames", ()):
            if mark := NEEDS.get(fixture):
                item.add_marker(mark)


def missing(what: str) -> None:
    """Skip by name on a person's machine; in CI nothing may be skipped."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"needs {what}, and CI skips nothing", pytrace=False)
    pytest.skip(f"needs {what}")


@pytest.fixture(autouse=True)
def own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test sees the settings of the person who runs it, nor writes in their instance folder."""
    for name in [name for name in os.environ if name.startswith("SERVICEDESK_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SERVICEDESK_INSTANCE", str(tmp_path_factory.getbasetemp() / f"instance-{next(instances)}"))


@pytest.fixture(scope="session")
def desk_template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The sample installation, loaded once a run."""
    return make_template(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The demonstration at its full size, built once a run whatever the number of test processes."""
    base = tmp_path_factory.getbasetemp()
    return make_demo((base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "demo")


@pytest.fixture
def desk_factory(desk_template: Template, tmp_path: Path) -> Iterator[DeskFactory]:
    """Makes desks on copies of the sample installation, their clock on a Monday morning: `desk_factory()`."""
    made: list[Desk] = []

    def factory(start: datetime = START) -> Desk:
        url = desk_template.copy_to(tmp_path / f"desk-{len(made)}")
        made.append(Desk(make_engine(url), ControlledClock(start)))
        return made[-1]

    yield factory
    for desk in made:
        desk.engine.dispose()


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    """A PostgreSQL of our own; `fresh()` gives a new database, `template()` prepares one to copy."""
    folder = binaries()
    if folder is None:
        missing("PostgreSQL 15 binaries")
    else:
        with running_cluster(folder) as cluster:
            yield cluster


@pytest.fixture
def postgres_url(postgres_cluster: Cluster) -> Iterator[str]:
    """An empty PostgreSQL database for this test alone."""
    with postgres_cluster.fresh() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'servicedesk.sqlite'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture(scope="session")
def chromium_browsers() -> Iterator[Browsers]:
    executable = chromium()
    if executable is None:
        missing("Chromium")
    else:
        from playwright.sync_api import expect, sync_playwright

        expect.set_options(timeout=PATIENCE)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
            yield Browsers(browser)
            browser.close()


@pytest.fixture
def chromium_page(chromium_browsers: Browsers) -> Iterator[Callable[..., "Page"]]:
    """Makes pages, each a person at a machine of their own: `chromium_page(locale="sv-SE", viewport=…)`."""
    yield chromium_browsers.page
    chromium_browsers.tidy()
