"""`servicedesk agreement check`, as one calls it."""

import json
import re
from pathlib import Path

import pytest

from servicedesk.cli import run
from tests.core.installation_small import SMALL
from tests.core.test_promises_chain import OLA, SLA, UC

Said = pytest.CaptureFixture[str]
WEEK = ("--from", "2026-11-23", "--until", "2026-11-30")
FOR_ALL = UC.replace(", priorities = [1]", "")
WITHOUT_GAPS = SLA + OLA.replace(", priorities = [1, 2]", "") + FOR_ALL


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written(tmp_path / "ours", WITHOUT_GAPS)


def written(folder: Path, agreements: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in {**SMALL, "agreements.toml": agreements}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_promises_that_fit_are_said_to_fit_and_how_far_was_searched(folder: Path, capsys: Said) -> None:
    assert run(["agreement", "check", str(folder), *WEEK]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Every second from 2026-11-23 until 2026-11-30 searched, for 4 promises of a solution.",
        "All fit: what tiers and suppliers may take never exceeds what is promised.",
    ]


def test_all_tells_what_fits_too(folder: Path, capsys: Said) -> None:
    assert run(["agreement", "check", str(folder), *WEEK, "--all"]) == 0
    head, first, *_ = capsys.readouterr().out.splitlines()
    assert head.split("  ")[0] == "service" and head.endswith("shortfall")
    assert first.split("  ")[0] == "Platform"
    assert first.endswith("Mon 2026-11-23 09:00:01  fits")


def test_a_shortfall_names_the_worst_start_and_fails(folder: Path, capsys: Said) -> None:
    written(folder, WITHOUT_GAPS.replace('"8h"', '"5h30m"'))
    assert run(["agreement", "check", str(folder), *WEEK]) == 1
    _, first, *_ = said = capsys.readouterr().out.splitlines()
    assert [cell.strip() for cell in first.split("  ") if cell.strip()] == [
        "Platform",
        "Bodens kommun",
        "1",
        "all",
        "5h30m",
        "up",
        "6h",
        "Mon 2026-11-23 09:00:01",
        "30m",
    ]
    assert said[-1].startswith("4 do not fit")


def test_a_part_that_nobody_has_promised_is_named_and_fails(folder: Path, capsys: Said) -> None:
    written(folder, SLA + OLA + FOR_ALL)
    assert run(["agreement", "check", str(folder), *WEEK]) == 1
    said = capsys.readouterr().out
    assert said.count("no bound  nobody has promised holding for board-managers") == 2


def test_json_tells_the_chain_step_by_step(folder: Path, capsys: Said) -> None:
    assert run(["agreement", "check", str(folder), *WEEK, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["from"], told["until"], told["fits"]) == ("2026-11-23", "2026-11-30", True)
    first = told["promises"][0]
    assert first["may_take_seconds"] == 6 * 3600 and first["shortfall_seconds"] == 0
    assert first["worst_start"] == "2026-11-23T09:00:01+01:00"
    assert [(step["tier"], step["until"][11:19]) for step in first["chain"]] == [
        ("first_line", "10:00:01"),
        ("second_line", "13:00:01"),
        ("joint", "14:00:01"),
        ("supplier", "16:00:01"),
    ]


def test_a_tier_that_keeps_time_for_the_way_down_is_told_where_that_is_worse(folder: Path, capsys: Said) -> None:
    """The first line is there from twelve to one, the supplier on Fridays. Up, it is done in the morning of the Friday
    after; with a little of the first line's time kept, at lunch that day."""
    hours = """
[calendar.noon]
week = { mon-fri = ["12:00-13:00"] }
[calendar.fridays]
week = { fri = ["08:00-20:00"] }
"""
    ola = OLA.replace('"1h", calendar = "holder", tier = "first_line"', '"1h", calendar = "noon", tier = "first_line"')
    ola = ola.replace('"2h", calendar = "holder"', '"1s", calendar = "always"').replace(
        '"1h", calendar = "always"', '"1s", calendar = "always"'
    )
    ola = ola.replace(", priorities = [1, 2]", "")
    uc = FOR_ALL.replace('"2h", calendar = "always"', '"1h", calendar = "fridays"')
    sla = SLA.replace('"8h", calendar = "office"', '"165h", calendar = "always"')
    written(folder, sla + ola + uc)
    (folder / "calendars.toml").write_text(hours + SMALL["calendars.toml"], encoding="utf-8")
    assert run(["agreement", "check", str(folder), *WEEK]) == 1
    _, up, back, *_ = capsys.readouterr().out.splitlines()
    assert "  up " in up and "Fri 2026-11-27 12:00:01" in up and up.endswith("fits")
    assert "  and back " in back and "Fri 2026-11-27 12:00:02" in back and back.endswith("2h59m59s")
    assert run(["agreement", "check", str(folder), *WEEK, "--json"]) == 1
    first = json.loads(capsys.readouterr().out)["promises"][0]
    assert first["shortfall_seconds"] == 0 and not first["fits"] and first["and_back"]["shortfall_seconds"] > 0
    tiers = [step["tier"] for step in first["and_back"]["chain"]]
    assert tiers.count("first_line") == 2 and tiers[-1] == "first_line"
    assert sum(step["may_take_seconds"] for step in first["and_back"]["chain"]) == 2 * 3600 + 2


def test_what_is_loaded_is_checked_where_no_folder_is_named(folder: Path, capsys: Said) -> None:
    assert run(["agreement", "check", *WEEK]) == 1
    assert capsys.readouterr().err == "Nothing is loaded yet. Name a folder, or load one with `servicedesk load DIR`.\n"
    assert run(["load", str(folder)]) == 0
    capsys.readouterr()
    assert run(["agreement", "check", *WEEK]) == 0
    assert "4 promises" in capsys.readouterr().out


def test_the_whole_validity_is_searched_unless_days_are_named(folder: Path, capsys: Said) -> None:
    """The one day on which it does not fit has been: it is found all the same."""
    closed = WITHOUT_GAPS.replace("valid_from = 2026-01-01", "valid_from = 2026-01-01\nvalid_to = 2026-02-01")
    text = closed.replace('time = "8h", calendar = "office"', 'time = "8h", calendar = "desk"')
    hours = '[calendar.desk]\nweek = { mon-fri = ["08:00-16:30"] }\n' + SMALL["calendars.toml"].replace(
        "closed = [", "closed = [2026-01-12, "
    )
    written(folder, text)
    (folder / "calendars.toml").write_text(hours, encoding="utf-8")
    assert run(["agreement", "check", str(folder)]) == 1
    said = capsys.readouterr().out
    assert len(re.findall(r" up .* Fri 2026-01-09 ", said)) == 4
    assert "Every second from 2026-01-01 until 2026-02-01 searched" in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--from", "2026-12-01", "--until", "2026-12-01"], "There is nothing to search from 2026-12-01 until 2026-12"),
        (["--until", "2101-01-01"], "Give days from 1970-01-02 to 2100-01-01"),
        (["--from", "yesterday"], "'yesterday' does not match the format"),
    ],
)
def test_days_that_cannot_be_searched_are_refused(
    arguments: list[str], sentence: str, folder: Path, capsys: Said
) -> None:
    assert run(["agreement", "check", str(folder), *arguments]) in (1, 2)
    assert sentence in capsys.readouterr().err


def test_a_folder_that_cannot_be_read_is_refused_in_a_sentence(tmp_path: Path, capsys: Said) -> None:
    assert run(["agreement", "check", str(tmp_path / "nowhere")]) == 1
    assert "does not exist" in capsys.readouterr().err
