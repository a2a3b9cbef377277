"""Whether what tiers and suppliers may take fits in what the requester is promised, for every matter there is.

A start is any second, since tickets come by web and mail at any time. Each second belongs to the versions that are in
force on its civil day: a ticket keeps those it began under, while opening hours apply as they are from day to day.

Two ways are compared. Up: every tier takes all its time in turn, and the last one's solution ends it. There and back:
what the supplier has solved comes down the same way, and each tier keeps what part of its time it likes for that visit;
where hours differ this can take longer, since a tier can be made to wait for its opening twice.

What this does not prove: no promise bounds how often a ticket goes to and fro beyond that, nor a wait for a planned
change or for the requester. Times for a first answer and for updates are not compared: no tier promises another when
the requester hears. Grace counts on the side that takes: a tier may use its own, but of the requester's nothing is
promised.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from servicedesk.core.agreements import agreements_on, target_for
from servicedesk.core.calendars.calendar import Calendar
from servicedesk.core.facts import Agreement, Installation, Target
from servicedesk.core.installations.check import municipalities
from servicedesk.core.priority import PRIORITIES
from servicedesk.core.promises.chain import Chain, Matter, chains
from servicedesk.core.promises.search import Search, Worst
from servicedesk.core.vocabulary import AgreementKind, Metric
from servicedesk.core.workflows.definition import Definition

Agreements = dict[AgreementKind, Agreement]
Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """The worst for one matter among all chains and versions. `worst` is None while somebody in the chain has promised
    nothing: then nothing bounds it. `agreements` are the keys of the versions it was found under; `request_types` the
    workflows that have this promise, none when all have the same. `back` is the worst there and back, where that is
    further from fitting than the way up."""

    matter: Matter
    request_types: tuple[str, ...]
    promised: Target
    chain: Chain
    agreements: tuple[str, ...]
    worst: Worst | None
    back: "Finding | None" = None

    @property
    def shortfall(self) -> int:
        """Seconds by which the parts exceed the whole, on the requester's clock; 0 when they fit."""
        return max(0, self.worst.seconds - self.promised.seconds) if self.worst else 0

    @property
    def fits(self) -> bool:
        return self.worst is not None and not self.shortfall and (self.back is None or self.back.fits)


@dataclass(frozen=True, slots=True)
class Question:
    """One chain against one promise, for starts in [start, end)."""

    finding: Finding
    start: datetime
    end: datetime


class Proof:
    """Asks everything once: equal chains against equal calendars over the same time are searched a single time."""

    def __init__(
        self,
        installation: Installation,
        workflows: Collection[Definition],
        calendar: Callable[[str], Calendar],
        first: date,
        until: date,
    ) -> None:
        """For starts on civil days first <= day < until of the installation's zone."""
        self._installation, self._workflows = installation, workflows
        self._first, self._until = first, until
        self._search = Search(calendar, self._midnight(first), self._midnight(until))
        self._known: dict[Key, Worst] = {}

    def matters(self) -> list[Matter]:
        return [
            Matter(service, municipality.key, priority)
            for service in self._installation.services
            for municipality in municipalities(self._installation)
            for priority in PRIORITIES
        ]

    def find(self, matter: Matter) -> list[Finding]:
        """For each promise to the requester, which may differ by request type, what is furthest from fitting; nothing
        where none is promised."""
        stretches = list(self._stretches(matter))
        groups: dict[tuple[Target | None, ...], list[Definition]] = {}
        for workflow in self._workflows:
            promised = tuple(self._promised(matter, start, workflow) for start, _ in stretches)
            groups.setdefault(promised, []).append(workflow)
        found = []
        for promised, workflows in groups.items():
            types = tuple(workflow.key for workflow in workflows) if len(groups) > 1 else ()
            questions = self._questions(matter, types, zip(stretches, promised, strict=True), workflows)
            found += [self._worst_of(asked) for asked in [list(questions)] if asked]
        return found

    def _worst_of(self, questions: list[Question]) -> Finding:
        up = max((self._answer(question, with_return=False) for question in questions), key=_badness)
        if up.worst is None:
            return up
        back = max((self._answer(question, with_return=True) for question in questions), key=_badness)
        return replace(up, back=back if _badness(back) > _badness(up) else None)

    def _promised(self, matter: Matter, day: date, workflow: Definition) -> Target | None:
        sla = self._agreements(matter, day).get(AgreementKind.SLA)
        return target_for(sla, Metric.RESOLUTION, matter.priority, workflow=workflow.key) if sla else None

    def _agreements(self, matter: Matter, day: date) -> Agreements:
        return agreements_on(self._installation, matter.municipality, matter.service, day)

    def _questions(
        self,
        matter: Matter,
        types: tuple[str, ...],
        promises: Iterable[tuple[tuple[date, date], Target | None]],
        workflows: Collection[Definition],
    ) -> Iterator[Question]:
        for (start, end), promised in promises:
            if promised is None:
                continue
            agreements = self._agreements(matter, start)
            keys = tuple(agreement.key for agreement in agreements.values())
            for chain in chains(self._installation, workflows, matter, agreements):
                finding = Finding(matter, types, promised, chain, keys, None)
                yield Question(finding, self._midnight(start), self._midnight(end))

    def _stretches(self, matter: Matter) -> Iterator[tuple[date, date]]:
        """The days searched, cut where a version that may concern the matter begins or ends."""
        edges = {self._first, self._until}
        for agreement in self._installation.agreements.values():
            if matter.service in agreement.services:
                days = (agreement.valid_from, agreement.valid_to)
                edges |= {day for day in days if day and self._first < day < self._until}
        ordered = sorted(edges)
        return zip(ordered, ordered[1:], strict=False)

    def _answer(self, question: Question, *, with_return: bool) -> Finding:
        finding = question.finding
        if not all(link.seconds for link in finding.chain):
            return finding
        steps = tuple((link.calendar, link.seconds) for link in finding.chain)
        key = (with_return, steps, finding.promised.calendar, question.start, question.end)
        if key not in self._known:
            search = self._search.worst_with_return if with_return else self._search.worst
            self._known[key] = search(steps, finding.promised.calendar, question.start, question.end)
        return replace(finding, worst=self._known[key])

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), ZoneInfo(self._installation.zone)).astimezone(UTC)


def _badness(finding: Finding) -> tuple[bool, int, int]:
    if finding.worst is None:
        return True, 0, 0
    return False, finding.worst.seconds - finding.promised.seconds, finding.worst.seconds
