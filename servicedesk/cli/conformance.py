"""`servicedesk conformance`: a kit that a vendor runs against its own webhook receiver, and its own client."""

import secrets
import time
from collections.abc import Callable, Iterable

import click

from servicedesk.conformance.client import TASKS, check_client, is_done
from servicedesk.conformance.desk import MisbehavingDesk, serve
from servicedesk.conformance.receiver import check_receiver, other_secret, seen_at
from servicedesk.conformance.report import Finding, in_words
from servicedesk.conformance.sending import Sender
from servicedesk.core.clock import SystemClock

LOOK_EVERY_SECONDS = 0.2


@click.command("conformance")
@click.argument("url", required=False, default="")
@click.option("--secret", help="The secret that your receiver checks by, whsec_…; one is made unless given.")
@click.option("--seen", default="", metavar="URL", help="Where your side tells which ids it acted on: a JSON array.")
@click.option("--client", "of_client", is_flag=True, help="Meet your client, with a small desk on this machine.")
@click.option("--port", default=8099, show_default=True, type=click.IntRange(0, 65535), help="Where that desk listens.")
@click.option("--minutes", default=10.0, show_default=True, help="How long it waits for your client.")
def command(url: str, secret: str | None, seen: str, of_client: bool, port: int, minutes: float) -> None:
    """Try your webhook receiver at URL, or with --client your client, and say in words what to mend. Exit code 1 when
    there is something to mend. Needs no installation and changes nothing of the desk's."""
    if of_client == bool(url):
        raise click.UsageError("Give the URL of your receiver, or --client.")
    findings = _meet_client(port, minutes) if of_client else _try_receiver(url, secret, seen)
    told = list(findings)
    click.echo(in_words(told))
    if any(not finding.is_well for finding in told):
        raise SystemExit(1)


def _try_receiver(url: str, secret: str | None, seen: str) -> Iterable[Finding]:
    if secret is None:
        secret = other_secret()
        click.echo(f"Let your receiver check by this secret, then press Enter: {secret}")
        click.pause("")
    return check_receiver(Sender(url, lambda: SystemClock().now().timestamp()), secret, seen_at(seen))


def _meet_client(port: int, minutes: float) -> Iterable[Finding]:
    desk = MisbehavingDesk("sd_" + secrets.token_urlsafe(32))
    listening, stop = serve(desk, port)
    click.echo(f"Point your client at http://127.0.0.1:{listening} with the token {desk.token}, and let it:")
    for task in TASKS:
        click.echo(f"  - {task}")
    click.echo(
        "It ends when all of it has been seen; end it yourself by Ctrl+C where your client does not do one of them."
    )
    _wait_until(lambda: is_done(list(desk.requests), time.monotonic()), minutes)
    stop()
    return check_client(desk.requests)


def _wait_until(done: Callable[[], bool], minutes: float) -> None:
    until = time.monotonic() + minutes * 60
    try:
        while not done() and time.monotonic() < until:
            time.sleep(LOOK_EVERY_SECONDS)
    except KeyboardInterrupt:
        click.echo("")
