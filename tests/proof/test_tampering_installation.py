"""Whatever is changed in what was loaded, in a part of it or in a version that tickets keep, is found."""

import sqlite3

import pytest

from servicedesk.actions.desk import Desk
from servicedesk.core.canonical import part_hash
from tests.proof.tampering import found_after, sql


@pytest.mark.parametrize("kind", ["agreement", "workflow", "calendar"])
def test_a_changed_agreement_workflow_or_calendar_is_found(lived: Desk, kind: str) -> None:
    """Those are kept under the hash of what they say, so that nobody can promise less afterwards."""
    found = found_after(lived, sql(f"UPDATE version SET content = content || ' ' WHERE kind = '{kind}'"))
    assert any("version" in line for line in found)


KINDS = ("organisation", "team", "person", "service", "e_service", "routing", "priority", "ladder", "installation")


@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_part_of_the_installation_is_found_and_named(lived: Desk, kind: str) -> None:
    key = f"(SELECT min(key) FROM part WHERE kind = '{kind}')"
    found = found_after(lived, sql(f"UPDATE part SET content = content || ' ' WHERE kind = '{kind}' AND key = {key}"))
    assert len(found) == 1
    assert found[0].startswith(f"{kind}.") and found[0].endswith("part: it is not what was loaded")


@pytest.mark.parametrize("kind", ["agreement", "workflow", "calendar"])
def test_another_version_put_in_force_is_found(lived: Desk, kind: str) -> None:
    """One that was loaded too, but is another's."""
    other = f"SELECT hash FROM version WHERE kind = '{kind}' ORDER BY key LIMIT 1"
    found = found_after(lived, sql(f"UPDATE part SET content = ({other}) WHERE kind = '{kind}'"))
    assert any(line.endswith("the version in force is none that was loaded") for line in found)
    assert any(line.endswith("it is not what was loaded") for line in found)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM part WHERE kind = 'person' AND key = 'lulea-lokal-it'",
        "DELETE FROM part",
        "INSERT INTO part SELECT kind, key || '-2', content, hash FROM part WHERE kind = 'routing'",
        "UPDATE part SET key = 'lulea-lokal-it-2' WHERE kind = 'person' AND key = 'lulea-lokal-it'",
        "UPDATE part SET hash = 'x' WHERE kind = 'person' AND key = 'lulea-lokal-it'",
        "UPDATE revision SET parts = 'x'",
        "DELETE FROM revision",
    ],
)
def test_a_part_that_was_removed_added_or_renamed_is_found(lived: Desk, statement: str) -> None:
    assert "installation: parts: a part was added, removed or replaced since it was loaded" in found_after(
        lived, sql(statement)
    )


def test_a_part_changed_with_its_hash_computed_anew_is_found(lived: Desk) -> None:
    """A person who let themselves into another team."""

    def change(connection: sqlite3.Connection) -> None:
        query = "SELECT content FROM part WHERE kind = 'person' AND key = 'lulea-lokal-it'"
        (content,) = connection.execute(query).fetchone()
        other = content.replace("lulea-it", "lulea-forvaltning")
        assert other != content
        values = [other, part_hash("person", "lulea-lokal-it", other)]
        connection.execute("UPDATE part SET content = ?, hash = ? WHERE key = 'lulea-lokal-it'", values)

    assert found_after(lived, change) == [
        "installation: parts: a part was added, removed or replaced since it was loaded"
    ]
