"""That the benchmarks run; how fast, they say themselves."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.__main__ import BENCHMARKS
from tests.benchmarks.figures import Figure, record, table, unable

FOLDER = Path(__file__).parents[1] / "benchmarks"


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "tests.benchmarks", "--quick", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=FOLDER.parents[1], check=False)


def test_the_one_command_knows_every_benchmark_of_the_folder() -> None:
    assert {f"bench_{name}.py" for name in BENCHMARKS} == {file.name for file in FOLDER.glob("bench_*.py")}


def test_a_line_of_json_for_each_and_one_table_at_the_end() -> None:
    done = run("--only", "calendar")
    [line] = (json.loads(text) for text in done.stdout.splitlines())
    assert done.returncode == 0 and line["benchmark"] == "calendar"
    assert {figure["unit"] for figure in line["figures"]} == {"calls/s", "ms"}
    assert done.stderr.partition("All of them")[2].count("office, a year") == 3


def test_what_misses_its_goal_is_marked_and_what_cannot_run_says_why() -> None:
    slow, fast = Figure("slow", 3.0, "s", 2.0), Figure("fast", 700.0, "a second", 600.0, at_most=False)
    marks = [line for line in table(record("some", "sqlite", 7, [slow, fast])).splitlines() if "missed" in line]
    assert len(marks) == 1 and "slow" in marks[0]
    assert "PostgreSQL is not installed" in table(unable("some", "postgresql"))


@pytest.mark.long
def test_every_benchmark_runs_on_both_databases() -> None:
    done = run()
    assert done.returncode == 0, done.stderr
    ran = {(line["benchmark"], line["database"]) for line in map(json.loads, done.stdout.splitlines())}
    with_database = [name for name, has_one in BENCHMARKS.items() if has_one]
    assert {(name, kind) for name in with_database for kind in ("sqlite", "postgresql")} <= ran
