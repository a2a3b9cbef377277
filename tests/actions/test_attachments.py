"""Files: for the same readers as what they came with, proven piece by piece, destroyed with the texts."""

from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text

from servicedesk.actions.attachments import Upload
from servicedesk.actions.desk import Desk
from servicedesk.actions.entries import note, note_to_supplier, reply
from servicedesk.actions.erase import erase_texts
from servicedesk.core.attachments import CHUNK, LARGEST, MOST_AT_ONCE, MOST_ON_A_TICKET
from servicedesk.core.errors import Invalid, NotFound, Refusal
from servicedesk.core.events import AttachmentAdded
from servicedesk.core.facts import OPERATOR
from servicedesk.core.vocabulary import Channel
from servicedesk.store.attachments import Attachment, AttachmentChunk
from servicedesk.store.queries.attachments import StoredFile, find_file, piece_of
from tests.actions.life import differences, journal
from tests.support.desk import new_ticket, persona, ticket_after

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 2_000


def a_file(content: bytes = PICTURE, name: str = "bild.png") -> Upload:
    return Upload(name, BytesIO(content))


def read(desk: Desk, who: str, number: str, seq: int) -> tuple[StoredFile, bytes]:
    actor = persona(desk, who)
    with desk.reading() as connection:
        found = find_file(connection, actor, number, seq)
        pieces: list[bytes] = []
        while piece := piece_of(connection, found.id, len(pieces)):
            pieces.append(piece)
    return found, b"".join(pieces)


def stored(desk: Desk) -> tuple[int, int]:
    with desk.reading() as connection:
        counts = (select(func.count()).select_from(table) for table in (Attachment, AttachmentChunk))
        return tuple(connection.execute(each).scalar_one() for each in counts)  # type: ignore[return-value]


