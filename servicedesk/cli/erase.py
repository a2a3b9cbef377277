"""`servicedesk erase`: destroy the personal text of a closed ticket under a decision."""

import click

from servicedesk.actions.erase import erase_texts
from servicedesk.cli.opening import open_desk
from servicedesk.core.facts import OPERATOR


@click.command("erase")
@click.argument("number")
@click.option("--decision", required=True, help="The decision (gallringsbeslut) that it rests on.")
def command(number: str, decision: str) -> None:
    """Destroy every personal text of a closed ticket. What happened, when and by whom stays, and stays provable."""
    count = erase_texts(open_desk(), number, decision, actor=OPERATOR)
    click.echo(f"{number}: {count} texts destroyed under {decision}.")
