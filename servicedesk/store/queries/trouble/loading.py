"""Whole tickets, a page at a time: a handful of queries however many there are."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from servicedesk.core.errors import NotFound
from servicedesk.core.events import Event, event_from
from servicedesk.core.facts import Actor
from servicedesk.core.fold import fold
from servicedesk.core.ticket import TicketState
from servicedesk.core.visibility import Access, best_access
from servicedesk.store.attachments import Attachment
from servicedesk.store.journal import JournalRow, PersonalText
from servicedesk.store.queries.journal import events_of
from servicedesk.store.queries.systems.timeline import names_of_own
from servicedesk.store.queries.tickets import Texts, find_ticket
from servicedesk.store.queries.trouble.shown import Material, TroubleTicket, shown
from servicedesk.store.queries.visible import visible_tickets
from servicedesk.store.rulebook import RuleBook
from servicedesk.store.tickets import Ticket


@dataclass
class _Kept:
    """What is stored of each of some tickets."""

    events: Mapping[int, list[Event]] = field(default_factory=lambda: defaultdict(list))
    texts: Mapping[int, Texts] = field(default_factory=lambda: defaultdict(dict))
    gone: Mapping[int, set[int]] = field(default_factory=lambda: defaultdict(set))


def trouble_ticket(connection: Connection, book: RuleBook, viewer: Actor, number: str, upto: int = 0) -> TroubleTicket:
    """NotFound when it does not exist or is not theirs to see. As it was at the event `upto`, if that is not the
    last."""
    ticket_id, ticket, *_ = find_ticket(connection, viewer, number)
    if 0 < upto < ticket.seq:
        ticket = fold([event for event in events_of(connection, ticket_id) if event.seq <= upto], book)
    [found] = whole(connection, book, viewer, {ticket_id: ticket})
    return found


def whole(
    connection: Connection, book: RuleBook, viewer: Actor, tickets: Mapping[int, TicketState]
) -> list[TroubleTicket]:
    """These tickets, found to be the viewer's to see, in the order given."""
    kept = _kept(connection, tickets.keys())
    linked = _linked(connection, viewer, tickets.values())
    own: dict[str, dict[str, str]] = {}
    found = []
    for ticket_id, ticket in tickets.items():
        seen = best_access(ticket, viewer.organisations)
        if seen is None:
            raise NotFound("There is no ticket %(number)s.", number=ticket.number)
        access, organisation = seen
        if organisation not in own:
            own[organisation] = names_of_own(connection, book, organisation)
        material = Material(
            ticket,
            access,
            organisation,
            [event for event in kept.events[ticket_id] if event.seq <= ticket.seq],
            kept.texts[ticket_id],
            frozenset(kept.gone[ticket_id]),
            frozenset() if access is Access.SUPPLIER else linked,
        )
        found.append(shown(material, book, own[organisation]))
    return found


def _kept(connection: Connection, ids: Collection[int]) -> _Kept:
    kept = _Kept()
    if not ids:
        return kept
    events = select(JournalRow.ticket_id, JournalRow.body).where(JournalRow.ticket_id.in_(ids))
    for ticket_id, body in connection.execute(events.order_by(JournalRow.ticket_id, JournalRow.seq)):
        kept.events[ticket_id].append(event_from(body))
    columns = PersonalText.ticket_id, PersonalText.seq, PersonalText.field, PersonalText.text
    for ticket_id, seq, name, text in connection.execute(select(*columns).where(PersonalText.ticket_id.in_(ids))):
        kept.texts[ticket_id][seq, name] = text
    gone = select(Attachment.ticket_id, Attachment.seq).where(Attachment.ticket_id.in_(ids))
    for ticket_id, seq in connection.execute(gone.where(Attachment.erased_at.is_not(None))):
        kept.gone[ticket_id].add(seq)
    return kept


def _linked(connection: Connection, viewer: Actor, tickets: Iterable[TicketState]) -> frozenset[str]:
    """Of the tickets that these are linked to, those that the viewer may see."""
    numbers = {link.number for ticket in tickets for link in ticket.links}
    if not numbers:
        return frozenset()
    seen = visible_tickets(viewer, Ticket.number).where(Ticket.number.in_(numbers))
    return frozenset(connection.execute(seen).scalars())
