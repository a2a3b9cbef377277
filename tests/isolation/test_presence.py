"""Who has a ticket before them is told to those whom its timeline names to each other: everybody, at every ticket."""

from collections.abc import Iterator

import pytest

from servicedesk.actions.desk import Desk
from servicedesk.actions.presence import LASTS, open_page, stay
from servicedesk.core.clock import ControlledClock
from servicedesk.core.errors import NotFound
from servicedesk.store.engine import make_engine
from servicedesk.store.queries.presence import beside
from servicedesk.store.queries.tickets import find_ticket
from tests.isolation.world import KINDS, VIEWERS, Kind, Viewer, build, may_see
from tests.support.desk import PERSONAS, START, Template, persona

PEOPLE = [viewer for viewer in VIEWERS if viewer.side != "outside" and not viewer.has_token]


@pytest.fixture(scope="module")
def world(desk_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, dict[str, str]]]:
    """Everybody at every ticket, whether it is theirs to see or not, writing for the municipality alone."""
    desk = Desk(make_engine(desk_template.copy_to(tmp_path_factory.mktemp("presence"))), ControlledClock(START))
    numbers = build(desk)
    for number in numbers.values():
        for viewer in PEOPLE:
            open_page(desk, number, actor=persona(desk, viewer.name))
            stay(desk, number, actor=persona(desk, viewer.name), writes="municipality")
    yield desk, numbers
    desk.engine.dispose()


def circle(viewer: Viewer, kind: Kind) -> str:
    """Those in the same one know of each other; '' for who may not see the ticket."""
    if not may_see(viewer, kind):
        return ""
    return viewer.organisation if viewer.side == "supplier" else "inside"


@pytest.mark.parametrize("viewer", PEOPLE, ids=lambda viewer: viewer.name)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_everybody_is_told_of_their_own_circle(world: tuple[Desk, dict[str, str]], kind: Kind, viewer: Viewer) -> None:
    desk, numbers = world
    who = persona(desk, viewer.name)
    with desk.reading() as connection:
        book, now = desk.book_and_now(connection)
        if not may_see(viewer, kind):
            with pytest.raises(NotFound):
                find_ticket(connection, who, numbers[kind.name])
            return
        _id, ticket, *_ = find_ticket(connection, who, numbers[kind.name])
        found = beside(connection, book.installation, who, ticket, now - LASTS).others
    others = {PERSONAS[each.name] for each in PEOPLE if each != viewer and circle(each, kind) == circle(viewer, kind)}
    assert {each.key for each in found} == others
    assert {each.writes for each in found} <= {viewer.side == "municipality"}
