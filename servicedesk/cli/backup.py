"""`servicedesk backup`: the whole installation in one file."""

from pathlib import Path

import click

from servicedesk import __version__
from servicedesk.actions.backup import Backup, back_up
from servicedesk.cli.opening import existing_desk
from servicedesk.cli.progress import Stages


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def command(file: Path) -> None:
    """Write the whole installation into one new FILE, as it is at this moment, while everybody works on.

    It is restored into either kind of database with `servicedesk restore`. A database that is older than the program is
    backed up as it is, so that one can be made before `servicedesk migrate`.
    """
    with Stages() as stages:
        made = back_up(existing_desk(), file, stages.begin, program=__version__)
    for sentence in told(made):
        click.echo(sentence)


def told(made: Backup) -> list[str]:
    heads, manifest = made.manifest.heads, made.manifest
    size = made.path.stat().st_size
    return [
        f"{made.path}: {heads.tickets} tickets, {heads.position} events, {manifest.rows} rows, {size} bytes.",
        f"Head {heads.seal}, checksum {made.checksum}: written down elsewhere, they prove what the file held.",
        "It holds personal data, and only you can read it: keep it as you keep the database, and for as long.",
        "The secret key and the settings are not in it. With another key people sign in anew, and a request that is",
        "sent once more is carried out once more; everything in the journals holds.",
    ]
