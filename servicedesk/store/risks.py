"""When each running promise of a ticket is at risk, as one word that can be compared with the time as it passes.

Which promise is at risk changes by the hour without anything happening to the ticket, and several run at once: when the
first is broken, another may be calm still or about to be broken too. So all stand there that had not run out at the
ticket's last event (which mostly is that one has), each as when it runs out and from when on it is at risk, in seconds,
what runs out first before the others. Which of them have run out since, the time tells.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from math import ceil
from typing import Any

from sqlalchemy import ColumnElement, String, and_, bindparam, case, func, or_

from servicedesk.core.risk import at_risk_from
from servicedesk.store.base import UTCDateTime
from servicedesk.store.tickets import Visibility

# As many as run at once: response, resolution, acknowledgement, the tier's or the supplier's own, and two updates.
MOST = 6
DIGITS = 10

NOW = bindparam("now", type_=UTCDateTime)
_SECONDS = bindparam("seconds", type_=String)


def risks_of(promises: Iterable[tuple[datetime, datetime]]) -> str:
    """`promises`: when each runs out, and when it was made."""
    windows = {(ceil(due.timestamp()), ceil(at_risk_from(due, made).timestamp())) for due, made in promises}
    return "".join(f"{due:0{DIGITS}}{start:0{DIGITS}}" for due, start in sorted(windows)[:MOST])


def at(now: datetime) -> dict[str, Any]:
    """The values in what follows."""
    return {"now": now, "seconds": second(now)}


def second(moment: datetime) -> str:
    return f"{int(moment.timestamp()):0{DIGITS}}"


def moment(written: str) -> datetime:
    return datetime.fromtimestamp(int(written), UTC)


def is_late() -> ColumnElement[bool]:
    """Whether a promise has run out."""
    return Visibility.next_due_at <= NOW


def is_late_or_at_risk() -> ColumnElement[bool]:
    return or_(is_late(), Visibility.risk_at <= NOW)


def is_at_risk() -> ColumnElement[bool]:
    """Whether one that has not run out soon will, whatever else has. Times are compared much faster than what is
    written, and mostly tell: where nothing has run out yet, whatever is at risk soon will."""
    return and_(Visibility.risk_at <= NOW, or_(Visibility.next_due_at > NOW, _one_is_in(0)))


def _one_is_in(number: int) -> ColumnElement[bool]:
    """This promise or one of the next, where there are so many."""
    if number == MOST - 1:
        return _is_in(number)
    more = func.length(Visibility.risks) > 2 * DIGITS * (number + 1)
    return or_(_is_in(number), and_(more, _one_is_in(number + 1)))


def at_risk_until() -> ColumnElement[str]:
    """When the first of those runs out, as written there."""
    return case(*((_is_in(number), _due(number)) for number in range(MOST)))


def at_risk_since() -> ColumnElement[str]:
    """From when on that one has been at risk."""
    return case(*((_is_in(number), _start(number)) for number in range(MOST)))


def _is_in(number: int) -> ColumnElement[bool]:
    """Where fewer run there is nothing, which is less than any time."""
    return and_(_due(number) > _SECONDS, _start(number) <= _SECONDS)


def _due(number: int) -> ColumnElement[str]:
    return func.substr(Visibility.risks, 2 * DIGITS * number + 1, DIGITS)


def _start(number: int) -> ColumnElement[str]:
    return func.substr(Visibility.risks, 2 * DIGITS * number + 1 + DIGITS, DIGITS)
