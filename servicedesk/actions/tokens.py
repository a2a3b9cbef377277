"""Bearer tokens of API clients: made, recognised and revoked. Only a hash is kept; the token is shown once."""

import hashlib
import re
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, update
from sqlalchemy.exc import SQLAlchemyError

from servicedesk.actions.desk import Desk
from servicedesk.core.actors import client_actor
from servicedesk.core.errors import Invalid, NotFound, Refusal, Sentence, Unavailable
from servicedesk.core.facts import Actor, Installation
from servicedesk.core.inputs import clean_text, too_long
from servicedesk.core.vocabulary import OrganisationKind
from servicedesk.store.access import ApiToken
from servicedesk.store.queries.tokens import Token, token_by_hash, token_by_id

READ = "tickets:read"
ACT = "tickets:act"
LOG = "tickets:log"
FOLLOW = "changes:read"
SCOPES = (READ, ACT, LOG, FOLLOW)
# What a system of each kind of organisation can be allowed at most.
SCOPES_OF = {OrganisationKind.SUPPLIER: (READ, ACT, FOLLOW), OrganisationKind.MUNICIPALITY: (READ, LOG, FOLLOW)}
PREFIX = "sd_"
SHAPE = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")
LONGEST_NAME = 120
TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class NewToken:
    """`text` is the token itself: nothing can show it again."""

    id: int
    text: str


def create_token(
    desk: Desk,
    organisation: str,
    name: str,
    *,
    actor: Actor,
    scopes: Sequence[str] | None = None,
    expires_at: datetime | None = None,
) -> NewToken:
    """A token for the system of a supplier or a municipality, with every scope that its kind can have unless `scopes`
    are given. Invalid names every field that cannot be accepted."""
    _require_operator(actor)
    text = PREFIX + secrets.token_urlsafe(32)
    with desk.transaction() as connection:
        now = desk.now(connection)
        name = clean_text(name)
        installation = desk.book(connection).installation
        fitting = scopes_of(installation, organisation)
        scopes = fitting if scopes is None else scopes
        faults = _faults(installation, organisation, name, scopes, fitting, expires_at, now)
        if faults:
            raise Invalid(faults)
        adding = insert(ApiToken).values(
            token_hash=hash_of(text),
            name=name,
            organisation=organisation,
            scopes=" ".join(scope for scope in SCOPES if scope in scopes),
            created_at=now,
            expires_at=expires_at,
        )
        return NewToken(connection.execute(adding.returning(ApiToken.id)).scalar_one(), text)


def revoke_token(desk: Desk, token_id: int, *, actor: Actor) -> Token:
    """From now on the token opens nothing. Revoking twice changes nothing; NotFound when there is none."""
    _require_operator(actor)
    with desk.transaction() as connection:
        still_valid = (ApiToken.id == token_id, ApiToken.revoked_at.is_(None))
        connection.execute(update(ApiToken).where(*still_valid).values(revoked_at=desk.now(connection)))
        token = token_by_id(connection, token_id)
    if token is None:
        raise NotFound("There is no token %(id)s.", id=token_id)
    return token


def client_of_token(desk: Desk, text: str) -> Actor:
    """The client that carries this token. Refusal `token_invalid`, `token_revoked` or `token_expired`.

    Looked up by hash: how long that takes says nothing of any other token.
    """
    with desk.reading() as connection:
        token = token_by_hash(connection, hash_of(text)) if SHAPE.fullmatch(text) else None
        book, now = desk.book_and_now(connection)
    installation = book.installation
    if token is None or token.organisation not in installation.organisations:
        raise Refusal("This token is not valid. Check that you sent all of it.", code="token_invalid")
    if token.revoked_at is not None:
        raise Refusal("This token has been revoked. Ask the IT service manager for a new one.", code="token_revoked")
    if token.has_expired(now):
        raise Refusal("This token has expired. Ask the IT service manager for a new one.", code="token_expired")
    _touch(desk, token, now)
    return client_actor(token.client_key, token.name, token.organisation, token.scopes, installation)


def scopes_of(installation: Installation, organisation: str) -> tuple[str, ...]:
    """What a token of this organisation can be allowed; every scope while nobody knows the organisation."""
    found = installation.organisations.get(organisation)
    return SCOPES_OF.get(found.kind, SCOPES) if found else SCOPES


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _touch(desk: Desk, token: Token, now: datetime) -> None:
    """Remember that it was used, to the minute. A database that cannot write stops no request that only reads."""
    if token.last_used_at is not None and now - token.last_used_at < TOUCH_EVERY:
        return
    with suppress(Unavailable, SQLAlchemyError), desk.transaction() as connection:
        connection.execute(update(ApiToken).where(ApiToken.id == token.id).values(last_used_at=now))


def _require_operator(actor: Actor) -> None:
    if actor.kind != "operator":
        raise Refusal("Only an operator can make and revoke tokens.", code="not_yours")


def _faults(
    installation: Installation,
    organisation: str,
    name: str,
    scopes: Sequence[str],
    fitting: Sequence[str],
    expires_at: datetime | None,
    now: datetime,
) -> dict[str, list[str]]:
    found = {
        "organisation": _organisation_fault(installation, organisation),
        "name": _name_fault(name),
        "scope": _scope_fault(scopes, fitting),
        "expires": "Choose a day that is still to come." if expires_at is not None and expires_at <= now else "",
    }
    return {field: [sentence] for field, sentence in found.items() if sentence}


def _name_fault(name: str) -> str:
    if not name:
        return "Say which system the token is for."
    return too_long(name, LONGEST_NAME) if len(name) > LONGEST_NAME else ""


def _scope_fault(scopes: Sequence[str], fitting: Sequence[str]) -> str:
    if scopes and set(scopes) <= set(fitting):
        return ""
    return Sentence("Choose at least one of the scopes %(scopes)s, and no other.", scopes=", ".join(fitting))


def _organisation_fault(installation: Installation, key: str) -> str:
    organisation = installation.organisations.get(key)
    if organisation is None:
        known = ", ".join(sorted(o.key for o in installation.organisations.values() if o.kind in SCOPES_OF)) or "-"
        return Sentence("There is no organisation %(key)s. Choose one of: %(known)s.", key=key, known=known)
    if organisation.kind not in SCOPES_OF:
        return Sentence(
            "Tokens are for the systems of suppliers and municipalities; %(name)s is neither.", name=organisation.name
        )
    if all(team.organisation != key for team in installation.teams.values()):
        return Sentence("%(name)s has no team that could hold a ticket. Load one first.", name=organisation.name)
    return ""
