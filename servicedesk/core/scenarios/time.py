"""Moments as a scenario writes them: what the clock on the wall shows in the installation's zone."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from servicedesk.core.errors import DeskError

FIRST, SECOND = "first", "second"

_CIVIL = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?: (first|second))?")
_EXAMPLE = 'Write the local time, such as "2026-03-12 08:30", or RFC 3339 with its offset.'


class MomentError(DeskError):
    """No moment, or one that the clock shows twice. `remedy` says what to write instead."""

    code = "moment"

    def __init__(self, message: str, remedy: str, text: str) -> None:
        super().__init__(message, text=repr(text))
        self.remedy = remedy


def read_moment(text: str, zone: ZoneInfo) -> datetime:
    """UTC. An hour that an autumn night has twice is marked `first` or `second`; one that a spring night skips is
    refused. MomentError."""
    found = _CIVIL.fullmatch(text.strip())
    if found is None:
        return _with_offset(text)
    wall = _civil(f"{found[1]}T{found[2]}", text)
    first, second = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall:
        raise MomentError("The clock never shows %(text)s: it is put forward.", "Choose another time.", text)
    is_twice = first.utcoffset() != second.utcoffset()
    if is_twice and not found[3]:
        remedy = f'Write "{wall:%Y-%m-%d %H:%M} {FIRST}" or "… {SECOND}".'
        raise MomentError("The clock shows %(text)s twice that night.", remedy, text)
    if found[3] and not is_twice:
        raise MomentError("The clock shows %(text)s only once.", f'Leave out "{found[3]}".', text)
    return (second if found[3] == SECOND else first).astimezone(UTC)


def write_moment(moment: datetime, zone: ZoneInfo) -> str:
    """The text that `read_moment` reads back."""
    wall = moment.astimezone(zone)
    text = f"{wall:%Y-%m-%d %H:%M}" + (f":{wall:%S}" if wall.second else "")
    if wall.utcoffset() == wall.replace(fold=1 - wall.fold).utcoffset():
        return text
    return f"{text} {SECOND if wall.fold else FIRST}"


def _civil(iso: str, text: str) -> datetime:
    try:
        return datetime.fromisoformat(iso)
    except ValueError:
        raise MomentError("There is no such time as %(text)s.", _EXAMPLE, text) from None


def _with_offset(text: str) -> datetime:
    moment = _civil(text, text)
    if moment.tzinfo is None:
        raise MomentError("%(text)s is not a time.", _EXAMPLE, text)
    return moment.astimezone(UTC).replace(microsecond=0)
