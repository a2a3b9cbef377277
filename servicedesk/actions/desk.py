"""The desk: an engine, a clock and the rule book in memory. What every action and query is given."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, Executable, Row, Select, func, select, text
from sqlalchemy.exc import DBAPIError, TimeoutError

from servicedesk.core.clock import Clock, SystemClock
from servicedesk.store.failures import explain
from servicedesk.store.holding import require_free
from servicedesk.store.rulebook import HOLD_REVISION, RuleBook, read_rulebook, revision_and_moment, revision_of


@dataclass
class Desk:
    """One per process. Safe to share between threads: the rule book is replaced whole, never changed. `secret` is the
    installation's key, for marks that nobody can make from the database alone. `callable_inside`: places (host:port)
    that webhooks may call though they are internal and without TLS. `mails`: whether those who ask are told by mail."""

    engine: Engine
    clock: Clock = field(default_factory=SystemClock)
    secret: str = field(default="", repr=False, kw_only=True)
    callable_inside: frozenset[str] = field(default=frozenset(), kw_only=True)
    mails: bool = field(default=False, kw_only=True)
    _book: RuleBook | None = None

    @contextmanager
    def transaction(self, *, waits: bool = True) -> Iterator[Connection]:
        """A writing transaction: committed at the end, rolled back on any error. SQLite takes its lock at once. What
        `waits` for nobody is Unavailable there while somebody else writes."""
        try:
            options = {"writing": True, "recurring": True, "waits": waits}
            with self.engine.connect().execution_options(**options) as connection, connection.begin():
                yield connection
        except (DBAPIError, TimeoutError) as error:
            raise explain(error) from error

    @contextmanager
    def reading(self, *, recurring: bool = False) -> Iterator[Connection]:
        """A reading transaction of its own, all of one moment; nothing can be written by it that lasts. `recurring`:
        what is asked finds rows by their keys, the same way each time (see store.engine)."""
        # SQLite's transactions read one moment anyway; PostgreSQL's only when asked to, each query being its own.
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True, "recurring": recurring}
        with self._reading(**options) as connection:
            yield connection
            if connection.dialect.name == "postgresql":
                connection.commit()  # at a rollback its driver lets go of every prepared statement

    @contextmanager
    def glancing(self) -> Iterator[Connection]:
        """The same for few queries, each of its own moment: PostgreSQL is spared the transaction's beginning and end,
        which are as many journeys again."""
        with self._reading(isolation_level="AUTOCOMMIT", recurring=True) as connection:
            yield connection

    @contextmanager
    def _reading(self, **postgresql: Any) -> Iterator[Connection]:
        options = postgresql if self.engine.dialect.name == "postgresql" else {}
        try:
            with self.engine.connect().execution_options(**options) as connection:
                yield connection
        except (DBAPIError, TimeoutError) as error:
            raise explain(error) from error

    def book(self, connection: Connection) -> RuleBook:
        """The rule book of the revision in the database now."""
        return self._of_revision(connection, revision_of(connection))

    def book_held(self, connection: Connection) -> tuple[RuleBook, datetime]:
        """The same for a transaction that writes, with the present: it stays the one in force until that ends."""
        row, now = self.held_and_now(connection, HOLD_REVISION)
        return self._of_revision(connection, row.number if row else 0), now

    def book_and_now(self, connection: Connection) -> tuple[RuleBook, datetime]:
        """`book` and `now`, asked for together where both come from the database."""
        if not self._takes_time_from(connection):
            return self.book(connection), self.now(connection)
        revision, moment = revision_and_moment(connection)
        return self._of_revision(connection, revision), _to_the_second(moment)

    def book_and(self, connection: Connection, query: Select[Any], values: Mapping[str, Any]) -> tuple[RuleBook, Any]:
        """`book`, and what else `query` (store.rulebook.revision_and) asks for."""
        revision, found = connection.execute(query, values).one()
        return self._of_revision(connection, revision or 0), found

    def first_with_book_and_now(
        self, connection: Connection, query: Select[*tuple[Any, ...]], given: Mapping[str, Any]
    ) -> tuple[Row[Any] | None, RuleBook, datetime]:
        """The first row of a query that asks for the `revision` (store.rulebook.REVISION) as well, with `book` and
        `now`: one question where all come from the database."""
        row, now = self.held_and_now(connection, query, given)
        return row, self._of_revision(connection, row.revision or 0) if row else self.book(connection), now

    def held_and_now(
        self, connection: Connection, locking: Select[*tuple[Any, ...]], given: Mapping[str, Any] | None = None
    ) -> tuple[Row[Any] | None, datetime]:
        """The first row of a query that locks it, and `now` once it is locked: one question where both come from the
        database."""
        if not self._takes_time_from(connection):
            return connection.execute(locking, given).first(), self.now(connection)
        row = connection.execute(_with_moment(locking), given).first()
        return row, _to_the_second(row.moment) if row else self.now(connection)

    def _of_revision(self, connection: Connection, revision: int) -> RuleBook:
        if self._book is None or self._book.revision != revision:
            require_free(connection)
            self._book = read_rulebook(connection)
        return self._book

    def now(self, connection: Connection) -> datetime:
        """The present, to the second. On PostgreSQL the database's clock, so that machines need not agree."""
        return _to_the_second(self.moment(connection))

    def moment(self, connection: Connection) -> datetime:
        """The same with its fractions: for measuring how late something is."""
        if not self._takes_time_from(connection):
            return self.clock.now()
        # clock_timestamp(): the transaction's own now() stands still while it waits for a lock.
        moment: datetime = connection.execute(_MOMENT).scalar_one()
        return moment

    def _takes_time_from(self, connection: Connection) -> bool:
        return isinstance(self.clock, SystemClock) and connection.dialect.name == "postgresql"


_MOMENT = text("SELECT clock_timestamp()")


@cache
def _with_moment(locking: Select[*tuple[Any, ...]]) -> Executable:
    """The moment stands outside what locks: it is asked for when the lock has been given, however long that took."""
    held = locking.subquery()
    return select(*held.c, func.clock_timestamp().label("moment"))


def _to_the_second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
