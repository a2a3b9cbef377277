"""Clients that repeat, reorder, give up and race every write there is, against two web workers on PostgreSQL: each has
exactly one effect, whatever was answered in between.

`RACES=1000 pytest -m chaos tests/chaos/test_raced.py` races a thousand writes, each kind in its turn.
"""

import os
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import urllib3
from sqlalchemy import select

from servicedesk.actions.desk import Desk
from servicedesk.store.engine import make_engine
from servicedesk.store.tickets import Ticket
from tests.actions.life import differences
from tests.benchmarks.serving import wait_until_up
from tests.chaos.site import MOST_SECONDS, Site
from tests.chaos.writes import WRITES, Ground, Race
from tests.support.desk import fill

RACES = int(os.environ.get("RACES", "60"))
AT_ONCE, AGAIN = 3, 3
# Long enough to be sent, too short to be answered.
IMPATIENT = 0.004
IN_USE, TWICE = "idempotency_key_in_use", "Idempotency-Replayed"
# Nobody listens there.
HERE, KEY = "127.0.0.1:9", "only-for-chaos-0123456789"
Said = tuple[int, str, bool]

pytestmark = [pytest.mark.chaos, pytest.mark.postgres]


@pytest.fixture
def ground(postgres_url: str) -> Iterator[Ground]:
    desk = Desk(make_engine(postgres_url), secret=KEY)
    fill(desk)
    made = Ground(desk, HERE)
    made.prepare()
    yield made
    desk.engine.dispose()


@pytest.fixture
def site(ground: Ground, postgres_url: str, tmp_path: Path) -> Iterator[Site]:
    more = {"SERVICEDESK_WEBHOOKS_INSECURE": HERE}
    made = Site(tmp_path, postgres_url, "", "", [], more=more)
    made.web = made.start("serve", "--workers", "2", "--port", str(made.port))
    try:
        wait_until_up(made.port)
        yield made
    finally:
        made.web.terminate()
        made.web.wait(MOST_SECONDS)


def raced(site: Site, everything: list[Race]) -> dict[str, list[Said]]:
    """What each write was answered, however often: (status, body, whether it was a replay)."""
    pool = urllib3.PoolManager(retries=False, maxsize=AT_ONCE * 4)
    chance = random.Random(RACES)
    answers: dict[str, list[Said]] = {race.mark: [] for race in everything}

    def send(race: Race, seconds: float) -> None:
        headers = {"Authorization": f"Bearer {race.token}"} | ({"Idempotency-Key": race.mark} if race.keyed else {})
        sent = {"json": race.body} if race.raw is None else {"body": race.raw}
        if race.raw is not None:
            headers["Content-Type"] = "application/octet-stream"
        elif race.body is None:
            sent = {}
        address = f"http://127.0.0.1:{site.port}{race.path}"
        try:
            answer = pool.request(race.method, address, headers=headers, timeout=seconds, **sent)
        except urllib3.exceptions.HTTPError:
            return
        answers[race.mark].append((answer.status, answer.data.decode(), answer.headers.get(TWICE) == "true"))

    # Several at once of several, in any order, some without waiting for the answer.
    attempts = [
        (race, IMPATIENT if chance.random() < 0.3 else MOST_SECONDS)
        for start in range(0, len(everything), 5)
        for batch in [everything[start : start + 5] * AT_ONCE]
        for race in chance.sample(batch, len(batch))
    ]
    with ThreadPoolExecutor(AT_ONCE * 2) as threads:
        list(threads.map(lambda one: send(*one), attempts))
    # Once more, long afterwards and in another order: who gave up learns what came of it.
    with ThreadPoolExecutor(2) as threads:
        late = [race for race in chance.sample(everything, len(everything)) for _ in range(AGAIN)]
        list(threads.map(lambda race: send(race, MOST_SECONDS), late))
    return answers


def test_every_write_has_exactly_one_effect(site: Site, ground: Ground) -> None:
    makers = list(WRITES.items())
    everything = [makers[n % len(makers)][1](ground, f"lopp-{n:05d}") for n in range(max(RACES, len(makers)))]
    answers = raced(site, everything)
    with ground.desk.reading() as connection:
        for race in everything:
            assert race.effects(connection) == 1, (race.method, race.path, answers[race.mark])
        numbers = list(connection.execute(select(Ticket.number)).scalars())
        assert len(numbers) == len(set(numbers))
    for race in everything:
        answered(race, answers[race.mark])
    assert differences(ground.desk) == []


def answered(race: Race, said: list[Said]) -> None:
    """Only by what came of it: in the same words each time, and once at most as something new."""
    told = [one for one in said if not (one[0] == 409 and IN_USE in one[1])]
    where = (race.method, race.path, said)
    assert {status for status, _, _ in told} <= {200, 201, 202, 204, race.afterwards}, where
    if race.keyed:
        assert len({(status, body) for status, body, _ in told}) == 1, f"answered in two ways: {where}"
        is_new = [not replayed for _, _, replayed in told]
        # To delete what is deleted says nothing, however often.
        assert race.method == "DELETE" or sum(is_new) <= 1, f"carried out twice: {where}"
    else:
        assert told[-1][0] == race.afterwards, where
