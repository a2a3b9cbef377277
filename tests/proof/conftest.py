from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from servicedesk.actions.desk import Desk
from servicedesk.actions.sweep import sweep
from servicedesk.core.clock import ControlledClock
from servicedesk.store.engine import make_engine
from tests.actions.conftest import desk, either_desk, loaded_url
from tests.actions.life import proved, wait
from tests.support.desk import START, Template, new_ticket, ticket_after

__all__ = ["desk", "either_desk", "loaded_url"]


@pytest.fixture(scope="module")
def lived_in(desk_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Three tickets: one closed after the whole chain, one at the supplier with warnings, one just logged."""
    url = desk_template.copy_to(tmp_path_factory.mktemp("lived-in"))
    desk = Desk(make_engine(url), ControlledClock(START))
    ticket_after(desk, "confirm")
    ticket_after(desk, "accept_at_supplier", impact="high", urgency="high")
    wait(desk, hours=5)
    sweep(desk)
    new_ticket(desk)
    proved(desk)
    desk.engine.dispose()
    return Template(Path(url.removeprefix("sqlite:///")))


@pytest.fixture
def lived(lived_in: Template, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(make_engine(lived_in.copy_to(tmp_path)), ControlledClock(START + timedelta(hours=6)))
    yield desk
    desk.engine.dispose()
