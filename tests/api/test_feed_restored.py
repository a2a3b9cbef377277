"""After an older backup has been restored no client goes on in the feed as if nothing had happened."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from servicedesk.actions.desk import Desk
from servicedesk.actions.restore import restore
from servicedesk.actions.sequencing import sequence
from servicedesk.core.clock import ControlledClock
from servicedesk.store.engine import make_engine
from servicedesk.store.queries.webhooks import list_deliveries
from tests.actions.delivering import carry, hook
from tests.actions.life import differences
from tests.api.conftest import Caller, MakeCaller, app_on
from tests.backup.hands import backed_up, silent
from tests.support.desk import START, ticket_after
from tests.support.receiver import receiver

CHANGES = "/api/v1/changes"
LARGEST_EXACT = 2**53


@dataclass
class Lost:
    """What a supplier has read of a desk that is lost; its backup, in which the last is missing."""

    backup: Path
    token: str
    seen: list[dict[str, Any]]
    known: int

    @property
    def after(self) -> int:
        return int(self.seen[-1]["position"])


@pytest.fixture
def lost(desk: Desk, make_caller: MakeCaller, tmp_path: Path) -> Lost:
    supplier = make_caller()
    ticket_after(desk, "order_from_supplier")
    sequence(desk)
    known = len(changes(supplier)["changes"])
    backup = backed_up(desk, tmp_path / "older.backup")
    ticket_after(desk, "order_from_supplier")
    ticket_after(desk, "accept_at_supplier")
    sequence(desk)
    seen = changes(supplier)["changes"]
    assert len(seen) > known
    return Lost(backup, supplier.token, seen, known)


@contextmanager
def restored(lost: Lost, url: str, days: float = 1) -> Iterator[tuple[Desk, Caller]]:
    """The desk as it is again, so many days later, and the same client with its token."""
    folder = lost.backup.parent
    first = Desk(make_engine(url), ControlledClock(START + timedelta(days=days)))
    restore(first, lost.backup, silent)
    first.engine.dispose()
    app = app_on(url, folder)
    desk: Desk = app.extensions["desk"]
    try:
        yield desk, Caller(app.test_client(), lost.token)
    finally:
        desk.engine.dispose()


def changes(caller: Caller, after: int = 0) -> dict[str, Any]:
    response = caller.get(f"{CHANGES}?after={after}")
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json  # type: ignore[assignment]
    return found


def test_a_position_from_before_is_refused_and_the_answer_says_what_to_do(
    lost: Lost, database_url: str, tmp_path: Path
) -> None:
    with restored(lost, database_url) as (desk, supplier):
        # Also one that the backup knows, and one that is given again by now.
        ticket_after(desk, "accept_at_supplier")
        sequence(desk)
        for position in (1, lost.known, lost.after):
            response = supplier.get(f"{CHANGES}?after={position}&wait=20")
            problem: dict[str, Any] = response.json  # type: ignore[assignment]
            assert (response.status_code, problem["code"]) == (409, "feed_restored")
            assert problem["restored_at"] == "2026-03-03T08:00:00Z"
            assert "Read all your tickets again" in problem["detail"] and str(problem["last"]) in problem["detail"]
        assert changes(supplier)["last"] == problem["last"]
        assert supplier.get("/api/problems/feed_restored").status_code == 200
        assert differences(desk) == []


def test_going_on_from_last_nothing_that_comes_is_lost_and_no_position_is_one_that_was_seen(
    lost: Lost, tmp_path: Path
) -> None:
    with restored(lost, f"sqlite:///{tmp_path / 'again.sqlite'}") as (desk, supplier):
        last = supplier.get(f"{CHANGES}?after={lost.after}").json["last"]  # type: ignore[index]
        assert changes(supplier, last) == {"changes": [], "after": last, "last": last, "more": False}
        number = ticket_after(desk, "accept_at_supplier").number
        sequence(desk)
        found = changes(supplier, last)
        assert [(each["position"], each["ticket"], each["ordinal"]) for each in found["changes"]] == [
            (last + 1, number, 1),
            (last + 2, number, 2),
        ]
        whole = changes(supplier)["changes"]
        assert [{**each, "position": 0} for each in whole[: lost.known]] == [
            {**each, "position": 0} for each in lost.seen[: lost.known]
        ]
        assert lost.after < whole[0]["position"] and whole[-1]["position"] < LARGEST_EXACT
        beyond = supplier.get(f"{CHANGES}?after={found['last'] + 1}")
        assert beyond.status_code == 400 and str(found["last"]) in beyond.json["errors"]["after"][0]  # type: ignore[index]


def test_one_backup_restored_twice_gives_different_positions(lost: Lost, tmp_path: Path) -> None:
    with restored(lost, f"sqlite:///{tmp_path / 'once.sqlite'}") as (desk, supplier):
        ticket_after(desk, "accept_at_supplier")
        sequence(desk)
        once = changes(supplier)["last"]
    with restored(lost, f"sqlite:///{tmp_path / 'twice.sqlite'}", days=1.00001) as (_, supplier):
        assert supplier.get(f"{CHANGES}?after={once}").status_code == 409
        assert changes(supplier)["last"] > once


def test_a_backup_of_a_restored_desk_goes_on_above_it_even_where_the_clock_is_behind(
    lost: Lost, tmp_path: Path
) -> None:
    with restored(lost, f"sqlite:///{tmp_path / 'once.sqlite'}", days=9) as (desk, supplier):
        last = changes(supplier)["last"]
        later = Lost(backed_up(desk, tmp_path / "later.backup"), lost.token, lost.seen, lost.known)
    with restored(later, f"sqlite:///{tmp_path / 'twice.sqlite'}", days=2) as (_, supplier):
        assert supplier.get(f"{CHANGES}?after={last}").status_code == 409
        assert changes(supplier)["changes"][0]["position"] > last


def test_a_client_that_had_read_nothing_begins_as_ever(desk: Desk, make_caller: MakeCaller, tmp_path: Path) -> None:
    token = make_caller().token
    lost = Lost(backed_up(desk, tmp_path / "empty.backup"), token, [], 0)
    with restored(lost, f"sqlite:///{tmp_path / 'again.sqlite'}") as (restored_desk, supplier):
        nothing = changes(supplier)
        assert nothing["changes"] == [] and nothing["after"] == nothing["last"] > 0
        ticket_after(restored_desk, "accept_at_supplier")
        sequence(restored_desk)
        assert changes(supplier, nothing["after"])["changes"] == changes(supplier)["changes"] != []


def test_a_webhook_says_the_position_that_the_feed_says(lost: Lost, tmp_path: Path) -> None:
    with restored(lost, f"sqlite:///{tmp_path / 'again.sqlite'}") as (desk, supplier), receiver() as there:
        who, made = hook(desk, there)
        ticket_after(desk, "order_from_supplier")
        carry(desk)
        last = changes(supplier)["last"]
        assert there.heard[-1].json["data"]["position"] == last
        assert there.heard[-1].json["data"]["ordinal"] == 1
        with desk.reading() as connection:
            assert [each.position for each in list_deliveries(connection, who, made.id)] == [last]
