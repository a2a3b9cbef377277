"""Another file than the one meant: whatever its kind, one line says what it is and what to do, and nothing is done."""

import zipfile
from pathlib import Path

import pytest

from servicedesk import paths
from servicedesk.cli import run
from tests.import_.logs import EXCERPT, MAP_FILE

Said = pytest.CaptureFixture[str]

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
CSV = b"id,name\n1,Anna\n"
WORKFLOW = (paths.workflows() / "citizen_incident.toml").read_bytes()
TEAMS = (paths.samples() / "norrbotten" / "teams.toml").read_bytes()
SCENARIO = b'[scenario]\nkey = "k"\nsv = "S"\n[[step]]\ndo = "log"\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A folder with a file of each kind that is none of ours."""
    contents = {
        "picture.png": PNG,
        "empty.toml": b"",
        "incidents.csv": CSV,
        "western.toml": 'namn = "Luleå"'.encode("cp1252"),
        "workflow.toml": WORKFLOW,
        "teams.toml": TEAMS,
        "scenario.toml": SCENARIO,
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "folder").mkdir()
    with zipfile.ZipFile(tmp_path / "sheet.xlsx", "w") as sheet:
        sheet.writestr("xl/workbook.xml", "<workbook/>")
    return tmp_path


def one_line(arguments: list[str], said: Said) -> str:
    """What is said of it: one line, exit code 1."""
    assert run(arguments) == 1, arguments
    told = said.readouterr()
    lines = [*told.out.splitlines(), *told.err.splitlines()]
    assert len(lines) == 1, lines
    assert "fault of the program" not in lines[0]
    return lines[0]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("picture.png", "but a PNG picture. Name a workflow"),
        ("sheet.xlsx", "but an Excel or Word document"),
        ("empty.toml", "is empty. Name a workflow"),
        ("folder", "is a folder, not a file. Name a workflow"),
        ("incidents.csv", "A workflow is a .toml file."),
        ("teams.toml", "is no workflow: it has not even a table [workflow]. Name a workflow"),
        ("western.toml", "is not text in UTF-8: byte 13 is none. Save it as UTF-8."),
        ("nowhere.toml", "cannot be read: No such file or directory. Name a workflow"),
    ],
)
def test_a_workflow_to_check(file: Path, name: str, said: str, capsys: Said) -> None:
    assert said in one_line(["workflow", "check", str(file / name)], capsys)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("picture.png", "is a file, not a folder. Name the folder"),
        ("teams.toml", "is a file, not a folder. Name the folder"),
        ("folder", "holds no .toml file. Name the folder"),
        ("nowhere", "does not exist. Name the folder"),
    ],
)
@pytest.mark.parametrize("options", [[], ["--dry-run"]])
def test_a_folder_to_load(file: Path, name: str, said: str, options: list[str], capsys: Said) -> None:
    assert said in one_line(["load", str(file / name), *options], capsys)


def test_a_picture_among_the_files_of_a_folder_is_passed_over_unless_it_is_called_toml(
    file: Path, capsys: Said
) -> None:
    (file / "folder" / "teams.toml").write_bytes(PNG)
    (file / "folder" / "logo.png").write_bytes(PNG)
    assert one_line(["load", str(file / "folder")], capsys).startswith("teams.toml: byte 1: is not UTF-8.")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("picture.png", "but a PNG picture. Save the log as CSV"),
        ("sheet.xlsx", "but an Excel or Word document, or another zip archive. Save the log as CSV"),
        ("empty.toml", "holds no row. Name a log with headings"),
        ("incidents.csv", "has none of the columns that servicenow.toml names. Its headings: id, name."),
        ("workflow.toml", "has none of the columns that servicenow.toml names."),
    ],
)
@pytest.mark.parametrize("options", [[], ["--dry-run"]])
def test_a_log_to_import(file: Path, name: str, said: str, options: list[str], capsys: Said) -> None:
    """And no installation is loaded for its sake."""
    arguments = ["import", "servicenow", str(file / name), "--map", str(MAP_FILE), *options]
    assert said in one_line(arguments, capsys)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("picture.png", "but a PNG picture. Name a mapping"),
        ("empty.toml", "is empty. Name a mapping"),
        ("folder", "is a folder, not a file. Name a mapping"),
        ("incidents.csv", "A mapping is a .toml file."),
        ("workflow.toml", "is no mapping: it has neither a table [log] nor [column]. Name a mapping"),
        ("nowhere.toml", "cannot be read: No such file or directory. Name a mapping"),
    ],
)
def test_a_mapping_to_import_by(file: Path, name: str, said: str, capsys: Said) -> None:
    assert said in one_line(["import", "servicenow", str(EXCERPT), "--map", str(file / name)], capsys)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("picture.png", "but a PNG picture. Name a scenario"),
        ("empty.toml", "is empty. Name a scenario"),
        ("folder", "is a folder, not a file. Name a scenario"),
        ("incidents.csv", "A scenario is a .toml file."),
        ("workflow.toml", "is no scenario: it has not a single [[step]]. Name a scenario"),
        ("teams.toml", "is no scenario: it has not a single [[step]]. Name a scenario"),
        ("nowhere.toml", "cannot be read: No such file or directory. Name a scenario"),
    ],
)
def test_a_scenario_to_play(file: Path, name: str, said: str, capsys: Said) -> None:
    assert said in one_line(["play", str(file / name)], capsys)


def test_a_dry_run_of_an_import_into_an_empty_database_says_what_to_load_first(capsys: Said) -> None:
    line = one_line(["import", "servicenow", str(EXCERPT), "--map", str(MAP_FILE), "--dry-run"], capsys)
    assert "which is not loaded. A dry run loads nothing by itself. To load it, run: servicedesk load " in line


def test_a_dry_run_of_a_load_into_an_empty_database_tells_all_that_it_would_add(capsys: Said) -> None:
    folder = str(paths.samples() / "norrbotten")
    assert run(["load", folder, "--dry-run"]) == 0
    *changes, last = capsys.readouterr().out.splitlines()
    items = [line for line in changes if line.startswith(("+", "~"))]
    assert last == f"{len(items)} changes would be made; nothing was." and len(items) > 200
    assert run(["load", folder]) == 0
    assert capsys.readouterr().out.splitlines()[:-1] == changes
