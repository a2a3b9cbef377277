"""The definitions in broken/ are what `servicedesk workflow check` is shown to catch."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from servicedesk.cli.workflow import command
from tests.workflows.cast import FOLDER, SHIPPED

BROKEN = Path(__file__).parent / "broken"
FINDINGS = {
    "cycle": {("endless_cycle", "state.waiting")},
    "lookalikes": {("nobody_may", "transition.withdraw.who"), ("same_label", "transition.ask.sv")},
    "misspelt": {
        ("grammar", "transition.ask.to"),
        ("grammar", "transition.ask.guards"),
        ("grammar", "transition.ask.efects"),
        ("grammar", "transition.reply.en"),
        ("grammar", "timed.give_up.after"),
    },
    "supplier_trap": {
        ("left_to_supplier", "state.ordered"),
        ("left_to_supplier", "state.in_work"),
        ("handover_without_return", "transition.order"),
    },
    "waiting": {
        ("left_to_requester", "state.waiting"),
        ("waiting_without_owner", "state.waiting.waits_on"),
        ("waiting_without_effect", "state.waiting.clocks"),
    },
}


def run(*files: Path) -> tuple[int, list[str]]:
    result = CliRunner().invoke(command, ["check", *map(str, files)], standalone_mode=False)
    assert result.exception is None, result.exception
    return result.return_value, result.output.splitlines()


def test_these_are_all_the_broken_files() -> None:
    assert sorted(path.stem for path in BROKEN.glob("*.toml")) == sorted(FINDINGS)


@pytest.mark.parametrize("name", FINDINGS)
def test_a_broken_file_is_caught_with_exactly_its_findings(name: str) -> None:
    file = BROKEN / f"{name}.toml"
    code, lines = run(file)
    assert code == 1
    assert len(lines) == len(FINDINGS[name])
    for rule, key in FINDINGS[name]:
        assert any(line.startswith(f"{file}: {key}: ") and line.endswith(f"({rule})") for line in lines), (rule, key)


def test_a_finding_shows_its_proof() -> None:
    _, lines = run(BROKEN / "cycle.toml")
    assert "[ask -> reply -> check_again]" in lines[0]


def test_without_a_file_the_shipped_definitions_are_proven() -> None:
    code, lines = run()
    assert code == 0
    assert [line.split(": ")[0] for line in lines] == [str(FOLDER / f"{key}.toml") for key in SHIPPED]
    assert all("rules proven" in line for line in lines)


def test_a_clean_file_among_broken_ones_is_told_too() -> None:
    code, lines = run(BROKEN / "cycle.toml", FOLDER / "citizen_incident.toml")
    assert code == 1
    assert "endless_cycle" in lines[0]
    assert "proven" in lines[1]


@pytest.mark.parametrize("name", ["nowhere.toml", "."])
def test_a_file_that_cannot_be_read_is_a_finding(tmp_path: Path, name: str) -> None:
    code, lines = run(tmp_path / name)
    assert code == 1
    assert len(lines) == 1
    assert lines[0].endswith("(unreadable)")


def test_a_file_that_is_no_text_is_a_finding(tmp_path: Path) -> None:
    file = tmp_path / "picture.toml"
    file.write_bytes(b"\xff\xfe\x00")
    assert "is not text in UTF-8: byte 1 is none." in run(file)[1][0]


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    """Windows editors put one there."""
    file = tmp_path / "mine.toml"
    file.write_bytes(b"\xef\xbb\xbf" + (FOLDER / "citizen_incident.toml").read_bytes())
    assert run(file)[0] == 0


def test_another_kind_of_file_is_named_as_such(tmp_path: Path) -> None:
    file = tmp_path / "incidents.csv"
    file.write_text("number,state\nINC1,New\n", encoding="utf-8")
    code, lines = run(file)
    assert code == 1 and len(lines) == 1
    assert "A workflow is a .toml file." in lines[0]
