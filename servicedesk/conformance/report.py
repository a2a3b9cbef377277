"""What was found, in words: one line a check, and what to mend."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One check. `advice` says what to mend; empty when all is well. `is_seen` is False where nothing could be seen
    from outside."""

    group: str
    asked: str
    saw: str
    advice: str = ""
    is_seen: bool = True

    @property
    def is_well(self) -> bool:
        return not self.advice


def in_words(findings: Iterable[Finding]) -> str:
    found = list(findings)
    lines, group = [], ""
    for finding in found:
        if finding.group != group:
            group = finding.group
            lines += ["", group]
        lines.append(f"  {_mark(finding)} {finding.asked}: {finding.saw}.")
        if finding.advice:
            lines.append(f"         {finding.advice}")
    wrong = sum(not finding.is_well for finding in found)
    unseen = sum(not finding.is_seen for finding in found)
    total = f"{len(found) - wrong - unseen} of {len(found)} checks are well"
    total += f", {wrong} to mend" if wrong else ""
    total += f", {unseen} could not be seen from outside" if unseen else ""
    return "\n".join([*lines, "", total + "."]).lstrip("\n")


def _mark(finding: Finding) -> str:
    if not finding.is_seen:
        return "unseen"
    return "  well" if finding.is_well else "  mend"
