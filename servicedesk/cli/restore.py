"""`servicedesk restore`: a backup into an empty database."""

from pathlib import Path

import click

from servicedesk.actions.desk import Desk
from servicedesk.actions.restore import check_backup, restore
from servicedesk.cli.progress import Stages
from servicedesk.cli.verify import prove
from servicedesk.config import start_settings
from servicedesk.core.codec import stamp
from servicedesk.store.engine import make_engine
from servicedesk.store.portable.manifest import Manifest
from servicedesk.store.schema import newest


@click.command("restore")
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Only check the file; write nothing.")
def command(file: Path, only_check: bool) -> int:
    """Restore a backup into the configured database, which must be empty, and verify it.

    All of the file is checked before anything is written, and all of it is written or nothing: stopped in the middle,
    run it again. Exits 1 where the installation was not clean when it was backed up; it is restored all the same.
    """
    if only_check:
        with Stages() as stages:
            manifest = check_backup(file, stages.begin)
        click.echo(f"{file} is whole: {of(manifest)}.")
        return 0
    settings = start_settings()
    desk = Desk(make_engine(settings.database_url), secret=settings.secret_key)
    with Stages() as stages:
        manifest = restore(desk, file, stages.begin)
    click.echo(f"Restored: {of(manifest)}.")
    if manifest.revision != newest():
        click.echo(f"It was on version {manifest.revision}, and has been brought to {newest()}.")
    click.echo("Verifying it. Stopped from here on, nothing is lost: `servicedesk verify` does the same.")
    return prove(desk)


def of(manifest: Manifest) -> str:
    heads = manifest.heads
    made = f"made {stamp(manifest.made_at)} by servicedesk {manifest.program} on {manifest.database}"
    return f"{heads.tickets} tickets, {heads.position} events, {manifest.rows} rows, {made}, head {heads.seal}"
