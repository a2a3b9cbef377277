"""`servicedesk supplier-desk`: a small supplier's own desk, which works through its tickets by script."""

import time
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from threading import Event
from typing import Any

import click

from servicedesk.client import Client, Problem, Token
from servicedesk.core.clock import SystemClock
from servicedesk.supplier_desk.behaviours import SCRIPTS
from servicedesk.supplier_desk.book import Book
from servicedesk.supplier_desk.receiver import Receiver, listen
from servicedesk.supplier_desk.working import Supplier

HOLD_SECONDS, PAUSE_SECONDS = 10, 1.0


@click.command("supplier-desk")
@click.argument("url")
@click.option("--token", required=True, envvar="SUPPLIER_DESK_TOKEN", help="Its token; or SUPPLIER_DESK_TOKEN.")
@click.option("--folder", type=click.Path(path_type=Path), default=Path("supplier-desk"), show_default=True)
@click.option(
    "--behaviour", "behaviours", multiple=True, type=click.Choice(list(SCRIPTS)), help="Given in turn; all unless said."
)
@click.option("--hour", default=3600.0, show_default=True, help="How many seconds its hours last.")
@click.option(
    "--port", type=click.IntRange(0, 65535), help="Take webhooks here, at 127.0.0.1; without it, ask the feed."
)
@click.option("--once", is_flag=True, help="Look and work once, and stop.")
def command(
    url: str, token: str, folder: Path, behaviours: Sequence[str], hour: float, port: int | None, once: bool
) -> None:
    """Work for a supplier at the service desk at URL, through nothing but its public API: make cases of its tickets in
    FOLDER, with numbers of its own, and do what its scripts say is due."""
    folder.mkdir(parents=True, exist_ok=True)
    book = Book(folder / "supplier-desk.sqlite")
    turn = cycle(behaviours or SCRIPTS)
    now = SystemClock().now
    supplier = Supplier(book, Client(url, Token(token)), lambda number: next(turn), lambda: now().timestamp(), hour)
    try:
        if once:
            supplier.look()
            supplier.work()
        elif port is None:
            _poll(supplier)
        else:
            _listen(supplier, port)
    except Problem as problem:
        raise click.ClickException(f"{url}: {problem}") from problem
    except KeyboardInterrupt:
        pass
    for case in book.cases():
        click.echo(f"{case.number}  {case.ticket}  {case.behaviour:<14}  {case.done} done  {case.trouble}".rstrip())


def _poll(supplier: Supplier) -> None:
    click.echo("Following the feed. Stop with Ctrl+C.")
    while True:
        due = min((case.due for case in supplier.book.cases() if case.due is not None), default=None)
        spare = HOLD_SECONDS if due is None else max(0, min(HOLD_SECONDS, int(due - supplier.clock())))
        supplier.look(wait=spare)
        supplier.work()
        if spare == 0:
            time.sleep(PAUSE_SECONDS)


def _listen(supplier: Supplier, port: int) -> None:
    woken = Event()
    receiver = Receiver(supplier.book, lambda: [supplier.book.kept("secret")], woken.set)
    listening, stop = listen(receiver, port)
    _subscribe(supplier, f"http://127.0.0.1:{listening}/")
    click.echo(f"Taking webhooks at http://127.0.0.1:{listening}/. Stop with Ctrl+C.")
    try:
        while True:
            # The feed is looked at now and then besides: a webhook is a nudge, the feed is the truth.
            woken.wait(PAUSE_SECONDS)
            woken.clear()
            supplier.look()
            supplier.work()
    finally:
        stop()


def _subscribe(supplier: Supplier, address: str) -> None:
    """Once an address; its secret is kept in the book, since it is shown this once."""
    if supplier.book.kept("address") == address:
        return
    told: Any = supplier.desk.transport.send("POST", "/api/v1/webhooks", body={"url": address}).json
    supplier.book.keep("secret", told["secret"])
    supplier.book.keep("address", address)
