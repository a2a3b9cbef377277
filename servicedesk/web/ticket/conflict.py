"""A conflict between two people: what has changed on a ticket since one of them opened it, to be read beside what they
were about to do."""

from dataclasses import dataclass, replace

from servicedesk.core.events import PromiseWarned
from servicedesk.store.queries.tickets import TicketView, changes_since, ticket_at
from servicedesk.web import identity
from servicedesk.web.reading import Reading
from servicedesk.web.ticket import facts
from servicedesk.web.ticket.telling import tell
from servicedesk.web.ticket.timeline import Day, days_of, icons_of


@dataclass(frozen=True, slots=True)
class Changed:
    """A fact that was one thing and is another; '–' where it was or is nothing."""

    label: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Meanwhile:
    facts: list[Changed]
    days: list[Day]
    icons: list[str]


def meanwhile(view: TicketView, version: int, reading: Reading) -> Meanwhile:
    """What people and timers did since this version. A warning is no change, and raises no version."""
    since = changes_since(reading.connection, reading.book, identity.viewer(), view.number, version)
    happened = tell([e for e in since if not isinstance(e.event.payload, PromiseWarned)], view, reading)
    return Meanwhile(_facts(view, version, reading), days_of(happened, reading), icons_of(happened))


def _facts(view: TicketView, version: int, reading: Reading) -> list[Changed]:
    before = _view_at(view, version, reading)
    if before is None:
        return []
    then, now = facts.standing(before, reading), facts.standing(view, reading)
    return [Changed(label, then[label] or "–", now[label] or "–") for label in now if then[label] != now[label]]


def _view_at(view: TicketView, version: int, reading: Reading) -> TicketView | None:
    """As the same viewer saw it then: at the last change that was theirs to see, whatever version they say they had."""
    ticket = ticket_at(reading.connection, reading.book, identity.viewer(), view.number, version)
    if ticket is None:
        return None
    state = reading.book.definition(ticket.workflow_version).states[ticket.state]
    return replace(view, ticket=ticket, state=state)
