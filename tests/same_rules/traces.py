"""What a drive leaves: all that was written, or why nothing was."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from sqlalchemy import Connection, func, literal, select, union_all
from werkzeug.test import TestResponse

from servicedesk.actions.desk import Desk
from servicedesk.actions.reactions import NOTIFY
from servicedesk.core.codec import dump
from servicedesk.core.errors import Conflict, DeskError, Invalid
from servicedesk.core.events import event_from
from servicedesk.store.all import metadata
from servicedesk.store.journal import JournalRow, SealHead
from servicedesk.store.outbox import Notice, OutboxRow
from servicedesk.store.queries.journal import texts_of
from servicedesk.store.queries.tickets import state_of
from servicedesk.store.tickets import Ticket, TicketNumber

# Written by looking in and by time alone, not by what people do to tickets.
NO_CONSEQUENCE = frozenset({"heartbeat", "api_token", "api_client", "client_event", "api_allowance"})


@dataclass(frozen=True)
class Trace:
    """The tickets that were touched as they are now, the new events with their texts, and who was told why."""

    states: dict[str, Any]
    events: list[dict[str, Any]]
    notices: list[tuple[str, int, str, str]]

    def whoever(self, people: Iterable[str]) -> "Trace":
        """The same, whoever of one organisation did it: without actor and assignee, and what these were told."""
        gone = set(people)
        return Trace(
            {number: _without(state, "assignee") for number, state in self.states.items()},
            [{**_without(event, "actor"), "data": _without(event["data"], "assignee")} for event in self.events],
            [told for told in self.notices if told[2] not in gone],
        )


@dataclass(frozen=True)
class Refused:
    """Why not. `sentence` is a refusal's: what a conflict or a field says, each edge may say in its own place."""

    code: str
    sentence: str = ""
    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def names(self) -> tuple[str, str, set[str]]:
        """The same without what is said beside the fields."""
        return self.code, self.sentence, set(self.fields)


def _without(values: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key != name}


def last_event(desk: Desk) -> int:
    with desk.reading() as connection:
        return int(connection.execute(select(func.max(JournalRow.id))).scalar_one())


def trace_since(desk: Desk, last: int) -> Trace:
    """All that has been written after the event `last`; the outbox must have been drained, without a failure."""
    with desk.reading() as connection:
        assert connection.execute(select(func.count()).where(OutboxRow.reaction == NOTIFY)).scalar_one() == 0
        query = select(JournalRow.ticket_id, JournalRow.body).where(JournalRow.id > last).order_by(JournalRow.id)
        rows = connection.execute(query).all()
        events = [_event(connection, row.ticket_id, row.body) for row in rows]
        new = {(event["ticket"], event["seq"]) for event in events}
        told = select(Ticket.number, Notice.seq, Notice.person, Notice.why).join(Ticket, Ticket.id == Notice.ticket_id)
        notices = sorted((n, seq, who, why) for n, seq, who, why in connection.execute(told) if (n, seq) in new)
        states = {number: dump(state_of(connection, number)) for number in sorted({n for n, _ in new})}
        return Trace(states, events, notices)


def _event(connection: Connection, ticket_id: int, body: str) -> dict[str, Any]:
    event = event_from(body)
    kept = {name: text for (seq, name), text in texts_of(connection, ticket_id).items() if seq == event.seq}
    assert kept.keys() == event.texts.keys()
    return {**dump(event), "texts": kept}


def footprint(desk: Desk) -> list[tuple[str, int, str]]:
    """What every writing changes: rows in each table, the seal over all that ever happened, the last number."""
    tables = [table for name, table in sorted(metadata.tables.items()) if name not in NO_CONSEQUENCE]
    counts = [select(literal(table.name), func.count(), literal("")).select_from(table) for table in tables]
    seal = select(literal("seal"), SealHead.position, SealHead.chain)
    number = select(literal("number"), TicketNumber.last, literal(""))
    with desk.reading() as connection:
        rows = connection.execute(union_all(seal, number, *counts))
        return sorted((name, count, chain) for name, count, chain in rows)


def refused_by(error: DeskError) -> Refused:
    if isinstance(error, Invalid):
        return Refused(error.code, fields={name: [str(s) for s in found] for name, found in error.fields.items()})
    return Refused(error.code, "" if isinstance(error, Conflict) else str(error))


def refused_in(response: TestResponse) -> Refused:
    """As the API says it."""
    said = response.get_json()
    if "errors" in said:
        return Refused(said["code"], fields=said["errors"])
    return Refused(said["code"], "" if said["code"] == Conflict.code else said["detail"])


# A page says 20,000 where core has 20000.
GROUPED = re.compile(r"(?<=\d),(?=\d{3})")
FIELD = re.compile(r'id="[\w-]+-(\w+)-fault">(.*?)</div>', re.DOTALL)
FAULT = re.compile(r'<p class="ds-validation-message">(.*?)</p>', re.DOTALL)
TROUBLE = re.compile(r'id="trouble">(.*?)</h\d>\s*<p>(.*?)</p>', re.DOTALL)
LEAD = re.compile(r'<p class="lead">(.*?)</p>', re.DOTALL)


def refused_on(response: TestResponse, codes: Mapping[str, str]) -> Refused:
    """As a page shows it. A page names no code: it has the one whose sentence it says, by `codes`."""
    page = response.get_data(as_text=True)
    if response.status_code == 422:
        found_in = {name: [unescape(fault) for fault in FAULT.findall(found)] for name, found in FIELD.findall(page)}
        faults = {name: [GROUPED.sub("", fault) for fault in found] for name, found in found_in.items()}
        return Refused(Invalid.code, fields=faults)
    if found := TROUBLE.search(page):
        title, sentence = (unescape(text) for text in found.groups())
        return Refused(Conflict.code) if title == "Somebody was faster" else Refused(codes.get(sentence, "?"), sentence)
    lead = LEAD.search(page)
    assert lead, f"{response.status_code}: {page}"
    return Refused(codes.get(unescape(lead[1]), "?"), unescape(lead[1]))
