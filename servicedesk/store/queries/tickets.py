"""One ticket as its viewer may see it: facts, texts, timeline, clocks, custody, links, and what can be done."""

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from servicedesk.core.codec import from_json
from servicedesk.core.errors import NotFound
from servicedesk.core.events import Addressed, ContactCorrected, Event, Moved
from servicedesk.core.facts import Actor
from servicedesk.core.figures import Effect, effects, seen
from servicedesk.core.fold import fold
from servicedesk.core.rights import Right, rights_of
from servicedesk.core.ticket import Clock, Custody, TicketState
from servicedesk.core.visibility import (
    LANGUAGE,
    PERSON,
    Access,
    SeenEvent,
    Timeline,
    access_of,
    best_access,
    person_in,
    view_of,
    visible_clocks,
)
from servicedesk.core.vocabulary import Audience, RequesterKind, Role, Tier
from servicedesk.core.workflows import engine as workflow
from servicedesk.core.workflows.definition import State
from servicedesk.store.queries.journal import events_and_texts_of, events_of
from servicedesk.store.queries.lines import title_of
from servicedesk.store.queries.versions import last_event_of, version_seen
from servicedesk.store.queries.visible import own_ticket, tickets_visible_to, visible_tickets
from servicedesk.store.rulebook import RuleBook
from servicedesk.store.tickets import Ticket


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline. `position`: the how-manyth it is to this viewer, and what pages call it: the journal's
    own numbers tell of what one may not see. `actor` is '' where the viewer may not know who; then `organisation` says
    whose.

    `texts`: field -> what was written, None where it has been erased. `audience`: who else sees it; where that is a
    `supplier`, `supplier_texts` are those that it reads.
    """

    position: int
    event: Event
    actor: str
    organisation: str
    texts: dict[str, str | None]
    audience: Audience
    supplier: str = ""
    supplier_texts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Requester:
    """The municipality's eyes only. `person`: the key of the employee who sees it signed in; '' for nobody.
    `language`: the one that they read, as it was logged; '' where that was not said."""

    kind: RequesterKind
    name: str
    contact: str
    person: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class TicketView:
    """Everything a page or the API shows of a ticket. What is not here is not shown to this viewer.

    A supplier's view has no requester, subject, impact, platform case or links, the clocks and custody of its own
    contract only, and `description` is the one approved for it. `version` is what a conditional write is checked with.
    `effects`: the last event of every correction -> what it changed of what this viewer sees.
    """

    number: str
    access: Access
    organisation: str
    version: int
    title: str
    description: str
    requester: Requester | None
    ticket: TicketState
    state: State
    clocks: list[Clock]
    custody: list[Custody]
    entries: list[Entry]
    links: list[tuple[str, str]]
    options: list[workflow.Option]
    rights: list[Right]
    effects: dict[int, Effect] = field(default_factory=dict)

    @property
    def is_outside(self) -> bool:
        """A supplier looking at a ticket that others have."""
        return self.access is Access.SUPPLIER and self.ticket.holder.organisation != self.organisation


Texts = dict[tuple[int, str], str | None]


@dataclass(frozen=True, slots=True)
class Known:
    """All that there is of a ticket: its fold, its events in order of seq, its texts."""

    ticket: TicketState
    events: list[Event]
    texts: Texts


@dataclass(frozen=True, slots=True)
class Found:
    """A ticket found to be somebody's to see: with which access, through which organisation, and what it is linked to
    that they see too."""

    known: Known
    access: Access
    organisation: str
    links: list[tuple[str, str]]


FOUND = (Ticket.id, Ticket.state_json)
IS_ASKED_FOR = Ticket.number == bindparam("number")


def find_ticket(connection: Connection, viewer: Actor, number: str) -> tuple[int, TicketState, Access, str]:
    """(id, fold, access, organisation it is seen through). NotFound when it does not exist or is not theirs to see."""
    is_requester = viewer.kind == Role.REQUESTER
    query = own_ticket(viewer, *FOUND).where(IS_ASKED_FOR) if is_requester else _finding(viewer.organisations)
    # An address may hold characters that no database takes.
    row = connection.execute(query, {"number": number}).first() if number.isprintable() else None
    ticket = from_json(TicketState, row.state_json) if row else None
    seen = access_of(ticket, viewer) if ticket else None
    if row is None or ticket is None or seen is None:
        raise NotFound("There is no ticket %(number)s.", number=number)
    return row.id, ticket, *seen


@lru_cache(maxsize=256)
def _finding(organisations: frozenset[str]) -> Select[Any]:
    """Built once for those who ask again and again: building costs more than finding."""
    return tickets_visible_to(organisations, *FOUND).where(IS_ASKED_FOR)


def state_of(connection: Connection, number: str) -> TicketState:
    """The fold of a ticket, for operators at the command line; nobody's view."""
    text = connection.execute(select(Ticket.state_json).where(Ticket.number == number)).scalar()
    if text is None:
        raise NotFound("There is no ticket %(number)s.", number=number)
    return from_json(TicketState, text)


