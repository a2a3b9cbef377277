"""The frame the other tests stand on: databases of our own, no network, nobody's settings."""

import os
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

import psycopg
import pytest

from servicedesk.config import read_settings
from tests.support.network import OutsideWorld
from tests.support.postgres import Cluster

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_a_test_cannot_reach_another_machine() -> None:
    with socket.socket() as outward, pytest.raises(OutsideWorld, match=r"192\.0\.2\.1"):
        outward.connect(("192.0.2.1", 80))


def test_a_test_can_reach_its_own_machine() -> None:
    with socket.socket() as listener, socket.socket() as caller:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        caller.connect(listener.getsockname())
        listener.accept()[0].close()


def test_a_test_sees_no_settings_of_the_person_who_runs_it() -> None:
    assert [name for name in os.environ if name.startswith("SERVICEDESK_")] == ["SERVICEDESK_INSTANCE"]
    assert not read_settings().instance.exists()


def test_postgres_gives_each_test_an_empty_database(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        version = connection.info.server_version
    assert tables == (0,)
    assert version >= 150000


def test_a_prepared_database_is_copied_and_the_original_stays_as_it_was(postgres_cluster: Cluster) -> None:
    def prepare(url: str) -> None:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE seen (number int)")

    template = postgres_cluster.template("prepared", prepare)
    for _ in range(2):
        with postgres_cluster.fresh(template) as url, psycopg.connect(url) as connection:
            connection.execute("INSERT INTO seen VALUES (1)")
            assert connection.execute("SELECT count(*) FROM seen").fetchone() == (1,)


def test_chromium_shows_a_page(chromium_page: Callable[..., "Page"]) -> None:
    page = chromium_page(locale="sv-SE")
    page.set_content("<h1>Ärendet</h1>")
    assert page.locator("h1").inner_text() == "Ärendet"
    assert page.evaluate("navigator.language") == "sv-SE"
