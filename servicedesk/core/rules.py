"""What the fold is told of the rules that bound a ticket as it lived."""

from datetime import datetime
from typing import Protocol

from servicedesk.core import sla
from servicedesk.core.facts import Agreement
from servicedesk.core.ticket import TicketState
from servicedesk.core.workflows.definition import Definition


class Rules(sla.Calendars, Protocol):
    """The immutable versions the fold reads, by content hash; it reads no file."""

    def definition(self, version: str) -> Definition: ...

    def agreement(self, version: str) -> Agreement: ...

    def bound_by(self, ticket: TicketState, pinned: dict[str, str], at: datetime) -> dict[str, str]:
        """The agreements that bind a ticket from `at` on: those that its event pins, unless one asks what others would
        have meant (core.replay)."""
        ...
