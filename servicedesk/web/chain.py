"""Where in the chain a ticket stands: its stations in order, who has it, and how long each has had it."""

from collections.abc import Iterable
from dataclasses import dataclass

from servicedesk.core.ticket import Custody
from servicedesk.core.visibility import Access
from servicedesk.core.vocabulary import Tier, WaitsOn
from servicedesk.store.queries.tickets import TicketView
from servicedesk.web import names
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _
from servicedesk.web.words import TIERS

REQUESTER = "requester"


@dataclass(frozen=True, slots=True)
class Station:
    """`seconds` it has had the ticket by the wall clock, None where the reader may not know or it never had it."""

    tier: str
    label: str
    who: str
    seconds: int | None
    is_here: bool
    is_waited_for: bool
    has_passed: bool
    status: str


def stations(view: TicketView, reading: Reading) -> list[Station]:
    """The tiers of the ticket's workflow with the requester before them."""
    definition = reading.book.definition(view.ticket.workflow_version)
    tiers = [tier for tier in Tier if any(state.tier is tier for state in definition.states.values())]
    outside = view.access is Access.SUPPLIER
    requester = [] if outside else [_requester(view)]
    return [*requester, *(_station(tier, view, reading) for tier in tiers)]


def _requester(view: TicketView) -> Station:
    waited_for = view.state.waits_on is WaitsOn.REQUESTER
    status = _("The ticket waits for them") if waited_for else ""
    return Station(REQUESTER, str(TIERS[REQUESTER]), "", None, False, waited_for, True, status)


def _station(tier: Tier, view: TicketView, reading: Reading) -> Station:
    ticket = view.ticket
    stretches = [stretch for stretch in view.custody if stretch.holder.tier is tier]
    here = ticket.holder.tier is tier
    waited_for = not here and str(view.state.waits_on) == str(tier)
    return Station(
        tier=str(tier),
        label=str(TIERS[tier]),
        who=_who(tier, here, stretches, view, reading),
        seconds=_held(stretches, reading) if stretches else None,
        is_here=here,
        is_waited_for=waited_for,
        has_passed=bool(stretches),
        status=_status(here, waited_for, view),
    )


def _who(tier: Tier, here: bool, stretches: list[Custody], view: TicketView, reading: Reading) -> str:
    """The team there now, or the last one there."""
    if view.access is Access.SUPPLIER and not stretches:
        return ""
    team = view.ticket.holder.team if here else stretches[-1].holder.team if stretches else ""
    return names.team(reading.installation, team) if team else ""


def _held(stretches: Iterable[Custody], reading: Reading) -> int:
    counted = (stretch for stretch in stretches if stretch.counted)
    return sum(int(((s.ended_at or reading.now) - s.started_at).total_seconds()) for s in counted)


def _status(here: bool, waited_for: bool, view: TicketView) -> str:
    if waited_for:
        return _("The ticket waits for them")
    if not here:
        return ""
    if not view.ticket.is_open:
        return _("Had it last")
    return _("Has it now") if view.ticket.accepted else _("To accept it")