def view_ticket(connection: Connection, book: RuleBook, viewer: Actor, number: str, upto: int = 0) -> TicketView:
    """The whole ticket in three queries; as it was at the event `upto`, if that is not the last."""
    return view_found(book, viewer, find_known(connection, book, viewer, number, upto))


def find_known(connection: Connection, book: RuleBook, viewer: Actor, number: str, upto: int = 0) -> Found:
    """All of it, for those who look at more of it than the view. NotFound as `find_ticket`."""
    ticket_id, ticket, access, organisation = find_ticket(connection, viewer, number)
    known = Known(ticket, *events_and_texts_of(connection, ticket_id))
    if 0 < upto < ticket.seq:
        events = [event for event in known.events if event.seq <= upto]
        known = Known(fold(events, book), events, known.texts)
        access, organisation = best_access(known.ticket, viewer.organisations) or (access, organisation)
    links = [] if access is Access.SUPPLIER else _links(connection, viewer, known.ticket)
    return Found(known, access, organisation, links)


def found_known(viewer: Actor, known: Known) -> Found:
    """The same without its links, for whoever has the ticket in hand and need not read it."""
    seen = best_access(known.ticket, viewer.organisations)
    if seen is None:
        raise NotFound("There is no ticket %(number)s.", number=known.ticket.number)
    return Found(known, *seen, links=[])


def view_found(book: RuleBook, viewer: Actor, found: Found) -> TicketView:
    access, organisation = found.access, found.organisation
    ticket, events, texts = found.known.ticket, found.known.events, found.known.texts
    definition = book.definition(ticket.workflow_version)
    return TicketView(
        number=ticket.number,
        access=access,
        organisation=organisation,
        version=version_seen(ticket, (access, organisation), lambda: events, book),
        title=title_of(subject_of(ticket, texts, access, organisation)),
        description=description_of(ticket, texts, access, organisation) or "",
        requester=_requester(ticket, texts) if access is Access.MUNICIPALITY else None,
        ticket=ticket,
        state=definition.states[ticket.state],
        clocks=visible_clocks(ticket, access, organisation),
        custody=custody_seen(ticket, access, organisation),
        entries=_entries(events, texts, access, organisation),
        links=found.links,
        options=workflow.options(definition, ticket, viewer, book.parties),
        rights=rights_of(ticket, viewer),
        effects={seq: seen(each, ticket, access, organisation) for seq, each in effects(events, book).items()},
    )


def custody_seen(ticket: TicketState, access: Access, organisation: str) -> list[Custody]:
    """A supplier sees only its own."""
    outside = access is Access.SUPPLIER
    return [each for each in ticket.custody if not outside or each.holder.organisation == organisation]


def subject_of(ticket: TicketState, texts: Texts, access: Access, organisation: str) -> str | None:
    if access is Access.SUPPLIER:
        return _supplier_description(ticket, texts, organisation)
    return texts.get((1, "subject"))


def description_of(ticket: TicketState, texts: Texts, access: Access, organisation: str) -> str | None:
    if access is Access.SUPPLIER:
        return _supplier_description(ticket, texts, organisation)
    return texts.get((1, "description"))


def _supplier_description(ticket: TicketState, texts: Texts, organisation: str) -> str | None:
    seq = ticket.descriptions.get(organisation, 0)
    return texts.get((seq, "supplier_description")) or texts.get((seq, "body"))


def _requester(ticket: TicketState, texts: Texts) -> Requester:
    """As it was last corrected, of what had happened by then."""
    latest = {field: text or "" for (seq, field), text in sorted(texts.items(), key=_by_seq) if seq <= ticket.seq}
    name, contact, person = (latest.get(field, "") for field in ("requester_name", "requester_contact", PERSON))
    return Requester(ticket.requester_kind, name, contact, person_in(person), latest.get(LANGUAGE, ""))


def _by_seq(text: tuple[tuple[int, str], str | None]) -> int:
    return text[0][0]


