"""What is erased is not left lying in the embedded database's files, not even while it is in use."""

from pathlib import Path

from sqlalchemy.engine import make_url

from servicedesk.actions.erase import erase_texts
from servicedesk.core.facts import OPERATOR
from tests.support.desk import DeskFactory, ticket_after

WORDS = "ett-ord-som-inte-finns-annars"


def test_an_erased_text_is_gone_from_the_file_and_its_log(desk_factory: DeskFactory) -> None:
    desk = desk_factory()
    number = ticket_after(desk, "confirm", description=WORDS).number
    folder = Path(str(make_url(str(desk.engine.url)).database)).parent
    assert any(WORDS.encode() in file.read_bytes() for file in folder.iterdir())
    assert erase_texts(desk, number, "Beslut 2026:1", actor=OPERATOR) > 0
    assert [file.name for file in folder.iterdir() if WORDS.encode() in file.read_bytes()] == []
