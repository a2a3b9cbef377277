"""What a benchmark is asked and what it has found: figures with their goals, as a table for people and as JSON lines.

Each prints its lines on standard output and all else on standard error, so that one can be read by another program.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.support.postgres import Cluster, binaries, durable_cluster

RESULTS = Path(__file__).with_name("results.jsonl")
SQLITE, POSTGRESQL = "sqlite", "postgresql"
DATABASES = (SQLITE, POSTGRESQL)


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


@dataclass(frozen=True, slots=True)
class Place:
    """A database of its own for a benchmark; `cluster` where it is PostgreSQL."""

    folder: Path
    url: str
    cluster: Cluster | None = None


def options(about: str | None, *, databases: bool = True) -> argparse.ArgumentParser:
    """What every benchmark can be asked."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    if databases:
        parser.add_argument("--database", nargs="+", default=list(DATABASES), choices=DATABASES)
    parser.add_argument("--quick", action="store_true", help="small sizes: that it runs, not how fast")
    parser.add_argument("--record", action="store_true", help=f"add the figures to {RESULTS.name}")
    return parser


@contextmanager
def place(kind: str) -> Iterator[Place | None]:
    """An empty database, None where it is not installed. PostgreSQL writes to the disk before it answers."""
    with TemporaryDirectory(prefix="desk-benchmark-") as name:
        folder = Path(name)
        if kind == SQLITE:
            yield Place(folder, f"sqlite:///{folder / 'servicedesk.sqlite'}")
            return
        programs = binaries()
        if programs is None:
            yield None
            return
        with durable_cluster(programs) as cluster, cluster.fresh() as url:
            yield Place(folder, url, cluster)


def tell(line: dict[str, Any], *, keep_it: bool) -> None:
    """A line to whoever reads standard output, the table to who looks on, and to the file of results if asked to."""
    print(table(line), file=sys.stderr, flush=True)
    print(json.dumps(line, ensure_ascii=False), flush=True)
    if keep_it and "cannot" not in line:
        keep(line)


def table(line: dict[str, Any]) -> str:
    size = f", {line['tickets']} tickets" if line["tickets"] else ""
    lines = [f"\n{line['benchmark']}, {line['database']}{size}"]
    if "cannot" in line:
        return f"{lines[0]}: {line['cannot']}"
    return "\n".join([*lines, *(_told(Figure(**one)) for one in line["figures"])])


def _told(one: Figure) -> str:
    goal = "" if one.goal is None else f"{'at most' if one.at_most else 'at least'} {one.goal:g}"
    missed = "" if one.is_met else "  <- missed"
    value = f"{one.value:12.2f}" if abs(one.value) < 10 else f"{one.value:12.1f}"
    return f"  {one.what:74}{value} {one.unit:12}{goal}{missed}"


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


def unable(benchmark: str, database: str, why: str = "PostgreSQL is not installed") -> dict[str, Any]:
    """The line of a benchmark that cannot run here."""
    return {"benchmark": benchmark, "database": database, "tickets": 0, "cannot": why, "figures": []}


def keep(line: dict[str, Any], file: Path = RESULTS) -> None:
    with file.open("a", encoding="utf-8") as opened:
        opened.write(json.dumps(line, ensure_ascii=False) + "\n")


def _commit() -> str:
    return subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()


def _model() -> str:
    names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return names[0].partition(":")[2].strip() if names else platform.machine()
