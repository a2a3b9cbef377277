"""The product and a supplier's desk, both killed at random while tickets are logged, handed over, asked about, solved,
sent back and recalled. Afterwards both sides agree on every ticket: nothing is lost, nothing doubled.

`AGREE_SECONDS=240 pytest -m chaos tests/chaos/test_agreed.py` goes on for so long on each database; `AGREE_SEED` is
what a failing run has printed.
"""

import os
import random
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from servicedesk.actions.desk import Desk
from servicedesk.actions.tokens import create_token
from servicedesk.client import Client
from servicedesk.core.facts import OPERATOR
from servicedesk.store.engine import make_engine
from servicedesk.store.journal import PersonalText
from servicedesk.store.outbox import OutboxRow
from servicedesk.supplier_desk.behaviours import SCRIPTS, SOLUTIONS, SPOKEN, TAKE
from servicedesk.supplier_desk.book import Book, Case, Told
from tests.chaos.sides import NEVER, Sides, both, stop
from tests.chaos.site import MOST_SECONDS, PROGRAM, Site
from tests.support.desk import fill

SECONDS = float(os.environ.get("AGREE_SECONDS", "6"))
SEED = int(os.environ.get("AGREE_SEED") or random.randrange(1_000_000))
KEY = "only-for-chaos-0123456789"
MARK = "(Vårt ärende LP-"
# Who died while sending keeps a message for so long (actions.delivering); a short run does not wait for it.
LEASED = 100.0 if SECONDS >= 120 else 0.0

pytestmark = pytest.mark.chaos


@pytest.fixture
def sides(database_url: str, tmp_path: Path) -> Iterator[Sides]:
    desk = Desk(make_engine(database_url), secret=KEY)
    fill(desk)
    municipality = create_token(desk, "lulea", "agrees", actor=OPERATOR).text
    supplier = create_token(desk, "leverantor-plattform", "agrees", actor=OPERATOR).text
    desk.engine.dispose()
    made = Sides(Site(tmp_path, database_url, municipality, supplier, []), database_url.startswith("sqlite"), SEED)
    try:
        yield made
    finally:
        stop(made)


def test_both_sides_agree_on_every_ticket_however_often_they_are_killed(sides: Sides) -> None:
    print(f"AGREE_SEED={SEED}")
    book = Book(sides.book / "supplier-desk.sqlite")
    with both(sides):
        sides.get_on(book)
        end = time.monotonic() + SECONDS
        # However slow the machine is, enough is killed in the middle of something.
        while time.monotonic() < end or sides.kills.total() < 4 or sides.deeds(book) < 4:
            assert time.monotonic() < end + 3 * MOST_SECONDS, f"too little is done: {sides.deeds(book)} deeds"
            sides.kill_one()
            time.sleep(sides.chance.uniform(0, 0.5))
            sides.bury()
            # By what is done, not by the clock alone: a slow machine is to kill as busy a process as a fast one.
            sides.get_on(book)
            time.sleep(sides.chance.uniform(0, 0.5))
    assert sides.troubles == []
    sides.kill_supplier()
    sides.start_supplier(NEVER, "--behaviour", "slow")
    client, desk = sides.client(sides.site.supplier), Desk(make_engine(sides.site.url))
    try:
        until_quiet(sides, desk, client, book)
        enough_was_done(sides, book)
        the_same_tickets(sides, client, book)
        the_same_deeds(desk, client, book)
        everything_was_told(client, book)
    finally:
        desk.engine.dispose()
    verify = [*PROGRAM, "verify"]
    told = subprocess.run(verify, env=sides.site.environ(), capture_output=True, text=True, timeout=MOST_SECONDS)
    assert told.returncode == 0 and told.stdout.startswith("Clean"), told.stdout + told.stderr


