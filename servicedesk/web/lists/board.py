"""The board of all that is open, divided by municipality, service, tier or age."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import format_decimal

from servicedesk.core.facts import Actor
from servicedesk.core.grouping import AGES, By
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Tier
from servicedesk.store.queries.board import Divided, divided, one_column
from servicedesk.store.queries.lines import lines_of
from servicedesk.store.queries.lists import Filter
from servicedesk.store.queries.open_pages import Ids
from servicedesk.store.queries.triage import folds
from servicedesk.web import names
from servicedesk.web.forms.fields import Choice
from servicedesk.web.lists.moving import targets
from servicedesk.web.lists.queue import Chip, Control, chips, filter_controls, in_address
from servicedesk.web.lists.rows import Row, Saying, rows_of
from servicedesk.web.reading import Reading
from servicedesk.web.speech import Words, _, _l
from servicedesk.web.words import TIERS

SHOWN, ALONE = 5, 100
BYS: dict[By, Words] = {
    By.MUNICIPALITY: _l("Municipality"),
    By.SERVICE: _l("Service"),
    By.TIER: _l("Where it is"),
    By.AGE: _l("Age"),
}
AGE_WORDS: dict[str, Words] = {
    "new": _l("under 1 day"),
    "days": _l("1–7 days"),
    "week": _l("7–30 days"),
    "month": _l("over 30 days"),
}


@dataclass(frozen=True, slots=True)
class BoardCard:
    """`targets`: the columns that it can be moved to."""

    row: Row
    targets: list[Choice]


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """`whole`: the address of all of it, '' where all of it is shown."""

    key: str
    label: str
    count: str
    cards: list[BoardCard]
    more: int
    whole: str


@dataclass(frozen=True, slots=True)
class BoardPage:
    """`alone`: the label of the one column that is asked for, by its key `column`, with a page of its `rows`, how many
    there are in all, and the cursor of the next page, '' on the last."""

    by: By
    columns: list[BoardColumn]
    alone: str
    column: str
    rows: list[Row]
    count: str
    after: str
    asked: dict[str, str]
    controls: list[Control]
    chips: list[Chip]
    has_municipality: bool


def board_page(by: By, column: str, after: str, wanted: Filter, viewer: Actor, reading: Reading) -> BoardPage:
    """`after`: of one column, what follows this place."""
    controls = filter_controls(viewer, wanted, reading)
    columns, alone, count = [], Ids([], ""), 0
    if column:
        alone, count = one_column(reading.connection, viewer, by, column, wanted, reading.now, after=after, limit=ALONE)
    else:
        columns = _columns(by, wanted, viewer, reading)
    lines = lines_of(reading.connection, viewer, alone.ids) if alone.ids else {}
    return BoardPage(
        by=by,
        columns=columns,
        alone=_label(by, column, reading) if column else "",
        column=column,
        rows=rows_of([lines[each] for each in alone.ids], reading),
        count=format_decimal(count),
        after=alone.after,
        asked=in_address(wanted),
        controls=controls,
        chips=chips(wanted, controls),
        has_municipality=any(control.name == "municipality" for control in controls),
    )


def _columns(by: By, wanted: Filter, viewer: Actor, reading: Reading) -> list[BoardColumn]:
    """In the order of the chain, of age, or of the alphabet. What the reader may not know has no column."""
    found = [each for each in divided(reading.connection, viewer, by, wanted, reading.now, SHOWN) if each.key]
    ids = [one for each in found for one in each.ids]
    lines, tickets = lines_of(reading.connection, viewer, ids), folds(reading.connection, viewer, ids)
    saying = Saying(reading)
    asked: dict[str, Any] = {**in_address(wanted)}

    def card(ticket_id: int) -> BoardCard:
        ticket: TicketState = tickets[ticket_id]
        return BoardCard(saying.row(lines[ticket_id]), targets(ticket, by, viewer, reading))

    return [
        BoardColumn(
            key=each.key,
            label=_label(by, each.key, reading),
            count=format_decimal(each.count),
            cards=[card(one) for one in each.ids],
            more=each.count - len(each.ids),
            whole=url_for("web.triage", by=by, column=each.key, **asked),
        )
        for each in sorted(found, key=lambda each: _place(by, each, reading))
    ]


def _place(by: By, each: Divided, reading: Reading) -> tuple[int, str]:
    fixed = [str(tier) for tier in Tier] if by is By.TIER else list(AGES) if by is By.AGE else []
    return (fixed.index(each.key), "") if each.key in fixed else (len(fixed), _label(by, each.key, reading).casefold())


def _label(by: By, key: str, reading: Reading) -> str:
    if by is By.MUNICIPALITY:
        return names.organisation(reading.installation, key)
    if by is By.SERVICE:
        return names.service(reading.installation, key)
    return str((TIERS if by is By.TIER else AGE_WORDS).get(key) or key)


def divisions(by: str, asked: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """(label, address, whether it is this one): by what the board can be divided, and by what is to be done."""
    found = [(_("What is to be done"), url_for("web.triage", **asked), not by)]
    return found + [(str(label), url_for("web.triage", by=each, **asked), by == each) for each, label in BYS.items()]
