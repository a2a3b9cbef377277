"""A move and a restore are killed in the middle, again and again: nothing is lost, and the next run finishes."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from servicedesk.actions.desk import Desk
from servicedesk.store.engine import make_engine
from tests.backup.conftest import Lived, lived
from tests.backup.hands import everything, history

COMMAND = [sys.executable, "-c", "from servicedesk.cli import main; main()"]
KILLS = 5

__all__ = ["lived"]


@pytest.fixture
def desk(database_url: str) -> Desk:
    return Desk(make_engine(database_url))


def tickets(desk: Desk) -> int:
    with desk.reading() as connection:
        if not inspect(connection).has_table("ticket"):
            return 0
        count: int = connection.execute(text("SELECT count(*) FROM ticket")).scalar_one()
        return count


def killed_until_done(arguments: list[str], environ: dict[str, str], after_each: Callable[[], None]) -> int:
    """Killed at a random moment of its run again and again, and at last let be; how often."""
    begun = time.monotonic()
    subprocess.run([*COMMAND, "--version"], env=environ, check=True, stdout=subprocess.DEVNULL)
    startup, chance = time.monotonic() - begun, random.Random(KILLS)
    for strike in range(KILLS):
        process = subprocess.Popen([*COMMAND, *arguments], env=environ, stdout=subprocess.DEVNULL)
        # Later and later, so that every part of its work is met however slow the machine is.
        try:
            process.wait(timeout=startup * chance.uniform(1.0, 3.0 + strike))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            after_each()
            continue
        assert process.returncode == 0
        return strike
    subprocess.run([*COMMAND, *arguments], env=environ, check=True, stdout=subprocess.DEVNULL)
    return KILLS


@pytest.mark.chaos
def test_a_move_that_is_killed_again_and_again_arrives_whole(
    lived: Lived, desk: Desk, database_url: str, tmp_path: Path
) -> None:
    source = lived.copy(tmp_path / "source")
    expected = everything(source)
    environ = {**os.environ, "SERVICEDESK_INSTANCE": str(tmp_path / "source")}

    def nothing_is_lost() -> None:
        assert tickets(source) == len(expected["ticket"])
        assert tickets(desk) in (0, len(expected["ticket"])), "half of it is there"

    assert killed_until_done(["move", "--to", database_url], environ, nothing_is_lost) > 1
    assert everything(desk) == expected
    source.engine.dispose()
    desk.engine.dispose()


@pytest.mark.chaos
def test_a_restore_that_is_killed_again_and_again_is_whole(
    lived: Lived, desk: Desk, database_url: str, tmp_path: Path
) -> None:
    expected = history(lived.desk)
    environ = {**os.environ, "SERVICEDESK_INSTANCE": str(tmp_path), "SERVICEDESK_DATABASE_URL": database_url}
    environ["SERVICEDESK_SECRET_KEY"] = "k" * 32

    class Whole(Exception):
        pass

    def all_or_nothing() -> None:
        assert tickets(desk) in (0, len(expected["ticket"])), "half of it is there"
        if tickets(desk):
            raise Whole  # killed while it verified: what is restored stays

    with suppress(Whole):
        assert killed_until_done(["restore", str(lived.backup)], environ, all_or_nothing) > 1
    assert history(desk) == expected
    desk.engine.dispose()
