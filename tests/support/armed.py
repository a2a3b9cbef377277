"""Many real tickets with whole journals, whose promises run out when one wants; written as generated ones are."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import cycle, islice

from sqlalchemy import func, select

from servicedesk import paths
from servicedesk.actions.desk import Desk
from servicedesk.actions.generate.writing import batch_of, keep_counting, write_batch
from servicedesk.actions.installation import load_installation
from servicedesk.actions.log import NewTicket, day_of, logged
from servicedesk.actions.opened import Open, Written
from servicedesk.actions.recording import event_of, kept_apart
from servicedesk.actions.work import Work
from servicedesk.core.events import GENESIS, body_of, chain_hash
from servicedesk.core.facts import OPERATOR, Agreement
from servicedesk.core.fold import apply
from servicedesk.core.installations.file import read_installation
from servicedesk.core.vocabulary import Channel, Metric
from servicedesk.core.workflows.file import parse_workflow
from servicedesk.store.rulebook import RuleBook
from servicedesk.store.schema import upgrade
from servicedesk.store.tickets import Ticket

A_UNIT = 500
ALL_OF_THEM = (Metric.RESPONSE, Metric.RESOLUTION, Metric.HOLDING)


def promise_round_the_clock(desk: Desk, promised: timedelta, metrics: Collection[Metric] = ALL_OF_THEM) -> None:
    """The sample on an empty database, with promises of these kinds alone, all this long by day and night."""
    upgrade(desk.engine)
    files = sorted(paths.workflows().glob("*.toml"))
    definitions = [parse_workflow(file.read_text(encoding="utf-8"), file.name) for file in files]
    installation = read_installation(paths.samples() / "norrbotten", [definition.key for definition in definitions])
    promises = {key: _as_long(each, promised, metrics) for key, each in installation.agreements.items()}
    kept = {key: each for key, each in promises.items() if each.targets}
    load_installation(desk, replace(installation, agreements=kept), definitions)


def _as_long(agreement: Agreement, promised: timedelta, metrics: Collection[Metric]) -> Agreement:
    seconds = int(promised.total_seconds())
    alike = [
        replace(target, seconds=seconds, calendar="always", priorities=(1, 2, 3, 4))
        for target in agreement.targets
        if target.metric in metrics
    ]
    return replace(agreement, targets=tuple(dict.fromkeys(alike)))


def log_many(desk: Desk, opened: Iterable[datetime]) -> None:
    """A ticket opened at each of these moments, in turn in each municipality; on an installation that has none."""
    with desk.reading() as connection:
        book = desk.book(connection)
        last = connection.execute(select(func.coalesce(func.max(Ticket.id), 0))).scalar_one()
    places = sorted(k for k, place in book.installation.organisations.items() if place.kind == "municipality")
    numbered = enumerate(zip(opened, cycle(places), strict=False), start=last + 1)
    while unit := list(islice(numbered, A_UNIT)):
        with desk.transaction() as connection:
            work = Work.on(desk, connection)
            tickets = [_ticket(book, number, place, at) for number, (at, place) in unit]
            write_batch(connection, batch_of(desk.engine.dialect.name, work, tickets))
            keep_counting(connection, {day_of(unit[0][1][0], book.installation).year: unit[-1][0]})


def _ticket(book: RuleBook, number: int, place: str, at: datetime) -> Open:
    new = NewTicket(place, "e-tjansteplattform", "Kan inte logga in", channel=Channel.WEB)
    macs, kept = kept_apart({"subject": new.subject}, seq=1)
    named = f"{day_of(at, book.installation).year}-{number:05d}"
    first = logged(new, book, at)
    event = event_of(named, 1, first, macs, actor=OPERATOR, party="", occurred_at=at, recorded_at=at)
    body = body_of(event)
    head = chain_hash(GENESIS, body)
    held = Open(number, apply(None, event, book), head, at, Written(), is_new=True)
    held.events.append((event, body, head))
    held.texts.extend({"ticket_id": number, **text} for text in kept)
    return held
