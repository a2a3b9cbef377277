"""What has come in since a page was opened, in a sentence for each: said to whoever has it before them."""

from dataclasses import dataclass

from servicedesk.core.events import PromiseWarned
from servicedesk.store.queries.tickets import TicketView, changes_since
from servicedesk.web import identity
from servicedesk.web.reading import Reading
from servicedesk.web.ticket.telling import tell

# Said one by one; of more than these, how many.
MOST_SAID = 3


@dataclass(frozen=True, slots=True)
class News:
    """(who, what) of the last things that happened, the newest first; `more`: how many there are besides. `position`:
    of the newest of all in the timeline."""

    said: list[tuple[str, str]]
    more: int
    position: int


def news(view: TicketView, seen: str, reading: Reading) -> News | None:
    """Since the version that a page says it shows; None where it says nothing that can be understood."""
    if not (seen.isascii() and seen.isdigit() and len(seen) < 10 and int(seen)):
        return None
    since = changes_since(reading.connection, reading.book, identity.viewer(), view.number, int(seen))
    told = tell([entry for entry in since if not isinstance(entry.event.payload, PromiseWarned)], view, reading)
    told.sort(key=lambda each: each.position, reverse=True)
    if not told:
        return None
    return News([(each.who, each.what) for each in told[:MOST_SAID]], len(told[MOST_SAID:]), told[0].position)
