"""Where time went along the chain: what each tier held, and what it did with it."""

from collections.abc import Mapping
from dataclasses import dataclass

from servicedesk.core.follow_up import Reach
from servicedesk.core.vocabulary import Tier
from servicedesk.store.queries.follow_up.figures import Family
from servicedesk.store.queries.follow_up.held import Part, Spread, shares
from servicedesk.web import names, numbers, times
from servicedesk.web.follow_up.asking import Asking
from servicedesk.web.follow_up.figure import NOTHING, Figured, figured
from servicedesk.web.follow_up.pictures import Piece, bar
from servicedesk.web.follow_up.words import PARTS
from servicedesk.web.reading import Reading
from servicedesk.web.words import TIERS

COUNTED = tuple(part for part in Part if part is not Part.CLOSED)
COUNTED_VALUES = [str(part) for part in COUNTED]


@dataclass(frozen=True, slots=True)
class Line:
    """One tier. `share` of the whole chain's time; `median` and `ninetieth` '' where too few tickets tell."""

    label: str
    total: Figured
    share: str
    parts: list[Figured]
    tickets: Figured
    median: str
    ninetieth: str
    pieces: list[Piece]
    said: str


@dataclass(frozen=True, slots=True)
class Held:
    """`parts` are those that there is time of, each with its filling. `closed` is time that was nobody's."""

    parts: list[tuple[Piece, str]]
    lines: list[Line]
    whole: str
    closed: Figured


def held(asking: Asking, reading: Reading) -> Held:
    assert asking.asked is not None
    found = shares(reading.connection, asking.asked)
    seconds = found.seconds
    parts = [part for part in COUNTED if any(key[1] == part for key in seconds)]
    totals = {tier: sum(seconds.get((tier, part), 0) for part in parts) for tier in Tier}
    whole, most = sum(totals.values()), max(totals.values(), default=0)
    tiers = [Tier.SUPPLIER] if asking.reach is Reach.CONTRACT else list(Tier)
    own = names.listed([names.organisation(reading.installation, key) for key in asking.asked.scope.own])
    return Held(
        parts=[(Piece(part), str(PARTS[part])) for part in parts],
        lines=[
            _line(
                asking,
                tier,
                own if asking.reach is Reach.CONTRACT else str(TIERS[tier]),
                {part: seconds.get((tier, part), 0) for part in parts},
                (whole, most),
                found.spread.get(tier),
            )
            for tier in tiers
        ],
        whole=numbers.hours(whole),
        closed=_closed(asking, sum(n for (_, part), n in seconds.items() if part == Part.CLOSED)),
    )


def _line(
    asking: Asking, tier: Tier, label: str, seconds: Mapping[Part, int], of: tuple[int, int], found: Spread | None
) -> Line:
    total, (whole, most) = sum(seconds.values()), of
    tickets = found.tickets if found else 0
    everything = asking.behind(Family.HELD, tier=tier, part=COUNTED_VALUES)
    shares = [f"{PARTS[part]} {numbers.hours(n)}" for part, n in seconds.items() if n]
    return Line(
        label=label,
        total=figured(total, everything, numbers.hours(total)),
        share=numbers.percent(total, whole),
        parts=[
            figured(n, asking.behind(Family.HELD, tier=tier, part=part), numbers.hours(n)) if n else NOTHING
            for part, n in seconds.items()
        ],
        tickets=figured(total, everything, numbers.whole(tickets)),
        median=times.span(found.median) if found and found.median is not None else "",
        ninetieth=times.span(found.ninetieth) if found and found.ninetieth is not None else "",
        pieces=bar([(str(part), n) for part, n in seconds.items()], most),
        said=f"{label}: {numbers.hours(total)}. {', '.join(shares)}",
    )


def _closed(asking: Asking, seconds: int) -> Figured:
    return figured(seconds, asking.behind(Family.HELD, part=Part.CLOSED), numbers.hours(seconds))
