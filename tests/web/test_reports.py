"""Follow-up reads from a copy of the database if there is a good one, says how old it is, and else does without."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from servicedesk.actions.desk import Desk
from servicedesk.actions.reports import Reports, Standing
from servicedesk.actions.sweep import sweep
from servicedesk.app import create_app
from servicedesk.config import SettingFault, Settings, read_settings
from servicedesk.core.clock import ControlledClock
from servicedesk.store.engine import make_engine
from tests.support.desk import START, DeskFactory, fill, new_ticket
from tests.support.pages import Page, Visitor, session_of
from tests.support.postgres import Cluster

KEY = "only-for-tests-0123456789"
FROM_COPY, FROM_ITSELF = "Siffrorna kommer från en kopia av databasen", "kommer direkt från databasen"


@pytest.fixture
def desk(desk_factory: DeskFactory) -> Desk:
    made = desk_factory()
    new_ticket(made)
    sweep(made)
    return made


def copy_of(desk: Desk, file: Path) -> str:
    with sqlite3.connect(str(desk.engine.url.database)) as own, sqlite3.connect(file) as copy:
        own.backup(copy)
    own.close()
    copy.close()
    return f"sqlite:///{file}"


@pytest.fixture
def served(desk: Desk, tmp_path: Path) -> Iterator[Callable[[str], Flask]]:
    """The application on the desk's database, with follow-up on this copy; nothing found is held."""
    made = []

    def app(url: str) -> Flask:
        own = f"sqlite:///{desk.engine.url.database}"
        settings = Settings(instance=tmp_path, database_url=own, secret_key=KEY, reports_url=url)
        made.append(create_app(settings, desk.clock))
        made[-1].extensions["reports"].holds = -1.0
        return made[-1]

    yield app
    for each in made:
        each.extensions["reports"].dispose()
        each.extensions["desk"].engine.dispose()


def follow_up(app: Flask, path: str = "/management") -> Page:
    visitor = Visitor(app)
    with visitor.client.session_transaction() as session:
        session.update(session_of(app.extensions["desk"], "it_service_manager"))
    page = visitor.get(path)
    assert page.status == 200
    return page


def standing(app: Flask) -> Standing | None:
    reports: Reports = app.extensions["reports"]
    return reports.standing()


def test_figures_are_those_of_the_copy_and_its_moment_is_said(
    desk: Desk, served: Callable[[str], Flask], tmp_path: Path
) -> None:
    app = served(copy_of(desk, tmp_path / "copy.sqlite"))
    assert isinstance(desk.clock, ControlledClock)
    desk.clock.move_to(START + timedelta(hours=2))
    new_ticket(desk)
    page = follow_up(app)
    assert f"{FROM_COPY}, som den var 2 mars 2026 kl. 09.00" in page.text
    assert "nu, 2 mars 2026 kl. 09.00" in page.text
    behind = follow_up(app, "/management/tickets?figure=open")
    assert (behind.element("figure")["data-n"], FROM_COPY in behind.text) == ("1", True)


def test_without_a_copy_nothing_is_said(served: Callable[[str], Flask]) -> None:
    page = follow_up(served(""))
    assert 'id="source"' not in page.html


def test_a_copy_that_is_away_is_done_without_and_taken_up_again(
    desk: Desk, served: Callable[[str], Flask], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "copy.sqlite"
    app = served(f"sqlite:///{file}")
    page = follow_up(app, "/management/tickets?figure=open")
    assert (page.element("figure")["data-n"], FROM_ITSELF in page.text) == ("1", True)
    assert not file.exists()
    assert "follow-up reads from the database itself" in caplog.text
    copy_of(desk, file)
    assert FROM_COPY in follow_up(app).text


def test_another_installations_database_is_never_read(
    desk: Desk, desk_factory: DeskFactory, served: Callable[[str], Flask], tmp_path: Path
) -> None:
    other = desk_factory()
    new_ticket(other, "pitea")
    app = served(f"sqlite:///{other.engine.url.database}")
    assert standing(app) is Standing.OTHER_INSTALLATION
    assert FROM_ITSELF in follow_up(app).text


def test_what_went_its_own_way_since_it_was_copied_is_no_copy(
    desk: Desk, served: Callable[[str], Flask], tmp_path: Path
) -> None:
    url = copy_of(desk, tmp_path / "copy.sqlite")
    app = served(url)
    assert standing(app) is Standing.GOOD
    elsewhere = Desk(make_engine(url), ControlledClock(START))
    new_ticket(elsewhere)
    elsewhere.engine.dispose()
    assert standing(app) is Standing.OTHER_INSTALLATION
    new_ticket(desk)
    assert standing(app) is Standing.OTHER_INSTALLATION


def test_a_copy_on_another_version_is_not_read(desk: Desk, served: Callable[[str], Flask], tmp_path: Path) -> None:
    app = served(copy_of(desk, tmp_path / "copy.sqlite"))
    with sqlite3.connect(tmp_path / "copy.sqlite") as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'older'")
    connection.close()
    assert standing(app) is Standing.OTHER_VERSION


def test_what_was_found_holds_for_a_while(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "copy.sqlite"
    reports = Reports(desk, copy_of(desk, file))
    assert reports.standing() is Standing.GOOD
    file.unlink()
    assert reports.standing() is Standing.GOOD
    reports.holds = -1.0
    assert reports.standing() is Standing.AWAY
    reports.dispose()


def test_a_copy_is_of_the_same_kind(tmp_path: Path) -> None:
    environ = {"SERVICEDESK_INSTANCE": str(tmp_path), "SERVICEDESK_REPORTS_URL": "postgresql://a@b/c"}
    with pytest.raises(SettingFault, match="begin with sqlite://"):
        read_settings(environ)


def prepare(url: str) -> None:
    desk = Desk(make_engine(url), ControlledClock(START))
    fill(desk)
    desk.engine.dispose()


def test_a_copy_on_postgresql_is_told_from_another(postgres_cluster: Cluster) -> None:
    """A template of the database as it was serves as its replica."""
    loaded = postgres_cluster.template("loaded", prepare)
    with postgres_cluster.fresh(loaded) as url:
        desk = Desk(make_engine(url), ControlledClock(START))
        new_ticket(desk)
        desk.engine.dispose()
        with postgres_cluster.fresh(url.rsplit("/", 1)[1]) as copied, postgres_cluster.fresh(loaded) as another:
            new_ticket(desk)
            found = {}
            for name, address in (("copied", copied), ("another", another)):
                other = Desk(make_engine(another), ControlledClock(START))
                if name == "another":
                    new_ticket(other)
                other.engine.dispose()
                reports = Reports(desk, address)
                with reports.reading() as source:
                    count = source.connection.execute(text("SELECT count(*) FROM ticket")).scalar()
                    found[name] = (source.standing, count, source.moment)
                reports.dispose()
            desk.engine.dispose()
    assert found["copied"] == (Standing.GOOD, 1, START)
    assert found["another"] == (Standing.OTHER_INSTALLATION, 2, None)
