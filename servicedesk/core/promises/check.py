"""Whether what tiers and suppliers may take fits in what the requester is promised, for every matter there is.

A start is any second, since tickets come by web and mail at any time. Each second belongs to the versions that are in
force on its civil day: a ticket keeps those it began under, while opening hours apply as they are from day to day.

What this does not prove: no promise bounds how often a ticket goes to and fro, nor a wait for a planned change or for
the requester. The time for a first answer is not compared: no tier promises another when the requester is answered.
"""

from collections.abc import Callable, Collection, Iterator
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
    nothing: then nothing bounds it. `agreements` are the keys of the versions it was found under. `workflow`: the
    request type that it was found for, '' for those that no target names."""

    matter: Matter
    promised: Target
    chain: Chain
    agreements: tuple[str, ...]
    worst: Worst | None
    workflow: str = ""

    @property
    def shortfall(self) -> int:
        """Seconds by which the parts exceed the whole, on the requester's clock; 0 when they fit."""
        return max(0, self.worst.seconds - self.promised.seconds) if self.worst else 0

    @property
    def fits(self) -> bool:
        return self.worst is not None and not self.shortfall


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

    def find(self, matter: Matter) -> Finding | None:
        """The finding that is furthest from fitting; None where nothing is promised to the requester."""
        found = [self._answer(question) for question in self._questions(matter)]
        return max(found, key=_badness, default=None)

    def _questions(self, matter: Matter) -> Iterator[Question]:
        for start, end in self._stretches(matter):
            agreements = agreements_on(self._installation, matter.municipality, matter.service, start)
            keys = tuple(agreement.key for agreement in agreements.values())
            for workflow, alike in self._request_types(agreements).items():
                sla = agreements.get(AgreementKind.SLA)
                promised = target_for(sla, Metric.RESOLUTION, matter.priority, workflow=workflow) if sla else None
                if promised is None:
                    continue
                for chain in chains(self._installation, alike, matter, agreements, workflow):
                    finding = Finding(matter, promised, chain, keys, None, workflow)
                    yield Question(finding, self._midnight(start), self._midnight(end))

    def _request_types(self, agreements: Agreements) -> dict[str, list[Definition]]:
        """The workflows that any target of these names each by itself, and the rest, promised the same, as ''."""
        named = {key for each in agreements.values() for target in each.targets for key in target.workflows}
        found: dict[str, list[Definition]] = {}
        for workflow in self._workflows:
            found.setdefault(workflow.key if workflow.key in named else "", []).append(workflow)
        return found

    def _stretches(self, matter: Matter) -> Iterator[tuple[date, date]]:
        """The days searched, cut where a version that may concern the matter begins or ends."""
        edges = {self._first, self._until}
        for agreement in self._installation.agreements.values():
            if matter.service in agreement.services:
                days = (agreement.valid_from, agreement.valid_to)
                edges |= {day for day in days if day and self._first < day < self._until}
        ordered = sorted(edges)
        return zip(ordered, ordered[1:], strict=False)

    def _answer(self, question: Question) -> Finding:
        finding = question.finding
        if not all(link.seconds for link in finding.chain):
            return finding
        steps = tuple((link.calendar, link.seconds) for link in finding.chain)
        key = (steps, finding.promised.calendar, question.start, question.end)
        if key not in self._known:
            self._known[key] = self._search.worst(steps, finding.promised.calendar, question.start, question.end)
        return replace(finding, worst=self._known[key])

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), ZoneInfo(self._installation.zone)).astimezone(UTC)


def _badness(finding: Finding) -> tuple[bool, int, int]:
    if finding.worst is None:
        return True, 0, 0
    return False, finding.worst.seconds - finding.promised.seconds, finding.worst.seconds
