"""Major incidents in a list: those that go on and those that are over, and those that go on in a line each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from servicedesk.core.majors import Major, leads
from servicedesk.core.vocabulary import OrganisationKind
from servicedesk.store.queries.majors import headlines, last_told, majors, over, totals
from servicedesk.web import identity, names, times
from servicedesk.web.lists.live import PART
from servicedesk.web.reading import Reading
from servicedesk.web.rendering import wants_fragment
from servicedesk.web.speech import _

# So many that are over at a time.
OVER = 20


@dataclass(frozen=True, slots=True)
class Summary:
    """One in a list. `tickets`: those attached that the reader may see. `until`: when it was over, '' while it goes on.
    `told`: what all who are affected were last told, and when; '' of one that is over."""

    major: Major
    service: str
    places: str
    since: str
    tickets: int
    still_open: int
    until: str = ""
    told_at: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True)
class MajorsPage:
    """`older`: the key after which the older ones that are over follow, '' where there are none."""

    going_on: list[Summary]
    over: list[Summary]
    older: str
    is_leader: bool


@dataclass(frozen=True, slots=True)
class Now:
    """One that goes on, in a line on top of the page that its reader begins at."""

    key: str
    title: str
    service: str
    since: str


def majors_page(before: str, reading: Reading) -> MajorsPage:
    """`before`: of those that are over, what is older than the one of this key."""
    viewer = identity.viewer()
    here = (reading.connection, viewer, reading.installation)
    ended = over(*here, before=before, limit=OVER + 1)
    return MajorsPage(
        going_on=[] if before else _summaries(majors(*here), reading),
        over=_summaries(ended[:OVER], reading),
        older=ended[OVER - 1].key if len(ended) > OVER else "",
        is_leader=leads(viewer),
    )


def on_top(reading: Reading) -> list[Now]:
    """Those that go on and concern the reader; none for a part that renews itself, which does not show them."""
    if wants_fragment(PART):
        return []
    installation, now = reading.installation, reading.now
    found = headlines(reading.connection, identity.viewer(), installation)
    return [
        Now(each.key, each.title, names.service(installation, each.service), times.near(each.declared_at, now))
        for each in found
    ]


def _summaries(found: Sequence[Major], reading: Reading) -> list[Summary]:
    counted = totals(reading.connection, identity.viewer(), [each.key for each in found])
    going_on = [each.id for each in found if each.ended_at is None]
    told = last_told(reading.connection, going_on) if going_on else {}
    return [summary_of(each, counted.get(each.key, (0, 0)), told.get(each.id), reading) for each in found]


def summary_of(major: Major, counted: tuple[int, int], told: tuple[datetime, str] | None, reading: Reading) -> Summary:
    return Summary(
        major=major,
        service=names.service(reading.installation, major.service),
        places=_places(major, reading),
        since=times.near(major.declared_at, reading.now),
        tickets=counted[0],
        still_open=counted[1],
        until=times.near(major.ended_at, reading.now) if major.ended_at else "",
        told_at=times.near(told[0], reading.now) if told else "",
        told=told[1] if told else "",
    )


def _places(major: Major, reading: Reading) -> str:
    """By name, unless it is everywhere."""
    kept = reading.installation.organisations.values()
    everywhere = {each.key for each in kept if each.kind is OrganisationKind.MUNICIPALITY}
    if everywhere <= set(major.municipalities):
        return _("All municipalities")
    return ", ".join(sorted(names.organisation(reading.installation, key) for key in major.municipalities))
