"""What is erased is not left lying in the embedded database's files, not even while it is in use."""

from pathlib import Path

from sqlalchemy.engine import make_url

from servicedesk.actions.desk import Desk
from servicedesk.actions.erase import erase_texts
from servicedesk.core.facts import OPERATOR
from tests.support.desk import DeskFactory, new_ticket, ticket_after

WORDS = "ett-ord-som-inte-finns-annars"
# What search keeps of a text: its words by themselves, without marks over the letters, and joined. The index writes of
# a word only what differs from the one before it, so the ends are looked for too.
KEPT = ("xylofonväktare", "xylofonvaktare", "ylofonväktare", "lofonvaktare", "0919876543", "987 65 43", "9876543")


def files_with(desk: Desk, words: str) -> list[str]:
    folder = Path(str(make_url(str(desk.engine.url)).database)).parent
    return sorted(file.name for file in folder.iterdir() if words.encode() in file.read_bytes())


def test_an_erased_text_is_gone_from_the_file_and_its_log(desk_factory: DeskFactory) -> None:
    desk = desk_factory()
    number = ticket_after(desk, "confirm", description=WORDS).number
    assert files_with(desk, WORDS) != []
    assert erase_texts(desk, number, "Beslut 2026:1", actor=OPERATOR) > 0
    assert files_with(desk, WORDS) == []


def test_its_words_are_gone_from_the_index_too(desk_factory: DeskFactory) -> None:
    desk = desk_factory()
    number = ticket_after(desk, "confirm", description="En Xylofonväktare, 091-987 65 43.").number
    for neighbour in ("xylofon", "xylofonvän", "vaktare", "0919876"):
        new_ticket(desk, description=neighbour)
    assert [words for words in KEPT if files_with(desk, words)] == list(KEPT)
    erase_texts(desk, number, "Beslut 2026:1", actor=OPERATOR)
    assert [words for words in KEPT if files_with(desk, words)] == []
