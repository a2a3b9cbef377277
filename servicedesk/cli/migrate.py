"""`servicedesk migrate`: bring the database to this program's version."""

import click

from servicedesk.config import start_settings
from servicedesk.store.engine import make_engine
from servicedesk.store.schema import newest, upgrade


@click.command("migrate")
def command() -> None:
    """Bring the database to this version of the program. On a current one it changes nothing."""
    upgrade(make_engine(start_settings().database_url))
    click.echo(f"The database is on version {newest()}.")
