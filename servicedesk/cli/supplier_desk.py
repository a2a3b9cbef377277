"""`servicedesk supplier-desk`: a small supplier's own desk, which works through its tickets by script."""

import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event, Thread

import click

from servicedesk.client import Client, Problem, Token
from servicedesk.core.clock import SystemClock
from servicedesk.supplier_desk.behaviours import SCRIPTS
from servicedesk.supplier_desk.book import Book
from servicedesk.supplier_desk.receiver import Receiver, listen
from servicedesk.supplier_desk.subscribing import subscribe
from servicedesk.supplier_desk.working import Supplier, is_passing

HOLD_SECONDS, PAUSE_SECONDS = 10, 1.0
# The longest silence towards a desk that does not answer.
PATIENCE_SECONDS = 30.0


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
@click.option("--from-now", is_flag=True, help="Begin with what is open now, not with all there has been.")
@click.option("--once", is_flag=True, help="Look and work once, and stop.")
@click.option("--attached", is_flag=True, hidden=True, help="Stop when standard input ends, as whoever started it has.")
def command(
    url: str,
    token: str,
    folder: Path,
    behaviours: Sequence[str],
    hour: float,
    port: int | None,
    from_now: bool,
    once: bool,
    attached: bool,
) -> None:
    """Work for a supplier at the service desk at URL, through nothing but its public API: make cases of its tickets in
    FOLDER, with numbers of its own, and do what its scripts say is due. Stopped or killed, it goes on where it was."""
    folder.mkdir(parents=True, exist_ok=True)
    book = Book(folder / "supplier-desk.sqlite")
    names = tuple(behaviours or SCRIPTS)
    supplier = Supplier(
        book,
        Client(url, Token(token)),
        choose=lambda: names[book.turn() % len(names)],
        clock=lambda: SystemClock().now().timestamp(),
        hour=hour,
        from_now=from_now,
    )
    if attached:
        Thread(target=_until_input_ends, daemon=True).start()
    try:
        if once:
            _catch_up(supplier)
        elif port is None:
            click.echo("Following the feed. Stop with Ctrl+C.")
            _for_ever(lambda: _poll(supplier))
        else:
            _listen(supplier, port)
    except Problem as problem:
        raise click.ClickException(f"{url}: {problem}") from problem
    except KeyboardInterrupt:
        pass
    for case in book.cases():
        click.echo(f"{case.number}  {case.ticket}  {case.behaviour:<14}  {case.done} done  {case.trouble}".rstrip())


def _for_ever(turn: Callable[[], object]) -> None:
    """Whether the desk answers or not; it is asked less often the longer it does not."""
    pause = PAUSE_SECONDS
    while True:
        try:
            turn()
            pause = PAUSE_SECONDS
        except Problem as problem:
            if not is_passing(problem):
                raise
            click.echo(f"The desk does not take it now, {problem}. Trying again in {pause:.0f} s.", err=True)
            time.sleep(pause)
            pause = min(2 * pause, PATIENCE_SECONDS)


def _catch_up(supplier: Supplier) -> None:
    """Read what there is to read, and work in between."""
    while supplier.look():
        supplier.work()
    supplier.work()


def _poll(supplier: Supplier) -> None:
    spare = _spare(supplier)
    supplier.look(wait=int(spare))
    _catch_up(supplier)
    if supplier.is_down() or spare <= PAUSE_SECONDS:
        time.sleep(PAUSE_SECONDS)


def _spare(supplier: Supplier) -> float:
    """How many seconds there is nothing to do of itself, as far as is known."""
    due = min((case.due for case in supplier.book.cases() if case.due is not None), default=float("inf"))
    return max(PAUSE_SECONDS, min(HOLD_SECONDS, due - supplier.clock()))


def _listen(supplier: Supplier, port: int) -> None:
    woken = Event()
    listening, stop = listen(Receiver(supplier.book, woken.set, supplier.clock, supplier.is_down), port)
    address = f"http://127.0.0.1:{listening}/"
    click.echo(f"Taking webhooks at {address}. Stop with Ctrl+C.")
    is_subscribed = False

    def turn() -> None:
        nonlocal is_subscribed
        if not is_subscribed:
            subscribe(supplier.book, supplier.desk, address)
            is_subscribed = True
        _catch_up(supplier)
        # The feed is looked at now and then besides: a webhook is a nudge, the feed is the truth.
        woken.wait(_spare(supplier))
        woken.clear()

    try:
        _for_ever(turn)
    finally:
        stop()


def _until_input_ends() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGINT)
