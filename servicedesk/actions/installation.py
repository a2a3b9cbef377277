"""Loading an installation and workflows. Nothing is deleted, and nothing that already happened changes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from servicedesk.actions.desk import Desk
from servicedesk.actions.keeping_pages import with_pages_kept
from servicedesk.actions.log import day_of
from servicedesk.actions.parts import Entry, write_parts
from servicedesk.actions.rearming import rearm
from servicedesk.core.calendars.frozen import Days, days_to_json, frozen, thawed
from servicedesk.core.calendars.merging import begins, merge_calendar
from servicedesk.core.canonical import agreement_to_json, calendar_to_json, fact_to_json
from servicedesk.core.errors import Fault, FileFaults
from servicedesk.core.facts import OPERATOR, Actor, CalendarFacts, CalendarVersion, Installation
from servicedesk.core.installations.check import check_items, check_whole
from servicedesk.core.installations.diff import ADDED, CHANGED, KEPT, LEFT, UNWRITTEN, Change, difference, tables_of
from servicedesk.core.installations.kept import FILES, Kept
from servicedesk.core.workflows.definition import Definition
from servicedesk.core.workflows.file import definition_to_json
from servicedesk.store.installation import Part, Version
from servicedesk.store.queries.administration import said_of_parts
from servicedesk.store.rulebook import RuleBook, lock_revision, read_rulebook
from servicedesk.store.tickets import Ticket

FROM_STORE = "(stored)"
KEYED = ("organisations", "teams", "people", "services", "e_services", "agreements", "routing", "templates", "known")


def load_installation(
    desk: Desk,
    installation: Installation,
    definitions: Iterable[Definition],
    *,
    shipped: Iterable[Definition] = (),
    dry_run: bool = False,
    overwrite: bool = False,
    actor: Actor = OPERATOR,
) -> list[Change]:
    """Bring an installation and workflows in; what differs from the stored one, empty when nothing does.

    What was changed in pages stays as it is, and is told of as kept, unless `overwrite`. Of the `shipped` workflows
    only those come in of which no version is in force, nor among `definitions`. With `dry_run` nothing is written.
    FileFaults when the result would not hold together, or a changed calendar would rewrite the past; then nothing is
    loaded.
    """
    definitions, shipped = list(definitions), list(shipped)
    with desk.transaction() as connection:
        if not dry_run:
            lock_revision(connection)
        book = desk.book(connection)
        merged = merge(book.installation, installation)
        merged, kept = with_pages_kept(
            book.installation, merged, tables_of(installation), said_of_parts(connection), overwrite=overwrite
        )
        today = _today(desk, connection, merged)
        if today:
            _require_past_kept(book.installation, merged, today)
        _require_whole(merged)
        calendars, holidays = frozen(merged.calendars, book.stored_holidays, today)
        merged = replace(merged, calendars=calendars)
        there = {("workflow", one.key) for one in definitions} | book.current.keys()
        definitions += [one for one in shipped if ("workflow", one.key) not in there]
        changes = [
            *_told_apart(difference(book.installation, _named(installation, merged)), kept),
            *_holiday_changes(book.stored_holidays, holidays),
            *_workflow_changes(book, definitions),
            *_workflows_untouched(book, definitions, shipped),
        ]
        writing = [change for change in changes if change.what not in UNWRITTEN]
        if writing and not dry_run:
            now = desk.now(connection)
            _write(connection, merged, holidays, definitions, _entries(writing), actor=actor, now=now)
            if today:
                rearm(connection, book, read_rulebook(connection), now)
        return changes


def freeze_holidays(desk: Desk) -> int:
    """Store the holidays of an installation that was loaded before they were kept, as they are known today; how many
    calendars. One whose lists are stored is left alone."""
    with desk.reading() as connection:
        if not _thawed(connection):
            return 0
    with desk.transaction() as connection:
        lock_revision(connection)
        missing = _thawed(connection)
        book = read_rulebook(connection)
        calendars, holidays = frozen(book.installation.calendars, book.stored_holidays, date.max)
        if missing:
            installation = replace(book.installation, calendars=calendars)
            _write(connection, installation, holidays, [], (), actor=OPERATOR, now=desk.now(connection))
        return missing


def _thawed(connection: Connection) -> int:
    """How many calendars in force close on holidays and name no list of them."""
    of_part = (Version.kind == "calendar") & (Version.key == Part.key) & (Version.hash == Part.content)
    query = select(Version.content).join(Part, (Part.kind == "calendar") & of_part)
    query = query.where(Version.content.contains('"holidays":'), ~Version.content.contains('"frozen":'))
    return len(connection.execute(query).all())


def _today(desk: Desk, connection: Connection, installation: Installation) -> date | None:
    """The last day whose hours are history; None while there is no ticket that they could have counted for."""
    has_tickets = connection.execute(select(Ticket.id).limit(1)).first() is not None
    return day_of(desk.now(connection), installation) if has_tickets else None


def merge(old: Installation, new: Installation) -> Installation:
    """The stored installation with the files' items in it. A calendar keeps its earlier versions."""
    calendars = dict(old.calendars)
    for key, calendar in new.calendars.items():
        calendars[key] = merge_calendar(calendars.get(key), calendar)
    merged: dict[str, Any] = {name: {**getattr(old, name), **getattr(new, name)} for name in KEYED}
    return replace(new, calendars=calendars, **merged)


