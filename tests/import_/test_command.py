"""`servicedesk import servicenow` as its user meets it."""

import csv
import json
from pathlib import Path

import pytest

from servicedesk.cli import run
from servicedesk.cli.opening import open_desk
from tests.core.installation_small import SMALL
from tests.import_.logs import EXCERPT, MAP_FILE, log, row

COMMAND = ["import", "servicenow", str(EXCERPT), "--map", str(MAP_FILE)]


def test_it_loads_the_installation_of_the_mapping_into_an_empty_database(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(COMMAND) == 0
    out = capsys.readouterr().out
    assert "The database was empty: loaded" in out
    assert "71 rows read = " in out and "10 incidents read = 10 new" in out
    assert "Verified 10 tickets and the seal: clean." in out
    assert all(heading in out for heading in ("By state", "By priority", "By holder", "Promises kept"))
    assert run(["verify"]) == 0


def test_again_it_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    run(COMMAND)
    capsys.readouterr()
    assert run(COMMAND) == 0
    out = capsys.readouterr().out
    assert "The database was empty" not in out
    assert "71 already here" in out and "10 unchanged" in out


@pytest.mark.parametrize("name", ["report.csv", "report.jsonl"])
def test_a_report_has_every_remark(tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / name
    assert run([*COMMAND, "--report", str(report)]) == 0
    with report.open(encoding="utf-8", newline="") as opened:
        rows = [json.loads(line) for line in opened] if name.endswith("l") else list(csv.DictReader(opened))
    assert f"All {len(rows)} remarks are in" in capsys.readouterr().out
    assert {"line", "number", "outcome", "kind", "why"} == set(rows[0])
    assert any(row["number"] == "INC0000131" and row["kind"] == "opened_late" for row in rows)


def test_a_report_that_cannot_be_written_stops_it_before_anything_is_imported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*COMMAND, "--report", str(tmp_path / "missing" / "report.csv")]) == 1
    assert "No such file or directory" in capsys.readouterr().err
    with open_desk().reading() as connection:
        assert open_desk().book(connection).revision == 0


def test_a_dry_run_needs_an_installation_and_says_how_to_get_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*COMMAND, "--dry-run"]) == 1
    err = capsys.readouterr().err
    assert "servicedesk load" in err and "norrbotten" in err and "Traceback" not in err


def test_a_dry_run_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    run(["load", str(MAP_FILE.parents[1] / "norrbotten")])
    assert run([*COMMAND, "--dry-run"]) == 0
    assert "Nothing was written" in capsys.readouterr().out
    assert run(["verify"]) == 0
    assert "Clean: 0 tickets" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("Europe/Stockholm", "Europe/Stokholm", "mine.toml: log.zone:"),
        ('installation = "norrbotten"', 'installation = "norbotten"', "mine.toml: log.installation:"),
        ('"first_new"', '"first_nwe"', 'mine.toml: state."New".first_line: "first_nwe" is no state'),
    ],
)
def test_a_fault_of_the_mapping_is_one_sentence(
    tmp_path: Path, old: str, new: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(MAP_FILE.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert run(["import", "servicenow", str(EXCERPT), "--map", str(mine)]) == 1
    err = capsys.readouterr().err
    assert sentence in err and "Traceback" not in err


def test_a_mapping_may_bring_an_installation_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = tmp_path / "mine.toml"
    text = MAP_FILE.read_text(encoding="utf-8").replace('"norrbotten"', '"ours"')
    mine.write_text(text, encoding="utf-8")
    (tmp_path / "ours").symlink_to(MAP_FILE.parents[1] / "norrbotten")
    assert run(["import", "servicenow", str(EXCERPT), "--map", str(mine)]) == 0
    assert f"loaded {tmp_path / 'ours'}" in capsys.readouterr().out


def test_refused_rows_are_shown_with_their_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "log.csv"
    file.write_bytes(log([row()]) + b"Total: 1\r\n")
    assert run(["import", "servicenow", str(file), "--map", str(MAP_FILE)]) == 0
    out = capsys.readouterr().out
    assert "1 refused: columns_wrong" in out and "line 3: It has 1 columns; the headings are 18." in out


def test_a_file_that_is_not_there_is_said_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", "servicenow", "nowhere.csv", "--map", str(MAP_FILE)]) == 2
    assert "nowhere.csv" in capsys.readouterr().err
    assert run(["import", "servicenow", str(EXCERPT), "--map", "nowhere.toml"]) == 1
    assert "nowhere.toml: -: cannot be read: No such file" in capsys.readouterr().err


def test_another_installation_than_the_mappings_is_not_mixed_with_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for file, text in SMALL.items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    assert run(["load", str(tmp_path)]) == 0
    assert run(COMMAND) == 1
    err = capsys.readouterr().err
    assert (
        "The mapping was written for installation norrbotten" in err
        and "Another is there. To load it, run: servicedesk load" in err
    )
