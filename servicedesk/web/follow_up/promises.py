"""Promises kept: towards the requester, between the tiers, by the suppliers; and per municipality."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from servicedesk.core.follow_up import Reach
from servicedesk.core.outcomes import Outcome
from servicedesk.core.vocabulary import Metric, OrganisationKind, Tier
from servicedesk.store.queries.follow_up.figures import Family, tally
from servicedesk.store.queries.follow_up.promises import COUNTED
from servicedesk.web import names, numbers
from servicedesk.web.follow_up.asking import Asking
from servicedesk.web.follow_up.figure import NOTHING, Figured, figured
from servicedesk.web.follow_up.pictures import Piece, bar
from servicedesk.web.follow_up.words import HEADS, binds
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _
from servicedesk.web.words import METRICS, PRIORITIES

Key = tuple[str, str, str]
Counts = Counter[tuple[int, str, str]]
DECIDED = (str(Outcome.KEPT), str(Outcome.BROKEN))


@dataclass(frozen=True, slots=True)
class Line:
    """One promise. `share` is the part kept of those decided, `late` the broken ones that still run."""

    label: str
    share: Figured
    kept: Figured
    broken: Figured
    running: Figured
    late: Figured
    decided: Figured
    priorities: list[Figured]
    pieces: list[Piece]


@dataclass(frozen=True, slots=True)
class Group:
    heading: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Promises:
    """`heads`: each kind of agreement's promise to be done in time, all who are bound together."""

    heads: list[Line]
    legend: list[tuple[Piece, str]]
    groups: list[Group]
    priorities: list[str]


def promises(asking: Asking, reading: Reading) -> Promises:
    assert asking.asked is not None
    rows = tally(
        reading.connection, asking.asked, Family.PROMISES, "metric", "tier", "party", "priority", "outcome", "lives"
    )
    of_key: dict[Key, Counts] = {}
    for metric, tier, party, priority, outcome, lives, n, _seconds in rows:
        of_key.setdefault((metric, tier, party), Counter())[priority, outcome, lives] += n
    makers: tuple[Callable[[Asking, Reading, Mapping[Key, Counts]], Group], ...] = (
        _to_requester,
        _between_tiers,
        _by_suppliers,
        _by_municipality,
    )
    groups = [make(asking, reading, of_key) for make in makers]
    return Promises(
        heads=[_head(asking, metric, of_key) for metric in _heads(asking)],
        legend=[(Piece("kept"), _("Kept")), (Piece("broken"), _("Broken"))],
        groups=[group for group in groups if group.lines],
        priorities=[str(word) for word in PRIORITIES.values()],
    )


def _heads(asking: Asking) -> tuple[Metric, ...]:
    contract = (Metric.CONTRACT,)
    return contract if asking.reach is Reach.CONTRACT else (Metric.RESOLUTION, Metric.HOLDING, *contract)


def _head(asking: Asking, metric: Metric, of_key: Mapping[Key, Counts]) -> Line:
    label = _("Your contract") if asking.reach is Reach.CONTRACT else str(HEADS[metric])
    return _line(asking, label, _sum(of_key, lambda key: key[0] == metric), metric=metric)


def _to_requester(asking: Asking, reading: Reading, of_key: Mapping[Key, Counts]) -> Group:
    metrics = () if asking.reach is Reach.CONTRACT else (Metric.RESPONSE, Metric.RESOLUTION, Metric.UPDATE)
    lines = []
    for metric in metrics:
        counts = _sum(of_key, lambda key, at=(metric, ""): key[:2] == at)  # type: ignore[misc]
        if counts or metric is not Metric.UPDATE:
            lines.append(_line(asking, str(METRICS[metric]), counts, metric=metric, tier=""))
    return Group(_("To the requester, over the whole chain"), lines)


