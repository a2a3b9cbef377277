"""Reading a ticket's journal and the personal texts it speaks of."""

from sqlalchemy import Connection, bindparam, select

from servicedesk.core.events import Event, event_from
from servicedesk.store.journal import JournalRow, PersonalText

# Built once: they are asked with every ticket that is shown, and building them costs more than asking.
_BODIES = select(JournalRow.body).where(JournalRow.ticket_id == bindparam("ticket")).order_by(JournalRow.seq)
_TEXTS = select(PersonalText.seq, PersonalText.field, PersonalText.text).where(
    PersonalText.ticket_id == bindparam("ticket")
)


def events_of(connection: Connection, ticket_id: int) -> list[Event]:
    """A ticket's events in order of seq."""
    return [event_from(body) for body in connection.execute(_BODIES, {"ticket": ticket_id}).scalars()]


def event_at(connection: Connection, ticket_id: int, seq: int) -> Event:
    query = select(JournalRow.body).where(JournalRow.ticket_id == ticket_id, JournalRow.seq == seq)
    return event_from(connection.execute(query).scalar_one())


def texts_of(connection: Connection, ticket_id: int) -> dict[tuple[int, str], str | None]:
    """(seq, field) -> the text, None where it has been erased."""
    return {(seq, name): text for seq, name, text in connection.execute(_TEXTS, {"ticket": ticket_id})}