def _named(new: Installation, merged: Installation) -> Installation:
    """What the files name, as it will stand: a calendar with the earlier hours that they no longer tell of, and what
    pages have changed."""
    named: dict[str, Any] = {
        name: {key: getattr(merged, name)[key] for key in getattr(new, name)} for name in (*KEYED, "calendars")
    }
    return replace(new, **named)


def _told_apart(changes: Iterable[Change], kept: Iterable[Kept]) -> Iterator[Change]:
    """With what is kept of pages; what was added in them is not left over from files."""
    of_pages = {(each.kind, each.key): each for each in kept}
    for change in changes:
        if change.what != LEFT or (change.kind, change.key) not in of_pages:
            yield change
    for each in of_pages.values():
        yield Change(each.kind, each.key, KEPT, told=tuple(each.lines()))


def _entries(changes: Iterable[Change]) -> Iterator[Entry]:
    """What is new needs no values: it stands in the part itself."""
    for change in changes:
        yield Entry(change.kind, change.key, change.what, {} if change.what == ADDED else change.fields)


def _require_past_kept(old: Installation, new: Installation, today: date) -> None:
    """Hours that have applied until today are history: a change of them begins tomorrow at the earliest."""
    faults = []
    for key, calendar in old.calendars.items():
        past, now = (_until(each, today, new.zone) for each in (calendar, new.calendars[key]))
        if past != now:
            problem = "These opening hours would change what has already happened."
            remedy = (
                f"Leave the hours that apply and add a [[calendar.{key}.version]] with valid_from after {today}. "
                "Single days after that can be changed where they stand, in exceptions and closed."
            )
            faults.append(Fault("calendars", f"calendar.{key}", problem, remedy))
    if faults:
        raise FileFaults(faults)


def _until(calendar: CalendarFacts, today: date, zone: str) -> list[CalendarVersion]:
    """The versions that have begun, as the files say them and as far as their days have: a single day to come may
    still be closed, or get other hours. (Of their lists of holidays the past is kept anyway.)"""
    found = []
    for version in thawed(calendar).versions:
        # Where clocks show something else, tomorrow may have begun.
        last = today if version.zone == zone else today + timedelta(days=1)
        if begins(version) <= last:
            days = {day: hours for day, hours in version.exceptions.items() if day <= last}
            found.append(replace(version, exceptions=days))
    return found


def _holiday_changes(old: Mapping[str, Days], new: Mapping[str, Days]) -> Iterator[Change]:
    for key, days in new.items():
        if key not in old:
            yield Change("holidays", key, ADDED)
        elif days != old[key]:
            fields = {str(day): ("holiday", None) for day in old[key] - days}
            yield Change("holidays", key, CHANGED, fields | {str(day): (None, "holiday") for day in days - old[key]})


def _require_whole(merged: Installation) -> None:
    """The files hold by themselves; this is about files and what was stored before taken together."""
    faults = [
        Fault(FROM_STORE, key, problem, remedy) for key, problem, remedy in (*check_items(merged), *check_whole(merged))
    ]
    if faults:
        raise FileFaults(faults)


def _workflow_changes(book: RuleBook, definitions: Iterable[Definition]) -> list[Change]:
    changes = []
    for definition in definitions:
        stored = book.current.get(("workflow", definition.key))
        if stored != definition.version:
            what = "changed" if stored else "added"
            changes.append(Change("workflow", definition.key, what, {"version": (stored, definition.version)}))
    return changes


def _workflows_untouched(book: RuleBook, definitions: list[Definition], shipped: list[Definition]) -> Iterator[Change]:
    """What is in force and stays so, although the program has another, or nothing of that key at all."""
    written, of_program = {one.key for one in definitions}, {one.key: one.version for one in shipped}
    for (kind, key), version in sorted(book.current.items()):
        if kind == "workflow" and of_program and key not in written and of_program.get(key) != version:
            yield Change("workflow", key, KEPT if key in of_program else LEFT)


def _write(
    connection: Connection,
    merged: Installation,
    holidays: Mapping[str, Days],
    definitions: list[Definition],
    entries: Iterable[Entry],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    versions = [
        *(("holidays", key, days_to_json(key, days)) for key, days in holidays.items()),
        *(("calendar", key, calendar_to_json(item)) for key, item in merged.calendars.items()),
        *(("agreement", key, agreement_to_json(item)) for key, item in merged.agreements.items()),
        *(("known", key, fact_to_json(item)) for key, item in merged.known.items()),
        *(("workflow", item.key, definition_to_json(item)) for item in definitions),
    ]
    simple = [
        (kind, key, item)
        for kind, items in tables_of(merged).items()
        if kind not in ("calendar", "agreement", "known")
        for key, item in items.items()
    ]
    write_parts(connection, simple, versions, entries, actor=actor, source=FILES, now=now)
