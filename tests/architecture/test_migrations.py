"""The database a migration makes is the one the models describe, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, inspect

from servicedesk import paths
from servicedesk.store.engine import make_engine
from servicedesk.store.schema import Revisions, revisions


def config(url: str = "") -> Config:
    made = Config()
    made.set_main_option("script_location", str(paths.migrations()))
    made.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return made


def models() -> MetaData:
    metadata: MetaData = import_module("servicedesk.store.all").metadata
    return metadata


@contextmanager
def upgraded(url: str) -> Iterator[Connection]:
    command.upgrade(config(url), "head")
    engine = make_engine(url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory.from_config(config()).get_heads()) == 1


def test_the_program_knows_its_migrations_as_alembic_does() -> None:
    """It reads them from their files, so as to start without Alembic."""
    scripts = ScriptDirectory.from_config(config())
    assert revisions() == Revisions(
        frozenset(script.revision for script in scripts.walk_revisions()), str(scripts.get_current_head())
    )


def test_no_migration_imports_the_program() -> None:
    """A migration must mean the same when the program has moved on."""
    files = list((paths.migrations() / "versions").glob("*.py"))
    assert files
    assert [file.name for file in files if "servicedesk" in file.read_text(encoding="utf-8")] == []


@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")  # PostgreSQL's
def test_the_models_equal_the_migrations(database_url: str) -> None:
    with upgraded(database_url) as connection:
        options = {"compare_type": True, "compare_server_default": True, "include_name": not_of_the_index}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, models()) == []


def not_of_the_index(name: str | None, kind: str, parents: object) -> bool:
    """FTS5's own tables on SQLite are no models: what they are to hold is proved by `verify`."""
    return kind != "table" or not str(name).startswith(("search_index", "search_words"))


def test_the_checks_of_the_models_are_in_the_migrations(database_url: str) -> None:
    """Alembic compares no CHECK constraints, so their names are compared here."""
    with upgraded(database_url) as connection:
        made = inspect(connection)
        for table in models().sorted_tables:
            declared = {str(check.name) for check in table.constraints if check.__visit_name__ == "check_constraint"}
            assert {str(check["name"]) for check in made.get_check_constraints(table.name)} == declared, table.name


def test_upgrading_twice_changes_nothing(database_url: str) -> None:
    with upgraded(database_url):
        command.upgrade(config(database_url), "head")
