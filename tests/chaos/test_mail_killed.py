"""Schedulers are killed in the middle of mailing. Afterwards every mail has arrived, a ticket's in their order.

What SMTP permits: a server that has taken a mail over says so once, and who dies before writing that down cannot ask.
That mail, the one that a process had in hand when it died, comes again under the same Message-ID. No other does.
"""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from itertools import groupby
from pathlib import Path

import pytest

from servicedesk.actions.desk import Desk
from servicedesk.actions.mailing import LEASE
from servicedesk.core.codec import stamp
from tests.actions.conftest import either_desk, loaded_url
from tests.actions.life import differences, do, wait
from tests.mail.sending import post, reachable, rows, sends
from tests.support.mailbox import OK, Mailbox, mailbox
from tests.support.processes import within

KILLS = int(os.environ.get("CHAOS_KILLS", "8"))
FIRST = "first_line_lulea"


@contextmanager
def mailman(desk: Desk, url: str, there: Mailbox) -> Iterator[None]:
    command = [sys.executable, "-m", "tests.chaos.mailman", url, stamp(desk.clock.now()), str(there.port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        try:
            yield
        finally:
            process.kill()


def ids(there: Mailbox) -> list[str]:
    """Of what was taken over, in that order; without the domain."""
    return [str(mail["Message-ID"]).strip("<>").partition("@")[0] for mail in there.mails]


@pytest.mark.chaos
def test_every_mail_arrives_though_schedulers_die_and_only_what_they_had_in_hand_comes_twice(
    either_desk: Desk, loaded_url: str
) -> None:
    desk, chance = sends(either_desk), random.Random(KILLS)
    in_hand: set[str] = set()

    def slowly(mail: EmailMessage) -> str:
        time.sleep(chance.uniform(0, 0.02))
        return OK if chance.random() < 0.9 else "451 later"

    with mailbox(on_mail=slowly) as there:
        for _ in range(KILLS):
            for _ in range(2):
                do(desk, reachable(desk, "take").number, FIRST, "ask_requester_from_first_line", question="Vilken?")
            enough = len(there.taken) + chance.randint(1, 3)
            with mailman(desk, loaded_url, there), mailman(desk, loaded_url, there):
                # Killed at the latest when everything has gone that there was.
                within(3, lambda enough=enough: len(there.taken) >= enough)  # type: ignore[misc]
            in_hand |= {row.message_id for row in rows(desk) if row.leased_until is not None}
            wait(desk, seconds=LEASE.total_seconds() + 1)
        there.on_mail = lambda mail: OK
        for _ in range(4):
            wait(desk, minutes=10)
            post(desk, there)
        arrived, made = Counter(ids(there)), rows(desk)
        assert {row.state for row in made} <= {"sent", "dropped"}
        assert set(arrived) == {row.message_id for row in made if row.state == "sent"}, "nothing is lost"
        assert {each for each, times in arrived.items() if times > 1} <= in_hand
        assert sum(arrived.values()) - len(arrived) <= 2 * KILLS
        in_order(ids(there), {row.message_id: (row.ticket_id, row.id) for row in made})
    assert differences(desk) == []


def in_order(arrived: list[str], places: dict[str, tuple[int, int]]) -> None:
    """The first time that each arrives is in its ticket's order."""
    first = list(dict.fromkeys(arrived))
    for ticket, some in groupby(sorted(places[each] for each in first), key=lambda place: place[0]):
        came = [places[each] for each in first if places[each][0] == ticket]
        assert came == list(some), ticket


__all__ = ["either_desk", "loaded_url"]
