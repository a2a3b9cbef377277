"""`servicedesk load` as its user meets it."""

import shutil
from pathlib import Path

import pytest

from servicedesk import paths
from servicedesk.cli import run
from servicedesk.cli.opening import open_desk
from servicedesk.core.workflows.definition import Definition
from tests.core.installation_small import SMALL

Said = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An installation of one municipality, without workflows of its own."""
    made = tmp_path / "our-installation"
    made.mkdir()
    for name, text in SMALL.items():
        (made / name).write_text(text, encoding="utf-8")
    return made


def write_own(folder: Path, key: str = "citizen_incident", **changes: str) -> None:
    """The folder's own version of a shipped workflow: reminded after 8 hours, not 24."""
    text = (paths.workflows() / "citizen_incident.toml").read_text(encoding="utf-8")
    (folder / "workflows").mkdir(exist_ok=True)
    changed = text.replace('after = "24h"', 'after = "8h"').replace('key = "citizen_incident"', f'key = "{key}"')
    assert changed != text
    (folder / "workflows" / f"{key}.toml").write_text(changed, encoding="utf-8")


def in_force() -> dict[str, Definition]:
    desk = open_desk()
    with desk.reading() as connection:
        return {definition.key: definition for definition in desk.book(connection).workflows()}


def reminded_after(key: str = "citizen_incident") -> int:
    return in_force()[key].timed["remind_requester"].seconds // 3600


def test_a_first_load_brings_the_shipped_workflows_and_a_second_changes_nothing(folder: Path, capsys: Said) -> None:
    assert run(["load", str(folder)]) == 0
    assert "+ added workflow.citizen_incident" in capsys.readouterr().out
    assert sorted(in_force()) == ["citizen_incident", "internal_incident", "service_request"]
    assert run(["load", str(folder)]) == 0
    assert capsys.readouterr().out == "Nothing to change.\n"


def test_a_first_load_takes_the_folders_own_before_the_shipped(folder: Path) -> None:
    write_own(folder)
    assert run(["load", str(folder)]) == 0
    assert reminded_after() == 8


def test_a_folder_without_workflows_leaves_those_in_force_and_says_so(folder: Path, capsys: Said) -> None:
    write_own(folder)
    write_own(folder, "our_own")
    run(["load", str(folder)])
    shutil.rmtree(folder / "workflows")
    capsys.readouterr()
    assert run(["load", str(folder)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("= kept workflow.citizen_incident (another than the shipped one is in force")
    assert lines[1:] == [
        "= left workflow.our_own (no longer in the files; loading deletes nothing)",
        "Nothing to change.",
    ]
    assert (reminded_after(), reminded_after("our_own")) == (8, 8)


def test_the_shipped_workflows_come_back_into_force_when_asked_for(folder: Path, capsys: Said) -> None:
    write_own(folder)
    run(["load", str(folder)])
    (folder / "workflows" / "citizen_incident.toml").unlink()
    capsys.readouterr()
    assert run(["load", str(folder), "--shipped-workflows"]) == 0
    assert "~ changed workflow.citizen_incident" in capsys.readouterr().out
    assert reminded_after() == 24
    write_own(folder)
    assert run(["load", str(folder), "--shipped-workflows"]) == 0
    assert reminded_after() == 8, "the folder's own goes before the shipped one"


def test_a_rule_may_name_a_workflow_that_is_in_force_though_the_folder_holds_it_no_longer(folder: Path) -> None:
    rule = '\n[routing.ours]\norder = 5\ntier = "joint"\nteam = "board-managers"\nworkflow = "our_own"\n'
    with (folder / "routing.toml").open("a", encoding="utf-8") as file:
        file.write(rule)
    assert run(["load", str(folder)]) == 1
    write_own(folder, "our_own")
    assert run(["load", str(folder)]) == 0
    shutil.rmtree(folder / "workflows")
    assert run(["load", str(folder)]) == 0


def test_what_cannot_be_read_is_told_without_what_follows_from_it(folder: Path, capsys: Said) -> None:
    """Every team, calendar and workflow that stands in the two files would otherwise be missed somewhere."""
    write_own(folder, "our_own")
    for path in (folder / "teams.toml", folder / "workflows" / "our_own.toml"):
        path.write_text("[oops\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    with (folder / "routing.toml").open("a", encoding="utf-8") as file:
        file.write('\n[routing.ours]\norder = 5\ntier = "joint"\nteam = "board-managers"\nworkflow = "our_own"\n')
    assert run(["load", str(folder)]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(": ")[0] for line in lines] == ["our_own.toml", "teams.toml"]


def test_faults_in_workflows_and_in_the_other_files_are_told_together(folder: Path, capsys: Said) -> None:
    write_own(folder, "Our own")
    (folder / "people.toml").write_text(SMALL["people.toml"].replace("manager@", "manager"), encoding="utf-8")
    assert run(["load", str(folder)]) == 1
    assert [line.split(": ")[:2] for line in capsys.readouterr().err.splitlines()] == [
        ["Our own.toml", "workflow.key"],
        ["people.toml", "person.manager.email"],
    ]
    assert in_force() == {}


def test_two_workflows_of_one_key_in_a_folder_are_refused(folder: Path, capsys: Said) -> None:
    write_own(folder)
    shutil.copy(folder / "workflows" / "citizen_incident.toml", folder / "workflows" / "old.toml")
    assert run(["load", str(folder)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith('old.toml: workflow.key: "citizen_incident" is the key of citizen_incident.toml too.')
