"""`servicedesk verify` as its user meets it."""

import pytest
from sqlalchemy import text

from servicedesk import paths
from servicedesk.cli import run
from servicedesk.cli.opening import open_desk

Said = pytest.CaptureFixture[str]


def damage(statement: str) -> None:
    engine = open_desk().engine
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.mark.parametrize("table", ["seal", "journal", "part", "personal_text", "credential"])
def test_a_missing_table_is_named_in_a_sentence(table: str, capsys: Said) -> None:
    damage(f"DROP TABLE {table}")
    assert run(["verify"]) == 1
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        f"database: table: {table} is missing",
        "The database is not whole, so nothing in it can be proved. Restore it from a backup.",
    ]
    assert said.err == ""


def test_a_missing_column_is_named_with_its_table(capsys: Said) -> None:
    damage("ALTER TABLE notice DROP COLUMN why")
    assert run(["verify"]) == 1
    assert capsys.readouterr().out.startswith("database: column: notice.why is missing\n")


def test_a_part_that_cannot_be_read_is_named_and_the_rest_is_still_looked_at(capsys: Said) -> None:
    assert run(["load", str(paths.samples() / "norrbotten")]) == 0
    capsys.readouterr()
    assert run(["verify"]) == 0
    assert "The installation is what was loaded: " in capsys.readouterr().out
    damage("UPDATE part SET content = 'null' WHERE kind = 'person' AND key = 'lulea-lokal-it'")
    assert run(["verify"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("installation: parts: it cannot be read, so no ticket can be: ")
    assert lines[1:] == ["person.lulea-lokal-it: part: it is not what was loaded", "2 differences in 0 tickets."]
