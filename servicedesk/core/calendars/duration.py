"""Durations as people write them in files: hours, minutes and seconds of open time, such as `1h30m`."""

import re

from servicedesk.core.errors import DeskError

LONGEST = 365 * 24 * 3600

_FORM = re.compile(r"(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s)?")
_DAYS = re.compile(r"[0-9].*[dw]|.*\b(day|week)", re.IGNORECASE)
_EXAMPLE = 'Write hours, minutes and seconds, for example "4h", "1h30m" or "90s".'


class DurationError(DeskError):
    """Not a duration. `remedy` says what to write instead."""

    code = "duration"

    def __init__(self, message: str, remedy: str, text: str) -> None:
        super().__init__(message, text=repr(text))
        self.remedy = remedy


def parse_duration(text: str) -> int:
    """Seconds, from one second to a year. Raises DurationError."""
    found = _FORM.fullmatch(text.strip()) if len(text) <= 40 else None
    if found is None or not any(found.groups()):
        raise _not_understood(text)
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    total = hours * 3600 + minutes * 60 + seconds
    if total == 0:
        raise DurationError("The duration %(text)s is no time at all.", "Write at least one second.", text)
    if total > LONGEST:
        raise DurationError("The duration %(text)s is longer than a year.", "Write at most 8760h.", text)
    return total


def format_duration(seconds: int) -> str:
    """The one way to write it: `1h30m`, no zero parts, and `0s` for nothing. parse_duration reads it back."""
    if seconds < 0:
        raise ValueError(f"a duration must not be negative: {seconds}")
    minutes, rest = divmod(seconds, 60)
    parts = zip((*divmod(minutes, 60), rest), "hms", strict=True)
    return "".join(f"{count}{unit}" for count, unit in parts if count) or "0s"


def _not_understood(text: str) -> DurationError:
    if "-" in text:
        return DurationError("The duration %(text)s is negative.", _EXAMPLE, text)
    if _DAYS.match(text.strip()):
        remedy = "Write hours: a working day is not equally long in every calendar."
        return DurationError("The duration %(text)s is given in days or weeks.", remedy, text)
    if re.search(r"[0-9][.,][0-9]", text):
        return DurationError(
            "The duration %(text)s has a fraction.", 'Write whole parts, such as "30m" for "0.5h".', text
        )
    return DurationError("The duration %(text)s is not understood.", _EXAMPLE, text)
