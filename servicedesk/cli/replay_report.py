"""What a replay found, as tables that one can show in a meeting, and as JSON."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from servicedesk.core.calendars.duration import format_duration
from servicedesk.core.canonical import agreement_version
from servicedesk.core.codec import stamp
from servicedesk.core.facts import Installation
from servicedesk.core.outcomes import Outcome
from servicedesk.core.period import DAY
from servicedesk.core.replay.comparison import Side
from servicedesk.core.replay.substitutes import Substitutes
from servicedesk.core.replay.tally import Changed, Figure, Line
from servicedesk.core.vocabulary import Metric, Tier
from servicedesk.store.queries.follow_up.counted import Asked
from servicedesk.store.queries.replay import Replayed
from servicedesk.store.rulebook import RuleBook

METRICS = {
    Metric.ACKNOWLEDGEMENT: "acknowledgement",
    Metric.RESPONSE: "response",
    Metric.UPDATE: "update interval",
    Metric.HOLDING: "holding time",
    Metric.CONTRACT: "solution by contract",
    Metric.RESOLUTION: "resolution",
    Metric.UPDATE: "update interval",
}
LIMITS = (
    "What happened is history: who did what and when, reminders, warnings and timed steps included. Only the promises",
    "are others. How people would have worked under them, no replay can say.",
)
TIERS = {
    "": "whole chain",
    Tier.FIRST_LINE: "first line",
    Tier.SECOND_LINE: "second line",
    Tier.JOINT: "joint",
    Tier.SUPPLIER: "supplier",
}
# Tables with a line for each of these and promise; the last two only of the promises that something changes for.
TABLES = (
    ("By tier", "tier", False),
    ("By supplier", "supplier", False),
    ("By municipality", "municipality", True),
    ("By service", "service", True),
)
PROMISE = ("tier", "metric")
NAMED = 20
LABEL = 62


def report(done: Replayed, asked: Asked, substitutes: Substitutes, book: RuleBook) -> Iterator[str]:
    installation = book.installation
    yield from _head(done, asked, substitutes)
    if done.unfit:
        yield from _misfits(done)
    if not done.tickets:
        yield "No ticket was open in the period, so nothing was decided in it."
        return
    whole = done.tally.whole()
    yield ""
    yield _columns("")
    yield _row("All promises", whole)
    yield _beside(whole)
    others = {line.of for line in done.tally.lines(*PROMISE) if line.is_changed}
    for heading, dimension, is_narrowed in TABLES:
        lines = [line for line in done.tally.lines(dimension, *PROMISE) if line.of[0] or dimension == "tier"]
        shown = [line for line in lines if not (is_narrowed and others) or line.of[1:] in others]
        if shown:
            yield ""
            yield _columns(heading)
            yield from (_row(_label(line, dimension, installation), line) for line in shown)
    yield ""
    yield from _changes(done, ZoneInfo(installation.zone))
    yield ""
    yield from LIMITS


def _head(done: Replayed, asked: Asked, substitutes: Substitutes) -> Iterator[str]:
    period = asked.period
    yield f"From {period.first} up to, but not including, {period.last + DAY}: {done.tickets} tickets."
    given = list(_given(substitutes))
    for what in given:
        yield f"What if: {what}"
    if not given:
        yield "Nothing stands in for anything: before and after are the same."


def _given(substitutes: Substitutes) -> Iterator[str]:
    for agreement in substitutes.agreements.values():
        until = f" until {agreement.valid_to}" if agreement.valid_to else ""
        about = f"{agreement.kind} of {agreement.party} for {', '.join(agreement.services)}"
        yield f"agreement {agreement.key}, {about}, valid from {agreement.valid_from}{until}"
    for calendar in substitutes.calendars.values():
        yield f"calendar {calendar.key}"
    for definition in substitutes.workflows.values():
        yield f"workflow {definition.key}, version {definition.version[:12]}"


def _misfits(done: Replayed) -> Iterator[str]:
    yield ""
    fits = "1 of them does" if done.unfit == 1 else f"{done.unfit} of them do"
    yield f"{fits} not fit into the changed workflow; no figure below counts what does not fit:"
    for _, number, misfit in done.misfits[:NAMED]:
        yield f"  {number}: event {misfit.seq}, {misfit.kind}: {misfit.why}"
    if done.unfit > NAMED:
        yield f"  … and {done.unfit - NAMED} more"


def _columns(heading: str) -> str:
    return f"{heading:{LABEL}}  {'kept before':>20}  {'kept after':>20}  {'change':>8}  {'median time spent':>21}"


def _beside(line: Line) -> str:
    """What is in no share: neither kept nor broken in the period."""
    before, after = line.before, line.after
    return (
        f"Not decided when the period ended: {_arrow(str(before.running), str(after.running))}. "
        f"Lapsed: {_arrow(str(before.lapsed), str(after.lapsed))}. "
        f"Promised only before: {after.without}, only after: {before.without}."
    )


def _row(label: str, line: Line) -> str:
    before, after = line.before, line.after
    spent = _arrow(_duration(before.median), _duration(after.median))
    return f"{label[:LABEL]:{LABEL}}  {_kept(before):>20}  {_kept(after):>20}  {_change(before, after):>8}  {spent:>21}"


def _kept(figure: Figure) -> str:
    """`93.2 % (110/118)`; without a promise decided, nothing to take a share of."""
    return f"{figure.percent:.1f} % ({figure.kept}/{figure.decided})" if figure.percent is not None else "–"


def _change(before: Figure, after: Figure) -> str:
    if before.percent is None or after.percent is None:
        return ""
    change = after.percent - before.percent
    return "0" if before == after or not change else f"{change:+.1f}"


def _label(line: Line, dimension: str, installation: Installation) -> str:
    """`Luleå kommun: first line, holding time`."""
    value, tier, metric = line.of
    promise = METRICS[Metric(metric)]
    if dimension == "tier":
        return f"{TIERS[value]}: {promise}"
    known: Mapping[str, Any] = installation.services if dimension == "service" else installation.organisations
    name = known[value].name if value in known else value
    return f"{name}: {promise if tier in ('', Tier.SUPPLIER) else f'{TIERS[tier]}, {promise}'}"


def _changes(done: Replayed, zone: ZoneInfo) -> Iterator[str]:
    tally = done.tally
    if not tally.changed:
        yield "No promise comes out otherwise."
        return
    comes = "1 promise comes" if tally.changed == 1 else f"{tally.changed} promises come"
    yield f"{comes} out otherwise, on {tally.changed_tickets} {'ticket' if tally.changed_tickets == 1 else 'tickets'}:"
    for (one, other), count in tally.ways.most_common():
        yield f"  {count} {_said(one)} -> {_said(other)}"
    shown = tally.heaviest()
    if shown:
        yield ""
        yield f"The {len(shown)} that weigh most:" if len(shown) < tally.changed else "They are, the heaviest first:"
        yield f"{'ticket':12} {'prio':>4}  {'clock':54} {'outcome':24} {'spent':>20} {'target':>18}  {'due':>33}"
    for changed in shown:
        yield _changed(changed, zone)


def _changed(changed: Changed, zone: ZoneInfo) -> str:
    pair = changed.pair
    before, after = pair.before, pair.after
    outcome = f"{_said(before.verdict.outcome)} -> {_said(after.verdict.outcome)}"
    spent = _arrow(_of(before, before.spent), _of(after, after.spent))
    target = _arrow(_of(before, before.target), _of(after, after.target))
    due = _arrow(_moment(before.due_at, zone), _moment(after.due_at, zone))
    head = f"{changed.number:12} {changed.priority:>4}  {pair.clock:54}"
    return f"{head} {outcome:24} {spent:>20} {target:>18}  {due:>33}".rstrip()


def _said(outcome: Outcome) -> str:
    return "no promise" if outcome is Outcome.NONE else str(outcome)


def _of(side: Side, seconds: int) -> str:
    return format_duration(seconds) if side.target else "–"


def _arrow(one: str, other: str) -> str:
    return one if one == other else f"{one} -> {other}"


def _duration(seconds: int | None) -> str:
    return "" if seconds is None else format_duration(seconds)


def _moment(moment: datetime | None, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%y-%m-%d %H:%M") if moment else "–"


def as_json(done: Replayed, asked: Asked, substitutes: Substitutes) -> str:
    """Everything that the tables tell, and what they leave out; moments in UTC, times in seconds."""
    tally, period = done.tally, asked.period
    told = {
        "from": period.first.isoformat(),
        "to": (period.last + DAY).isoformat(),
        "as_of": stamp(asked.now),
        "what_if": {
            "agreements": {key: agreement_version(each) for key, each in substitutes.agreements.items()},
            "calendars": sorted(substitutes.calendars),
            "workflows": {key: each.version for key, each in substitutes.workflows.items()},
            "map": dict(substitutes.states),
        },
        "tickets": done.tickets,
        "events": done.events,
        "unfit": {"tickets": done.unfit, "named": [_misfit(number, misfit) for _, number, misfit in done.misfits]},
        "whole": _line(tally.whole(), ()),
        "by": {name: [_line(line, (name, *PROMISE)) for line in tally.lines(name, *PROMISE)] for _, name, _ in TABLES},
        "changed": {
            "promises": tally.changed,
            "tickets": tally.changed_tickets,
            "ways": [{"before": one, "after": other, "promises": n} for (one, other), n in sorted(tally.ways.items())],
            "heaviest": [_heavy(changed) for changed in tally.heaviest()],
        },
        "limits": " ".join(LIMITS),
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _misfit(number: str, misfit: Any) -> dict[str, Any]:
    return {"ticket": number, "event": misfit.seq, "kind": misfit.kind, "at": stamp(misfit.at), "why": misfit.why}


def _line(line: Line, names: Sequence[str]) -> dict[str, Any]:
    of = dict(zip(names, line.of, strict=True))
    return {**of, "before": _figure(line.before), "after": _figure(line.after)}


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "kept": figure.kept,
        "broken": figure.broken,
        "running": figure.running,
        "lapsed": figure.lapsed,
        "without_promise": figure.without,
        "kept_percent": None if figure.percent is None else round(figure.percent, 2),
        "median_seconds": figure.median,
        "ninetieth_seconds": figure.ninetieth,
    }


def _heavy(changed: Changed) -> dict[str, Any]:
    pair = changed.pair
    return {
        "ticket": changed.number,
        "priority": changed.priority,
        "municipality": changed.municipality,
        "service": changed.service,
        "supplier": changed.supplier,
        "clock": pair.clock,
        "before": _side(pair.before),
        "after": _side(pair.after),
    }


def _side(side: Side) -> dict[str, Any]:
    return {
        "outcome": side.verdict.outcome,
        "decided_at": stamp(side.verdict.decided_at) if side.verdict.decided_at else None,
        "spent_seconds": side.spent,
        "target_seconds": side.target,
        "due_at": stamp(side.due_at) if side.due_at else None,
    }
