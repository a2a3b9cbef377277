"""One reading transaction per page: a connection, the rule book and the moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from servicedesk.core.facts import Installation
from servicedesk.extensions import desk
from servicedesk.store.rulebook import RuleBook
from servicedesk.web import times


@dataclass(frozen=True)
class Reading:
    connection: Connection
    book: RuleBook
    now: datetime
    is_copy: bool = False

    @property
    def installation(self) -> Installation:
        return self.book.installation


@contextmanager
def reading() -> Iterator[Reading]:
    with desk().reading() as connection:
        book, now = desk().book_and_now(connection)
        times.use_zone(book.installation.zone)
        yield Reading(connection, book, now)
