"""`servicedesk move`: the installation to another database."""

import click

from servicedesk.actions.desk import Desk
from servicedesk.actions.move import Moved, NotProved, address, move, reopen
from servicedesk.cli.opening import existing_desk
from servicedesk.cli.progress import Stages
from servicedesk.config import KEY_FILE, Settings, database_address, read_settings
from servicedesk.store.engine import make_engine


@click.command("move")
@click.option("--to", "to", metavar="URL", help="The new database, empty: postgresql://… or sqlite:///…")
@click.option("--reopen", "again", is_flag=True, help="After a move: work on the old database again after all.")
def command(to: str | None, again: bool) -> int:
    """Take the installation to another database, whole, and verify it there.

    While it lasts everybody can read, and nobody write. Afterwards the old database refuses to be worked on. Stopped in
    the middle, run it again: it begins anew, or finishes what was left.
    """
    if bool(to) == again:
        raise click.UsageError("Give --to URL, or --reopen.")
    settings = read_settings()
    source = existing_desk(settings)
    if not to:
        reopen(source)
        click.echo("This database is in use again. What was done in the other one meanwhile is not in it.")
        return 0
    target = Desk(make_engine(database_address(to, "--to")))
    try:
        with Stages() as stages:
            moved = move(source, target, stages.begin)
    except NotProved as error:
        for difference in error.differences:
            click.echo(str(difference))
        raise
    for sentence in told(moved, settings, address(target)):
        click.echo(sentence)
    return 0


def told(moved: Moved, settings: Settings, place: str) -> list[str]:
    if moved.heads is None:
        done = ["The move before had copied and proved everything: it is finished now."]
    else:
        anew = ["An earlier move had stopped in the middle: it was begun anew."] if moved.begun_anew else []
        clean = f"Clean: {moved.heads.tickets} tickets, {moved.heads.position} events, head {moved.heads.seal}."
        done = [*anew, f"Moved {moved.rows} rows, as many in every table and with the same heads.", clean]
    key = f"SERVICEDESK_SECRET_KEY: what stands in {settings.instance / KEY_FILE}, so that sign-ins hold"
    return [
        *done,
        "Stop what still runs on the old database, and start everything with these settings:",
        f"    SERVICEDESK_DATABASE_URL={place}",
        *([f"    {key}"] if (settings.instance / KEY_FILE).is_file() else []),
        "The old database is kept as it was and refuses to be worked on.",
    ]
