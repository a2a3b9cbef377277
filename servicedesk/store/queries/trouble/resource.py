"""A ticket as a TroubleTicket of TMF621. What has no value is left out."""

from collections.abc import Iterator
from typing import Any

from servicedesk.core import tmf621
from servicedesk.core.codec import stamp
from servicedesk.store.queries.trouble.shown import File, Note, Ref, StatusChanged, TroubleTicket

Json = dict[str, Any]


# Every attribute that a ticket can have here.
ATTRIBUTES = (
    "id",
    "href",
    "creationDate",
    "description",
    "expectedResolutionDate",
    "externalId",
    "lastUpdate",
    "name",
    "priority",
    "resolutionDate",
    "severity",
    "statusChangeDate",
    "statusChangeReason",
    "ticketType",
    "attachment",
    "channel",
    "note",
    "relatedEntity",
    "relatedParty",
    "status",
    "statusChange",
    "troubleTicketRelationship",
    "@type",
)


def href_of(number: str) -> str:
    return f"{tmf621.PREFIX}/troubleTicket/{number}"


def represent(ticket: TroubleTicket, fields: frozenset[str] | None = None) -> Json:
    """All of it, or exactly the attributes in `fields` that it has."""
    whole = {name: value for name, value in _attributes(ticket) if value not in (None, "", [])}
    return whole if fields is None else {name: value for name, value in whole.items() if name in fields}


def _attributes(ticket: TroubleTicket) -> Iterator[tuple[str, Any]]:
    last = next((each for each in reversed(ticket.changes) if each.at), None)
    yield "id", ticket.number
    yield "href", href_of(ticket.number)
    yield "creationDate", stamp(ticket.opened_at)
    yield "description", ticket.description
    yield "expectedResolutionDate", ticket.due_at and stamp(ticket.due_at)
    yield "externalId", ticket.reference
    yield "lastUpdate", stamp(ticket.updated_at)
    yield "name", ticket.title
    yield "priority", tmf621.PRIORITIES[ticket.priority]
    yield "resolutionDate", ticket.resolved_at and stamp(ticket.resolved_at)
    yield "severity", tmf621.SEVERITIES[ticket.priority]
    yield "statusChangeDate", last and last.at and stamp(last.at)
    yield "statusChangeReason", last and last.reason
    yield "ticketType", tmf621.type_of(ticket.workflow)
    yield "attachment", [_attachment(ticket.number, each) for each in ticket.files]
    yield "channel", ticket.channel and {"id": ticket.channel, "name": ticket.channel, "@type": "ChannelRef"}
    yield "note", [note_of(each) for each in ticket.notes]
    yield "relatedEntity", list(_entities(ticket))
    yield "relatedParty", list(_parties(ticket))
    yield "status", ticket.status
    yield "statusChange", [_change(each) for each in ticket.changes]
    yield "troubleTicketRelationship", [_relationship(*each) for each in ticket.links]
    yield "@type", "TroubleTicket"


def note_of(note: Note) -> Json:
    return {
        "id": note_id(note),
        "author": note.author,
        "date": stamp(note.at),
        "text": note.text,
        "@baseType": "Note",
        "@type": tmf621.NOTE_TYPES[note.kind],
    }


def note_id(note: Note) -> str:
    return f"{note.position}-{note.kind}"


def attachment_id(file: File) -> str:
    return str(file.position)


def _attachment(number: str, file: File) -> Json:
    address = f"/api/v1/tickets/{number}/attachments/{file.position}"
    return {
        "id": attachment_id(file),
        "href": address,
        "url": address,
        "mimeType": file.media_type,
        "name": file.name,
        "size": {"amount": file.size, "units": "byte"},
        "@type": "AttachmentRefOrValue",
        "@referredType": "Attachment",
    }


def _entities(ticket: TroubleTicket) -> Iterator[Json]:
    yield _ref(ticket.service, "service", tmf621.SERVICE)
    if ticket.e_service:
        yield _ref(ticket.e_service, "eService", tmf621.E_SERVICE)
    if ticket.platform_case:
        yield _ref(Ref(ticket.platform_case, ""), "platformCase", tmf621.CASE)


def _parties(ticket: TroubleTicket) -> Iterator[Json]:
    yield _ref(ticket.municipality, "customer", "Organization")
    if ticket.holder:
        yield _ref(ticket.holder, "owner", "Organization")


def _ref(ref: Ref, role: str, kind: str) -> Json:
    named = {"name": ref.name} if ref.name else {}
    return {"id": ref.key, **named, "role": role, "@referredType": kind}


def _change(change: StatusChanged) -> Json:
    found = {"changeDate": change.at and stamp(change.at), "changeReason": change.reason, "status": change.status}
    return {**{name: value for name, value in found.items() if value}, "@type": "StatusChange"}


def _relationship(relation: str, number: str) -> Json:
    kind = next((said for known, said in tmf621.RELATIONSHIPS.items() if known == relation), relation)
    return {"id": number, "href": href_of(number), "relationshipType": kind, "@type": "TroubleTicketRelationship"}
