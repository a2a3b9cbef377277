"""What has happened to a ticket, as a system may read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from servicedesk.core.events import (
    AttachmentAdded,
    EntryAdded,
    Event,
    Moved,
    PriorityChanged,
    PromiseWarned,
    ReferenceGiven,
)
from servicedesk.core.facts import Actor
from servicedesk.core.people import organisations_of
from servicedesk.core.visibility import Access
from servicedesk.core.vocabulary import Audience, OrganisationKind, Role
from servicedesk.store.queries.clients import all_clients
from servicedesk.store.queries.systems.told import version_of
from servicedesk.store.queries.tickets import Entry, TicketView, find_known, view_found, view_ticket
from servicedesk.store.rulebook import RuleBook

# The texts that a supplier may ever read, and those that a municipality reads beside them. Who the requester is, a
# municipality's system knows that has logged the ticket, and no other needs to.
TO_SUPPLIERS = {"supplier_description": "description"} | {
    name: name for name in ("question", "answer", "reason", "solution")
}
TO_MUNICIPALITIES = {name: name for name in ("question", "answer", "reason", "solution", "tried")} | {
    "subject": "subject",
    "description": "description",
    "supplier_description": "supplier_description",
    "comment": "comment",
}
# What stands in an entry, by its kind.
BODIES = {"reply": "reply", "message": "message", "update": "progress", "supplier_description": "description"}
SYSTEMS = ("scheduler:", "operator:")
REQUESTER = f"{Role.REQUESTER}:"


@dataclass(frozen=True, slots=True)
class ShownFile:
    id: int
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """A line of the timeline. `party`: to a supplier supplier (its own), customer or system; to a municipality
    municipality, joint, supplier, requester or system. `readers`: who reads it at most. An erased text is None. A
    `correction` tells when something truly happened; `corrects` is the position of the line that it is read instead
    of."""

    position: int
    kind: str
    at: datetime
    party: str
    name: str | None
    readers: Audience
    texts: dict[str, str | None]
    resolution_code: str | None
    priority: int | None
    reference: str | None
    clock: str | None
    share: int | None
    file: ShownFile | None
    correction: bool
    corrects: int | None


def system_timeline(connection: Connection, book: RuleBook, viewer: Actor, number: str) -> list[ShownEntry]:
    """NotFound when there is no such ticket, or it is not this system's to see."""
    return _entries(connection, book, view_ticket(connection, book, viewer, number))


def system_changes(
    connection: Connection, book: RuleBook, viewer: Actor, number: str, version: int
) -> list[ShownEntry]:
    """What the system may see of what happened after this version of its own."""
    found = find_known(connection, book, viewer, number)
    last = version_of(found.organisation, found.known.events, book).event_of(version)
    view = view_found(book, viewer, found)
    shown = _entries(connection, book, view)
    return [line for entry, line in zip(view.entries, shown, strict=True) if entry.event.seq > last]


def _entries(connection: Connection, book: RuleBook, view: TicketView) -> list[ShownEntry]:
    names = names_of_own(connection, book, view.organisation)
    positions = {entry.event.seq: position for position, entry in enumerate(view.entries, start=1)}
    return [_entry(entry, view, positions, names, book) for entry in view.entries]


def names_of_own(connection: Connection, book: RuleBook, organisation: str) -> dict[str, str]:
    """Actor -> name, of the organisation's own people and systems."""
    people = {
        f"person:{person.key}": person.name
        for person in book.installation.people.values()
        if organisation in organisations_of(person, book.installation)
    }
    return people | {f"client:{client.key}": client.name for client in all_clients(connection, organisation)}


def _entry(
    entry: Entry, view: TicketView, positions: Mapping[int, int], names: Mapping[str, str], book: RuleBook
) -> ShownEntry:
    event, payload = entry.event, entry.event.payload
    named = _texts_of(view.access, event)
    return ShownEntry(
        position=positions[event.seq],
        kind=event.kind,
        at=event.occurred_at,
        party=_party(entry, view.access, names, book),
        name=names.get(event.actor),
        readers=entry.audience,
        texts={named[field]: text for field, text in entry.texts.items() if field in named},
        resolution_code=payload.given.get("resolution_code") if isinstance(payload, Moved) else None,
        priority=payload.priority if isinstance(payload, PriorityChanged) else None,
        reference=payload.reference if isinstance(payload, ReferenceGiven) else None,
        clock=payload.clock.partition("/")[0] if isinstance(payload, PromiseWarned) else None,
        share=payload.share if isinstance(payload, PromiseWarned) else None,
        file=ShownFile(positions[event.seq], payload.media_type, payload.size)
        if isinstance(payload, AttachmentAdded)
        else None,
        correction=event.amends is not None,
        corrects=positions.get(event.amends or 0),
    )


def _texts_of(access: Access, event: Event) -> dict[str, str]:
    """Field -> what the API calls it."""
    named = TO_SUPPLIERS if access is Access.SUPPLIER else TO_MUNICIPALITIES
    if isinstance(event.payload, AttachmentAdded):
        return {"file_name": "file_name"}
    entry = event.payload.entry if isinstance(event.payload, EntryAdded) else ""
    return {**named, "body": BODIES.get(entry, "note")} if entry else named


def _party(entry: Entry, access: Access, names: Mapping[str, str], book: RuleBook) -> str:
    if entry.event.actor.startswith(SYSTEMS):
        return "system"
    if entry.event.actor.startswith(REQUESTER):
        return "requester"
    if access is Access.SUPPLIER:
        return "supplier" if entry.event.actor in names else "customer"
    found = book.installation.organisations.get(entry.organisation)
    return str(found.kind if found else OrganisationKind.MUNICIPALITY)
