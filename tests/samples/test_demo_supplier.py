"""The demonstration's supplier with a desk of its own: whose it is, what it may, and that it ends with the demo."""

import random
import stat
from pathlib import Path

import pytest
from sqlalchemy import select

from servicedesk.actions.demo.live import Living, teams_of
from servicedesk.cli import demo_supplier
from servicedesk.cli.demo import first_supplier
from servicedesk.cli.demo_supplier import FOLDER, KEPT, beside, started, supplier_token, supplier_with_desk
from servicedesk.cli.serving import bound, called_at, free_port
from servicedesk.config import Settings
from servicedesk.core.events import event_from
from servicedesk.core.facts import Installation
from servicedesk.store.clients import ApiClient
from servicedesk.store.journal import JournalRow
from servicedesk.store.queries.clients import client_by_key
from tests.support.desk import DeskFactory
from tests.support.processes import running_with, within

PATIENCE = 60


def installation_of(desk_factory: DeskFactory) -> Installation:
    desk = desk_factory()
    with desk.reading() as connection:
        return desk.book(connection).installation


def test_it_is_another_than_the_one_that_visitors_act_for(desk_factory: DeskFactory) -> None:
    installation = installation_of(desk_factory)
    first = first_supplier(installation)
    assert supplier_with_desk(installation, but=first) == "leverantor-verksamhet" != first


def test_its_token_is_made_once_and_kept_from_others(desk_factory: DeskFactory, tmp_path: Path) -> None:
    desk, settings = desk_factory(), Settings(instance=tmp_path)
    token = supplier_token(desk, settings, "leverantor-verksamhet")
    assert supplier_token(desk, settings, "leverantor-verksamhet") == token
    assert stat.S_IMODE((tmp_path / FOLDER / KEPT).stat().st_mode) == 0o600
    with desk.reading() as connection:
        [key] = connection.execute(select(ApiClient.key)).scalars()
        client = client_by_key(connection, key)
    assert client is not None and client.organisation == "leverantor-verksamhet"
    demo_supplier.remove(settings)
    assert not (tmp_path / FOLDER).exists()


def test_one_place_on_this_machine_may_be_called_and_no_other() -> None:
    told, _ = beside(Settings(instance=Path("/nowhere")), "sd_token")
    [place] = told.callable_inside
    assert place.startswith("127.0.0.1:")
    assert Settings(instance=Path("/nowhere")).callable_inside == frozenset(), "elsewhere the rule is what it was"


def test_it_ends_with_whoever_started_it(tmp_path: Path) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir()
    stop = started(f"http://127.0.0.1:{free_port()}", "sd_token", folder, free_port())
    try:
        # A machine that is busy tells of a new process a little later than its parent.
        assert within(PATIENCE, lambda: running_with(str(folder)) != [])
    finally:
        stop()
    assert running_with(str(folder)) == []


@pytest.mark.parametrize(("host", "called"), [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1")])  # noqa: S104
def test_it_calls_the_demo_where_this_machine_reaches_it(host: str, called: str) -> None:
    with bound(host, 0) as listening:
        assert called_at(listening) == f"http://{called}:{listening.getsockname()[1]}"


def test_nobody_else_acts_for_it(desk_factory: DeskFactory) -> None:
    desk = desk_factory()
    living = Living(desk, random.Random(5), but="leverantor-plattform")
    for _ in range(80):
        living.once()
    with desk.reading() as connection:
        events = [event_from(body) for body in connection.execute(select(JournalRow.body)).scalars()]
    acted = teams_of(events, living.cast.installation)
    assert living.others and acted.isdisjoint(living.others)
    assert {"TicketHandedOver"} <= {event.kind for event in events}
