"""The database's version: bringing it up, and saying when it is behind or ahead.

Asked at every start, and nearly always answered "as it should be": so Alembic is loaded only when there is something to
bring up.
"""

import re
from dataclasses import dataclass
from functools import cache
from time import sleep

from sqlalchemy import Connection, Engine, event, inspect, text
from sqlalchemy.exc import OperationalError

from servicedesk import paths
from servicedesk.core.errors import Unavailable
from servicedesk.store.holding import require_free

# A migration waits this long for a lock, and makes way this long before it tries again.
LOCK_SECONDS = 2.0
PAUSE_SECONDS = 1.0
TRIES = 60
DECLARED = re.compile(r'^(revision|down_revision) = "(\w+)"$', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Revisions:
    """The migrations that there are, by what each file declares; `newest` is the one that no other follows."""

    known: frozenset[str]
    newest: str


@cache
def revisions() -> Revisions:
    said = [
        DECLARED.findall(file.read_text(encoding="utf-8")) for file in (paths.migrations() / "versions").glob("*.py")
    ]
    known = frozenset(name for file in said for what, name in file if what == "revision")
    followed = {name for file in said for what, name in file if what == "down_revision"}
    [newest] = known - followed
    return Revisions(known, newest)


def upgrade(engine: Engine) -> None:
    """To this program's version. A current database is left as it is, a newer one refused.

    SQLite: in one transaction. PostgreSQL: each migration in its own, while others work; one that waits for a lock
    longer than people should wait behind it lets them pass and tries again, and Unavailable says so in the end."""
    upgrade_to(engine, newest())


def upgrade_to(engine: Engine, revision: str) -> None:
    """The same, to a version that may be older than the program: one that it knows, and the database is not beyond."""
    with engine.connect().execution_options(writing=True) as connection:
        found = version_of(connection)
        require_known(found)
        require_free(connection)
        connection.rollback()
        if found == revision:
            return
        if connection.dialect.name == "postgresql":
            event.listen(connection, "begin", _let_others_pass)
        for _ in range(TRIES):
            try:
                return _bring_up(connection, revision)
            except OperationalError as error:
                if not re.search("lock timeout", str(error.orig)):
                    raise
                connection.rollback()
            sleep(PAUSE_SECONDS)
    raise Unavailable(
        "Somebody keeps a table busy that must be changed: a long report, a backup, or a transaction that was left "
        "open. What has been done so far stands. Run `servicedesk migrate` again when it is over.",
        code="busy",
    )


def _let_others_pass(connection: Connection) -> None:
    """Whoever waits for a lock on a table holds up all who come after, also those who only read."""
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")


def _bring_up(connection: Connection, revision: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(paths.migrations()))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def version_of(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def newest() -> str:
    return revisions().newest


def require_known(version: str | None) -> None:
    """Unavailable for a version that a newer program has made."""
    if version is not None and version not in revisions().known:
        raise Unavailable("The database was made by a newer version of the program. Update the program.", code="newer")


def require_current(engine: Engine) -> None:
    """Unavailable, with what to do, unless the database is on this program's version."""
    with engine.connect() as connection:
        found = version_of(connection)
        require_free(connection)
        if found == newest():
            return
        if found is None and not inspect(connection).get_table_names():
            raise Unavailable("The database is empty. Run: servicedesk migrate", code="not_migrated")
        require_known(found)
    raise Unavailable(
        "The database is not on this version of the program. Run: servicedesk migrate", code="not_migrated"
    )