def until(is_so: Callable[[], Any], otherwise: Callable[[], str], seconds: float = MOST_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, otherwise()
        time.sleep(0.3)


def until_quiet(sides: Sides, desk: Desk, client: Client, book: Book) -> None:
    """Everything that has happened is told and heard, and nothing is being done any more."""

    def is_quiet() -> bool:
        if (
            waiting(desk)
            or not book.kept("webhook")
            or any(case.due and case.due <= time.time() for case in book.cases())
        ):
            return False
        if any(not deed.is_done for case in book.cases() for deed in book.deeds(case)):
            return False
        return book.position() == client.list_changes(after=book.position()).data["last"]

    def otherwise() -> str:
        log = (sides.site.folder / "supplier.log").read_text(errors="replace")
        return f"never quiet: {waiting(desk)} untold, at {book.position()}\n{log[-2_000:]}"

    for _ in range(2):
        until(is_quiet, otherwise)
        time.sleep(2.5)
    hook = int(book.kept("webhook"))
    for each in client.list_deliveries(hook, state="waiting", limit=200).data["deliveries"]:
        client.resend_delivery(hook, each["id"])
    time.sleep(3)
    if LEASED:

        def left() -> list[Any]:
            return list(client.list_deliveries(hook, state="waiting").data["deliveries"])

        until(lambda: not left(), lambda: f"never sent: {left()}", LEASED)


def waiting(desk: Desk) -> int:
    with desk.reading() as connection:
        return connection.execute(select(func.count()).select_from(OutboxRow)).scalar_one()


def enough_was_done(sides: Sides, book: Book) -> None:
    cases = book.cases()
    deeds = Counter(deed.resource for case in cases for deed in book.deeds(case))
    behaviours = Counter(case.behaviour for case in cases)
    print(f"{len(cases)} tickets, {dict(deeds)}, {dict(behaviours)}, killed {sides.kills}, {book.position()} changes")
    assert len(cases) >= 4 and deeds[TAKE] >= 2
    assert SECONDS < 60 or set(behaviours) >= set(SCRIPTS)


def the_same_tickets(sides: Sides, client: Client, book: Book) -> None:
    """Each that the supplier may see is a case of its own there, as it is here."""
    cases = {case.ticket: case for case in book.cases()}
    seen = [ticket["number"] for ticket in client.every_ticket(scope="all", limit=200)]
    assert len(seen) == len(set(seen)) and set(seen) == set(cases)
    assert set(sides.handed) <= set(seen), "handed over, and never seen"
    for number, case in cases.items():
        ticket = client.read_ticket(number).data
        assert (ticket["reference"], ticket["state"]["category"]) == (case.number, case.category), number
        entries = [Told(e["position"], e["kind"], e["party"], dict(e["texts"])) for e in timeline(client, number)]
        assert book.told(number) == entries, number
    every = sides.client(sides.site.municipality).every_ticket(scope="all", limit=200)
    logged = {ticket["reference"]: ticket["number"] for ticket in every}
    assert logged == {f"KC-{n}": number for n, number in enumerate(sides.logged, 1)}, "logged twice, or never"


def timeline(client: Client, number: str) -> list[Any]:
    return list(client.read_timeline(number).data["entries"])


def the_same_deeds(desk: Desk, client: Client, book: Book) -> None:
    """What the supplier believes that it has done has happened, once each, and nothing else in its name."""
    with desk.reading() as connection:
        here = connection.execute(select(PersonalText.text).where(PersonalText.text.contains(MARK))).scalars()
        said = Counter(here)
    done = [(case, deed) for case in book.cases() for deed in book.deeds(case)]
    assert said == Counter(text for _, deed in done for name, text in deed.body.items() if name in SPOKEN)
    for case in book.cases():
        entries = [entry for entry in timeline(client, case.ticket) if entry["party"] == "supplier"]
        kinds = Counter(entry["kind"] for entry in entries)
        assert kinds["TicketAccepted"] == sum(deed.resource == TAKE for deed in book.deeds(case)), case
        solved = [entry["texts"]["solution"] for entry in entries if entry["kind"] == "TicketResolved"]
        assert solved == solutions(book, case), case


def solutions(book: Book, case: Case) -> list[str]:
    return [deed.body["solution"] for deed in book.deeds(case) if deed.resource == SOLUTIONS]


def everything_was_told(client: Client, book: Book) -> None:
    """The feed has no gap and nothing twice; what a webhook did not bring has been read there."""
    told = [change["position"] for _, changes in client.follow() for change in changes]
    assert told == list(range(1, book.position() + 1))
    hook, before, seen = int(book.kept("webhook")), None, set(book.messages())
    assert [each["id"] for each in client.list_webhooks().data["webhooks"]] == [hook], "subscribed twice"
    positions: list[int] = []
    while page := client.list_deliveries(hook, before=before, limit=100).data["deliveries"]:
        before = page[-1]["id"]
        for each in page:
            positions.append(each["position"] or 0)
            assert each["state"] != "delivered" or each["message_id"] in seen, each
            assert each["state"] == "delivered" or (not LEASED and (each["position"] or 0) <= book.position()), each
    assert len(positions) == len(set(positions)) and set(told[-len(positions) :]) == set(positions)
