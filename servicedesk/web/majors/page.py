"""A major incident as its reader may know it: to whoever leads it all of it, to a municipality its own part."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from servicedesk.core.errors import DeskError
from servicedesk.core.facts import Actor
from servicedesk.core.majors import LEARNED, Act, Major, concerns, leads
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Audience
from servicedesk.store.queries.lines import Line
from servicedesk.store.queries.majors import Done, acts, belonging, candidates, counts, major_of, now_and_own
from servicedesk.store.search.analysis import words_of
from servicedesk.store.search.stop_words import STOP_WORDS
from servicedesk.web import identity, names, times
from servicedesk.web.lists.rows import Row, rows_of
from servicedesk.web.majors.listing import Summary, summary_of
from servicedesk.web.reading import Reading
from servicedesk.web.speech import Words, _, _l, said

# So many tickets are shown of those that belong, and of those that may.
SHOWN, OFFERED, LOOKED_AT = 100, 50, 300
# From how long before it was declared tickets are thought to be of it.
BEFORE = timedelta(days=3)

ACTS: dict[str, Words] = {
    Act.DECLARE: _l("Declared"),
    Act.ATTACH: _l("Attached tickets"),
    Act.TELL: _l("Told all who are affected"),
    Act.RESOLVE: _l("Solved"),
    Act.HAPPENED: _l("Wrote before: what happened"),
    Act.PREVENTS: _l("Wrote before: so that it does not happen again"),
}


@dataclass(frozen=True, slots=True)
class Refused:
    number: str
    why: str


@dataclass(frozen=True, slots=True)
class Happened:
    """An act as it is read. `of`: how many tickets it is for, to whoever leads; `share` of them done, in percent."""

    number: int
    what: str
    at: str
    who: str
    text: str
    to: str
    done: int
    of: int
    share: int
    refused: list[Refused]


@dataclass(frozen=True, slots=True)
class Learned:
    """What happened, what prevents that it does so again, and when and by whom that was written last."""

    happened: str
    prevents: str
    at: str
    who: str


@dataclass(frozen=True, slots=True)
class MajorPage:
    """`places`: (municipality, tickets, open) of what the reader sees. `rows`: those that belong; `more` are not shown.
    `is_leader`: decides for it. `news`: what was done, newest first. `learned`: what was written of it afterwards."""

    major: Major
    summary: Summary
    places: list[tuple[str, int, int]]
    rows: list[Row]
    more: int
    news: list[Happened]
    learned: Learned | None
    is_leader: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class Offered:
    """Tickets that may belong to it; `alike`: with words in common with what is said of it."""

    alike: list[Row]
    others: list[Row]


@dataclass(frozen=True, slots=True)
class OfTicket:
    """Of one ticket: the incident that it belongs to, or those that it could."""

    own: Major | None
    leads: bool
    could: list[Major]
    may_declare: bool


def major_page(key: str, reading: Reading) -> MajorPage:
    viewer = identity.viewer()
    major = major_of(reading.connection, viewer, reading.installation, key)
    counted = counts(reading.connection, viewer, key)
    lines = belonging(reading.connection, viewer, key, SHOWN)
    total = sum(every for every, _open in counted.values())
    done = acts(reading.connection, viewer, major)
    is_leader = leads(viewer)
    last = {str(kind): next((each for each in done if each.kind == kind), None) for kind in LEARNED}
    story = [each for each in done if each is not last.get(each.kind)]
    return MajorPage(
        major=major,
        summary=summary_of(major, (total, sum(still for _every, still in counted.values())), None, reading),
        places=[(names.organisation(reading.installation, place), *how) for place, how in counted.items()],
        rows=rows_of(lines, reading),
        more=max(0, total - len(lines)),
        news=[_happened(each, reading, is_leader) for each in story if is_leader or each.kind != Act.ATTACH],
        learned=_learned(last, reading),
        is_leader=is_leader,
        is_open=major.ended_at is None,
    )


def _learned(last: Mapping[str, Done | None], reading: Reading) -> Learned | None:
    happened, prevents = (last[kind] for kind in LEARNED)
    if happened is None or prevents is None:
        return None
    newest = max(happened, prevents, key=lambda each: each.number)
    return Learned(happened.text, prevents.text, times.near(newest.at, reading.now), _who(newest, reading))


def _who(done: Done, reading: Reading) -> str:
    kind, _colon, key = done.actor.partition(":")
    return names.person(reading.installation, key) if kind == "person" else ""


def _happened(done: Done, reading: Reading, is_leader: bool) -> Happened:
    """How many tickets others have is theirs alone to know; whoever leads knows of all that were let to them."""
    of = done.done + done.waiting + len(done.refused)
    settled = done.done + len(done.refused)
    return Happened(
        number=done.number,
        what=str(ACTS[done.kind]),
        at=times.near(done.at, reading.now),
        who=_who(done, reading),
        text=done.text,
        to=_to(done),
        done=settled if is_leader else 0,
        of=of if is_leader else 0,
        share=settled * 100 // of if of else 100,
        refused=[Refused(number, _why(why)) for number, why in done.refused] if is_leader else [],
    )


def _to(done: Done) -> str:
    if done.kind != Act.TELL:
        return ""
    if done.choice == Audience.REQUESTER:
        return _("To the requesters, and their municipalities")
    return _("To the municipalities alone")


def _why(text: str) -> str:
    why = json.loads(text)
    message, data = why["message"], why["data"]
    return said(DeskError(message, **data))


def offered(major: Major, reading: Reading) -> Offered:
    """Of the reader's own municipalities, or to whoever leads of all; those most like what is said of it first."""
    viewer = identity.viewer()
    mine = concerns(viewer, reading.installation) & set(major.municipalities)
    since = major.declared_at - BEFORE
    found = candidates(reading.connection, viewer, major, mine, since, LOOKED_AT)
    wanted = _telling(major.title)
    alike = [line for line in found if _in_common(line, wanted)]
    others = [line for line in found if not _in_common(line, wanted)]
    return Offered(rows_of(alike[:OFFERED], reading), rows_of(others[: max(0, OFFERED - len(alike))], reading))


def _telling(text: str) -> frozenset[str]:
    return frozenset(word for word in words_of(text) if len(word) > 3 and word not in STOP_WORDS)


def _in_common(line: Line, wanted: frozenset[str]) -> bool:
    words = _telling(line.title)
    return any(word.startswith(other[:6]) or other.startswith(word[:6]) for word in words for other in wanted)


def of_ticket(ticket: TicketState, viewer: Actor, reading: Reading) -> OfTicket | None:
    """None where nothing of it is the reader's to know."""
    if not concerns(viewer, reading.installation):
        return None
    found = now_and_own(reading.connection, viewer, reading.installation, ticket.major)
    own = next((each for each in found if each.key == ticket.major), None)
    could = [each for each in found if each.ended_at is None and ticket.municipality in each.municipalities]
    if own is not None:
        return OfTicket(own, own.number == ticket.number, [], may_declare=False)
    if not ticket.is_open or not (could or leads(viewer)):
        return None
    return OfTicket(None, False, could, leads(viewer))
