"""Triage: what waits at one's own tier, by what is to be done, each with its most likely next step."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for
from flask_babel import format_decimal

from servicedesk.core.facts import Actor
from servicedesk.core.majors import leads
from servicedesk.core.period import midnight
from servicedesk.core.rights import Right, has_right
from servicedesk.core.ticket import TicketState
from servicedesk.core.triage import OURS, Lane
from servicedesk.core.workflows.engine import likely_step
from servicedesk.core.workflows.needs import takes
from servicedesk.store.queries.lines import Line, lines_of
from servicedesk.store.queries.lists import Filter
from servicedesk.store.queries.triage import MOST, Alike, alike, folds, triage
from servicedesk.store.queries.versions import versions_seen
from servicedesk.web import identity, language, names, times
from servicedesk.web.lists.queue import Chip, Control, chips, filter_controls, in_address
from servicedesk.web.lists.rows import Row, Saying, rows_of
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _
from servicedesk.web.words import LANES

# On the board; the lane alone shows more.
SHOWN, ALONE = 6, 100
FILTERS = ("municipality", "service", "priority")


@dataclass(frozen=True, slots=True)
class Step:
    """The most likely next step: a button when it asks for nothing, else a link to its form."""

    label: str
    address: str
    asks: bool


@dataclass(frozen=True, slots=True)
class Card:
    """`take`: it can be taken by the reader at once. `version` is the ticket's as it is shown."""

    row: Row
    step: Step | None
    take: bool
    version: int


@dataclass(frozen=True, slots=True)
class Column:
    lane: Lane
    label: str
    count: str
    cards: list[Card]
    more: int


@dataclass(frozen=True, slots=True)
class TriagePage:
    """`alone`: the one lane that is asked for, with its rows. `resting`: what there is nothing to do of."""

    columns: list[Column]
    resting: list[str]
    alone: Lane | None
    alone_label: str
    rows: list[Row]
    alike: list[str]
    alike_services: list[str]
    asked: dict[str, str]
    controls: list[Control]
    chips: list[Chip]
    has_municipality: bool
    leads: bool


def triage_page(wanted: Filter, alone: Lane | None, reading: Reading) -> TriagePage:
    viewer = identity.viewer()
    lanes = triage(reading.connection, reading.book, viewer, wanted, reading.now)
    controls = [one for one in filter_controls(viewer, wanted, reading) if one.name in FILTERS]
    several = alike(reading.connection, viewer, midnight(times.local(reading.now).date(), times.zone()))
    return TriagePage(
        columns=[] if alone else _columns(lanes, viewer, reading),
        resting=[str(LANES[lane]) for lane, ids in lanes.items() if not ids],
        alone=alone,
        alone_label=str(LANES[alone]) if alone else "",
        rows=_rows(lanes[alone][:ALONE], viewer, reading) if alone else [],
        alike=[_alike(one, reading) for one in several],
        alike_services=[one.service for one in several],
        asked=in_address(wanted),
        controls=controls,
        chips=chips(wanted, controls),
        has_municipality=any(control.name == "municipality" for control in controls),
        leads=leads(viewer),
    )


def _rows(ids: list[int], viewer: Actor, reading: Reading) -> list[Row]:
    lines = lines_of(reading.connection, viewer, ids)
    return rows_of((lines[ticket_id] for ticket_id in ids), reading)


def _columns(lanes: Mapping[Lane, list[int]], viewer: Actor, reading: Reading) -> list[Column]:
    shown = {lane: ids[:SHOWN] for lane, ids in lanes.items()}
    lines = lines_of(reading.connection, viewer, [one for ids in shown.values() for one in ids])
    ours = [one for lane, ids in shown.items() if lane in OURS for one in ids]
    tickets = folds(reading.connection, viewer, ours) if ours else {}
    whole = sum(map(len, lanes.values())) >= MOST
    versions = versions_seen(reading.connection, viewer, tickets, reading.book)
    saying = Saying(reading)
    return [
        Column(
            lane=lane,
            label=str(LANES[lane]),
            count=f"{format_decimal(len(ids))}{'+' if whole else ''}",
            cards=[_card(lines[one], lane, tickets.get(one), versions.get(one), viewer, saying) for one in shown[lane]],
            more=max(0, len(ids) - SHOWN),
        )
        for lane, ids in lanes.items()
        if ids
    ]


def _card(
    line: Line, lane: Lane, ticket: TicketState | None, version: int | None, viewer: Actor, saying: Saying
) -> Card:
    row = saying.row(line)
    if ticket is None or version is None:
        return Card(row, None, take=False, version=0)
    return Card(
        row=row,
        step=_step(ticket, viewer, saying.reading),
        take=lane is Lane.ASSIGN and _can_take(ticket, viewer),
        version=version,
    )


def _step(ticket: TicketState, viewer: Actor, reading: Reading) -> Step | None:
    definition = reading.book.definition(ticket.workflow_version)
    step = likely_step(definition, ticket, viewer, reading.book.parties)
    if step is None:
        return None
    address = url_for("web.show_step", number=ticket.number, transition=step.step)
    return Step(step.labels[language.current()], address, bool(takes(step)))


def _can_take(ticket: TicketState, viewer: Actor) -> bool:
    """Only somebody of the team that has it can be its assignee."""
    in_team = any(seat.team == ticket.holder.team for seat in viewer.seats)
    return in_team and has_right(Right.ASSIGN, ticket, viewer)


def _alike(one: Alike, reading: Reading) -> str:
    return _(
        "%(municipalities)s municipalities have reported %(service)s today, in %(tickets)s open tickets.",
        municipalities=one.municipalities,
        service=names.service(reading.installation, one.service),
        tickets=one.tickets,
    )
