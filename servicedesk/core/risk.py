"""When a promise begins to be at risk: one rule, for lists, boards and what is measured."""

from datetime import datetime, timedelta

# When no more of its time is left than this: in percent, or by the clock.
LITTLE = 25
SOON = timedelta(hours=1)


def at_risk_from(due_at: datetime, promised_at: datetime | None) -> datetime:
    """Of a promise made at `promised_at` that runs out at `due_at`, by the wall clock."""
    little = (due_at - promised_at) * LITTLE / 100 if promised_at else SOON
    return due_at - max(little, SOON)


def made_at(due_at: datetime, risk_at: datetime) -> datetime:
    """The other way round; of a short promise, which is at risk for SOON, as if that were a LITTLE of it."""
    return due_at - (due_at - risk_at) * 100 / LITTLE
