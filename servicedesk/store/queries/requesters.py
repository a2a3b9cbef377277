"""A ticket as whoever asked may see it: by the same predicate as everybody else, for one ticket and no list."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select
from sqlalchemy.orm import aliased

from servicedesk.core.codec import from_json
from servicedesk.core.errors import NotFound
from servicedesk.core.events import AttachmentAdded, Event, Moved
from servicedesk.core.facts import Actor, Installation
from servicedesk.core.ticket import Clock, TicketState
from servicedesk.core.timers import timed_of
from servicedesk.core.visibility import LANGUAGE, PERSON, Access, person_in, view_of, visible_clocks
from servicedesk.core.vocabulary import Category, Language, Verb, WaitsOn
from servicedesk.core.workflows import engine as workflow
from servicedesk.core.workflows.definition import Definition, State
from servicedesk.store.attachments import Attachment
from servicedesk.store.journal import PersonalText
from servicedesk.store.queries.journal import events_of, texts_of
from servicedesk.store.queries.tickets import find_ticket
from servicedesk.store.queries.visible import tickets_asked_by
from servicedesk.store.requesters import RequesterLink
from servicedesk.store.rulebook import RuleBook
from servicedesk.store.tickets import Ticket


@dataclass(frozen=True, slots=True)
class FoundLink:
    """`language`: chosen on the page, '' where none has been. `said_language`: as it was logged."""

    number: str
    closed_at: datetime | None
    given_at: datetime
    language: str
    said_language: str | None
    opened_at: datetime | None
    ticket_id: int


def find_link(connection: Connection, token_hash: str) -> FoundLink | None:
    link = RequesterLink
    said = _said_language(link.ticket_id).scalar_subquery()
    columns = (Ticket.number, Ticket.closed_at, link.given_at, link.language, said, link.opened_at, link.ticket_id)
    query = select(*columns).join(Ticket, Ticket.id == RequesterLink.ticket_id)
    row = connection.execute(query.where(RequesterLink.token_hash == token_hash)).first()
    return FoundLink(*row) if row else None


def has_link(connection: Connection, number: str) -> bool:
    """Whether the ticket has one; to be asked by those who see the ticket."""
    query = select(RequesterLink.ticket_id).join(Ticket, Ticket.id == RequesterLink.ticket_id)
    return connection.execute(query.where(Ticket.number == number)).first() is not None


def when_opened(connection: Connection, ticket_id: int) -> datetime | None:
    """When the requester last opened their page."""
    query = select(RequesterLink.opened_at).where(RequesterLink.ticket_id == ticket_id)
    found: datetime | None = connection.execute(query).scalar()
    return found


def contact_of(connection: Connection, ticket_id: int) -> str:
    """How the requester is reached, as it was written down; '' where it was not, or has been erased. For the
    municipality's people, and for what is sent."""
    return _latest(connection, ticket_id, "requester_contact")


def _latest(connection: Connection, ticket_id: int, field: str) -> str:
    """As it was last corrected."""
    its = (PersonalText.ticket_id == ticket_id, PersonalText.field == field)
    query = select(PersonalText.text).where(*its).order_by(PersonalText.seq.desc()).limit(1)
    return connection.execute(query).scalar() or ""


def language_of(connection: Connection, installation: Installation, ticket_id: int) -> Language:
    """The one that the requester reads, as far as is known: chosen on their page, said as it was logged, or an
    employee's own."""
    chosen = select(RequesterLink.language).where(RequesterLink.ticket_id == ticket_id)
    kept = connection.execute(chosen).scalar() or connection.execute(_said_language(ticket_id)).scalar()
    person = installation.people.get(person_who_asks(connection, ticket_id)) if not kept else None
    return Language(kept) if kept else person.language if person else Language.SWEDISH


def _said_language(ticket_id: Any) -> Select[Any]:
    its = (PersonalText.ticket_id == ticket_id, PersonalText.seq == 1, PersonalText.field == LANGUAGE)
    return select(PersonalText.text).where(*its)


@dataclass(frozen=True, slots=True)
class OwnTicket:
    """One of somebody's own, as a list shows it. `subject` is None where it has been erased."""

    ticket: TicketState
    subject: str | None


SHOWN = 30


def own_tickets(connection: Connection, viewer: Actor, before: str = "") -> tuple[list[OwnTicket], str]:
    """The newest first, those logged `before` this one alone; and before which the next page begins, '' on the last."""
    query = tickets_asked_by(viewer, Ticket.id, Ticket.state_json, _SUBJECT.label("subject"))
    if before:
        query = query.where(Ticket.id < select(Ticket.id).where(Ticket.number == before).scalar_subquery())
    rows = connection.execute(query.order_by(Ticket.id.desc()).limit(SHOWN + 1)).all()
    found = [OwnTicket(from_json(TicketState, row.state_json), row.subject) for row in rows[:SHOWN]]
    return found, found[-1].ticket.number if len(rows) > SHOWN else ""


