"""`servicedesk client`: the systems that use the API. Their tokens are `servicedesk token`'s."""

import click

from servicedesk.actions.clients import resume_client, suspend_client
from servicedesk.cli.opening import open_desk
from servicedesk.core.facts import OPERATOR
from servicedesk.store.queries.clients import Client, all_clients


@click.group("client")
def command() -> None:
    """List, suspend and let in the systems that use the API."""


@command.command("list")
def show() -> None:
    """List every system, what it may do and from where it may call."""
    desk = open_desk()
    with desk.reading() as connection:
        clients = all_clients(connection)
    for client in clients:
        click.echo(line_of(client))
    if not clients:
        click.echo("There are no clients. Make one: servicedesk token create --organisation KEY --name TEXT")


@command.command("suspend")
@click.argument("key")
def suspend(key: str) -> None:
    """Refuse all that a system shows, from its next request on."""
    client = suspend_client(open_desk(), key, actor=OPERATOR)
    click.echo(f"{client.key} ({client.name}) is suspended.")


@command.command("resume")
@click.argument("key")
def resume(key: str) -> None:
    """Let a suspended system in again."""
    client = resume_client(open_desk(), key, actor=OPERATOR)
    click.echo(f"{client.key} ({client.name}) is let in again.")


def line_of(client: Client) -> str:
    standing = "suspended" if client.suspended_at else "active"
    places = client.addresses or "everywhere"
    return f"{client.key}  {client.name}  {' '.join(client.scopes)}  from {places}  {standing}"
