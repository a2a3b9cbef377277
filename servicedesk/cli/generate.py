"""`servicedesk generate`: a sample installation of any size, to measure by."""

import os
from time import monotonic

import click

from servicedesk import paths
from servicedesk.actions.generate.making import EVENTS, Size, generate
from servicedesk.actions.installation import load_installation
from servicedesk.cli.load import read_workflows
from servicedesk.cli.opening import open_desk
from servicedesk.cli.progress import progress
from servicedesk.core.installations.file import read_installation
from servicedesk.store.schema import upgrade

SAMPLE = "norrbotten"


@click.command("generate")
@click.option("--tickets", required=True, type=click.IntRange(1, 5_000_000), help="How many tickets.")
@click.option("--open", "still_open", type=click.IntRange(0), help="How many of them are open; one in 45 unless given.")
@click.option(
    "--events", default=EVENTS, show_default=True, type=click.FloatRange(4, 100), help="Events of a ticket, on average."
)
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same lives.")
@click.option("--processes", default=os.cpu_count() or 1, show_default=True, type=click.IntRange(1, 64))
def command(tickets: int, still_open: int | None, events: float, seed: int, processes: int) -> None:
    """Fill a database without tickets with sample tickets whose journals are whole: lives of the demonstration, lived
    again at other times. Without an installation the sample of Norrbotten is loaded first."""
    if still_open is not None and still_open > tickets:
        raise click.UsageError("There cannot be more open tickets than tickets.")
    desk = open_desk()
    upgrade(desk.engine)
    with desk.reading() as connection:
        is_empty = not desk.book(connection).installation.organisations
    if is_empty:
        definitions = read_workflows()
        folder = paths.samples() / SAMPLE
        load_installation(desk, read_installation(folder, [d.key for d in definitions]), definitions)
    began = monotonic()
    with progress(None, f"Living {tickets} tickets") as shown:
        made = generate(desk, Size.of(tickets, still_open, events), seed=seed, processes=processes, tick=shown.advance)
    took = monotonic() - began
    click.echo(
        f"{made.tickets} tickets with {made.events} events in {took:.1f} s: {made.tickets / took:.0f} tickets a second."
    )
