"""An installation read from a folder of TOML files: all of it checked, all faults named, or nothing.

Tables are keyed by slug (`[team.lulea-kundcenter]`) and may be spread over the files in any way; each item is written
once. The shipped sample and its README show every table.
"""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from servicedesk.core.calendars.calendar import always_open
from servicedesk.core.calendars.sources import CalendarError, zone_named
from servicedesk.core.errors import Fault, FileFaults
from servicedesk.core.facts import Installation, Rung
from servicedesk.core.installations.check import check_items, check_whole
from servicedesk.core.installations.entry import LONGEST_KEY, Entry, Reading, numbered, suggestion
from servicedesk.core.installations.file_agreements import (
    read_agreement,
    read_ladder,
    read_priorities,
    read_routing_rule,
)
from servicedesk.core.installations.file_calendars import read_calendar
from servicedesk.core.installations.file_items import (
    read_e_service,
    read_known,
    read_organisation,
    read_person,
    read_service,
    read_team,
    read_template,
)

T = TypeVar("T")

KEYED = (
    *("organisation", "team", "person", "service", "e_service", "calendar", "agreement", "routing"),
    *("known", "template"),
)
TABLES = (*KEYED, "priority", "ladder", "installation")
ALWAYS = "always"  # a calendar that every installation has, declared or not
DEFAULT_ZONE = "Europe/Stockholm"
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(slots=True)
class Sheet:
    """The files merged: every keyed item with its file, and the tables that stand alone."""

    items: dict[str, dict[str, tuple[str, Any]]] = field(default_factory=lambda: {table: {} for table in KEYED})
    alone: dict[str, tuple[str, Any]] = field(default_factory=dict)

    def file_of(self, key: str, otherwise: str) -> str:
        """The file in which a dotted key such as `team.lulea.calendar` or `ladder[1].tell` stands."""
        table, _, rest = key.partition(".")
        slug = re.split(r"[.\[]", rest)[0]
        if table in self.items:
            file, _ = self.items[table].get(slug, (otherwise, None))
            return file
        file, _ = self.alone.get(table.partition("[")[0], (otherwise, None))
        return file


def read_installation(folder: Path, workflows: Collection[str] | None = None) -> Installation:
    """Read every *.toml of the folder. Raises FileFaults with every fault found: file, key, problem and remedy. While
    a file cannot be read at all, only that is said: the others would be accused of naming what it declares.

    Given the keys of the `workflows` there are, routing rules that name another are refused too.
    """
    reading = Reading(workflows=workflows)
    if not folder.is_dir():
        remedy = "Name the folder that holds the installation's files."
        problem = "is a file, not a folder." if folder.exists() else "does not exist."
        raise FileFaults([Fault(str(folder), "-", problem, remedy)])
    documents = {path.name: text for path in sorted(folder.glob("*.toml")) if (text := _text_of(reading, path))}
    if not documents and not reading.faults:
        reading.fault(str(folder), "-", "holds no .toml file.", "Name the folder that holds the installation's files.")
    return parse_installation(documents, folder.name, reading)


def parse_installation(
    documents: Mapping[str, str], name: str = "installation", reading: Reading | None = None
) -> Installation:
    """Parse and check texts by file name; `name` stands for the file of what no file holds.

    What single items say is checked together with how they are written; whether the whole holds together is asked
    once every item could be read, since anything else would accuse the innocent.
    """
    reading = reading or Reading()
    tables = {file: document_of(reading, file, text) for file, text in documents.items()}
    if reading.faults:
        raise FileFaults(reading.faults)
    sheet = merge(reading, tables)
    reading.known = {table: items.keys() for table, items in sheet.items.items()}
    reading.known["calendar"] = {ALWAYS, *sheet.items["calendar"]}
    installation = _read(reading, sheet, name)
    is_readable = not reading.faults
    findings = [*check_items(installation), *(check_whole(installation) if is_readable else ())]
    for key, problem, remedy in findings:
        reading.fault(sheet.file_of(key, name), key, problem, remedy)
    if reading.faults:
        raise FileFaults(sorted(reading.faults, key=lambda fault: fault.file))
    return installation


def merge(reading: Reading, documents: Mapping[str, Mapping[str, Any]]) -> Sheet:
    """Gather the tables of all files, refusing what cannot be placed and what is written twice."""
    sheet = Sheet()
    for file, tables in documents.items():
        for table, value in tables.items():
            if table not in TABLES:
                reading.fault(file, table, "is not a known table.", suggestion(table, TABLES))
            elif table in KEYED:
                _merge_keyed(reading, sheet, file, table, value)
            elif table in sheet.alone:
                problem = f"is written in {sheet.alone[table][0]} too."
                reading.fault(file, table, problem, "Keep the whole table in one file.")
            else:
                sheet.alone[table] = (file, value)
    return sheet


