"""The custody ledger on a page: who had the ticket from when to when, for whom it waited there, and what it adds up to.

Core's ledger (core.ledger) also measures working hours, which no page shows yet; the seconds are the same.
"""

from dataclasses import dataclass
from datetime import datetime

from servicedesk.core.ledger import seconds_between
from servicedesk.core.ticket import Custody
from servicedesk.core.visibility import Access
from servicedesk.core.vocabulary import WaitsOn
from servicedesk.store.queries.tickets import TicketView
from servicedesk.web import names, times
from servicedesk.web.reading import Reading
from servicedesk.web.speech import Words, _, _l
from servicedesk.web.ticket.shares import percent

WAITING: dict[str, Words] = {
    WaitsOn.REQUESTER: _l("waiting for the requester"),
    WaitsOn.FIRST_LINE: _l("waiting for the first line"),
    WaitsOn.SECOND_LINE: _l("waiting for the second line"),
    WaitsOn.JOINT: _l("waiting for the IT service manager"),
    WaitsOn.SUPPLIER: _l("waiting for the supplier"),
    WaitsOn.PLANNED_CHANGE: _l("waiting for a planned change"),
}


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay with a team. `ended_at` is None for the present one; `share` of the whole in percent, None for time
    that is nobody's. `waits`: (for whom, how long)."""

    team: str
    started_at: datetime
    ended_at: datetime | None
    span: str
    share: int | None
    waits: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Ledger:
    """`sum` is what all the stays together took, nobody's time apart; `label` says whose sum it is."""

    stays: list[Stay]
    label: str
    sum: str


def ledger(view: TicketView, reading: Reading) -> Ledger:
    """To a supplier its own stays, which it must be able to check, and no share of a whole that it may not know."""
    stretches: dict[tuple[int, bool], list[Custody]] = {}
    for stretch in view.custody:
        stretches.setdefault((stretch.number, stretch.counted), []).append(stretch)
    stays = list(stretches.values())
    counted = [_seconds(stay, reading) if stay[0].counted else 0 for stay in stays]
    shares: list[int | None] = [*percent(counted)]
    if view.access is Access.SUPPLIER:
        shares = [None] * len(stays)
    return Ledger(
        stays=[_stay(stay, share, reading) for stay, share in zip(stays, shares, strict=True)],
        label=_("Together with you") if view.access is Access.SUPPLIER else _("Together"),
        sum=times.span(sum(counted)),
    )


def _stay(stretches: list[Custody], share: int | None, reading: Reading) -> Stay:
    first = stretches[0]
    return Stay(
        team=names.team(reading.installation, first.holder.team) if first.counted else _("Closed: nobody's time"),
        started_at=first.started_at,
        ended_at=stretches[-1].ended_at,
        span=times.span(_seconds(stretches, reading)),
        share=share if first.counted else None,
        waits=_waits(stretches, reading) if first.counted else [],
    )


def _waits(stretches: list[Custody], reading: Reading) -> list[tuple[str, str]]:
    accounts: dict[str, list[Custody]] = {}
    for stretch in stretches:
        if stretch.account != stretch.holder.tier and stretch.account in WAITING:
            accounts.setdefault(stretch.account, []).append(stretch)
    return [(str(WAITING[account]), times.span(_seconds(waited, reading))) for account, waited in accounts.items()]


def _seconds(stretches: list[Custody], reading: Reading) -> int:
    return sum(seconds_between(each.started_at, each.ended_at or reading.now) for each in stretches)
