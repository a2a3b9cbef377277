"""A person's notices: unread ones on top, day by day, and on each day one line a ticket with what happened to it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from servicedesk.store.queries.notices import After, NoticeLine
from servicedesk.web import times
from servicedesk.web.reading import Reading
from servicedesk.web.ticket.marks import STEPS
from servicedesk.web.words import NOTICES

PAGED = {"unread": False, "read": True}
AT_RISK, BROKEN = "promise_at_risk", "promise_broken"
ICONS = {str(verb): icon for verb, icon in STEPS.items()} | {
    AT_RISK: "clock",
    BROKEN: "alert",
    "TicketLogged": "plus",
    "TicketAssigned": "take",
    "MunicipalityChanged": "municipality",
    "mentioned": "requester",
    "corrected": "pencil",
    "mail_failed": "alert",
}


@dataclass(frozen=True, slots=True)
class Happening:
    """`count`: how many times that day. `tone`: how loud, as with clocks; '' for what is no promise."""

    words: str
    icon: str
    count: int
    tone: str


@dataclass(frozen=True, slots=True)
class About:
    """What happened to one ticket on one day; `at` is the last of it."""

    number: str
    title: str
    at: datetime
    happenings: list[Happening]


@dataclass(frozen=True, slots=True)
class NoticeDay:
    label: str
    tickets: list[About]


@dataclass(frozen=True, slots=True)
class NoticesPage:
    """`up_to`: the newest notice on the page; what comes after it has not been seen. `after`: what asks for the next
    page, '' on the last."""

    unread: list[NoticeDay]
    read: list[NoticeDay]
    up_to: int
    after: str


def asked_after(text: str) -> After | None:
    """What `after` of a page says; None, the first page, of anything else."""
    read, _, number = text.partition("-")
    if read not in PAGED or not (number.isascii() and number.isdigit() and len(number) < 18):
        return None
    return After(PAGED[read], int(number))


def notices_page(notices: list[NoticeLine], after: After | None, reading: Reading) -> NoticesPage:
    """Of notices, the newest first."""
    return NoticesPage(
        unread=_days((notice for notice in notices if not notice.is_read), reading),
        read=_days((notice for notice in notices if notice.is_read), reading),
        up_to=max((notice.id for notice in notices), default=0),
        after=f"{'read' if after.is_read else 'unread'}-{after.id}" if after else "",
    )


def _days(notices: Iterable[NoticeLine], reading: Reading) -> list[NoticeDay]:
    by_day = groupby(notices, key=lambda notice: times.local(notice.created_at).date())
    return [NoticeDay(times.day(date, reading.now), _tickets(day)) for date, day in by_day]


def _tickets(day: Iterable[NoticeLine]) -> list[About]:
    tickets: dict[str, list[NoticeLine]] = {}
    for notice in day:
        tickets.setdefault(notice.number, []).append(notice)
    return [_about(same) for same in tickets.values()]


def _about(notices: list[NoticeLine]) -> About:
    newest = notices[0]
    counted = Counter(notice.why or notice.kind for notice in notices)
    return About(newest.number, newest.title, newest.created_at, [_happening(why, n) for why, n in counted.items()])


def _happening(why: str, count: int) -> Happening:
    tone = {AT_RISK: "risk", BROKEN: "broken"}.get(why, "")
    return Happening(str(NOTICES.get(why, why)), ICONS.get(why, "bell"), count, tone)
