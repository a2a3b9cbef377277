"""Small logs, written as a service desk of another make exports them."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from servicedesk import paths
from servicedesk.actions.desk import Desk
from servicedesk.actions.importing import Imported, import_servicenow
from servicedesk.core.events import Event
from servicedesk.core.facts import IMPORTER
from servicedesk.core.fold import fold
from servicedesk.core.servicenow.account import Kind, Outcome
from servicedesk.core.servicenow.mapping import ImportMap, parse_import_map
from servicedesk.core.ticket import TicketState
from servicedesk.store.queries.journal import events_of
from servicedesk.store.queries.verification import ticket_ids, verify_seal, verify_ticket

MAP_FILE = paths.samples() / "import" / "servicenow.toml"
EXCERPT = Path(__file__).parent / "excerpt.csv"

Row = dict[str, str]
ROW: Row = {
    "number": "INC1",
    "incident_state": "New",
    "sys_mod_count": "0",
    "sys_updated_at": "01-03-2016 09:00",
    "opened_at": "01-03-2016 09:00",
    "resolved_at": "?",
    "closed_at": "?",
    "assignment_group": "Group 70",
    "assigned_to": "?",
    "caller_id": "Caller 7",
    "contact_type": "Phone",
    "category": "Category 1",
    "subcategory": "Subcategory 2",
    "u_symptom": "?",
    "impact": "2 - Medium",
    "urgency": "2 - Medium",
    "priority": "3 - Moderate",
    "closed_code": "code 6",
}


def row(state: str = "New", count: object = 0, at: str = "09:00", group: str = "Group 70", **more: str) -> Row:
    """A row of INC1 on 1 March 2016; `at` is a time that day, or a whole one."""
    updated = at if "-" in at or not at[:1].isdigit() else f"01-03-2016 {at}"
    given = {"incident_state": state, "sys_mod_count": str(count), "sys_updated_at": updated, "assignment_group": group}
    return ROW | given | more


def log(rows: Iterable[Row], delimiter: str = ",", headings: Iterable[str] = tuple(ROW)) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(headings), delimiter=delimiter, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def mapping(*changes: tuple[str, str]) -> ImportMap:
    """The shipped mapping with pieces of its text replaced."""
    text = MAP_FILE.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return parse_import_map(text, MAP_FILE.name)


def mapping_without_made_teams() -> ImportMap:
    """Groups that no table names go to the second line's team by routing."""
    before, _, rest = MAP_FILE.read_text(encoding="utf-8").partition("[group.make]")
    _, _, after = rest.partition("\n\n")
    text = before.replace("[group.teams]", '[group]\ndefault = "second_line"\n\n[group.teams]') + after
    return parse_import_map(text, MAP_FILE.name)


def bring(desk: Desk, content: bytes, by: ImportMap | None = None, *, dry_run: bool = False) -> Imported:
    return import_servicenow(desk, content, "log.csv", by or mapping(), actor=IMPORTER, dry_run=dry_run)


def events(desk: Desk, number: str = "INC1") -> list[Event]:
    with desk.reading() as connection:
        return events_of(connection, ticket_ids(connection, [number])[0])


def kinds(desk: Desk, number: str = "INC1") -> list[str]:
    return [event.kind for event in events(desk, number)]


def times(desk: Desk, number: str = "INC1") -> list[str]:
    """When each event happened, in UTC."""
    return [event.occurred_at.strftime("%d %H:%M") for event in events(desk, number)]


def ticket(desk: Desk, number: str = "INC1") -> TicketState:
    with desk.reading() as connection:
        return fold(events_of(connection, ticket_ids(connection, [number])[0]), desk.book(connection))


def said(imported: Imported) -> list[tuple[int, Outcome, Kind]]:
    return [(remark.line, remark.outcome, remark.kind) for remark in imported.account.remarks]


def differences(desk: Desk) -> list[str]:
    with desk.reading() as connection:
        book = desk.book(connection)
        found = [str(found) for i in ticket_ids(connection) for found in verify_ticket(connection, book, i)]
        return found + [str(found) for found in verify_seal(connection)]


def is_accounted(imported: Imported, rows: int) -> bool:
    """Every row stands once, and whatever is not plain has its reason."""
    outcomes = imported.account.outcomes
    explained = {remark.line for remark in imported.account.remarks}
    plain = {Outcome.IMPORTED, Outcome.NO_CHANGE, Outcome.HERE, Outcome.LEFT}
    silent = [line for line, outcome in outcomes.items() if outcome not in plain and line not in explained]
    return len(outcomes) == rows == sum(imported.account.counts().values()) and not silent
