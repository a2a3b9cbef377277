"""The version of a ticket as a system sees it: how many changes of it its organisation is told. Its feed and its
webhooks call that the change's ordinal. It counts nothing that is not seen, so no gap in it tells of that."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from servicedesk.core.changes import WARNED, Change, told_to
from servicedesk.core.events import Event
from servicedesk.store.rulebook import RuleBook


@dataclass(frozen=True, slots=True)
class Version:
    """`changes`: all that the system is told of the ticket, in order."""

    changes: tuple[Change, ...]

    @property
    def number(self) -> int:
        return self.changes[-1].ordinal if self.changes else 0

    def is_still(self, numbers: Collection[int]) -> bool:
        """Whether a write that is meant for one of these may be done; a warning since then is no change."""
        return any(map(self._still_holds, numbers))

    def event_of(self, number: int) -> int:
        """The event that made it this version; 0 where there is none of that number."""
        return next((change.seq for change in self.changes if change.ordinal == number), 0)

    def _still_holds(self, number: int) -> bool:
        return 0 < number <= self.number and all(change.type == WARNED for change in self.changes[number:])


def version_of(organisation: str, events: Iterable[Event], book: RuleBook) -> Version:
    return Version(tuple(told_to(organisation, events, book)))
