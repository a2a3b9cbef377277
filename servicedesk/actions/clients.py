"""Clients of the API: the systems of suppliers and municipalities, each with no more rights than it needs.

What somebody does with one is written down beside it, in the same transaction.
"""

import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from servicedesk.actions.desk import Desk
from servicedesk.actions.once import Once, claim, settle
from servicedesk.core.administration import Duty, require_duty
from servicedesk.core.clients import HIGHEST_RATE, LONGEST_CONTACT, LONGEST_NAME, LOWEST_RATE, networks_given
from servicedesk.core.errors import Conflict, Invalid, NotFound, Sentence
from servicedesk.core.facts import Actor, Installation
from servicedesk.core.inputs import clean_line, too_long
from servicedesk.core.scopes import SCOPES, SCOPES_OF, scopes_of
from servicedesk.store.clients import ApiClient, ClientEvent
from servicedesk.store.queries.clients import (
    CHANGED,
    CREATED,
    Client,
    client_by_id,
    client_by_key,
    happenings,
    version_of,
)

Faults = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class ClientGiven:
    """What is said of a client, as it was written. `addresses`: from where it may call, '' is everywhere; `rate`:
    requests a minute, None is what the installation allows."""

    name: str
    scopes: Sequence[str] = ()
    addresses: str = ""
    contact: str = ""
    rate: int | None = None
    faults: Faults = field(default_factory=dict)


def create_client(
    desk: Desk, organisation: str, given: ClientGiven, *, actor: Actor, once: Once | None = None
) -> Client:
    """A client of a supplier or a municipality. Invalid names every field that cannot be accepted."""
    require_duty(Duty.MANAGE_CLIENTS, actor)
    with desk.transaction() as connection:
        now = desk.now(connection)
        if once:
            claim(connection, once, now)
        client = add_client(connection, desk.book(connection).installation, organisation, given, actor=actor, now=now)
        if once:
            settle(connection, once, client.key)
        return client


def change_client(desk: Desk, key: str, given: ClientGiven, *, actor: Actor, expected: int | None = None) -> Client:
    """What is said of a client, anew and whole. It holds from the next request on. Conflict when somebody else has said
    something of it since the version that the actor had before them."""
    require_duty(Duty.MANAGE_CLIENTS, actor)
    with desk.transaction() as connection:
        client = locked(connection, key)
        installation = desk.book(connection).installation
        values = _values(given, scopes_of(installation, client.organisation))
        changed = _differences(client, values)
        if changed:
            _require_unchanged(connection, client, expected)
            connection.execute(update(ApiClient).where(ApiClient.id == client.id).values(values))
            note(connection, client.id, CHANGED, changed, actor=actor, at=desk.now(connection))
        return _again(connection, client)


def _require_unchanged(connection: Connection, client: Client, expected: int | None) -> None:
    if expected is not None and version_of(happenings(connection, client.id)) != expected:
        raise Conflict("Somebody has changed what is said of this system since you opened it.")


def suspend_client(desk: Desk, key: str, *, actor: Actor) -> Client:
    """From now on nothing that the client shows opens anything. Suspending twice changes nothing."""
    return _switch(desk, key, suspend=True, actor=actor)


def resume_client(desk: Desk, key: str, *, actor: Actor) -> Client:
    """Its tokens that live work again."""
    return _switch(desk, key, suspend=False, actor=actor)


def _switch(desk: Desk, key: str, *, suspend: bool, actor: Actor) -> Client:
    require_duty(Duty.MANAGE_CLIENTS, actor)
    with desk.transaction() as connection:
        client = locked(connection, key)
        if (client.suspended_at is not None) is not suspend:
            now = desk.now(connection)
            values = {"suspended_at": now if suspend else None}
            connection.execute(update(ApiClient).where(ApiClient.id == client.id).values(values))
            note(connection, client.id, "suspended" if suspend else "resumed", {}, actor=actor, at=now)
        return _again(connection, client)


