"""The version of a ticket as a system sees it: how many changes of it the system is told. Its feed and its webhooks
call that the change's ordinal. It counts nothing that the system does not see, so no gap in it tells of that."""

from collections.abc import Collection
from dataclasses import dataclass

from servicedesk.core.changes import WARNED, Change, told_to
from servicedesk.core.visibility import version_for
from servicedesk.store.queries.tickets import Found
from servicedesk.store.rulebook import RuleBook

# No ticket has this one.
NO_VERSION = -1


@dataclass(frozen=True, slots=True)
class Version:
    """`changes`: all that the system is told of the ticket, in order. `stored`: what a write is held against."""

    changes: tuple[Change, ...]
    stored: int

    @property
    def number(self) -> int:
        return self.changes[-1].ordinal if self.changes else 0

    def expected(self, numbers: Collection[int]) -> int:
        """What a write is held against, that is meant for one of these; a warning since then is no change."""
        return self.stored if any(map(self._still_holds, numbers)) else NO_VERSION

    def event_of(self, number: int) -> int:
        """The event that made it this version; 0 where there is none of that number."""
        return next((change.seq for change in self.changes if change.ordinal == number), 0)

    def _still_holds(self, number: int) -> bool:
        return 0 < number <= self.number and all(change.type == WARNED for change in self.changes[number:])


def version_of(found: Found, book: RuleBook) -> Version:
    ticket, access, organisation = found.known.ticket, found.access, found.organisation
    changes = tuple(told_to(organisation, found.known.events, book))
    return Version(changes, version_for(ticket, access, organisation))
