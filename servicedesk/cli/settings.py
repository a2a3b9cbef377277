"""`servicedesk settings`: what this installation runs with, and why."""

import click

from servicedesk.config import describe, read_settings, unknown_variables


@click.command("settings")
def command() -> None:
    """List every setting, its value (secrets masked) and where it comes from."""
    for known in describe(read_settings()):
        click.echo(f"{known.variable} = {known.value}")
        click.echo(f"    from {known.origin}. {known.help}")
    for variable in unknown_variables():
        click.echo(f"{variable} is set in the environment but is not a setting: it has no effect.", err=True)
