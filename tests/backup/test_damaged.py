"""A damaged file is refused before anything is written, in a sentence that names what is wrong."""

import json
import zipfile
from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from servicedesk.actions.desk import Desk
from servicedesk.actions.restore import check_backup, restore
from servicedesk.core.errors import Unavailable
from servicedesk.store.engine import make_engine
from servicedesk.store.portable import reading
from servicedesk.store.portable.manifest import MANIFEST
from servicedesk.store.queries.verification import ticket_ids, verify_tickets
from servicedesk.store.rulebook import read_rulebook
from tests.backup.conftest import Lived
from tests.backup.hands import Members, members_of, packed, silent

JOURNAL = "tables/journal.jsonl"


def refusal(backup: Path) -> str:
    """What a restore says of it; nothing has been made."""
    database = backup.with_suffix(".sqlite")
    desk = Desk(make_engine(f"sqlite:///{database}"))
    with pytest.raises(Unavailable) as refused:
        restore(desk, backup, silent)
    assert not database.exists()
    assert str(backup) in str(refused.value)
    assert str(refused.value).count("\n") == 0
    return str(refused.value)


def checked(backup: Path) -> str:
    with pytest.raises(Unavailable) as refused:
        check_backup(backup, silent)
    return str(refused.value)


def test_no_byte_of_it_can_be_another(lived: Lived, tmp_path: Path) -> None:
    whole = lived.backup.read_bytes()
    flipped = tmp_path / "flipped"
    places = [*range(0, len(whole), len(whole) // 60), *range(len(whole) - 400, len(whole), 10)]
    for place in places:
        flipped.write_bytes(whole[:place] + bytes([whole[place] ^ 0x04]) + whole[place + 1 :])
        assert "Nothing was restored" in checked(flipped), place


def test_a_flipped_byte_is_named_by_the_file_it_stands_in(lived: Lived, tmp_path: Path) -> None:
    with zipfile.ZipFile(lived.backup) as opened:
        info = opened.getinfo(JOURNAL)
    place = info.header_offset + len(JOURNAL) + 30 + 20 + info.compress_size // 2
    whole = bytearray(lived.backup.read_bytes())
    whole[place] ^= 0x10
    (tmp_path / "flipped").write_bytes(whole)
    assert f"is damaged: {JOURNAL} " in refusal(tmp_path / "flipped")


@pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 0.97, 0.9999])
def test_a_file_that_is_cut_short_is_refused(share: float, lived: Lived, tmp_path: Path) -> None:
    whole = lived.backup.read_bytes()
    (tmp_path / "short").write_bytes(whole[: int(len(whole) * share)])
    said = refusal(tmp_path / "short")
    assert ("is cut short" in said) if share else ("is not a backup" in said)


def test_something_put_behind_it_is_noticed(lived: Lived, tmp_path: Path) -> None:
    (tmp_path / "longer").write_bytes(lived.backup.read_bytes() + b"\0")
    assert "Nothing was restored" in refusal(tmp_path / "longer")


def test_something_put_before_it_is_noticed(lived: Lived, tmp_path: Path) -> None:
    (tmp_path / "longer").write_bytes(b"#!/bin/sh\n" + lived.backup.read_bytes())
    assert "Nothing was restored" in refusal(tmp_path / "longer")


def another_manifest(**changed: object) -> Callable[[Members], None]:
    def change(members: Members) -> None:
        manifest = json.loads(members[MANIFEST]) | changed
        members[MANIFEST] = (
            json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n"
        ).encode()

    return change


def another_member(name: str, **changed: object) -> Callable[[Members], None]:
    def change(members: Members) -> None:
        listed = json.loads(members[MANIFEST])["members"]
        for member in listed:
            if member["table"] == name:
                member.update(changed)
        another_manifest(members=listed)(members)

    return change


def without(name: str) -> Callable[[Members], None]:
    return lambda members: members.__delitem__(name)


def with_member(name: str, content: bytes) -> Callable[[Members], None]:
    return lambda members: members.__setitem__(name, content)


def with_row(members: Members) -> None:
    members[JOURNAL] += members[JOURNAL].splitlines(keepends=True)[-1]


