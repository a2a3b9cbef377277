"""The database's version: bringing it up, and saying when it is behind or ahead."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

from servicedesk import paths
from servicedesk.core.errors import Unavailable


def alembic_config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(paths.migrations()))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine) -> None:
    """To this program's version, in one transaction. A current database is left as it is, a newer one refused."""
    with engine.connect().execution_options(writing=True) as connection:
        require_known(version_of(connection))
        connection.rollback()
        command.upgrade(alembic_config(connection), "head")


def version_of(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    assert head is not None
    return head


def require_known(version: str | None) -> None:
    """Unavailable for a version that a newer program has made."""
    known = {script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()}
    if version is not None and version not in known:
        raise Unavailable("The database was made by a newer version of the program. Update the program.", code="newer")


def require_current(engine: Engine) -> None:
    """Unavailable, with what to do, unless the database is on this program's version."""
    with engine.connect() as connection:
        found = version_of(connection)
        if found == newest():
            return
        if found is None and not inspect(connection).get_table_names():
            raise Unavailable("The database is empty. Run: servicedesk migrate", code="not_migrated")
        require_known(found)
    raise Unavailable(
        "The database is not on this version of the program. Run: servicedesk migrate", code="not_migrated"
    )