def _between_tiers(asking: Asking, reading: Reading, of_key: Mapping[Key, Counts]) -> Group:
    lines = []
    for tier in (Tier.FIRST_LINE, Tier.SECOND_LINE, Tier.JOINT):
        for metric in (Metric.ACKNOWLEDGEMENT, Metric.HOLDING, Metric.UPDATE):
            counts = _sum(of_key, lambda key, at=(metric, tier): key[:2] == at)  # type: ignore[misc]
            if not counts and metric is Metric.UPDATE:
                continue
            label = _promise(binds(reading.installation, tier, ""), metric)
            lines.append(_line(asking, label, counts, metric=metric, tier=tier))
    return Group(_("Between the tiers"), [] if asking.reach is Reach.CONTRACT else lines)


def _by_suppliers(asking: Asking, reading: Reading, of_key: Mapping[Key, Counts]) -> Group:
    parties = sorted({party for _, tier, party in of_key if tier == Tier.SUPPLIER})
    lines = []
    for party in parties:
        for metric in (Metric.ACKNOWLEDGEMENT, Metric.CONTRACT, Metric.UPDATE):
            label = _promise(names.organisation(reading.installation, party), metric)
            counts = of_key.get((metric, Tier.SUPPLIER, party), Counter())
            if not counts and metric is Metric.UPDATE:
                continue
            lines.append(_line(asking, label, counts, metric=metric, tier=Tier.SUPPLIER, party=party))
    return Group(_("Your contract") if asking.reach is Reach.CONTRACT else _("The suppliers' contracts"), lines)


def _by_municipality(asking: Asking, reading: Reading, of_key: Mapping[Key, Counts]) -> Group:
    known = reading.installation.organisations.values()
    parties = [each for each in known if each.kind is OrganisationKind.MUNICIPALITY]
    metric = Metric.RESOLUTION
    lines = [
        _line(asking, each.name, of_key[metric, "", each.key], metric=metric, party=each.key)
        for each in sorted(parties, key=lambda each: each.name)
        if (metric, "", each.key) in of_key
    ]
    return Group(_("Resolution, by municipality"), lines if asking.reach is Reach.ALL and len(lines) > 1 else [])


def _promise(who: str, metric: Metric) -> str:
    label = str(METRICS[Metric(metric)])
    return f"{who}: {label[:1].lower()}{label[1:]}"


def _sum(of_key: Mapping[Key, Counts], belongs: Callable[[Key], bool]) -> Counts:
    return sum((counts for key, counts in of_key.items() if belongs(key)), Counter())


def _line(asking: Asking, label: str, counts: Counts, **where: Any) -> Line:
    of_outcome: Counter[str] = Counter()
    of_priority: Counter[tuple[int, str]] = Counter()
    late = 0
    for (priority, outcome, lives), n in counts.items():
        of_outcome[outcome] += n
        of_priority[priority, outcome] += n
        late += n if outcome == Outcome.BROKEN and lives == "yes" else 0
    kept, broken, running = (of_outcome[outcome] for outcome in COUNTED)
    link: Callable[..., str] = lambda **more: asking.behind(Family.PROMISES, **where, **more)  # noqa: E731
    return Line(
        label=label,
        share=figured(kept + broken, link(outcome=DECIDED), numbers.percent(kept, kept + broken)),
        kept=figured(kept, link(outcome=Outcome.KEPT)),
        broken=figured(broken, link(outcome=Outcome.BROKEN)),
        running=figured(running, link(outcome=Outcome.RUNNING)),
        late=figured(late, link(outcome=Outcome.BROKEN, lives="yes")),
        decided=figured(kept + broken, link(outcome=DECIDED)),
        priorities=[
            _priority(of_priority[each, Outcome.KEPT], of_priority[each, Outcome.BROKEN], each, link)
            for each in PRIORITIES
        ],
        pieces=bar([("kept", kept), ("broken", broken)], kept + broken),
    )


def _priority(kept: int, broken: int, priority: int, link: Callable[..., str]) -> Figured:
    """The share kept of those decided, of one priority."""
    if not kept + broken:
        return NOTHING
    return figured(kept + broken, link(outcome=DECIDED, priority=priority), numbers.percent(kept, kept + broken))
