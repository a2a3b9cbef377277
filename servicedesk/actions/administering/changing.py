"""One change of the installation: parts under lock, what is put in their place, and the journal, in one transaction.

1. `changing` locks the revision: nothing else of the installation changes meanwhile, and no ticket by its old rules.
2. `put` keeps what will stand and writes down what differs.
3. At the end the parts are written; changed hours arm open tickets anew, as loading does (`rearming`).
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from servicedesk.actions.desk import Desk
from servicedesk.actions.keeping_pages import CHANGEABLE
from servicedesk.actions.log import day_of
from servicedesk.actions.once import Once, claim, settle
from servicedesk.actions.parts import Entry, write_parts
from servicedesk.actions.rearming import AT_ONCE, rearm
from servicedesk.core.administering import NOT_HERE, require_administrator
from servicedesk.core.calendars.frozen import thawed
from servicedesk.core.canonical import calendar_to_json, fact_to_json, plain
from servicedesk.core.errors import Conflict, NotFound
from servicedesk.core.facts import Actor, CalendarFacts, Installation
from servicedesk.core.installations.entry import LONGEST_KEY
from servicedesk.core.installations.kept import PAGES
from servicedesk.store.queries.administration import state_of
from servicedesk.store.rulebook import RuleBook, lock_revision, read_rulebook

ADDED, CHANGED = "added", "changed"
# What is stored by its content, so that it can be told what it once was.
KEPT_FOR_EVER: Mapping[str, Callable[[Any], str]] = {"calendar": calendar_to_json, "known": fact_to_json}


@dataclass
class Changing:
    """`installation` is as it will stand."""

    desk: Desk
    connection: Connection
    book: RuleBook
    now: datetime
    actor: Actor
    installation: Installation
    result: str = ""
    _put: dict[tuple[str, str], Any] = field(default_factory=dict)
    _entries: list[Entry] = field(default_factory=list)

    @property
    def today(self) -> date:
        return day_of(self.now, self.installation)

    def require_same(self, kind: str, key: str, seen: str) -> None:
        """Conflict when somebody has changed it since it was looked at."""
        if seen != state_of(self.connection, kind, key):
            raise Conflict("Somebody has changed this since you opened it.", code="changed_meanwhile")

    def put(
        self, kind: str, item: Any, *, what: str = CHANGED, reason: str = "", also: Mapping[str, Any] | None = None
    ) -> None:
        """In the place of what has its key. Nothing is written down of what is as it was, save what happened `also`,
        by name."""
        name, _cls = CHANGEABLE[kind]
        items = dict(getattr(self.installation, name))
        before, now = _values(items.get(item.key)), _values(item)
        fields = {each: (before.get(each), value) for each, value in now.items() if before.get(each) != value}
        fields |= {each: (None, value) for each, value in (also or {}).items()}
        if not fields and item.key in items and what == CHANGED:
            return
        items[item.key] = item
        changed: dict[str, Any] = {name: items}
        self.installation = replace(self.installation, **changed)
        self._put[kind, item.key] = item
        self._entries.append(Entry(kind, item.key, what, fields, reason))

    def write(self) -> None:
        if not self._entries:
            return
        items = [(kind, key, item) for (kind, key), item in self._put.items()]
        simple = [(kind, key, plain(item)) for kind, key, item in items if kind not in KEPT_FOR_EVER]
        kept = [(kind, key, KEPT_FOR_EVER[kind](item)) for kind, key, item in items if kind in KEPT_FOR_EVER]
        write_parts(self.connection, simple, kept, self._entries, actor=self.actor, source=PAGES, now=self.now)
        if any(kind in ("calendar", "team") for kind, _ in self._put):
            rearm(self.connection, self.book, read_rulebook(self.connection), self.now, AT_ONCE)


def _values(item: Any) -> dict[str, Any]:
    """As loading compares it: hours as files say them."""
    if item is None:
        return {}
    values: dict[str, Any] = plain(thawed(item) if isinstance(item, CalendarFacts) else item)
    return values


@contextmanager
def changing(desk: Desk, *, actor: Actor, once: Once | None = None, by_all: bool = False) -> Iterator[Changing]:
    """NotFound to whoever administers nothing, unless it is a thing that everybody may do of themselves (`by_all`)."""
    if not by_all:
        require_administrator(actor)
    with desk.transaction() as connection:
        lock_revision(connection)
        book, now = desk.book_and_now(connection)
        if once:
            claim(connection, once, now)
        change = Changing(desk, connection, book, now, actor, book.installation)
        yield change
        change.write()
        if once:
            settle(connection, once, change.result)


def found_in(items: Mapping[str, Any], key: str) -> Any:
    if key not in items:
        raise NotFound(NOT_HERE)
    return items[key]


def free_key(wanted: str, taken: Mapping[str, Any]) -> str:
    """The key, or with the first number that makes it one of its own."""
    base = wanted[: LONGEST_KEY - 6].rstrip("-")
    return next(key for n in range(1, len(taken) + 2) if (key := base if n == 1 else f"{base}-{n}") not in taken)
