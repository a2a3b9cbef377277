"""`servicedesk token`: what the systems of suppliers and municipalities show to use the API."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import click

from servicedesk.actions.desk import Desk
from servicedesk.actions.tokens import SCOPES, NewToken, create_token, make_token, revoke_token, rotate_token
from servicedesk.cli.opening import open_desk
from servicedesk.core.clients import LONGEST_OVERLAP, USUAL_OVERLAP
from servicedesk.core.facts import OPERATOR
from servicedesk.store.queries.clients import SECRET, TOKEN, Client, Token, all_clients, all_tokens

EXPIRES = click.option(
    "--expires", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Its last day, as 2027-03-31; else in a year."
)


@click.group("token")
def command() -> None:
    """Make, replace, list and revoke tokens for the API."""


@command.command("create")
@click.option("--organisation", metavar="KEY", help="The supplier or municipality that a new client acts for.")
@click.option("--client", "key", metavar="KEY", help="The client that there is already and gets one more.")
@click.option("--name", required=True, metavar="TEXT", help="Which of its systems uses it.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(SCOPES),
    help="What a new client may do; may be repeated. All that such an organisation can be allowed, unless given.",
)
@click.option("--secret", is_flag=True, help="A secret for OAuth 2.0 in place of a token; only with --client.")
@EXPIRES
def create(
    organisation: str | None,
    key: str | None,
    name: str,
    scopes: tuple[str, ...],
    secret: bool,
    expires: datetime | None,
) -> None:
    """Print a new token, of a new client of an organisation or of a client that there is.

    It is shown this once: only its hash is kept. It alone goes to standard output, so that a script can catch it.
    """
    if (organisation is None) == (key is None):
        raise click.UsageError("Give either --organisation, for a new client, or --client.")
    desk = open_desk()
    ends = _end(desk, expires)
    if key is not None:
        if scopes:
            raise click.UsageError("What a client may do is its own: --scope is for a new one.")
        _tell(make_token(desk, key, SECRET if secret else TOKEN, name, actor=OPERATOR, expires_at=ends))
        return
    if secret:
        raise click.UsageError("--secret is for a client that there is: name it with --client.")
    assert organisation is not None
    _tell(create_token(desk, organisation, name, actor=OPERATOR, scopes=scopes or None, expires_at=ends))


@command.command("rotate")
@click.argument("token_id", metavar="ID", type=int)
@click.option(
    "--overlap",
    type=click.IntRange(0, LONGEST_OVERLAP.days),
    default=USUAL_OVERLAP.days,
    metavar="DAYS",
    show_default=True,
    help="How many days the old one works on.",
)
@EXPIRES
def rotate(token_id: int, overlap: int, expires: datetime | None) -> None:
    """Print a new token that takes the place of another, which works on for a while."""
    desk = open_desk()
    ends = _end(desk, expires)
    _tell(rotate_token(desk, token_id, actor=OPERATOR, overlap=timedelta(days=overlap), expires_at=ends))


@command.command("list")
def show() -> None:
    """List every token and secret, what its client may do and when it was last used."""
    desk = open_desk()
    with desk.reading() as connection:
        zone = ZoneInfo(desk.book(connection).installation.zone)
        now, tokens = desk.now(connection), all_tokens(connection)
        clients = {client.id: client for client in all_clients(connection)}
    for token in tokens:
        click.echo(line_of(token, clients, now, zone))
    if not tokens:
        click.echo("There are no tokens. Make one: servicedesk token create --organisation KEY --name TEXT")


@command.command("revoke")
@click.argument("token_id", metavar="ID", type=int)
def revoke(token_id: int) -> None:
    """Revoke a token or secret. It stops working at once."""
    token = revoke_token(open_desk(), token_id, actor=OPERATOR)
    click.echo(f"{_kind(token.kind)} {token.id} ({token.name}) is revoked.")


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The moment after the last one of a civil day."""
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def line_of(token: Token, clients: Mapping[int, Client], now: datetime, zone: ZoneInfo) -> str:
    client = clients[token.client_id]
    used = f"last used {_local(token.last_used_at, zone)}" if token.last_used_at else "never used"
    standing = f"{_standing(token, client, now, zone)}, {used}"
    name = client.name if token.name == client.name else f"{client.name}: {token.name}"
    return f"{token.id:>4}  {_kind(token.kind).lower()}  {client.key}  {name}  {' '.join(client.scopes)}  {standing}"


def _standing(token: Token, client: Client, now: datetime, zone: ZoneInfo) -> str:
    if token.revoked_at:
        return f"revoked {_local(token.revoked_at, zone)}"
    if client.suspended_at:
        return "its client is suspended"
    if token.expires_at is None:
        return "valid until revoked"
    return f"{'expired' if token.has_expired(now) else 'valid until'} {_local(token.expires_at, zone)}"


def _tell(new: NewToken) -> None:
    what = f"{_kind(new.kind)} {new.id} of the client {new.client.key}"
    click.echo(f"{what}. Keep it now: it cannot be shown again.", err=True)
    click.echo(new.text)


def _kind(kind: str) -> str:
    return "Secret" if kind == SECRET else "Token"


def _end(desk: Desk, expires: datetime | None) -> datetime | None:
    if expires is None:
        return None
    with desk.reading() as connection:
        zone = ZoneInfo(desk.book(connection).installation.zone)
    return end_of_day(expires.date(), zone)


def _local(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
