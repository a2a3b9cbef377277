"""The moments of what is asked, as parameters: so that a statement is put together once and asked of any period."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, bindparam

from servicedesk.core.period import Period
from servicedesk.store.base import UTCDateTime

START, END, NOW, UNTIL = (bindparam(f"asked_{name}", type_=UTCDateTime()) for name in ("start", "end", "now", "until"))
START_SECOND, UNTIL_SECOND = (bindparam(f"asked_{name}_second", type_=BigInteger()) for name in ("start", "until"))
# The ages that open tickets are told apart by, in days, oldest first.
DAYS = (30, 7, 3, 1)
DAYS_AGO = {days: bindparam(f"asked_{days}_days_ago", type_=UTCDateTime()) for days in DAYS}


def moments(period: Period, now: datetime) -> dict[str, Any]:
    """Their values. A period that has not ended is counted up to now."""
    until = min(period.end, now)
    return {
        START.key: period.start,
        END.key: period.end,
        NOW.key: now,
        UNTIL.key: until,
        START_SECOND.key: int(period.start.timestamp()),
        UNTIL_SECOND.key: int(until.timestamp()),
        **{DAYS_AGO[days].key: until - timedelta(days=days) for days in DAYS},
    }
