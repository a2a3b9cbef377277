"""`servicedesk verify`: refold every ticket from its journal and name each difference."""

import gc
import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import click
from sqlalchemy import Connection

from servicedesk.actions.desk import Desk
from servicedesk.cli.opening import open_desk
from servicedesk.cli.progress import progress
from servicedesk.core.errors import DeskError
from servicedesk.store.queries.difference import Difference, reason
from servicedesk.store.queries.verification import seal_head, ticket_ids, verify_seal, verify_tickets
from servicedesk.store.queries.verification_installation import installation_hash
from servicedesk.store.queries.verification_schema import verify_schema


@click.command("verify")
@click.argument("numbers", metavar="[NUMBER]…", nargs=-1)
@click.option("--sample", type=click.IntRange(1), metavar="N", help="Refold only N tickets drawn by lot.")
def command(numbers: tuple[str, ...], sample: int | None) -> int:
    """Refold every ticket from its journal and compare row, clocks, custody, visibility, timers, what it is found
    by, and chain; and the installation with what was loaded.

    Names each difference and exits 1 if there is one. The head and the hash that it prints, written down elsewhere,
    prove later that nothing up to them has been changed.
    """
    return prove(open_desk(), numbers, sample)


def prove(desk: Desk, numbers: tuple[str, ...] = (), sample: int | None = None) -> int:
    """Say what there is to say; the exit code."""
    with desk.reading() as connection:
        missing = list(verify_schema(connection))
        if missing:
            say(missing)
            click.echo("The database is not whole, so nothing in it can be proved. Restore it from a backup.")
            return 1
        ids = ticket_ids(connection, numbers)
        drawn = sorted(random.sample(ids, sample)) if sample and sample < len(ids) else ids
        found = say(differences(desk, connection, drawn))
        position, chain = seal_head(connection)
        installation = installation_hash(connection)
    if found:
        click.echo(f"{found} differences in {len(drawn)} tickets.")
        return 1
    share = "" if len(drawn) == len(ids) else f"{len(drawn)} drawn of "
    click.echo(f"Clean: {share}{len(ids)} tickets, {position} events, head {chain}.")
    click.echo(f"The installation is what was loaded: {installation or 'nothing yet'}.")
    return 0


def differences(desk: Desk, connection: Connection, ids: list[int]) -> Iterator[Difference]:
    try:
        book = desk.book(connection)
    except (LookupError, TypeError, ValueError, DeskError) as error:
        yield Difference("installation", "parts", f"it cannot be read, so no ticket can be: {reason(error)}")
    else:
        with progress(len(ids), "Verifying") as shown, collecting_seldom():
            yield from verify_tickets(connection, book, ids, shown.advance)
    yield from verify_seal(connection)


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """What is folded is gone as soon as it has been compared: nothing of it waits for the collector, which would walk
    through thousands of rows again and again."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def say(found: Iterable[Difference]) -> int:
    """How many there were."""
    count = 0
    for difference in found:
        click.echo(str(difference))
        count += 1
    return count
