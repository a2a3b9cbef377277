"""`servicedesk migrate`: bring the database to this program's version."""

import click

from servicedesk.actions.desk import Desk
from servicedesk.actions.installation import freeze_holidays
from servicedesk.actions.reindexing import index_missing
from servicedesk.actions.renewing import renew
from servicedesk.config import start_settings
from servicedesk.store.engine import make_engine
from servicedesk.store.schema import newest, upgrade


@click.command("migrate")
def command() -> None:
    """Bring the database to this version of the program. On a current one it changes nothing.

    Tickets that cannot be found by search yet are indexed too, some at a time: stopped, it goes on where it was. Run it
    again when the last machine has the new program: what an older one has written meanwhile is put right.
    """
    engine = make_engine(start_settings().database_url)
    upgrade(engine)
    click.echo(f"The database is on version {newest()}.")
    desk = Desk(engine)
    kept = freeze_holidays(desk)
    if kept:
        click.echo(f"The holidays of {kept} calendars are kept from now on, as they are known today.")
    indexed = index_missing(desk)
    if indexed:
        click.echo(f"{indexed} tickets indexed for search.")
    renewed = renew(desk)
    if renewed:
        click.echo(f"{renewed} tickets that an older program had written put right.")
