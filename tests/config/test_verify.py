"""`servicedesk verify` as its user meets it, when the database itself is not whole."""

import pytest
from sqlalchemy import text

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
