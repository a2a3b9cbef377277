"""A ticket as TMF621 shows it to a system. A field that is not here is not shown: this is the allow-list.

It narrows what the one predicate (core.visibility) lets through: who the requester is, what has been tried and which
step of whose it is stay behind.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from servicedesk.core.amended import amended
from servicedesk.core.events import (
    AttachmentAdded,
    EntryAdded,
    Event,
    Moved,
    MunicipalityChanged,
    TicketLogged,
    TicketMerged,
    WorkflowChanged,
)
from servicedesk.core.sla import whose
from servicedesk.core.ticket import TicketState
from servicedesk.core.visibility import Access, SeenEvent, changed_at, view_of, visible_clocks
from servicedesk.core.vocabulary import Channel, Metric, TmfStatus, Verb
from servicedesk.core.workflows.definition import Definition
from servicedesk.store.queries.lines import title_of
from servicedesk.store.queries.tickets import Texts, description_of, subject_of
from servicedesk.store.queries.trouble.status import is_near, status_of, status_shown
from servicedesk.store.rulebook import RuleBook


@dataclass(frozen=True, slots=True)
class Ref:
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """`at` is None for a change whose moment this viewer may not know."""

    status: TmfStatus
    at: datetime | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """`position` in the viewer's own timeline; `kind` is the field that it was written in. `author`: one's own by name,
    others by their organisation."""

    position: int
    kind: str
    author: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class File:
    position: int
    name: str
    media_type: str
    size: int
    at: datetime


@dataclass(frozen=True, slots=True)
class TroubleTicket:
    """`holder` is None while a supplier may not know it; channel, e-service, case and links are the
    municipality's. `resolved_at` is when the viewer's own side was done: a supplier's is its solution. `reference` is
    what the viewer's own system calls the ticket."""

    number: str
    title: str
    description: str
    service: Ref
    municipality: Ref
    holder: Ref | None
    workflow: str
    priority: int
    status: TmfStatus
    opened_at: datetime
    updated_at: datetime
    due_at: datetime | None
    resolved_at: datetime | None
    changes: list[StatusChanged]
    notes: list[Note]
    files: list[File]
    e_service: Ref | None = None
    platform_case: str = ""
    reference: str = ""
    channel: Channel | None = None
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Material:
    """All that is known of one ticket, whoever asks. `gone`: the files that have been destroyed. `linked`: the linked
    tickets that this viewer may see."""

    ticket: TicketState
    access: Access
    organisation: str
    events: list[Event]
    texts: Texts
    gone: frozenset[int] = frozenset()
    linked: frozenset[str] = frozenset()


def shown(found: Material, book: RuleBook, names: Mapping[str, str]) -> TroubleTicket:
    """`names`: the viewer's own people and systems, by actor."""
    ticket, access, organisation = found.ticket, found.access, found.organisation
    mine, outside = access is not Access.SUPPLIER, access is Access.SUPPLIER
    seen = list(view_of(found.events, access, organisation))
    state = book.definition(ticket.workflow_version).states[ticket.state]
    status = status_of(ticket, state, access, organisation)
    near = mine or is_near(ticket.holder, organisation)
    return TroubleTicket(
        number=ticket.number,
        title=title_of(subject_of(ticket, found.texts, access, organisation)),
        description=description_of(ticket, found.texts, access, organisation) or "",
        service=_service(book, ticket.service),
        municipality=_organisation(book, ticket.municipality),
        holder=_organisation(book, ticket.holder.organisation) if near else None,
        workflow=ticket.workflow,
        priority=ticket.priority,
        status=status,
        opened_at=ticket.opened_at,
        updated_at=max((changed_at(each.event) for each in seen), default=ticket.opened_at),
        due_at=_due_at(ticket, access, organisation),
        resolved_at=_solved_at(seen) if outside else ticket.resolved_at,
        changes=list(_changes(found, seen, status, book)),
        notes=list(_notes(found, seen, book, names)),
        files=list(_files(found, seen)),
        e_service=_e_service(book, ticket.e_service) if mine and ticket.e_service else None,
        platform_case=ticket.platform_case if mine else "",
        reference=ticket.references.get(organisation, ""),
        channel=ticket.channel if mine else None,
        links=tuple((link.relation, link.number) for link in ticket.links if link.number in found.linked),
    )