def _entries(events: list[Event], texts: Texts, access: Access, organisation: str) -> list[Entry]:
    timeline = Timeline(events)
    suppliers, told = _supplier_readers(events, timeline), _told_to_requester(events, timeline)
    seen = filter(None, (timeline.seen(event, access, organisation) for event in events))
    return [
        _entry(position, each, texts, *suppliers.get(each.event.seq, ("", frozenset())), each.event.seq in told)
        for position, each in enumerate(seen, start=1)
    ]


def _entry(
    position: int, seen: SeenEvent, texts: Texts, supplier: str, supplier_texts: frozenset[str], is_told: bool
) -> Entry:
    event = seen.event
    return Entry(
        position=position,
        event=event,
        actor=event.actor if seen.names_actor else "",
        organisation=seen.event.party or seen.holder.organisation,
        texts={field: texts.get((event.seq, field)) for field in sorted(seen.texts)},
        audience=audience_of(event, supplier, is_told=is_told),
        supplier=supplier,
        supplier_texts=supplier_texts,
    )


def _supplier_readers(events: list[Event], timeline: Timeline) -> dict[int, tuple[str, frozenset[str]]]:
    """seq -> the supplier that sees the event, and which of its texts: each supplier's own view, read backwards."""
    suppliers = {event.payload.supplier for event in events if isinstance(event.payload, Addressed)}
    suppliers |= {
        event.payload.holder.organisation
        for event in events
        if isinstance(event.payload, Moved) and event.payload.holder and event.payload.holder.tier is Tier.SUPPLIER
    }
    return {
        event.seq: (supplier, seen.texts)
        for supplier in sorted(suppliers - {""})
        for event in events
        if (seen := timeline.seen(event, Access.SUPPLIER, supplier))
    }


def _told_to_requester(events: list[Event], timeline: Timeline) -> set[int]:
    """The seqs of what the requester reads words of."""
    seen = (timeline.seen(event, Access.REQUESTER, "") for event in events)
    return {each.event.seq for each in seen if each and each.texts}


def audience_of(event: Event, supplier: str, *, is_told: bool = False) -> Audience:
    """Who sees an entry at most: written ones say so themselves, steps that touch a supplier are seen by it, those with
    words to the requester by them. How the requester is reached stays with the municipality."""
    if isinstance(event.payload, Addressed):
        return event.payload.audience
    if isinstance(event.payload, ContactCorrected):
        return Audience.MUNICIPALITY
    if is_told and not supplier:
        return Audience.REQUESTER
    return Audience.SUPPLIER if supplier else Audience.JOINT


def numbers_seen(connection: Connection, viewer: Actor, numbers: Collection[str]) -> set[str]:
    """Those of these numbers that are of tickets which the viewer may see."""
    if not numbers:
        return set()
    return set(connection.execute(visible_tickets(viewer, Ticket.number).where(Ticket.number.in_(numbers))).scalars())


def _links(connection: Connection, viewer: Actor, ticket: TicketState) -> list[tuple[str, str]]:
    """(relation, number) of linked tickets that the viewer may see."""
    seen = numbers_seen(connection, viewer, {link.number for link in ticket.links})
    return [(link.relation, link.number) for link in ticket.links if link.number in seen]


def ticket_now(connection: Connection, book: RuleBook, viewer: Actor, number: str) -> tuple[TicketState, int]:
    """The ticket and the `version` of its view, for those who ask for nothing else of it."""
    ticket_id, ticket, access, organisation = find_ticket(connection, viewer, number)
    return ticket, version_seen(ticket, (access, organisation), partial(events_of, connection, ticket_id), book)


def changes_since(connection: Connection, book: RuleBook, viewer: Actor, number: str, version: int) -> list[Entry]:
    """What has happened that this viewer may see since they opened the ticket: told to the second of two people."""
    ticket_id, _, access, organisation = find_ticket(connection, viewer, number)
    events, texts = events_and_texts_of(connection, ticket_id)
    known = last_event_of(version, (access, organisation), lambda: events, book)
    return [entry for entry in _entries(events, texts, access, organisation) if entry.event.seq > known]


def ticket_at(connection: Connection, book: RuleBook, viewer: Actor, number: str, version: int) -> TicketState | None:
    """The ticket as this viewer saw it when it had this version to them; None before there was any."""
    ticket_id, _, access, organisation = find_ticket(connection, viewer, number)
    events = events_of(connection, ticket_id)
    known = last_event_of(version, (access, organisation), lambda: events, book)
    seen = (each.event.seq for each in view_of(events, access, organisation) if each.event.seq <= known)
    last = max(seen, default=0)
    return fold([event for event in events if event.seq <= last], book) if last else None
