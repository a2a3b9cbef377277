"""Reading a ticket's journal and the personal texts it speaks of."""

from sqlalchemy import Connection, select

from servicedesk.core.events import Event, event_from
from servicedesk.store.journal import JournalRow, PersonalText


def events_of(connection: Connection, ticket_id: int) -> list[Event]:
    """A ticket's events in order of seq."""
    query = select(JournalRow.body).where(JournalRow.ticket_id == ticket_id).order_by(JournalRow.seq)
    return [event_from(body) for body in connection.execute(query).scalars()]


def event_at(connection: Connection, ticket_id: int, seq: int) -> Event:
    query = select(JournalRow.body).where(JournalRow.ticket_id == ticket_id, JournalRow.seq == seq)
    return event_from(connection.execute(query).scalar_one())


def texts_of(connection: Connection, ticket_id: int) -> dict[tuple[int, str], str | None]:
    """(seq, field) -> the text, None where it has been erased."""
    query = select(PersonalText.seq, PersonalText.field, PersonalText.text).where(PersonalText.ticket_id == ticket_id)
    return {(seq, name): text for seq, name, text in connection.execute(query)}
