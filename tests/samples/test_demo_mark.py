"""What `servicedesk demo` keeps beside its database, when something has happened to it."""

from pathlib import Path

import pytest

from servicedesk import cli
from servicedesk.cli.demo import MARK, read_mark


@pytest.mark.parametrize("left", ["", "not json", "{}", "[]", "\udcff"])
def test_a_damaged_mark_is_said_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], left: str
) -> None:
    monkeypatch.setenv("SERVICEDESK_INSTANCE", str(tmp_path))
    mark = tmp_path / MARK
    mark.write_text(left, encoding="utf-8", errors="surrogateescape")
    assert cli.run(["demo", "--no-serve"]) == 1
    assert capsys.readouterr().err.splitlines() == [f"{mark} is damaged. Start over with --fresh."]


def test_starting_over_needs_no_whole_mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICEDESK_INSTANCE", str(tmp_path))
    (tmp_path / MARK).write_text("not json", encoding="utf-8")
    assert cli.run(["demo", "--no-serve", "--fresh", "--tickets", "1"]) == 0
    assert read_mark(tmp_path / MARK)["whole"] is True
