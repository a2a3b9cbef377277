from datetime import UTC, datetime

import pytest

from servicedesk.actions.desk import Desk
from tests.support.desk import DeskFactory


@pytest.fixture
def desk(desk_factory: DeskFactory) -> Desk:
    """The sample installation, ten years after the logs."""
    return desk_factory(datetime(2026, 3, 2, 8, 0, tzinfo=UTC))