def slug_of(text: str) -> str:
    """The nearest slug: `Överkalix växel` is `overkalix-vaxel`."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", bare))


def _merge_keyed(reading: Reading, sheet: Sheet, file: str, table: str, value: Any) -> None:
    if not isinstance(value, dict):
        reading.fault(file, table, "holds no keyed tables.", f"Write [{table}.a-key] tables.")
        return
    for slug, item in value.items():
        key, taken = f"{table}.{slug}", sheet.items[table].get(slug)
        if not isinstance(item, dict):
            remedy = f"Write [{key}] and its values below it, or [{table}.a-key] with {slug} among them."
            reading.fault(file, key, "is not a table.", remedy)
            continue
        if taken:
            reading.fault(file, key, f"is written in {taken[0]} too.", "Keep one of them, or give them different keys.")
            continue
        if len(slug) > LONGEST_KEY:
            problem = f"is a key of {len(slug)} characters."
            reading.fault(file, key, problem, f"Give it one of at most {LONGEST_KEY}.")
        elif not SLUG.fullmatch(slug):
            remedy = f'Call it "{slug_of(slug) or "a-key"}": lower-case letters a to z, digits and hyphens.'
            reading.fault(file, key, "is not written as a key.", remedy)
        sheet.items[table][slug] = (file, item)


def _read(reading: Reading, sheet: Sheet, name: str) -> Installation:
    """The items that could be read without fault."""
    zone = _read_zone(reading, sheet, name)
    services = read_items(reading, sheet, "service", read_service)
    return Installation(
        organisations=read_items(reading, sheet, "organisation", read_organisation),
        teams=read_items(reading, sheet, "team", read_team),
        people=read_items(reading, sheet, "person", read_person),
        services=services,
        e_services=read_items(reading, sheet, "e_service", read_e_service),
        calendars={ALWAYS: always_open(ALWAYS, zone)}
        | read_items(reading, sheet, "calendar", lambda slug, entry: read_calendar(slug, entry, zone)),
        agreements=read_items(reading, sheet, "agreement", lambda slug, entry: read_agreement(slug, entry, services)),
        routing=read_items(reading, sheet, "routing", read_routing_rule),
        known=read_items(reading, sheet, "known", read_known),
        templates=read_items(reading, sheet, "template", read_template),
        priorities=read_priorities(_alone(reading, sheet, "priority", name)),
        ladder=_read_ladder(reading, sheet),
        zone=zone,
    )


def read_items(reading: Reading, sheet: Sheet, table: str, read: Callable[[str, Entry], T]) -> dict[str, T]:
    """The items of a keyed table that could be read without fault."""
    found = {}
    for slug, (file, values) in sheet.items[table].items():
        before = len(reading.faults)
        entry = Entry(reading, file, f"{table}.{slug}", values)
        item = read(slug, entry)
        entry.finish()
        if len(reading.faults) == before:
            found[slug] = item
    return found


def _alone(reading: Reading, sheet: Sheet, table: str, name: str) -> Entry:
    file, values = sheet.alone.get(table, (name, {}))
    if not isinstance(values, dict):
        reading.fault(file, table, "is not a table.", f"Write [{table}] and its values below it.")
        values = {}
    return Entry(reading, file, table, values)


def _read_ladder(reading: Reading, sheet: Sheet) -> tuple[Rung, ...]:
    file, values = sheet.alone.get("ladder", ("", []))
    if not isinstance(values, list):
        reading.fault(file, "ladder", "is not a list of tables.", "Write [[ladder]] once for each rung.")
        return ()
    return read_ladder(numbered(reading, file, "ladder", values))


def _read_zone(reading: Reading, sheet: Sheet, name: str) -> str:
    entry = _alone(reading, sheet, "installation", name)
    zone = entry.text("zone", DEFAULT_ZONE)
    entry.finish()
    try:
        zone_named(zone)
    except CalendarError as error:
        entry.fault("zone", str(error), f'Write an IANA name such as "{DEFAULT_ZONE}".')
    return zone


def _text_of(reading: Reading, path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        reading.fault(path.name, f"byte {error.start + 1}", "is not UTF-8.", "Save the file as UTF-8.")
    except OSError as error:
        reading.fault(path.name, "-", f"cannot be read: {error.strerror}.", "Make the file readable.")
    return None


def document_of(reading: Reading, file: str, text: str) -> dict[str, Any]:
    """The tables of a TOML text; none, and a fault, when it is none."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problem, _, where = str(error).partition(" (at ")
        remedy = "Correct the TOML there: a key or table may stand once, and text stands in quotes."
        reading.fault(file, where.rstrip(")") or "-", f"cannot be read: {problem}.", remedy)
        return {}
