"""Every promise at risk: one list by what is left of each, with who holds it and by which agreement it was made."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import format_decimal

from servicedesk.core.administering import is_administrator
from servicedesk.core.facts import Actor
from servicedesk.store.queries.at_risk import Risky, promises_at_risk
from servicedesk.store.queries.lists import Filter
from servicedesk.web import times
from servicedesk.web.forms.fields import Choice
from servicedesk.web.lists.queue import Chip, Control, filter_controls, in_address
from servicedesk.web.lists.rows import Row, Saying
from servicedesk.web.managing.reach import suppliers
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _
from servicedesk.web.ticket.clocks import promise_name

SHOWN, ALL = 100, 2_000
FILTERS = ("municipality", "service")


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """`agreement` by its name; `agreement_at`: where it is read, '' for those who may not. `holder_at`: what else the
    same team has before it."""

    row: Row
    promise: str
    agreement: str
    agreement_at: str
    holder_at: str
    due_at: datetime
    due: str
    left: str
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class PromisesPage:
    lines: list[PromiseLine]
    count: str
    more: int
    controls: list[Control]
    chips: list[Chip]
    asked: dict[str, str]
    has_municipality: bool


def promises_page(
    wanted: Filter, typed: Mapping[str, str], viewer: Actor, reading: Reading, *, whole: bool
) -> PromisesPage:
    runs = suppliers(reading)
    supplier = next((key for key, _name in runs if key == typed.get("supplier")), "")
    found, count = promises_at_risk(reading.connection, viewer, wanted, supplier, reading.now, ALL if whole else SHOWN)
    controls = [one for one in filter_controls(viewer, wanted, reading) if one.name in FILTERS]
    controls.append(Control("supplier", _("Supplier"), tuple(Choice(*each) for each in runs), supplier))
    saying = Saying(reading)
    asked = {**in_address(wanted), **({"supplier": supplier} if supplier else {})}
    return PromisesPage(
        lines=[_line(each, saying, viewer, reading) for each in found],
        count=format_decimal(count),
        more=count - len(found),
        controls=controls,
        chips=[_chip(control, asked) for control in controls if control.value],
        asked=asked,
        has_municipality=any(control.name == "municipality" for control in controls),
    )


def _chip(control: Control, asked: Mapping[str, str]) -> Chip:
    label = next((choice.label for choice in control.choices if choice.value == control.value), control.value)
    return Chip(label, {name: value for name, value in asked.items() if name != control.name})


def _line(risky: Risky, saying: Saying, viewer: Actor, reading: Reading) -> PromiseLine:
    agreement = reading.book.agreement(risky.agreement)
    may_read = is_administrator(viewer) and agreement.key in reading.installation.agreements
    return PromiseLine(
        row=saying.row(risky.line),
        promise=promise_name(risky.key, reading.installation),
        agreement=agreement.name or agreement.key,
        agreement_at=url_for("web.show_part", kind="agreement", key=agreement.key) if may_read else "",
        holder_at=url_for("web.load", team=risky.line.holder_team),
        due_at=risky.due_at,
        due=times.near(risky.due_at, reading.now),
        left=times.left(risky.due_at, reading.now),
        is_overdue=risky.due_at <= reading.now,
    )
