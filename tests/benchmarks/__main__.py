"""Every benchmark, one after another: `python -m tests.benchmarks`.

Each runs in a process of its own, on SQLite and on PostgreSQL; `python -m tests.benchmarks.bench_…` is one alone. Their
lines of JSON go to standard output as they come, one table of them all to standard error at the end. The exit
status is 1 when a benchmark broke; a goal that was missed is only told.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.benchmarks.figures import DATABASES, options, table

# From what takes seconds to what takes minutes; whether a database has a part in it.
BENCHMARKS = {
    "calendar": False,
    "start": True,
    "pages": True,
    "interaction": True,
    "api_logging": True,
    "acting": True,
    "deliveries": True,
    "sweep": True,
    "verify": True,
    "scale": True,
}


def main() -> int:
    asked = parse()
    lines: list[dict[str, Any]] = []
    broken: list[str] = []
    for name in asked.only:
        found, status = run(name, asked)
        lines += found
        broken += [name] if status else []
    print("\n\n==== All of them", *map(table, lines), sep="\n", file=sys.stderr)
    for name in broken:
        print(f"broke: {name}", file=sys.stderr)
    return 1 if broken else 0


def parse() -> argparse.Namespace:
    parser = options(__doc__)
    parser.add_argument("--only", nargs="+", default=list(BENCHMARKS), choices=BENCHMARKS, help="these alone")
    parser.add_argument("--tickets", type=int, default=10_000, help="of `scale`; 450000 is the size of the platform")
    parser.add_argument("--beside", type=int, default=1_000, help="of `scale`: the size that it is compared with")
    parser.add_argument("--folder", type=Path, help="of `scale`: where installations are kept between runs")
    return parser.parse_args()


def run(name: str, asked: argparse.Namespace) -> tuple[list[dict[str, Any]], int]:
    """(its lines, its exit status). They are passed on as they come."""
    command = [sys.executable, "-m", f"tests.benchmarks.bench_{name}", *arguments(name, asked)]
    lines = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for text in process.stdout:
            print(text, end="", flush=True)
            lines.append(json.loads(text))
    return lines, process.returncode


def arguments(name: str, asked: argparse.Namespace) -> list[str]:
    given = [f"--{flag}" for flag in ("quick", "record") if getattr(asked, flag)]
    if BENCHMARKS[name]:
        given += ["--database", *(each for each in DATABASES if each in asked.database)]
    if name == "scale" and not asked.quick:
        given += ["--tickets", str(asked.tickets), "--beside", str(asked.beside)]
    if name == "scale" and asked.folder:
        given += ["--folder", str(asked.folder)]
    return given


if __name__ == "__main__":
    sys.exit(main())
