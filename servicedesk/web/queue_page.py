"""The queue: one line a ticket, what runs out next first."""

from dataclasses import dataclass

from servicedesk.store.queries.lists import COUNT_CAP, Page, Scope, count_tickets, list_tickets
from servicedesk.web import identity
from servicedesk.web.reading import Reading
from servicedesk.web.rows import Row, row_of
from servicedesk.web.words import EMPTY, SCOPES

PAGE = 50


@dataclass(frozen=True, slots=True)
class Tab:
    scope: Scope
    label: str
    count: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class QueuePage:
    scope: Scope
    tabs: list[Tab]
    rows: list[Row]
    after: str
    empty: str


def queue_page(scope: Scope, after: str, reading: Reading) -> QueuePage:
    page: Page = list_tickets(reading.connection, identity.viewer(), scope, after=after, limit=PAGE)
    return QueuePage(
        scope=scope,
        tabs=[_tab(one, scope, reading) for one in Scope],
        rows=[row_of(line, reading) for line in page.lines],
        after=page.after,
        empty=str(EMPTY[scope]),
    )


def _tab(scope: Scope, current: Scope, reading: Reading) -> Tab:
    count = count_tickets(reading.connection, identity.viewer(), scope)
    shown = f"{COUNT_CAP}+" if count > COUNT_CAP and scope is Scope.CLOSED else str(count)
    return Tab(scope, str(SCOPES[scope]), shown, scope is current)
