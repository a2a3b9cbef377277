"""Agreements and calendars on their own, in files as `load` takes them: checked against an installation that is there,
and nothing of it changed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from servicedesk.core.calendars.merging import merge_calendar
from servicedesk.core.errors import FileFaults
from servicedesk.core.facts import Agreement, CalendarFacts, Installation
from servicedesk.core.installations.check import check_calendars
from servicedesk.core.installations.check_agreements import check_agreements
from servicedesk.core.installations.entry import Reading
from servicedesk.core.installations.file import ALWAYS, Sheet, document_of, merge, read_items
from servicedesk.core.installations.file_agreements import read_agreement
from servicedesk.core.installations.file_calendars import read_calendar

TAKEN = ("agreement", "calendar")


@dataclass(frozen=True, slots=True)
class Part:
    """By key. A calendar keeps the stored versions that end where its first one begins."""

    agreements: Mapping[str, Agreement]
    calendars: Mapping[str, CalendarFacts]


def parse_part(
    documents: Mapping[str, str], installation: Installation, workflows: Collection[str] | None = None
) -> Part:
    """Texts by file name. FileFaults with every fault, as `load` has them; only that a changed calendar would rewrite
    the past is none. Given the keys of the `workflows` there are, another request type is a fault too."""
    reading = Reading(workflows=workflows)
    tables = {file: document_of(reading, file, text) for file, text in documents.items()}
    if reading.faults:
        raise FileFaults(reading.faults)
    sheet = merge(reading, tables)
    _only_taken(reading, sheet, documents)
    reading.known = {
        "organisation": installation.organisations.keys(),
        "service": installation.services.keys(),
        "calendar": {ALWAYS, *installation.calendars, *sheet.items["calendar"]},
    }
    part = _read(reading, sheet, installation)
    calendars = {**installation.calendars, **part.calendars}
    written = replace(installation, agreements=part.agreements, calendars=calendars)
    own = replace(written, calendars=part.calendars)
    for key, problem, remedy in (*check_calendars(own), *check_agreements(written)):
        reading.fault(sheet.file_of(key, "-"), key, problem, remedy)
    if reading.faults:
        raise FileFaults(sorted(reading.faults, key=lambda fault: fault.file))
    merged = {key: merge_calendar(installation.calendars.get(key), each) for key, each in part.calendars.items()}
    return replace(part, calendars=merged)


def _only_taken(reading: Reading, sheet: Sheet, documents: Mapping[str, str]) -> None:
    others = [(table, items) for table, items in sheet.items.items() if items and table not in TAKEN]
    wrong = [(file, f"{table}.{key}") for table, items in others for key, (file, _) in items.items()]
    wrong += [(file, table) for table, (file, _) in sheet.alone.items()]
    for file, key in wrong:
        reading.fault(file, key, "is neither an agreement nor a calendar.", "Leave it out: nothing else is tried here.")
    for file in documents:
        if not reading.faults and not any(at == file for table in TAKEN for at, _ in sheet.items[table].values()):
            remedy = "Write an [agreement.…] or a [calendar.…] table."
            reading.fault(file, "-", "holds neither an agreement nor a calendar.", remedy)


def _read(reading: Reading, sheet: Sheet, installation: Installation) -> Part:
    services, zone = installation.services, installation.zone
    return Part(
        read_items(reading, sheet, "agreement", lambda slug, entry: read_agreement(slug, entry, services)),
        read_items(reading, sheet, "calendar", lambda slug, entry: read_calendar(slug, entry, zone)),
    )
