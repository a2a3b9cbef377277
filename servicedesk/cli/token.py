"""`servicedesk token`: the tokens with which the systems of suppliers and municipalities use the API."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import click

from servicedesk.actions.tokens import SCOPES, create_token, revoke_token
from servicedesk.cli.opening import open_desk
from servicedesk.core.facts import OPERATOR
from servicedesk.store.queries.tokens import Token, all_tokens


@click.group("token")
def command() -> None:
    """Make, list and revoke tokens for the API."""


@command.command("create")
@click.option(
    "--organisation", required=True, metavar="KEY", help="The supplier or municipality that the token acts for."
)
@click.option("--name", required=True, metavar="TEXT", help="Which of its systems uses it.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(SCOPES),
    help="What it may do; may be repeated. All that such an organisation can be allowed, unless given.",
)
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Its last day, as 2027-03-31.")
def create(organisation: str, name: str, scopes: tuple[str, ...], expires: datetime | None) -> None:
    """Print a new token. It is shown this once: only its hash is kept.

    The token alone goes to standard output, so that a script can catch it.
    """
    desk = open_desk()
    with desk.reading() as connection:
        zone = ZoneInfo(desk.book(connection).installation.zone)
    ends = end_of_day(expires.date(), zone) if expires else None
    new = create_token(desk, organisation, name, actor=OPERATOR, scopes=scopes or None, expires_at=ends)
    click.echo(f"Token {new.id} for {organisation}. Keep it now: it cannot be shown again.", err=True)
    click.echo(new.text)


@command.command("list")
def show() -> None:
    """List every token, what it may do and when it was last used."""
    desk = open_desk()
    with desk.reading() as connection:
        zone = ZoneInfo(desk.book(connection).installation.zone)
        now, tokens = desk.now(connection), all_tokens(connection)
    for token in tokens:
        click.echo(line_of(token, now, zone))
    if not tokens:
        click.echo("There are no tokens. Make one: servicedesk token create --organisation KEY --name TEXT")


@command.command("revoke")
@click.argument("token_id", metavar="ID", type=int)
def revoke(token_id: int) -> None:
    """Revoke a token. It stops working at once."""
    token = revoke_token(open_desk(), token_id, actor=OPERATOR)
    click.echo(f"Token {token.id} ({token.name}, {token.organisation}) is revoked.")


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The moment after the last one of a civil day."""
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def line_of(token: Token, now: datetime, zone: ZoneInfo) -> str:
    used = f"last used {_local(token.last_used_at, zone)}" if token.last_used_at else "never used"
    scopes = " ".join(token.scopes)
    return f"{token.id:>4}  {token.organisation}  {token.name}  {scopes}  {_standing(token, now, zone)}, {used}"


def _standing(token: Token, now: datetime, zone: ZoneInfo) -> str:
    if token.revoked_at:
        return f"revoked {_local(token.revoked_at, zone)}"
    if token.expires_at is None:
        return "valid until revoked"
    return f"{'expired' if token.has_expired(now) else 'valid until'} {_local(token.expires_at, zone)}"


def _local(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