def add_client(
    connection: Connection,
    installation: Installation,
    organisation: str,
    given: ClientGiven,
    *,
    actor: Actor,
    now: datetime,
    faults: Faults | None = None,
) -> Client:
    """`faults`: what is wrong already with what is asked for beside it, to be said together."""
    of_place = _organisation_fault(installation, organisation)
    already = {**(faults or {}), **({"organisation": [of_place]} if of_place else {})}
    values = _values(given, scopes_of(installation, organisation), already)
    # Its number is known only when it is there, and its key is made of that.
    adding = insert(ApiClient).values(
        key=secrets.token_hex(16),
        organisation=organisation,
        created_at=now,
        created_by=written(actor),
        **values,
    )
    new_id = connection.execute(adding.returning(ApiClient.id)).scalar_one()
    key = f"{organisation}-{new_id}"
    connection.execute(update(ApiClient).where(ApiClient.id == new_id).values(key=key))
    note(connection, new_id, CREATED, {**values, "organisation": organisation}, actor=actor, at=now)
    client = client_by_id(connection, new_id)
    assert client is not None
    return client


def locked(connection: Connection, key: str) -> Client:
    """The client, which nobody else changes until this transaction ends. NotFound when there is none."""
    if not key.isprintable():
        raise NotFound("There is no such client.")  # such characters no database takes
    connection.execute(select(ApiClient.id).where(ApiClient.key == key).with_for_update())
    client = client_by_key(connection, key)
    if client is None:
        raise NotFound("There is no client %(key)s.", key=key)
    return client


def note(
    connection: Connection, client_id: int, kind: str, details: dict[str, Any], *, actor: Actor, at: datetime
) -> None:
    """Write down what somebody has done."""
    row = {"client_id": client_id, "at": at, "actor": written(actor), "kind": kind}
    connection.execute(insert(ClientEvent).values(**row, details=json.dumps(details, ensure_ascii=False)))


def written(actor: Actor) -> str:
    return f"{actor.kind}:{actor.key}"


def _again(connection: Connection, client: Client) -> Client:
    found = client_by_id(connection, client.id)
    assert found is not None
    return found


def _differences(client: Client, values: dict[str, Any]) -> dict[str, Any]:
    before = {name: getattr(client, name) for name in values} | {"scopes": " ".join(client.scopes)}
    return {name: [before[name], value] for name, value in values.items() if before[name] != value}


def _values(given: ClientGiven, fitting: Sequence[str], already: Faults | None = None) -> dict[str, Any]:
    """The columns that are said of a client. Invalid with all that is wrong with them."""
    name, contact = clean_line(given.name), clean_line(given.contact)
    networks, wrong = networks_given(given.addresses)
    found: dict[str, Iterable[str]] = {
        "name": _said([_name_fault(name)]),
        "scopes": _said([_scope_fault(given.scopes, fitting)]),
        "addresses": wrong,
        "contact": [too_long(contact, LONGEST_CONTACT)] if len(contact) > LONGEST_CONTACT else [],
        "rate": _said([_rate_fault(given.rate)]),
    }
    faults = {**given.faults, **(already or {})}
    faults |= {name: list(sentences) for name, sentences in found.items() if sentences and name not in faults}
    if faults:
        raise Invalid(faults)
    scopes = " ".join(scope for scope in SCOPES if scope in given.scopes)
    return {
        "name": name,
        "scopes": scopes,
        "addresses": " ".join(networks),
        "contact": contact,
        "rate": given.rate,
    }


def _said(sentences: Iterable[str]) -> list[str]:
    return [sentence for sentence in sentences if sentence]


def _name_fault(name: str) -> str:
    if not name:
        return "Say which system it is."
    return too_long(name, LONGEST_NAME) if len(name) > LONGEST_NAME else ""


def _rate_fault(rate: int | None) -> str:
    if rate is None or LOWEST_RATE <= rate <= HIGHEST_RATE:
        return ""
    return Sentence(
        "Give a whole number from %(lowest)s to %(highest)s, or nothing.", lowest=LOWEST_RATE, highest=HIGHEST_RATE
    )


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
