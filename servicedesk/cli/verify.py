"""`servicedesk verify`: refold every ticket from its journal and name each difference."""

import click

from servicedesk.cli.opening import open_desk
from servicedesk.cli.progress import progress
from servicedesk.store.queries.verification import seal_head, ticket_ids, verify_seal, verify_ticket
from servicedesk.store.queries.verification_schema import verify_schema


@click.command("verify")
@click.argument("numbers", metavar="[NUMBER]…", nargs=-1)
def command(numbers: tuple[str, ...]) -> int:
    """Refold every ticket from its journal and compare row, clocks, custody, visibility, timers and chain.

    Names each difference and exits 1 if there is one. The head it prints, written down elsewhere, proves later that
    nothing up to it has been changed.
    """
    desk = open_desk()
    found = 0
    with desk.reading() as connection:
        missing = list(verify_schema(connection))
        if missing:
            for difference in missing:
                click.echo(str(difference))
            click.echo("The database is not whole, so nothing in it can be proved. Restore it from a backup.")
            return 1
        book = desk.book(connection)
        ids = ticket_ids(connection, numbers)
        for ticket_id in progress(ids, "Verifying"):
            for difference in verify_ticket(connection, book, ticket_id):
                found += 1
                click.echo(str(difference))
        for difference in verify_seal(connection):
            found += 1
            click.echo(str(difference))
        position, chain = seal_head(connection)
    if found:
        click.echo(f"{found} differences in {len(ids)} tickets.")
        return 1
    click.echo(f"Clean: {len(ids)} tickets, {position} events, head {chain}.")
    return 0
