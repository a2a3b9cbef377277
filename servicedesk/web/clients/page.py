"""The list of clients, and one client with what it shows to come in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from servicedesk.core.administration import Duty, has_duty
from servicedesk.core.clients import WARN_BEFORE
from servicedesk.core.errors import NotFound
from servicedesk.store.queries.clients import (
    SAYING,
    Client,
    Happening,
    Token,
    all_clients,
    all_tokens,
    client_by_key,
    ending_before,
    happenings,
    version_of,
)
from servicedesk.web import identity
from servicedesk.web.clients import words
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _


@dataclass(frozen=True, slots=True)
class Line:
    """A client in the list. `tokens`: how many of its tokens and secrets work."""

    client: Client
    scopes: list[str]
    tokens: int
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Ending:
    client: Client
    organisation: str
    token: Token


@dataclass(frozen=True, slots=True)
class ListPage:
    """`groups`: an organisation's name and its clients, by name."""

    groups: list[tuple[str, list[Line]]]
    ending: list[Ending]


@dataclass(frozen=True, slots=True)
class ShownToken:
    token: Token
    kind: str
    maker: str
    ends_soon: bool


@dataclass(frozen=True, slots=True)
class Happened:
    at: datetime
    who: str
    words: str
    changes: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class ClientPage:
    client: Client
    organisation: str
    maker: str
    scopes: list[str]
    addresses: list[str]
    living: list[ShownToken]
    ended: list[ShownToken]
    last_used_at: datetime | None
    happened: list[Happened]


def require_duty_here() -> None:
    """To everybody else there are no such pages."""
    if not has_duty(Duty.MANAGE_CLIENTS, identity.viewer()):
        raise NotFound("There is no such page, or it is not yours to see. Go to the queue and look from there.")


def list_page(reading: Reading) -> ListPage:
    clients = {client.id: client for client in all_clients(reading.connection)}
    tokens: dict[int, list[Token]] = {}
    for token in all_tokens(reading.connection):
        tokens.setdefault(token.client_id, []).append(token)
    groups: dict[str, list[Line]] = {}
    for client in sorted(clients.values(), key=lambda client: (client.name.casefold(), client.id)):
        mine = tokens.get(client.id, [])
        living = sum(token.lives(reading.now) for token in mine)
        line = Line(client, [words.scope_words(scope) for scope in client.scopes], living, last_use(mine))
        groups.setdefault(organisation_name(client, reading), []).append(line)
    soon = ending_before(reading.connection, reading.now, reading.now + WARN_BEFORE)
    ending = [
        Ending(clients[token.client_id], organisation_name(clients[token.client_id], reading), token) for token in soon
    ]
    return ListPage(sorted(groups.items(), key=lambda group: group[0].casefold()), ending)


def client_page(key: str, reading: Reading) -> ClientPage:
    client = the_client(key, reading)
    tokens = all_tokens(reading.connection, client.id)
    shown = [_shown(token, reading) for token in reversed(tokens)]
    return ClientPage(
        client=client,
        organisation=organisation_name(client, reading),
        maker=words.who(client.created_by, reading.installation),
        scopes=[words.scope_words(scope) for scope in client.scopes],
        addresses=client.addresses.split(),
        living=[each for each in shown if each.token.lives(reading.now)],
        ended=[each for each in shown if not each.token.lives(reading.now)],
        last_used_at=last_use(tokens),
        happened=_happened(happenings(reading.connection, client.id), reading),
    )


def _happened(told: Iterable[Happening], reading: Reading) -> list[Happened]:
    return [
        Happened(each.at, words.who(each.actor, reading.installation), words.told(each), words.changes(each))
        for each in told
    ]


def said_since(client: Client, version: int | None, reading: Reading) -> tuple[int, list[Happened]]:
    """The version of what is said of it now, and what others have changed in it since that one."""
    told = happenings(reading.connection, client.id)
    newer = [each for each in told if version is not None and each.id > version and each.kind in SAYING]
    return version_of(told), _happened(newer, reading)


def the_client(key: str, reading: Reading) -> Client:
    client = client_by_key(reading.connection, key) if key.isprintable() else None
    if client is None:
        raise NotFound("There is no such client.")
    return client


def the_token(key: str, token_id: int, reading: Reading) -> Token:
    """One of this client's."""
    tokens = all_tokens(reading.connection, the_client(key, reading).id)
    found = next((token for token in tokens if token.id == token_id), None)
    if found is None:
        raise NotFound("There is no token %(id)s.", id=token_id)
    return found


def organisation_name(client: Client, reading: Reading) -> str:
    organisation = reading.installation.organisations.get(client.organisation)
    return organisation.name if organisation else client.organisation


def last_use(tokens: Iterable[Token]) -> datetime | None:
    return max((token.last_used_at for token in tokens if token.last_used_at), default=None)


def _shown(token: Token, reading: Reading) -> ShownToken:
    soon = token.expires_at is not None and token.expires_at < reading.now + WARN_BEFORE
    kind = str(words.KINDS.get(token.kind, _("Token")))
    return ShownToken(token, kind, words.who(token.created_by, reading.installation), soon)