_its_text = aliased(PersonalText)
_SUBJECT = (
    select(_its_text.text)
    .where(_its_text.ticket_id == Ticket.id, _its_text.seq == 1, _its_text.field == "subject")
    .scalar_subquery()
)


def find_own(connection: Connection, viewer: Actor, number: str) -> int:
    """The ticket's id. NotFound unless it is one that this person has asked about themselves."""
    query = tickets_asked_by(viewer, Ticket.id).where(Ticket.number == number)
    found: int | None = connection.execute(query).scalar() if number.isprintable() else None
    if found is None:
        raise NotFound("There is no ticket %(number)s.", number=number)
    return found


def person_who_asks(connection: Connection, ticket_id: int) -> str:
    """The key of the employee who has asked; '' where it is nobody's, or has been erased."""
    return person_in(_latest(connection, ticket_id, PERSON))


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was said or happened. `texts`: field -> words, None where they have been erased. `file_size`: of a
    file that is still there, to be had by `event.seq`."""

    event: Event
    texts: dict[str, str | None]
    file_size: int | None = None

    @property
    def is_own(self) -> bool:
        """Whether it is the requester's own, also where somebody wrote it down for them."""
        data = self.event.payload
        return self.event.actor.startswith("requester:") or (isinstance(data, Moved) and data.on_behalf)


@dataclass(frozen=True, slots=True)
class RequesterView:
    """`question`: what the requester is asked now; `closes_at`: when the ticket is closed by itself if nobody says
    anything; `clocks`: what the requester is promised; `verbs`: the steps that are theirs to take now."""

    ticket: TicketState
    state: State
    subject: str
    description: str
    question: str | None
    closes_at: datetime | None
    clocks: list[Clock]
    lines: list[Line]
    verbs: frozenset[Verb]


def view_as_requester(connection: Connection, book: RuleBook, viewer: Actor) -> RequesterView:
    """NotFound for a viewer who is no ticket's requester."""
    ticket_id, ticket, access, _organisation = find_ticket(connection, viewer, viewer.key)
    definition = book.definition(ticket.workflow_version)
    texts = texts_of(connection, ticket_id)
    asked = ticket.question if ticket.question and ticket.question.of is WaitsOn.REQUESTER else None
    options = workflow.options(definition, ticket, viewer, book.parties)
    return RequesterView(
        ticket=ticket,
        state=definition.states[ticket.state],
        subject=texts.get((1, "subject")) or "",
        description=texts.get((1, "description")) or "",
        question=(texts.get((asked.seq, "question")) or "") if asked else None,
        closes_at=_closes_at(ticket, definition, book),
        clocks=visible_clocks(ticket, access, ""),
        lines=_lines(connection, ticket_id, texts, definition),
        verbs=frozenset(option.step.verb for option in options if not option.refusal),
    )


def _closes_at(ticket: TicketState, definition: Definition, book: RuleBook) -> datetime | None:
    closing = {timed.step for timed in definition.timed.values() if timed.verb is Verb.CLOSE}
    return min((timer.due_at for timer in timed_of(ticket, book, book) if timer.rule in closing), default=None)


def _lines(
    connection: Connection, ticket_id: int, texts: dict[tuple[int, str], str | None], definition: Definition
) -> list[Line]:
    there = select(Attachment.seq, Attachment.size).where(Attachment.ticket_id == ticket_id)
    sizes = {row.seq: row.size for row in connection.execute(there.where(Attachment.erased_at.is_(None)))}
    return [
        Line(
            each.event,
            {name: texts.get((each.event.seq, name)) for name in sorted(each.texts)},
            sizes.get(each.event.seq) if isinstance(each.event.payload, AttachmentAdded) else None,
        )
        for each in view_of(events_of(connection, ticket_id), Access.REQUESTER, "")
        if not _is_unfinished(each.event, definition)
    ]


def _is_unfinished(event: Event, definition: Definition) -> bool:
    """A solution that has yet to be looked at, in a process where that happens at the same desk."""
    data = event.payload
    if not isinstance(data, Moved) or data.verb is not Verb.RESOLVE:
        return False
    state = definition.states.get(data.to_state)
    return state is None or state.category not in (Category.RESOLVED, Category.CLOSED)
