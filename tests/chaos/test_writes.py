"""No write can be forgotten by the races: each has one effect there, alone."""

from flask import Flask

from servicedesk.actions.desk import Desk
from tests.api.conftest import *  # noqa: F403
from tests.chaos.writes import NOT_WRITES, WRITES, Ground, every_write

HERE = "127.0.0.1:9"


def test_every_write_of_both_faces_is_raced(app: Flask) -> None:
    assert every_write(app) - NOT_WRITES == set(WRITES)


def test_each_has_its_effect(app: Flask, desk: Desk) -> None:
    ground = Ground(desk, HERE)
    ground.prepare()
    for n, (write, made) in enumerate(WRITES.items()):
        race = made(ground, f"lopp-{n:05d}")
        with desk.reading() as connection:
            assert race.effects(connection) == 0, write
        headers = {"Authorization": f"Bearer {race.token}"} | ({"Idempotency-Key": race.mark} if race.keyed else {})
        sent = {"data": race.raw, "content_type": "application/octet-stream"} if race.raw else {"json": race.body}
        answer = app.test_client().open(race.path, method=race.method, headers=headers, **sent)
        assert answer.status_code < 300, (write, answer.text)
        with desk.reading() as connection:
            assert race.effects(connection) == 1, write
