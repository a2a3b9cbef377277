"""`servicedesk scheduler`: fire timers as they become due, until stopped."""

import signal
import threading

import click

from servicedesk.actions.outbox import drain
from servicedesk.actions.sequencing import sequence
from servicedesk.actions.sweep import sweep, take_up_again
from servicedesk.cli.opening import open_desk


@click.command("scheduler")
@click.option("--once", is_flag=True, help="Sweep once and stop.")
@click.option("--retry", is_flag=True, help="Put timers that were set aside back in use first.")
def command(once: bool, retry: bool) -> None:
    """Fire timers as they become due and send what must be told. Any number may run on one PostgreSQL database."""
    desk = open_desk()
    if retry:
        click.echo(f"{take_up_again(desk)} timers back in use.")
    if once:
        done = sweep(desk)
        click.echo(f"{done.fired} timers fired, {done.set_aside} set aside, {drain(desk)} reactions carried out.")
        click.echo(f"{sequence(desk)} changes told.")
        return
    from servicedesk.app import start_log, start_scheduler

    start_log()
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    stop = start_scheduler(desk)
    click.echo("The scheduler is running. Stop it with Ctrl-C.")
    stopped.wait()
    stop()
