"""Schedulers are killed in the middle of telling and delivering. Afterwards the receiver has every message at least
once, a ticket's in their order, and nobody's feed has a gap or anything twice."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

import pytest

from servicedesk.actions.delivering import LEASE
from servicedesk.actions.desk import Desk
from servicedesk.core.codec import stamp
from tests.actions.conftest import desk, either_desk, loaded_url
from tests.actions.delivering import carry, deliveries, hook
from tests.actions.life import differences, do, wait
from tests.actions.test_sequencing import SUPPLIER, feed
from tests.support.desk import ticket_after
from tests.support.receiver import Heard, Receiver, receiver

KILLS = int(os.environ.get("CHAOS_KILLS", "25"))
ROUNDS = 100


@contextmanager
def postman(desk: Desk, url: str, there: Receiver) -> Iterator[None]:
    command = [sys.executable, "-m", "tests.chaos.postman", url, stamp(desk.clock.now()), there.place]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        try:
            yield
        finally:
            process.kill()


def delivered_through(desk: Desk, url: str, kills: int) -> None:
    desk.secret = "a-key-for-tests-only"
    chance = random.Random(kills)

    def slowly(there: Receiver, heard: Heard) -> tuple[int, dict[str, str]]:
        time.sleep(chance.uniform(0, 0.02))
        return (204 if chance.random() < 0.9 else 503), {}

    with receiver(slowly) as there:
        who, new = hook(desk, there)
        open_ones: list[str] = []
        for _ in range(kills):
            open_ones += [ticket_after(desk, "order_from_supplier").number for _ in range(2)]
            do(desk, open_ones.pop(0), "supplier_technician", "accept_at_supplier")
            before = len(there.heard)
            with postman(desk, url, there), postman(desk, url, there):
                end = time.monotonic() + 20
                while len(there.heard) < before + 3 and time.monotonic() < end:
                    time.sleep(0.002)
            wait(desk, seconds=LEASE.total_seconds() + 1)
        there.answer = lambda there, heard: (204, {})
        # What was refused several times over is tried again hours later, and its ticket's others wait behind it.
        for _ in range(ROUNDS):
            wait(desk, minutes=30)
            carry(desk)
            made = deliveries(desk, who, new.id, limit=5_000)
            if {each.state for each in made} == {"delivered"}:
                break
        told = feed(desk, SUPPLIER)
        assert [row.position for row in told] == list(range(1, len(told) + 1))
        assert {each.position for each in made} == {row.position for row in told}
        assert {each.state for each in made} == {"delivered"}
        assert set(there.ids) == {each.message_id for each in made} and len(there.ids) >= len(made)
        in_order([heard.json["data"] for heard in there.heard])
    assert differences(desk) == []


def in_order(heard: list[dict[str, object]]) -> None:
    """The first time that each is heard is in its ticket's order."""
    by_ticket = sorted(enumerate(heard), key=lambda pair: (str(pair[1]["ticket"]), pair[0]))
    for ticket, some in groupby(by_ticket, key=lambda pair: pair[1]["ticket"]):
        ordinals = list(dict.fromkeys(data["ordinal"] for _, data in some))
        assert ordinals == sorted(ordinals), ticket  # type: ignore[type-var]


def test_what_was_told_arrives_though_schedulers_die(desk: Desk) -> None:
    delivered_through(desk, str(desk.engine.url), kills=1)


@pytest.mark.chaos
def test_what_was_told_arrives_though_many_schedulers_die(either_desk: Desk, loaded_url: str) -> None:
    delivered_through(either_desk, loaded_url, kills=KILLS)


__all__ = ["desk", "either_desk", "loaded_url"]
