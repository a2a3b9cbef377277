"""Where in the chain a ticket stands: its stations in order, who has it, and how long each has had it."""

from collections.abc import Iterable
from dataclasses import dataclass

from servicedesk.core.ticket import Custody
from servicedesk.core.visibility import Access
from servicedesk.core.vocabulary import Tier, WaitsOn
from servicedesk.store.queries.supplier import shown_ticket
from servicedesk.store.queries.tickets import TicketView
from servicedesk.web import names
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _
from servicedesk.web.words import TIERS

REQUESTER = "requester"
CUSTOMER = "customer"
# To a supplier everybody below the joint organisation is the customer.
WAITED_FOR_OUTSIDE = dict.fromkeys(map(str, (WaitsOn.REQUESTER, WaitsOn.FIRST_LINE, WaitsOn.SECOND_LINE)), CUSTOMER)


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
    if view.access is Access.SUPPLIER:
        return _for_supplier(view, reading)
    definition = reading.book.definition(view.ticket.workflow_version)
    tiers = [tier for tier in Tier if any(state.tier is tier for state in definition.states.values())]
    return [_requester(view), *(_station(tier, view, reading) for tier in tiers)]


def _for_supplier(view: TicketView, reading: Reading) -> list[Station]:
    """The customer as one, whichever of its tiers has the ticket; then the joint organisation, and the supplier."""
    holder = shown_ticket(view, reading.book, reading.now).holder
    here = str(holder.tier) if holder else CUSTOMER
    board = holder.organisation.name if holder and holder.tier is Tier.JOINT else ""
    own = names.team(reading.installation, view.custody[-1].holder.team) if view.custody else ""
    waited_for = WAITED_FOR_OUTSIDE.get(view.state.waits_on or "", str(view.state.waits_on)) if holder else ""
    return [
        _seen(CUSTOMER, _("The customer"), "", [], here, waited_for, view, reading),
        _seen(Tier.JOINT, str(TIERS[Tier.JOINT]), board, [], here, waited_for, view, reading),
        _seen(Tier.SUPPLIER, str(TIERS[Tier.SUPPLIER]), own, view.custody, here, waited_for, view, reading),
    ]


def _requester(view: TicketView) -> Station:
    waited_for = view.state.waits_on is WaitsOn.REQUESTER
    status = _("The ticket waits for them") if waited_for else ""
    return Station(REQUESTER, str(TIERS[REQUESTER]), "", None, False, waited_for, True, status)


def _station(tier: Tier, view: TicketView, reading: Reading) -> Station:
    stretches = [stretch for stretch in view.custody if stretch.holder.tier is tier]
    here = str(view.ticket.holder.tier)
    who = _who(tier is view.ticket.holder.tier, stretches, view, reading)
    return _seen(tier, str(TIERS[tier]), who, stretches, here, str(view.state.waits_on), view, reading)


def _seen(
    tier: str,
    label: str,
    who: str,
    stretches: list[Custody],
    here: str,
    waited_for: str,
    view: TicketView,
    reading: Reading,
) -> Station:
    """`here` is the station that has the ticket, `waited_for` the one it waits for there."""
    is_here, is_waited_for = tier == here, tier == waited_for and tier != here
    return Station(
        tier=str(tier),
        label=label,
        who=who,
        seconds=_held(stretches, reading) if stretches else None,
        is_here=is_here,
        is_waited_for=is_waited_for,
        has_passed=bool(stretches) or tier == CUSTOMER,
        status=_status(is_here, is_waited_for, view),
    )


def _who(here: bool, stretches: list[Custody], view: TicketView, reading: Reading) -> str:
    """The team there now, or the last one there."""
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
