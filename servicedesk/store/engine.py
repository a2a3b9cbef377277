"""Engines: SQLite with the settings that make it safe, PostgreSQL as it is."""

from collections.abc import Mapping
from time import monotonic
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import InvalidatePoolError

from servicedesk.core.errors import Unavailable

BUSY_MILLISECONDS = 15_000
# How long a connection that has just answered is trusted to answer again.
TRUSTED_SECONDS = 1.0
# How often a statement has come on a connection before PostgreSQL is asked to keep its plan.
PREPARED_AFTER = 5


def make_engine(url: str, connecting: Mapping[str, Any] | None = None, **options: Any) -> Engine:
    """An engine for a database URL, tuned by `tune`; `connecting` is for the driver."""
    given = engine_options(url)
    given["connect_args"] |= connecting or {}
    engine = create_engine(url, **given, **options)
    tune(engine)
    return engine


def engine_options(url: str) -> dict[str, Any]:
    """Options that must be given when the engine is made. No statement is prepared but where `_prepare_what_recurs`
    says so.

    What is sent to the database never stands in an error: people's words and addresses would end up in logs."""
    if make_url(url).get_backend_name() == "sqlite":
        return {"hide_parameters": True, "connect_args": {"timeout": BUSY_MILLISECONDS / 1000}}
    return {"hide_parameters": True, "connect_args": {"prepare_threshold": None}}


def tune(engine: Engine) -> None:
    """SQLite: WAL, synchronous=FULL (an acknowledged write survives a power cut), foreign keys, BEGIN in our hands.
    PostgreSQL: only a database that holds every letter, a connection that has been idle is tried before use, and what
    recurs is planned once."""
    if engine.dialect.name != "sqlite":
        # Before anything else is asked of it: from SQL_ASCII the driver gets bytes where it needs text.
        event.listen(engine, "connect", _require_unicode, insert=True)
        _try_idle_connections(engine)
        _prepare_what_recurs(engine)
        return

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, record: Any) -> None:
        # The driver's own BEGIN comes too late: a read that turns into a write can fail with SQLITE_BUSY at once.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        # What is erased is overwritten, not only let go of.
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        begin = "BEGIN IMMEDIATE" if options.get("writing", False) else "BEGIN"
        if options.get("waits", True):
            connection.exec_driver_sql(begin)
        else:
            _begin_at_once(connection, begin)


def _begin_at_once(connection: Connection, begin: str) -> None:
    """Or not at all, when somebody else is writing."""
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        connection.exec_driver_sql(begin)
    finally:
        driver.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")


def _require_unicode(connection: Any, record: Any) -> None:
    encoding = connection.info.parameter_status("server_encoding")
    if encoding not in (None, "UTF8"):
        raise Unavailable(
            "The database is in the encoding %(encoding)s, which does not hold every letter. Make another: createdb "
            "--encoding=UTF8 --template=template0 NAME, and name it in SERVICEDESK_DATABASE_URL.",
            code="encoding",
            encoding=encoding,
        )


def _try_idle_connections(engine: Engine) -> None:
    """What the pool's own `pre_ping` does, without a question to the database at every use of a busy connection. One
    that breaks within the second ends what used it in "nothing was saved", and the pool then lets go of them all."""

    @event.listens_for(engine, "checkin")
    def on_checkin(connection: Any, record: Any) -> None:
        record.info["used_at"] = monotonic()
        if connection is not None:
            # After reading SQLAlchemy leaves "read write", which overrules a server that is set to read only.
            connection.read_only = None

    @event.listens_for(engine, "checkout")
    def on_checkout(connection: Any, record: Any, proxy: Any) -> None:
        used_at = record.info.get("used_at")
        if used_at is None or monotonic() - used_at < TRUSTED_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error


def _prepare_what_recurs(engine: Engine) -> None:
    """In connections with the option `recurring`, of few statements that find or write rows by their keys: parsing and
    planning them anew is a third of the database's work. Lists are planned each time, for what they are asked for.
    Never through a pooler, which gives every transaction another server process: what was prepared would be missing."""

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, record: Any) -> None:
        # A pooler tells a number of its own, that of no process.
        answering = connection.pgconn.exec_(b"SELECT pg_backend_pid()").get_value(0, 0)
        record.info["is_direct"] = int(answering) == connection.info.backend_pid

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        recurring = connection.get_execution_options().get("recurring", False)
        pooled: Any = connection.connection
        pooled.driver_connection.prepare_threshold = PREPARED_AFTER if recurring and pooled.info["is_direct"] else None


def forget_log(engine: Engine) -> None:
    """SQLite: empty the write-ahead log, which still holds what pages were before, unless somebody is reading it."""
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
