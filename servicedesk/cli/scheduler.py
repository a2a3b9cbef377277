"""`servicedesk scheduler`: fire timers as they become due, until stopped."""

import signal
import threading

import click

from servicedesk.actions.outbox import drain
from servicedesk.actions.sequencing import sequence
from servicedesk.actions.sweep import sweep, take_up_again
from servicedesk.cli.opening import open_desk
from servicedesk.config import read_settings


@click.command("scheduler")
@click.option("--once", is_flag=True, help="Sweep once and stop.")
@click.option("--retry", is_flag=True, help="Put timers that were set aside back in use first.")
def command(once: bool, retry: bool) -> None:
    """Fire timers as they become due and send what must be told. Any number may run on one PostgreSQL database."""
    from servicedesk.app import mail_office, start_log, start_scheduler

    desk = open_desk()
    if retry:
        click.echo(f"{take_up_again(desk)} timers back in use.")
    if once:
        done = sweep(desk)
        click.echo(f"{done.fired} timers fired, {done.set_aside} set aside, {drain(desk)} reactions carried out.")
        click.echo(f"{sequence(desk)} changes told.")
        if office := mail_office(desk, read_settings()):
            click.echo(f"{office.run()} mails sent.")
        return

    start_log()
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    stop = start_scheduler(desk)
    click.echo("The scheduler is running. Stop it with Ctrl-C.")
    stopped.wait()
    stop()
