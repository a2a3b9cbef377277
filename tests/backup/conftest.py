"""One installation with a life behind it, backed up once; nobody writes to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from servicedesk.actions.desk import Desk
from servicedesk.core.clock import ControlledClock
from servicedesk.store.engine import make_engine
from tests.backup.hands import backed_up
from tests.backup.life import live
from tests.support.desk import START, Template


@dataclass(frozen=True)
class Lived:
    desk: Desk
    file: Path
    backup: Path

    def copy(self, folder: Path) -> Desk:
        return Desk(make_engine(Template(self.file).copy_to(folder)), ControlledClock(START))


@pytest.fixture(scope="session")
def lived(desk_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    folder = tmp_path_factory.mktemp("lived")
    desk = Desk(make_engine(desk_template.copy_to(folder)), ControlledClock(START), secret="s" * 32)
    live(desk)
    desk.engine.dispose()  # folds the write-ahead log into the file, which is copied
    yield Lived(desk, folder / "servicedesk.sqlite", backed_up(desk, folder / "lived.backup"))
    desk.engine.dispose()