def test_a_file_is_kept_in_pieces_and_comes_back_as_it_was(either_desk: Desk) -> None:
    number = new_ticket(either_desk).number
    note(either_desk, number, "Se bilden.", files=[a_file()], actor=persona(either_desk, "first_line_lulea"))
    found, content = read(either_desk, "second_line_lulea", number, 3)
    assert content == PICTURE
    assert (found.name, found.media_type, found.size) == ("bild.png", "image/png", len(PICTURE))
    assert stored(either_desk) == (1, -(-len(PICTURE) // CHUNK))
    assert differences(either_desk) == []
    event = journal(either_desk, number)[-1]
    assert isinstance(event.payload, AttachmentAdded)
    assert "bild" not in str(event), "a name tells of people, so it is a text like any other"


def test_each_file_is_seen_by_those_who_see_what_it_came_with(desk: Desk) -> None:
    number = ticket_after(desk, "accept_at_supplier").number
    first, manager = persona(desk, "first_line_lulea"), persona(desk, "it_service_manager")
    note(desk, number, "", files=[a_file(b"municipal")], actor=first)
    note(desk, number, "", files=[a_file(b"joint")], actor=first, to_joint=True)
    reply(desk, number, "", files=[a_file(b"requester")], actor=first)
    note_to_supplier(desk, number, "", files=[a_file(b"supplier")], actor=manager)
    seqs = [event.seq for event in journal(desk, number) if isinstance(event.payload, AttachmentAdded)]

    def seen_by(who: str) -> list[bytes]:
        found = []
        for seq in seqs:
            try:
                found.append(read(desk, who, number, seq)[1])
            except NotFound:
                continue
        return found

    assert seen_by("second_line_lulea") == [b"municipal", b"joint", b"requester", b"supplier"]
    assert seen_by("it_service_manager") == [b"joint", b"requester", b"supplier"]
    assert seen_by("supplier_technician") == [b"supplier"]
    assert seen_by("other_supplier_technician") == seen_by("first_line_pitea") == []


def test_a_file_alone_does_not_stop_the_clock_that_an_answer_stops(desk: Desk) -> None:
    number = new_ticket(desk, channel=Channel.MAIL).number
    ticket = reply(desk, number, "", files=[a_file()], actor=persona(desk, "first_line_lulea"))
    assert ticket.responded_at is None
    assert reply(desk, number, "Hej", actor=persona(desk, "first_line_lulea")).responded_at is not None


@pytest.mark.parametrize(
    ("uploads", "said"),
    [
        ([a_file(b"x") for _ in range(MOST_AT_ONCE + 1)], "at most 5 files at once"),
        ([a_file(b"x"), a_file(b"", "tom.txt")], "tom.txt is empty"),
        ([a_file(b"x" * (LARGEST + 1), "stor.bin")], "stor.bin is larger than the 10 MB"),
    ],
)
def test_what_is_too_much_is_refused_and_nothing_of_it_is_kept(uploads: list[Upload], said: str, desk: Desk) -> None:
    number = new_ticket(desk).number
    with pytest.raises(Invalid) as refused:
        note(desk, number, "Se bilagorna.", files=uploads, actor=persona(desk, "first_line_lulea"))
    assert said in str(refused.value.fields["file"][0])
    assert stored(desk) == (0, 0)
    assert len(journal(desk, number)) == 1


def test_a_ticket_takes_no_end_of_files(desk: Desk) -> None:
    number, first = new_ticket(desk).number, persona(desk, "first_line_lulea")
    with desk.transaction() as connection:
        row = {"ticket_id": 1, "media_type": "text/plain", "size": 1}
        connection.execute(insert(Attachment), [{**row, "seq": n} for n in range(9, 9 + MOST_ON_A_TICKET)])
    with pytest.raises(Invalid):
        note(desk, number, "", files=[a_file()], actor=first)


def test_who_may_not_write_there_may_not_attach_there(desk: Desk) -> None:
    number = ticket_after(desk, "accept_at_supplier").number
    with pytest.raises(Refusal):
        note(desk, number, "", files=[a_file()], actor=persona(desk, "supplier_technician"))
    assert stored(desk) == (0, 0)


def test_a_file_is_destroyed_with_the_texts_and_everything_still_holds(desk: Desk) -> None:
    number = ticket_after(desk, "confirm").number
    note(desk, number, "Se bilden.", files=[a_file()], actor=persona(desk, "first_line_lulea"))
    seq = len(journal(desk, number))
    erase_texts(desk, number, "Beslut 2026:7", actor=OPERATOR)
    assert stored(desk) == (1, 0)
    with pytest.raises(NotFound):
        read(desk, "first_line_lulea", number, seq)
    assert differences(desk) == []
    assert PICTURE[:300] not in Path(str(desk.engine.url.database)).read_bytes()


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("UPDATE attachment_chunk SET content = x'00' WHERE number = 1", "is not what was attached"),
        ("DELETE FROM attachment_chunk WHERE number = 0", "is not what was attached"),
        ("DELETE FROM attachment_chunk WHERE number = 1", "is not what was attached"),
        ("UPDATE attachment_chunk SET number = number + 5", "is not what was attached"),
        ("UPDATE attachment SET sha256 = secret", "is not what was attached"),
        ("UPDATE attachment SET secret = 'none'", "is not what was attached"),
        ("UPDATE attachment SET media_type = 'text/html'", "is not of the kind or size that the journal says"),
        ("UPDATE attachment SET size = 7", "is not of the kind or size that the journal says"),
        ("UPDATE attachment SET sha256 = NULL, secret = NULL", "was destroyed, and no decision says so"),
        ("UPDATE attachment SET seq = 2", "is missing"),
        ("UPDATE attachment SET seq = 2", "the file of event 2 belongs to no event"),
    ],
)
def test_whatever_is_done_to_a_file_by_hand_is_found(damage: str, said: str, desk: Desk) -> None:
    number = new_ticket(desk).number
    note(desk, number, "Se bilden.", files=[a_file()], actor=persona(desk, "first_line_lulea"))
    with desk.transaction() as connection:
        connection.execute(text(damage))
    assert any(found.startswith(f"{number}: attachment:") and said in found for found in differences(desk))


def test_what_was_to_be_destroyed_and_is_there_is_found(desk: Desk) -> None:
    number = ticket_after(desk, "confirm").number
    note(desk, number, "", files=[a_file()], actor=persona(desk, "first_line_lulea"))
    with desk.transaction() as connection:
        kept = connection.execute(text("SELECT attachment_id, number, content FROM attachment_chunk")).all()
    erase_texts(desk, number, "Beslut 2026:7", actor=OPERATOR)
    with desk.transaction() as connection:
        connection.execute(insert(AttachmentChunk), [row._asdict() for row in kept])
    assert any("was to be destroyed and is still there" in found for found in differences(desk))