def without_tables(members: Members) -> None:
    """And nothing left of them in the manifest either."""
    for name in list(members):
        if name != MANIFEST:
            del members[name]
    another_manifest(members=[])(members)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (without(JOURNAL), f"{JOURNAL} is missing"),
        (without(MANIFEST), f"{MANIFEST} is missing"),
        (with_member("../../etc/cron.d/x", b"x"), "it holds '../../etc/cron.d/x', which does not belong there"),
        (with_member("/etc/passwd", b"x"), "it holds '/etc/passwd', which does not belong there"),
        (with_member("tables/journal.jsonl.gz", b"x"), "which does not belong there"),
        (with_member("tables/part.jsonl", b""), "tables/part.jsonl is longer or shorter than the"),
        (with_row, f"{JOURNAL} is longer or shorter than the"),
        (another_member("journal", rows=3), f"{JOURNAL} has "),
        (another_member("journal", sha256="0" * 64), f"{JOURNAL} is not what was written"),
        (another_member("journal", table="jurnal"), "which does not belong there"),
        (another_member("part", columns={"kind": "text"}), f"{MANIFEST} does not name the tables of version"),
        (another_member("part", rows="many"), "Nothing was restored"),
        (without_tables, f"{MANIFEST} does not name the tables of version"),
        (another_manifest(format=2), "was made by a newer version of the program (0.0, database"),
        (another_manifest(revision="2031_01_01_far"), "was made by a newer version of the program"),
        (another_manifest(revision=7), "Nothing was restored"),
        (another_manifest(surprise=True), f"{MANIFEST} is no manifest that this program understands"),
        (with_member(MANIFEST, b"{}"), f"{MANIFEST} is no manifest that this program understands"),
        (with_member(MANIFEST, b"\xff\xfe"), f"{MANIFEST} is no manifest that this program understands"),
    ],
)
def test_what_somebody_packed_anew_is_checked_against_its_manifest(
    change: Callable[[Members], None], said: str, lived: Lived, tmp_path: Path
) -> None:
    members = members_of(lived.backup)
    change(members)
    assert said in refusal(packed(members, tmp_path / "packed"))


def test_a_member_that_is_there_twice_is_named(lived: Lived, tmp_path: Path) -> None:
    again = tmp_path / "again"
    again.write_bytes(lived.backup.read_bytes())
    with zipfile.ZipFile(again, "a") as opened, pytest.warns(UserWarning, match="Duplicate"):
        opened.writestr(JOURNAL, b"")
    assert f"it holds {JOURNAL} 2 times" in refusal(again)


def test_a_manifest_that_was_edited_in_place_is_named(lived: Lived, tmp_path: Path) -> None:
    with zipfile.ZipFile(lived.backup) as opened:
        comment, members = opened.comment, members_of(lived.backup)
    another_member("journal", rows=3)(members)
    with zipfile.ZipFile(tmp_path / "edited", "w") as opened:
        for name, content in members.items():
            opened.writestr(name, content)
        opened.comment = comment
    assert f"{MANIFEST} is not what was written: it has been changed" in refusal(tmp_path / "edited")


@pytest.mark.parametrize("content", [b"", b"PK", b"%PDF-1.7\n", b"SQLite format 3\0" + b"\0" * 4096])
def test_a_file_of_another_kind_is_no_backup(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(content)
    assert "is not a backup" in refusal(tmp_path / "other")


def test_another_zip_file_is_no_backup(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "other", "w") as opened:
        opened.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    assert "is a zip file, but not as `servicedesk backup` wrote it" in refusal(tmp_path / "other")


def test_a_line_that_unpacks_beyond_any_row_is_not_read_to_its_end(
    lived: Lived, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also one whose manifest says it truly."""
    monkeypatch.setattr(reading, "LONGEST_LINE", 100_000)
    bomb = b" " * 5_000_000 + b"\n"
    members = members_of(lived.backup)
    members["tables/part.jsonl"] = bomb
    another_member("part", rows=1, bytes=len(bomb), sha256=sha256(bomb).hexdigest())(members)
    said = not_restored(packed(members, tmp_path / "packed"), tmp_path / "x.sqlite")
    assert "line 1 of tables/part.jsonl is no row of that table" in said


def test_an_attachment_that_was_swapped_with_all_checksums_made_anew_is_named_by_the_proof(
    lived: Lived, tmp_path: Path
) -> None:
    members = members_of(lived.backup)
    name = "tables/attachment_chunk.jsonl"
    first, *rest = members[name].splitlines(keepends=True)
    row = json.loads(first)
    swapped = [b64encode(b"X" * len(b64decode(cell))).decode() if isinstance(cell, str) else cell for cell in row]
    members[name] = b"".join([json.dumps(swapped, separators=(",", ":")).encode() + b"\n", *rest])
    another_member("attachment_chunk", bytes=len(members[name]), sha256=sha256(members[name]).hexdigest())(members)
    desk = Desk(make_engine(f"sqlite:///{tmp_path / 'x.sqlite'}"))
    restore(desk, packed(members, tmp_path / "packed"), silent)
    with desk.reading() as connection:
        book, ids = read_rulebook(connection), ticket_ids(connection)
        found = list(verify_tickets(connection, book, ids))
    desk.engine.dispose()
    assert found and any("attachment" in str(difference) for difference in found), found


def not_restored(backup: Path, database: Path) -> str:
    """What stops a restore in the middle, after which there is nothing."""
    desk = Desk(make_engine(f"sqlite:///{database}"))
    with pytest.raises(Unavailable) as refused:
        restore(desk, backup, silent)
    with desk.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM journal").scalar_one() == 0
    desk.engine.dispose()
    return str(refused.value)


def test_rows_that_are_not_those_of_the_heads_are_not_kept(lived: Lived, tmp_path: Path) -> None:
    """All checksums made anew, by somebody who knows how: the journals' ends tell, and nothing stays."""
    members = members_of(lived.backup)
    heads = json.loads(members[MANIFEST])["heads"] | {"ticket_heads": "0" * 64}
    another_manifest(heads=heads)(members)
    said = not_restored(packed(members, tmp_path / "packed"), tmp_path / "x.sqlite")
    assert "do not end as they should (ticket_heads). Nothing was saved" in said
