"""What a benchmark has found: figures with their goals, as a table for people and as JSON for the record."""

import json
import os
import platform
import subprocess
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results.jsonl")


@dataclass(frozen=True, slots=True)
class Figure:
    """`goal` is the most or the least that is asked for, by `at_most`; None for what is only told."""

    what: str
    value: float
    unit: str
    goal: float | None = None
    at_most: bool = True

    @property
    def is_met(self) -> bool:
        return self.goal is None or (self.value <= self.goal if self.at_most else self.value >= self.goal)


def table(title: str, figures: Iterable[Figure]) -> str:
    lines = [f"\n{title}"]
    for one in figures:
        goal = "" if one.goal is None else f"{'at most' if one.at_most else 'at least'} {one.goal:g}"
        missed = "" if one.is_met else "  <- missed"
        lines.append(f"  {one.what:74}{one.value:12.1f} {one.unit:12}{goal}{missed}")
    return "\n".join(lines)


def record(benchmark: str, database: str, size: int, figures: Iterable[Figure]) -> dict[str, Any]:
    """One line of the file of results: what, where, of which commit, when."""
    return {
        "benchmark": benchmark,
        "database": database,
        "tickets": size,
        "commit": _commit(),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"processors": os.cpu_count(), "model": _model(), "python": platform.python_version()},
        "load": os.getloadavg()[0],
        "figures": [asdict(one) for one in figures],
    }


def keep(line: dict[str, Any], file: Path = RESULTS) -> None:
    with file.open("a", encoding="utf-8") as opened:
        opened.write(json.dumps(line, ensure_ascii=False) + "\n")


def _commit() -> str:
    return subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()


def _model() -> str:
    names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return names[0].partition(":")[2].strip() if names else platform.machine()
