"""Reading a ticket's journal and the personal texts it speaks of."""

from collections.abc import Collection

from sqlalchemy import Connection, and_, bindparam, select

from servicedesk.core.events import Event, event_from
from servicedesk.store.journal import JournalRow, PersonalText

# Built once: they are asked with every ticket that is shown, and building them costs more than asking.
_BODIES = select(JournalRow.body).where(JournalRow.ticket_id == bindparam("ticket")).order_by(JournalRow.seq)
_KNOWN = (
    select(JournalRow.seq, JournalRow.body, PersonalText.field, PersonalText.text)
    .outerjoin(PersonalText, and_(PersonalText.ticket_id == bindparam("ticket"), PersonalText.seq == JournalRow.seq))
    .where(JournalRow.ticket_id == bindparam("ticket"))
    .order_by(JournalRow.seq)
)
_TEXTS = select(PersonalText.seq, PersonalText.field, PersonalText.text).where(
    PersonalText.ticket_id == bindparam("ticket")
)


def events_of(connection: Connection, ticket_id: int) -> list[Event]:
    """A ticket's events in order of seq."""
    return [event_from(body) for body in connection.execute(_BODIES, {"ticket": ticket_id}).scalars()]


def journals_of(connection: Connection, ticket_ids: Collection[int]) -> dict[int, list[Event]]:
    """The same of several tickets, by their ids."""
    query = select(JournalRow.ticket_id, JournalRow.body).where(JournalRow.ticket_id.in_(ticket_ids))
    found: dict[int, list[Event]] = {ticket_id: [] for ticket_id in ticket_ids}
    for ticket_id, body in connection.execute(query.order_by(JournalRow.ticket_id, JournalRow.seq)):
        found[ticket_id].append(event_from(body))
    return found


def events_and_texts_of(
    connection: Connection, ticket_id: int
) -> tuple[list[Event], dict[tuple[int, str], str | None]]:
    """`events_of` and `texts_of`, in one query."""
    events: list[Event] = []
    texts: dict[tuple[int, str], str | None] = {}
    for seq, body, name, text in connection.execute(_KNOWN, {"ticket": ticket_id}):
        if not events or events[-1].seq != seq:
            events.append(event_from(body))
        if name is not None:
            texts[seq, name] = text
    return events, texts


def event_at(connection: Connection, ticket_id: int, seq: int) -> Event:
    query = select(JournalRow.body).where(JournalRow.ticket_id == ticket_id, JournalRow.seq == seq)
    return event_from(connection.execute(query).scalar_one())


def texts_of(connection: Connection, ticket_id: int) -> dict[tuple[int, str], str | None]:
    """(seq, field) -> the text, None where it has been erased."""
    return {(seq, name): text for seq, name, text in connection.execute(_TEXTS, {"ticket": ticket_id})}
