"""What sample tickets are about, and what sample people say: samples/demo/, read once."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from servicedesk import paths
from servicedesk.core.codec import load
from servicedesk.core.vocabulary import Channel, Fault, Level, ResolutionCode, Tier

Phrases = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter that somebody calls about. `reach` is the tier that solves it, `weight` how often it comes.

    `e_service` is the kind of e-service it concerns (`bygglov`): only municipalities that have one call about it.
    `unclear` when nobody can say at first whose the fault is; `widespread` when it hits several municipalities at once.
    The description may name `{kommun}`.
    """

    workflow: str
    service: str
    fault: Fault
    reach: Tier
    subject: str
    description: str
    tried: str
    question: str
    answer: str
    solution: str
    supplier: str = ""
    solved: ResolutionCode = ResolutionCode.SOLVED
    impact: Level = Level.LOW
    urgency: Level = Level.MEDIUM
    weight: int = 2
    e_service: str = ""
    unclear: bool = False
    widespread: bool = False
    channels: tuple[Channel, ...] = (Channel.PHONE, Channel.PHONE, Channel.MAIL, Channel.WEB)

    def told_in(self, municipality: str) -> "Matter":
        """With the municipality's name where the description speaks of it."""
        return replace(self, description=self.description.replace("{kommun}", municipality))


def read_matters() -> list[Matter]:
    return [load(Matter, matter) for matter in _read("matters.toml")["matter"]]


def read_phrases() -> Phrases:
    phrases: Phrases = _read("phrases.toml")["said"]
    return phrases


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((paths.samples() / "demo" / name).read_text(encoding="utf-8"))
