"""A client that repeats, reorders, gives up and races every write, against two web workers on PostgreSQL: each has
exactly one effect, whatever was answered in between.

`RACES=1000 pytest -m chaos tests/chaos/test_raced.py` races a thousand writes.
"""

import os
import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
import urllib3
from sqlalchemy import select

from servicedesk.actions.desk import Desk
from servicedesk.actions.tokens import create_token
from servicedesk.core.facts import OPERATOR
from servicedesk.store.engine import make_engine
from servicedesk.store.journal import PersonalText
from servicedesk.store.tickets import Ticket
from tests.actions.life import differences
from tests.benchmarks.serving import wait_until_up
from tests.chaos.site import MOST_SECONDS, Site
from tests.support.desk import fill, ticket_after

RACES = int(os.environ.get("RACES", "60"))
AT_ONCE, AGAIN = 3, 3
# Long enough to be sent, too short to be answered.
IMPATIENT = 0.004
RUNNING, TWICE = 409, "Idempotency-Replayed"

pytestmark = [pytest.mark.chaos, pytest.mark.postgres]


@dataclass(frozen=True, slots=True)
class Write:
    """One write: its key, where it goes, and the words by which its effect is known."""

    key: str
    path: str
    token: str
    body: dict[str, str]


@pytest.fixture
def site(postgres_url: str, tmp_path: Path) -> Iterator[Site]:
    desk = Desk(make_engine(postgres_url))
    fill(desk)
    numbers = [ticket_after(desk, "accept_at_supplier").number for _ in range(4)]
    municipality = create_token(desk, "lulea", "races", actor=OPERATOR).text
    supplier = create_token(desk, "leverantor-plattform", "races", actor=OPERATOR).text
    made = Site(tmp_path, postgres_url, municipality, supplier, numbers)
    desk.engine.dispose()
    made.web = made.start("serve", "--workers", "2", "--port", str(made.port))
    try:
        wait_until_up(made.port)
        yield made
    finally:
        made.web.terminate()
        made.web.wait(MOST_SECONDS)


def writes(site: Site) -> Iterator[Write]:
    for n in range(RACES):
        mark = f"lopp-{n:05d}"
        number = site.numbers[n % len(site.numbers)]
        if n % 3 == 0:
            body = {"subject": mark, "service": "e-tjansteplattform"}
            yield Write(mark, "/api/v1/tickets", site.municipality, body)
        elif n % 3 == 1:
            yield Write(mark, f"/api/v1/tickets/{number}/notes", site.supplier, {"body": mark})
        else:
            yield Write(mark, f"/api/v1/tickets/{number}/updates", site.supplier, {"body": mark})


def raced(site: Site) -> dict[str, list[tuple[int, str, bool]]]:
    """What each write was answered, however often: (status, body, whether it was a replay)."""
    pool = urllib3.PoolManager(retries=False, maxsize=AT_ONCE * 4)
    chance = random.Random(RACES)
    answers: dict[str, list[tuple[int, str, bool]]] = {}

    def send(write: Write, seconds: float) -> None:
        headers = {"Authorization": f"Bearer {write.token}", "Idempotency-Key": write.key}
        address = f"http://127.0.0.1:{site.port}{write.path}"
        try:
            answer = pool.request("POST", address, json=write.body, headers=headers, timeout=seconds)
        except urllib3.exceptions.HTTPError:
            return
        replayed = answer.headers.get(TWICE) == "true"
        answers.setdefault(write.key, []).append((answer.status, answer.data.decode(), replayed))

    everything = list(writes(site))
    attempts = [
        (write, IMPATIENT if chance.random() < 0.3 else MOST_SECONDS)
        for start in range(0, len(everything), 5)
        for batch in [everything[start : start + 5] * AT_ONCE]
        for write in chance.sample(batch, len(batch))
    ]
    with ThreadPoolExecutor(AT_ONCE * 2) as threads:
        list(threads.map(lambda one: send(*one), attempts))
    # Once more, long afterwards and in another order: who gave up learns what came of it.
    with ThreadPoolExecutor(2) as threads:
        late = [write for write in chance.sample(everything, len(everything)) for _ in range(AGAIN)]
        list(threads.map(lambda write: send(write, MOST_SECONDS), late))
    return answers


def test_every_write_has_exactly_one_effect(site: Site, postgres_url: str) -> None:
    answers = raced(site)
    done = {key: [one for one in each if one[0] != RUNNING] for key, each in answers.items()}
    assert len(done) == RACES
    for key, each in done.items():
        assert {status for status, _, _ in each} <= {200, 201}, (key, each)
        assert len({body for _, body, _ in each}) == 1, f"{key} was answered in two ways"
        assert sum(not replayed for _, _, replayed in each) <= 1, f"{key} was carried out twice"
    desk = Desk(make_engine(postgres_url))
    with desk.reading() as connection:
        said = Counter(connection.execute(select(PersonalText.text).where(PersonalText.text.like("lopp-%"))).scalars())
        assert said == Counter({f"lopp-{n:05d}": 1 for n in range(RACES)})
        numbers = list(connection.execute(select(Ticket.number)).scalars())
        assert len(numbers) == len(set(numbers)) == len(site.numbers) + len(range(0, RACES, 3))
    assert differences(desk) == []
    desk.engine.dispose()
