"""`servicedesk password EMAIL`: give a person a password."""

import secrets

import click

from servicedesk.actions.signin import set_password
from servicedesk.cli.opening import open_desk
from servicedesk.core.facts import OPERATOR


@click.command("password")
@click.argument("email")
@click.option("--generate", is_flag=True, help="Make one and print it, instead of asking for it.")
def command(email: str, generate: bool) -> None:
    """Give a person a password, asked for twice. Until somebody has one they cannot sign in."""
    if generate:
        password = secrets.token_urlsafe(12)
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, type=str)
    set_password(open_desk(), email, password, actor=OPERATOR)
    click.echo(f"{email} can sign in{f' with {password}' if generate else ''}.")
