"""Where in the chain a ticket stands: its stations in order, who has it, and how long each has had it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from servicedesk.core.events import Moved, MunicipalityChanged, TicketLogged
from servicedesk.core.ledger import seconds_between
from servicedesk.core.ticket import Custody
from servicedesk.core.visibility import Access
from servicedesk.core.vocabulary import Tier, WaitsOn
from servicedesk.core.workflows.effects import Effect
from servicedesk.store.queries.systems.ticket import holder_seen
from servicedesk.store.queries.tickets import TicketView
from servicedesk.web import names
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _
from servicedesk.web.ticket.shares import percent
from servicedesk.web.words import TIERS

REQUESTER = "requester"
CUSTOMER = "customer"
# To a supplier everybody below the joint organisation is the customer.
WAITED_FOR_OUTSIDE = dict.fromkeys(map(str, (WaitsOn.REQUESTER, WaitsOn.FIRST_LINE, WaitsOn.SECOND_LINE)), CUSTOMER)


@dataclass(frozen=True, slots=True)
class Back:
    """How often it came back from a station to one before it, `steps` to the left."""

    to: str
    steps: int
    count: int


@dataclass(frozen=True, slots=True)
class Station:
    """`seconds` it has had the ticket by the wall clock, None where the reader may not know or it never had it;
    `waiting` of them for somebody else. The `share`s of all stations add up to 100, None where one is unknown;
    `waiting_share` is a part of it. The requester never has the ticket: there `seconds` is what was waited for them."""

    tier: str
    label: str
    who: str
    seconds: int | None
    waiting: int
    share: int | None
    waiting_share: int
    backs: list[Back]
    is_here: bool
    is_waited_for: bool
    has_passed: bool
    status: str


def stations(view: TicketView, reading: Reading) -> list[Station]:
    """The tiers of the ticket's workflow with the requester before them."""
    if view.access is Access.SUPPLIER:
        return _with_returns(_for_supplier(view, reading), view)
    definition = reading.book.definition(view.ticket.workflow_version)
    tiers = [tier for tier in Tier if any(state.tier is tier for state in definition.states.values())]
    held = _with_shares([_station(tier, view, reading) for tier in tiers])
    return _with_returns([_requester(view, reading), *held], view)


def _for_supplier(view: TicketView, reading: Reading) -> list[Station]:
    """The customer as one, whichever of its tiers has the ticket; then the joint organisation, and the supplier."""
    holder = holder_seen(view.ticket, view.access, view.organisation, reading.book)
    here = str(holder.tier) if holder else CUSTOMER
    board = holder.organisation.name if holder and holder.tier is Tier.JOINT else ""
    own = names.team(reading.installation, view.custody[-1].holder.team) if view.custody else ""
    waited_for = WAITED_FOR_OUTSIDE.get(view.state.waits_on or "", str(view.state.waits_on)) if holder else ""
    return [
        _seen(CUSTOMER, _("The customer"), "", [], here, waited_for, view, reading),
        _seen(Tier.JOINT, str(TIERS[Tier.JOINT]), board, [], here, waited_for, view, reading),
        _seen(Tier.SUPPLIER, str(TIERS[Tier.SUPPLIER]), own, view.custody, here, waited_for, view, reading),
    ]


def _requester(view: TicketView, reading: Reading) -> Station:
    waited_for = view.state.waits_on is WaitsOn.REQUESTER
    seconds = sum(_seconds(s, reading) for s in view.custody if s.counted and s.account == WaitsOn.REQUESTER)
    return Station(
        tier=REQUESTER,
        label=str(TIERS[REQUESTER]),
        who="",
        seconds=seconds or None,
        waiting=seconds,
        share=None,
        waiting_share=0,
        backs=[],
        is_here=False,
        is_waited_for=waited_for,
        has_passed=True,
        status=_("The ticket waits for them") if waited_for else "",
    )


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
    counted = [stretch for stretch in stretches if stretch.counted]
    return Station(
        tier=str(tier),
        label=label,
        who=who,
        seconds=sum(_seconds(each, reading) for each in counted) if stretches else None,
        waiting=sum(_seconds(each, reading) for each in counted if each.account != each.holder.tier),
        share=None,
        waiting_share=0,
        backs=[],
        is_here=is_here,
        is_waited_for=is_waited_for,
        # What a supplier has, it has got from all those before it.
        has_passed=bool(stretches) or view.access is Access.SUPPLIER,
        status=_status(is_here, is_waited_for, view),
    )


def _who(here: bool, stretches: list[Custody], view: TicketView, reading: Reading) -> str:
    """The team there now, or the last one there."""
    team = view.ticket.holder.team if here else stretches[-1].holder.team if stretches else ""
    return names.team(reading.installation, team) if team else ""


def _seconds(stretch: Custody, reading: Reading) -> int:
    return seconds_between(stretch.started_at, stretch.ended_at or reading.now)


def _status(here: bool, waited_for: bool, view: TicketView) -> str:
    if waited_for:
        return _("The ticket waits for them")
    if not here:
        return ""
    if not view.ticket.is_open:
        return _("Had it last")
    return _("Has it now") if view.ticket.accepted else _("To accept it")


def _with_shares(held: list[Station]) -> list[Station]:
    shares = percent([station.seconds or 0 for station in held])
    return [
        replace(
            station, share=share, waiting_share=share * station.waiting // station.seconds if station.seconds else 0
        )
        for station, share in zip(held, shares, strict=True)
    ]


def _with_returns(line: list[Station], view: TicketView) -> list[Station]:
    place = {station.tier: index for index, station in enumerate(line)}
    for (start, end), count in sorted(_returns(view).items()):
        if start in place and end in place and place[end] < place[start]:
            line[place[start]].backs.append(Back(line[place[end]].label, place[start] - place[end], count))
    return line


def _returns(view: TicketView) -> Counter[tuple[str, str]]:
    """(from, to) -> how often, of what this viewer sees. A supplier sees those from itself alone."""
    found: Counter[tuple[str, str]] = Counter()
    before = str(Tier.SUPPLIER)
    for holder, is_return in _passed_on(view):
        if is_return:
            found[before, holder] += 1
        if view.access is not Access.SUPPLIER:
            before = holder
    return found


def _passed_on(view: TicketView) -> Iterable[tuple[str, bool]]:
    """(tier, whether it was returned there) each time that custody passed."""
    for entry in view.entries:
        payload = entry.event.payload
        if (
            entry.event.amends is None
            and isinstance(payload, (TicketLogged, Moved, MunicipalityChanged))
            and payload.holder
        ):
            is_return = isinstance(payload, Moved) and Effect.COUNT_RETURN in payload.effects
            yield str(payload.holder.tier), is_return
