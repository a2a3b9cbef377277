"""Numbers as people read them: 1 250, 93,4 %, 1 250 tim."""

from functools import lru_cache

from babel.numbers import format_decimal

from servicedesk.core.vocabulary import Language
from servicedesk.web import language, times
from servicedesk.web.speech import _

HOUR, THOUSAND = 3600, 1000
# From here on minutes say nothing.
MANY_HOURS = 100


def whole(number: int) -> str:
    return str(number) if number < THOUSAND else _decimal(number, None, language.current())


def percent(part: int, of: int) -> str:
    """One decimal, a half rounded up; but 100 % is all of them and 0 % none. '–' of nothing."""
    if not of:
        return "–"
    tenths = (part * 2000 + of) // (of * 2)
    if 0 < part < of:
        tenths = min(max(tenths, 1), 999)
    if tenths in (0, 1000):
        return f"{tenths // 10}\u00a0%"
    return f"{_decimal(tenths / 10, '0.0', language.current())}\u00a0%"


# A page has hundreds of numbers, and most of them often.
@lru_cache(maxsize=4096)
def _decimal(number: float, pattern: str | None, spoken: Language) -> str:
    return format_decimal(number, format=pattern, locale=str(spoken))


def hours(seconds: int) -> str:
    """Time by the wall clock of many tickets together."""
    if seconds < MANY_HOURS * HOUR:
        return times.hours(seconds) if seconds else _("%(hours)s h", hours=0)
    return _("%(hours)s h", hours=whole((seconds + HOUR // 2) // HOUR))


def size(count: int) -> str:
    """Of a file, in the units that people know: 340 B, 12 kB, 1,4 MB."""
    if count < THOUSAND:
        return f"{count}\u00a0B"
    if count < THOUSAND * THOUSAND:
        return f"{whole((count + THOUSAND // 2) // THOUSAND)}\u00a0kB"
    return f"{_decimal(count / THOUSAND**2, '0.0', language.current())}\u00a0MB"
