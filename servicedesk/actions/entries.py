"""What people write on a ticket outside a step: replies, notes, words for the supplier. Each has an audience."""

from collections.abc import Sequence

from servicedesk.actions.attachments import Upload, attach
from servicedesk.actions.desk import Desk
from servicedesk.actions.once import Once
from servicedesk.actions.opened import Expected, Open
from servicedesk.actions.work import Work, unit_of_work
from servicedesk.core.errors import Invalid
from servicedesk.core.events import EntryAdded, MunicipalityChanged
from servicedesk.core.facts import Actor
from servicedesk.core.inputs import clean_texts
from servicedesk.core.mentions import mentionable, mentioned
from servicedesk.core.rights import Right, require
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Audience, Tier
from servicedesk.core.workflows.guards import supplier_known
from servicedesk.store.queries.tickets import Known
from servicedesk.store.rulebook import RuleBook

Files = Sequence[Upload]

RIGHT_OF: dict[tuple[str, Audience], Right] = {
    ("reply", Audience.REQUESTER): Right.REPLY,
    ("note", Audience.MUNICIPALITY): Right.NOTE,
    ("note", Audience.JOINT): Right.NOTE_TO_JOINT,
    ("supplier_note", Audience.SUPPLIER): Right.NOTE_TO_SUPPLIER,
    ("update", Audience.JOINT): Right.NOTE_TO_JOINT,
    ("update", Audience.SUPPLIER): Right.NOTE_TO_SUPPLIER,
    ("supplier_description", Audience.SUPPLIER): Right.DESCRIBE_FOR_SUPPLIER,
}


def reply(
    desk: Desk,
    number: str,
    text: str,
    *,
    actor: Actor,
    files: Files = (),
    expected: Expected | None = None,
    once: Once | None = None,
) -> TicketState:
    """A reply to the requester. Seen by the requester, the municipality and, once escalated, the joint tier."""
    return _add(desk, number, "reply", Audience.REQUESTER, text, files, actor, expected, once)


def note(
    desk: Desk,
    number: str,
    text: str,
    *,
    actor: Actor,
    to_joint: bool = False,
    files: Files = (),
    expected: Expected | None = None,
    once: Once | None = None,
) -> TicketState:
    """An internal note, for the municipality alone or for the joint tier as well. Suppliers never see it."""
    audience = Audience.JOINT if to_joint else Audience.MUNICIPALITY
    return _add(desk, number, "note", audience, text, files, actor, expected, once)


def for_the_same_readers(version: int) -> Expected:
    """Of a note, which takes nothing from anybody: whatever has changed since this version of an insider's page, but
    not whose ticket it is. A page that shows no version has shown nobody."""

    def are_the_same(known: Known, book: RuleBook) -> bool:
        since = (event for event in known.events if event.seq > version)
        return version > 0 and not any(isinstance(event.payload, MunicipalityChanged) for event in since)

    return are_the_same


def note_to_supplier(
    desk: Desk,
    number: str,
    text: str,
    *,
    actor: Actor,
    files: Files = (),
    expected: Expected | None = None,
    once: Once | None = None,
) -> TicketState:
    """A note between the joint tier and the supplier, either way."""
    return _add(desk, number, "supplier_note", Audience.SUPPLIER, text, files, actor, expected, once)


def update(
    desk: Desk,
    number: str,
    text: str,
    *,
    actor: Actor,
    expected: Expected | None = None,
    once: Once | None = None,
) -> TicketState:
    """How it goes, to whoever is to hear it from this actor."""
    return _add(desk, number, "update", progress_for(actor), text, (), actor, expected, once)


def progress_for(actor: Actor) -> Audience:
    """Who is told how it goes, when this actor tells it: the joint tier by a supplier; by a municipality all who
    may have its ticket but suppliers. It ends the silence that an update interval measures, as all words do."""
    outside = all(seat.tier is Tier.SUPPLIER for seat in actor.seats)
    return Audience.SUPPLIER if outside else Audience.JOINT


def describe_for_supplier(
    desk: Desk, number: str, text: str, *, actor: Actor, expected: Expected | None = None, once: Once | None = None
) -> TicketState:
    """The description the supplier reads instead of the requester's words; the latest one counts."""
    return _add(desk, number, "supplier_description", Audience.SUPPLIER, text, (), actor, expected, once)


def _add(
    desk: Desk,
    number: str,
    entry: str,
    audience: Audience,
    text: str,
    files: Files,
    actor: Actor,
    expected: Expected | None,
    once: Once | None,
) -> TicketState:
    with unit_of_work(desk, once) as work:
        held = work.open_ticket(number, actor=actor, expected=expected)
        add_entry(work, held, entry, audience, text, files=files, actor=actor)
        return held.ticket


def add_entry(
    work: Work, held: Open, entry: str, audience: Audience, text: str, *, files: Files = (), actor: Actor
) -> None:
    """The same within a unit of work. Where there are files, there need be no words."""
    require(RIGHT_OF[entry, audience], held.ticket, actor)
    supplier = _supplier(held.ticket) if audience is Audience.SUPPLIER else ""
    write_entry(work, held, entry, audience, supplier, text, files, actor=actor)


def write_entry(
    work: Work, held: Open, entry: str, audience: Audience, supplier: str, text: str, files: Files, *, actor: Actor
) -> None:
    """The same for whoever may."""
    body = clean_texts({"body": text}).get("body")
    if not body and not files:
        raise Invalid({"body": ["Write something first."]})
    if body:
        installation = work.book.installation
        readers = mentionable(actor, held.ticket, audience, supplier, installation) if "@" in body else []
        mentions = [person.key for person in mentioned(body, readers, installation.teams)]
        work.record(held, EntryAdded(entry, audience, supplier, mentions), {"body": body}, actor=actor)
    attach(work, held, files, audience, supplier, actor=actor)


def _supplier(ticket: TicketState) -> str:
    """Whose eyes it is for: a description written before the ticket has come to a supplier is read by the service's own
    when it does. Refusal `no_supplier` where there is none to read it."""
    if ticket.holder.tier is Tier.SUPPLIER:
        return ticket.holder.organisation
    if refusal := supplier_known(ticket, {}):
        raise refusal
    return ticket.supplier
