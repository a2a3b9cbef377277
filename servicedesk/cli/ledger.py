"""`servicedesk ledger NUMBER`: who held the ticket from when to when, and that it adds up."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import click

from servicedesk.cli.opening import open_desk
from servicedesk.core.events import Event
from servicedesk.core.facts import Installation
from servicedesk.core.figures import Change, Promise, effects
from servicedesk.core.ledger import Ledger, Line, Share, adds_up, ledger
from servicedesk.core.outcomes import Outcome
from servicedesk.core.sla import is_broken, spent_at
from servicedesk.core.ticket import Clock
from servicedesk.core.vocabulary import ClockEffect
from servicedesk.store.queries.journal import events_of, texts_of
from servicedesk.store.queries.tickets import state_of
from servicedesk.store.queries.verification import ticket_ids
from servicedesk.store.rulebook import RuleBook


@click.command("ledger")
@click.argument("number")
def command(number: str) -> int:
    """Show who held a ticket, for whose account, in calendar time, in the holder's working time and in the promise's
    hours, and that the shares add up to the whole."""
    desk = open_desk()
    with desk.reading() as connection:
        book, now = desk.book_and_now(connection)
        ticket = state_of(connection, number)
        [ticket_id] = ticket_ids(connection, [number])
        events, texts = events_of(connection, ticket_id), texts_of(connection, ticket_id)
    account = ledger(ticket, now, book)
    for line in (*lines_of(account, list(ticket.clocks.values()), book), *corrections_of(events, texts, book)):
        click.echo(line)
    return 0 if adds_up(account) else 1


def lines_of(account: Ledger, clocks: list[Clock], book: RuleBook) -> list[str]:
    """The ledger as a table for a terminal."""
    zone = ZoneInfo(book.installation.zone)
    head = f"{'from':16}  {'to':16}  {'holder':44}  {'account':15}  {'calendar':>12}  {'working':>10}  {'promised':>10}"
    whole = account.whole
    verdict = "The shares add up to the whole." if adds_up(account) else "THE SHARES DO NOT ADD UP TO THE WHOLE."
    return [
        f"{account.number}, until {_local(account.as_of, zone)}",
        "",
        head,
        *(_stretch(line, zone, book.installation) for line in account.lines),
        "",
        *(_share("held by " + share.of, share) for share in account.holders),
        *(_share("account of " + share.of, share) for share in account.accounts),
        *([_share("closed, nobody's", account.closed)] if account.closed.seconds else []),
        _share("the whole", whole),
        "",
        *(_promise(clock, account.as_of, book) for clock in clocks),
        verdict,
    ]


def _stretch(line: Line, zone: ZoneInfo, installation: Installation) -> str:
    stretch = line.stretch
    team = installation.teams.get(stretch.holder.team)
    name = f"{team.name if team else stretch.holder.team} ({stretch.holder.organisation})"
    return (
        f"{_local(stretch.started_at, zone)}  {_local(line.ended_at, zone)}  {name[:44]:44}  {stretch.account:15}  "
        f"{duration(line.seconds):>12}  {duration(line.working):>10}  {duration(line.promised):>10}"
    )


def _share(name: str, share: Share) -> str:
    times = (duration(share.seconds), duration(share.working), duration(share.promised))
    return f"{name:97}  {times[0]:>12}  {times[1]:>10}  {times[2]:>10}"


def _promise(clock: Clock, at: datetime, book: RuleBook) -> str:
    spent = spent_at(clock, at, book)
    if not clock.target:
        return f"{clock.key}: {duration(spent)} spent, no promise"
    verdict = "broken" if is_broken(clock, at) else "kept" if clock.stopped_at else _STATES[clock.state]
    return f"{clock.key}: {duration(spent)} of {duration(clock.target)}, {verdict}"


def corrections_of(events: list[Event], texts: Mapping[tuple[int, str], str | None], book: RuleBook) -> Iterator[str]:
    """Every correction with its reason, and what each figure said before it and after it, measured when it was made."""
    zone = ZoneInfo(book.installation.zone)
    for seq, effect in effects(events, book).items():
        yield ""
        yield f"Correction, {_local(effect.at, zone)}, event {seq}: {_corrected(events[seq - 1], zone)}"
        yield f"  why: {texts.get((seq, 'reason')) or 'destroyed under a decision'}"
        for change in effect.promises:
            yield f"  {change.clock}: {_figure(change.before)} -> {_figure(change.after)}{_turned(change)}"
        for share in effect.shares:
            kind = "account of" if share.is_account else "held by"
            yield f"  {kind} {share.of}: {duration(share.before)} -> {duration(share.after)}"


def _turned(change: Change) -> str:
    if not change.is_turned or change.before is None:
        return ""
    return "  (no longer broken)" if change.before.outcome is Outcome.BROKEN else "  (broken by the correction)"


def _corrected(event: Event, zone: ZoneInfo) -> str:
    amends = f"amends event {event.amends}" if event.amends else "told afterwards"
    return f"{event.kind} at {_local(event.occurred_at, zone)}, {amends}, by {event.actor}"


def _figure(promise: Promise | None) -> str:
    if promise is None:
        return "none"
    if not promise.target:
        return f"{duration(promise.spent)}, no promise"
    return f"{duration(promise.spent)} of {duration(promise.target)} {promise.outcome}"


_STATES = {ClockEffect.RUN: "running", ClockEffect.PAUSE: "paused", ClockEffect.STOP: "stopped"}


def duration(seconds: int) -> str:
    """12:05:00, hours without limit."""
    return f"{seconds // 3600}:{seconds % 3600 // 60:02}:{seconds % 60:02}"


def _local(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")
