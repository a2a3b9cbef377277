"""What follow-up calls things."""

from datetime import timedelta

from babel.dates import format_date

from servicedesk.core.facts import Installation
from servicedesk.core.outcomes import Outcome
from servicedesk.core.period import Period
from servicedesk.core.vocabulary import Metric, Tier
from servicedesk.store.queries.follow_up.flow import Happening
from servicedesk.store.queries.follow_up.held import Part
from servicedesk.store.queries.follow_up.unsolved import Age
from servicedesk.web import language, names
from servicedesk.web.speech import Words, _, _l
from servicedesk.web.words import METRICS, TIERS

HEADS: dict[str, Words] = {
    Metric.RESOLUTION: _l("Resolution"),
    Metric.HOLDING: _l("Between the tiers"),
    Metric.CONTRACT: _l("The suppliers' contracts"),
}
OUTCOMES: dict[str, Words] = {
    Outcome.KEPT: _l("Kept promises"),
    Outcome.BROKEN: _l("Broken promises"),
    Outcome.RUNNING: _l("Promises still running"),
}
PARTS: dict[str, Words] = {
    Part.WORK: _l("Worked on"),
    Part.TO_ACCEPT: _l("Not yet accepted"),
    Part.REQUESTER: _l("Waited for the requester"),
    Part.OTHERS: _l("Waited for others"),
    Part.PAUSED: _l("Stood still"),
    Part.SOLVED: _l("Solved, to be confirmed"),
    Part.CLOSED: _l("Closed until opened again"),
}
AGES: dict[str, Words] = {
    Age.UNDER_1: _l("under 1 day"),
    Age.FROM_1: _l("1–3 days"),
    Age.FROM_3: _l("3–7 days"),
    Age.FROM_7: _l("7–30 days"),
    Age.FROM_30: _l("over 30 days"),
}
HAPPENINGS: dict[str, Words] = {
    Happening.LOGGED: _l("Logged tickets"),
    Happening.CLOSED: _l("Closed tickets"),
    Happening.REOPENED: _l("Reopened tickets"),
    Happening.RETURNED: _l("Returned tickets"),
}


def promise(installation: Installation, metric: str, tier: str, party: str) -> str:
    """'Svarstid'; 'Första linjen: tid att ta emot'; 'Leverantör X: avtalad lösningstid'."""
    label = str(METRICS[Metric(metric)])
    if tier:
        return f"{binds(installation, tier, party)}: {label[:1].lower()}{label[1:]}"
    return f"{label}, {names.organisation(installation, party)}" if party else label


def binds(installation: Installation, tier: str, party: str) -> str:
    """Whom a promise binds: a supplier by its name."""
    return names.organisation(installation, party) if tier == Tier.SUPPLIER and party else str(TIERS[tier])


def days(period: Period) -> str:
    """'2026', 'oktober 2026', '22 augusti–21 november 2026'."""
    first, last, spoken = period.first, period.last, str(language.current())
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        return str(first.year)
    if first.day == 1 and (first.year, first.month) == (last.year, last.month) and (last + _DAY).day == 1:
        return format_date(first, "LLLL y", locale=spoken)
    if first == last:
        return format_date(first, "d MMMM y", locale=spoken)
    begins = format_date(first, "d MMMM" if first.year == last.year else "d MMMM y", locale=spoken)
    return f"{begins} – {format_date(last, 'd MMMM y', locale=spoken)}"


_DAY = timedelta(days=1)


def step(period: Period, is_month: bool) -> str:
    """'v. 12, 16 mars' or 'mars 2026'."""
    spoken = str(language.current())
    if is_month:
        return format_date(period.first, "LLLL y", locale=spoken)
    day = format_date(period.first, "d MMM", locale=spoken)
    return _("w. %(week)s, %(day)s", week=period.first.isocalendar().week, day=day)