def _due_at(ticket: TicketState, access: Access, organisation: str) -> datetime | None:
    """When it is promised to be solved: by a supplier's contract, or to the requester."""
    metric, party = (Metric.CONTRACT, organisation) if access is Access.SUPPLIER else (Metric.RESOLUTION, "")
    clocks = visible_clocks(ticket, access, organisation)
    due = [clock.due_at for clock in clocks if clock.metric is metric and whose(clock.key)[1] == party]
    return max((moment for moment in due if moment), default=None)


def _solved_at(seen: Iterable[SeenEvent]) -> datetime | None:
    """The supplier's last solution, unless it was rejected or work began anew."""
    at = None
    for each in seen:
        data = each.event.payload
        if isinstance(data, Moved) and data.verb is Verb.RESOLVE:
            at = each.event.occurred_at
        elif isinstance(data, Moved) and data.verb in (Verb.REJECT, Verb.HAND_OVER):
            at = None
    return at


def _changes(found: Material, seen: Iterable[SeenEvent], now: TmfStatus, book: RuleBook) -> Iterator[StatusChanged]:
    """Each status that the ticket has come to, in the order in which it happened; last the present one."""
    places = {each.event.seq: each for each in seen}
    definitions = _definitions(found.events, book)
    last: TmfStatus | None = None
    for event in amended(each.event for each in places.values() if not _amends_unseen(each.event, places)):
        key = _state_after(event)
        place = places.get(event.seq)
        if key is None or place is None:
            continue
        state = definitions[event.seq].states[key]
        near = is_near(place.holder, found.organisation)
        status = status_shown(state, found.access, is_near=near, is_solved=last is TmfStatus.RESOLVED)
        if status is not last:
            last = status
            yield StatusChanged(status, event.occurred_at, _reason(found, place))
    if now is not last:
        yield StatusChanged(now, None)


def _amends_unseen(event: Event, places: Mapping[int, SeenEvent]) -> bool:
    return bool(event.amends) and event.amends not in places


def _definitions(events: Iterable[Event], book: RuleBook) -> dict[int, Definition]:
    """seq -> the version of the workflow that the ticket was on after that event."""
    found: dict[int, Definition] = {}
    version = ""
    for event in events:
        if isinstance(event.payload, TicketLogged | WorkflowChanged):
            version = event.payload.workflow_version
        found[event.seq] = book.definition(version)
    return found


def _state_after(event: Event) -> str | None:
    data = event.payload
    if isinstance(data, Moved | TicketMerged):
        return data.to_state
    return data.state if isinstance(data, TicketLogged | MunicipalityChanged | WorkflowChanged) else None


def _reason(found: Material, place: SeenEvent) -> str:
    told = (found.texts.get((place.event.seq, name)) for name in REASONS if name in place.texts)
    return next((text for text in told if text), "")


REASONS = ("reason", "question", "answer", "solution")
DESCRIPTION_ENTRY = "supplier_description"
NOTED = ("body", "question", "answer", "reason", "solution")


def _notes(found: Material, seen: Iterable[SeenEvent], book: RuleBook, names: Mapping[str, str]) -> Iterator[Note]:
    for position, place in enumerate(seen, start=1):
        event, readable = place.event, _readable(place)
        for name in NOTED:
            # None where it has been erased.
            if name in readable and (text := found.texts.get((event.seq, name))):
                author = names.get(event.actor) or _organisation(book, event.party or place.holder.organisation).name
                yield Note(position, name, author, event.occurred_at, text)


def _readable(place: SeenEvent) -> frozenset[str]:
    """The texts of an event that go out: a description is the ticket's own attribute, not a note."""
    data = place.event.payload
    if isinstance(data, EntryAdded) and data.entry == DESCRIPTION_ENTRY:
        return frozenset()
    return place.texts & frozenset(NOTED)


def _files(found: Material, seen: Iterable[SeenEvent]) -> Iterator[File]:
    for position, place in enumerate(seen, start=1):
        data, seq = place.event.payload, place.event.seq
        if isinstance(data, AttachmentAdded) and seq not in found.gone:
            name = found.texts.get((seq, "file_name")) or "file"
            yield File(position, name, data.media_type, data.size, place.event.occurred_at)


def _organisation(book: RuleBook, key: str) -> Ref:
    found = book.installation.organisations.get(key)
    return Ref(key, found.name if found else key)


def _service(book: RuleBook, key: str) -> Ref:
    found = book.installation.services.get(key)
    return Ref(key, found.name if found else key)


def _e_service(book: RuleBook, key: str) -> Ref:
    found = book.installation.e_services.get(key)
    return Ref(key, found.name if found else key)
