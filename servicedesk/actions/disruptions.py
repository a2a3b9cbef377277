"""Telling the public that a service does not work, how it goes, and that it is over.

For whoever declares a major incident too: `declare` is the same within a transaction of one's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection, func, insert, select, update

from servicedesk.actions.desk import Desk
from servicedesk.actions.once import Once, claim, settle
from servicedesk.core.disruptions import require_speaks_for
from servicedesk.core.errors import Invalid, NotFound, Refusal
from servicedesk.core.facts import Actor, Installation
from servicedesk.core.inputs import LONGEST_LINE, LONGEST_TEXT, clean_line, clean_text, too_long
from servicedesk.store.disruptions import DisruptionMessage, DisruptionMunicipality, DisruptionRow
from servicedesk.store.queries.disruptions import disruption_of


@dataclass(frozen=True, slots=True)
class NewDisruption:
    """All of it is for the public. `began_at`: None is now."""

    service: str
    municipalities: Sequence[str]
    title: str
    text: str
    began_at: datetime | None = None


def declare_disruption(desk: Desk, new: NewDisruption, *, actor: Actor, once: Once | None = None) -> str:
    """Its key. Invalid names every field; Refusal `not_yours` where a municipality is not the actor's to speak to."""
    with desk.transaction() as connection:
        book, now = desk.book_and_now(connection)
        if once:
            claim(connection, once, now)
        key = declare(connection, book.installation, new, now, actor=actor)
        if once:
            settle(connection, once, key)
        return key


def declare(
    connection: Connection,
    installation: Installation,
    new: NewDisruption,
    now: datetime,
    *,
    actor: Actor,
    ticket_id: int | None = None,
) -> str:
    """The same within a transaction; `ticket_id` is what it springs from."""
    title, text = checked(new, installation, now)
    require_speaks_for(actor, new.municipalities, installation)
    key = str(uuid4())
    row = {
        "key": key,
        "service": new.service,
        "title": title,
        "began_at": new.began_at or now,
        "updated_at": now,
        "declared_by": _by(actor),
        "ticket_id": ticket_id,
    }
    made = connection.execute(insert(DisruptionRow).values(row).returning(DisruptionRow.id)).scalar_one()
    places = [{"disruption_id": made, "municipality": each} for each in sorted(set(new.municipalities))]
    connection.execute(insert(DisruptionMunicipality), places)
    _add_message(connection, made, text, now, actor)
    return key


def tell_disruption(
    desk: Desk, key: str, text: str, *, actor: Actor, ends: bool = False, once: Once | None = None
) -> None:
    """One message more, and with `ends` the last one: it works again. Refusal `ended` for one that is over."""
    with desk.transaction() as connection:
        book, now = desk.book_and_now(connection)
        if once:
            claim(connection, once, now)
        ended = _locked(connection, key)[1]
        require_speaks_for(actor, disruption_of(connection, key).municipalities, book.installation)
        if ended:
            raise Refusal("This disruption is over. Declare a new one if the service has stopped again.", code="ended")
        tell_within(connection, key, text, now, actor=actor, ends=ends)
        if once:
            settle(connection, once, key)


def tell_within(
    connection: Connection, key: str, text: str, now: datetime, *, actor: Actor, ends: bool = False
) -> None:
    """The same within a transaction, by one who has been found to speak for it. Of one that is over, nothing."""
    said = _text(text)
    if isinstance(said, Invalid):
        raise said
    found, ended = _locked(connection, key)
    if ended is None:
        _add_message(connection, found, said, now, actor)
        changed = {"updated_at": now, **({"ended_at": now} if ends else {})}
        connection.execute(update(DisruptionRow).where(DisruptionRow.id == found).values(changed))


def _locked(connection: Connection, key: str) -> tuple[int, datetime | None]:
    columns = select(DisruptionRow.id, DisruptionRow.ended_at).where(DisruptionRow.key == key)
    row = connection.execute(columns.with_for_update()).first()
    if row is None:
        raise NotFound("There is no such disruption.")
    return row.id, row.ended_at


def _add_message(connection: Connection, disruption: int, text: str, now: datetime, actor: Actor) -> None:
    mine = DisruptionMessage.disruption_id == disruption
    before = connection.execute(select(func.count()).select_from(DisruptionMessage).where(mine)).scalar_one()
    row = {"disruption_id": disruption, "number": before + 1, "at": now, "actor": _by(actor), "text": text}
    connection.execute(insert(DisruptionMessage).values(row))


def _by(actor: Actor) -> str:
    return f"{actor.kind}:{actor.key}"


def checked(new: NewDisruption, installation: Installation, now: datetime) -> tuple[str, str]:
    """Title and text, cleaned. Invalid, field by field."""
    title, text = clean_line(new.title), _text(new.text)
    faults: dict[str, list[str]] = dict(text.fields) if isinstance(text, Invalid) else {}
    if not title:
        faults["title"] = ["Say in a few words what does not work."]
    elif len(title) > LONGEST_LINE:
        faults["title"] = [too_long(title, LONGEST_LINE)]
    if new.service not in installation.services:
        faults["service"] = ["Choose a service."]
    known = {key for key, each in installation.organisations.items() if each.kind == "municipality"}
    if not new.municipalities or not set(new.municipalities) <= known:
        faults["municipalities"] = ["Choose at least one municipality."]
    if new.began_at and new.began_at > now:
        faults["began_at"] = ["Give a time that has been."]
    if faults or isinstance(text, Invalid):
        raise Invalid(faults)
    return title, text


def _text(given: str) -> str | Invalid:
    text = clean_text(given)
    if not text:
        return Invalid({"text": ["Say what people notice and what you do about it."]})
    return Invalid({"text": [too_long(text, LONGEST_TEXT)]}) if len(text) > LONGEST_TEXT else text
