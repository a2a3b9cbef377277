"""`servicedesk agreement check`: what tiers and suppliers may take, against what the requester is promised."""

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from servicedesk.cli.progress import progress
from servicedesk.core.calendars.calendar import Calendar, compile_calendar
from servicedesk.core.calendars.duration import format_duration
from servicedesk.core.clock import SystemClock
from servicedesk.core.errors import DeskError
from servicedesk.core.facts import Agreement, Installation
from servicedesk.core.promises.chain import Chain, Link
from servicedesk.core.promises.check import Finding, Proof
from servicedesk.core.promises.search import Worst
from servicedesk.core.vocabulary import AgreementKind, Metric, Tier
from servicedesk.core.workflows.definition import Definition

YEARS = 5
FIRST_DAY, LAST_DAY = date(1970, 1, 2), date(2100, 1, 1)
HEAD = (
    "service",
    "municipality",
    "priority",
    "request type",
    "promised",
    "way",
    "may take",
    "worst start",
    "shortfall",
)
_DAY = click.DateTime(["%Y-%m-%d"])


@dataclass(frozen=True, slots=True)
class Subject:
    """What is checked: an installation with the workflows its tickets open with, and its calendars made ready."""

    installation: Installation
    workflows: Collection[Definition]
    calendar: Callable[[str], Calendar]


@click.command("check")
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--from", "first", type=_DAY, metavar="DAY", help="First day to search; else the first of any promise.")
@click.option(
    "--until",
    type=_DAY,
    metavar="DAY",
    help=f"Search until before this day; else {YEARS} years ahead.",
)
@click.option("--all", "with_all", is_flag=True, help="Print what fits too.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def command(folder: Path | None, first: datetime | None, until: datetime | None, with_all: bool, as_json: bool) -> int:
    """Prove for each service, municipality and priority that the promises fit together: what the tiers and the
    supplier may take, each on its own calendar and one after the other, against the solution promised to the requester.
    Up, each takes all its time in turn; "and back", a tier keeps some of it for when the solution comes down again,
    which is told where it takes longer.

    Looks at DIR, or at what is loaded, through the whole validity of its agreements. Every second on which a ticket can
    begin is covered; where the parts exceed the whole, the worst start and the shortfall are named, and the exit code
    is 1. Not proved, since nobody promises it: how often a ticket goes to and fro beyond that, how long it waits for a
    planned change, and when a tier answers the requester.
    """
    subject = _folder(folder) if folder else _loaded()
    days = _days(first, until, subject.installation)
    proof = Proof(subject.installation, subject.workflows, subject.calendar, *days)
    matters = proof.matters()
    found = [proof.find(matter) for matter in progress(matters, "Searching")]
    findings = [finding for of_matter in found for finding in of_matter]
    if as_json:
        click.echo(json.dumps(report(findings, subject.installation, *days), indent=2, ensure_ascii=False))
    else:
        tell(findings, found.count([]), subject.installation, days, with_all=with_all)
    return 0 if all(finding.fits for finding in findings) else 1


def _days(first: datetime | None, until: datetime | None, installation: Installation) -> tuple[date, date]:
    """What is asked for; else from the first day of any promise to the last, or for some years when that is open."""
    start = first.date() if first else _earliest(installation)
    end = until.date() if until else _latest(installation, max(start, SystemClock().now().date()))
    if not FIRST_DAY <= start < end <= LAST_DAY:
        raise DeskError(
            "There is nothing to search from %(start)s until %(end)s. Give days from %(earliest)s to %(latest)s, the "
            "first before the last.",
            code="days",
            start=start,
            end=end,
            earliest=FIRST_DAY,
            latest=LAST_DAY,
        )
    return start, end


def _earliest(installation: Installation) -> date:
    return max(FIRST_DAY, min((sla.valid_from for sla in _slas(installation)), default=SystemClock().now().date()))


def _latest(installation: Installation, after: date) -> date:
    ends = [sla.valid_to for sla in _slas(installation)]
    closed = [end for end in ends if end]
    if closed and len(closed) == len(ends):
        return min(LAST_DAY, max(closed))
    return min(LAST_DAY, date(after.year + YEARS, after.month, 1))


def _slas(installation: Installation) -> list[Agreement]:
    return [each for each in installation.agreements.values() if each.kind is AgreementKind.SLA]


def _folder(folder: Path) -> Subject:
    """Of a folder, with the shipped workflows where it has none of its own."""
    from servicedesk.cli.load import read_folder, read_workflows

    workflows = read_workflows(folder)
    _, installation = read_folder(folder, [definition.key for definition in workflows])
    return Subject(installation, workflows, cache(lambda key: compile_calendar(installation.calendars[key])))


def _loaded() -> Subject:
    from servicedesk.cli.opening import open_desk

    desk = open_desk()
    with desk.reading() as connection:
        book = desk.book(connection)
    if not book.installation.services:
        raise DeskError("Nothing is loaded yet. Name a folder, or load one with `servicedesk load DIR`.")
    return Subject(book.installation, book.workflows(), book.calendar)


def tell(
    found: list[Finding], without: int, installation: Installation, days: tuple[date, date], *, with_all: bool
) -> None:
    zone = ZoneInfo(installation.zone)
    rows = [row for finding in found if with_all or not finding.fits for row in _rows(finding, installation, zone)]
    for line in _table([HEAD, *rows]) if rows else []:
        click.echo(line)
    if rows:
        click.echo()
    click.echo(f"Every second from {days[0]} until {days[1]} searched, for {len(found)} promises of a solution.")
    if without:
        click.echo(f"{without} combinations have no such promise, so there is nothing to exceed.")
    wrong = sum(not finding.fits for finding in found)
    if wrong:
        click.echo(f"{wrong} do not fit: what may be taken exceeds what is promised, or nobody has promised a part.")
    else:
        click.echo("All fit: what tiers and suppliers may take never exceeds what is promised.")


def _rows(finding: Finding, installation: Installation, zone: ZoneInfo) -> Iterator[tuple[str, ...]]:
    yield _row(finding, "up", installation, zone)
    if finding.back:
        yield _row(finding.back, "and back", installation, zone)


def _row(finding: Finding, way: str, installation: Installation, zone: ZoneInfo) -> tuple[str, ...]:
    matter, worst = finding.matter, finding.worst
    about = (
        installation.services[matter.service].name,
        installation.organisations[matter.municipality].name,
        str(matter.priority),
        ", ".join(finding.request_types) or "all",
        format_duration(finding.promised.seconds),
        way,
    )
    if worst is None:
        return *about, "no bound", "; ".join(_unpromised(link) for link in finding.chain if not link.seconds), ""
    start = worst.start.astimezone(zone).strftime("%a %Y-%m-%d %H:%M:%S")
    shortfall = format_duration(finding.shortfall) if finding.shortfall else "fits"
    return *about, format_duration(worst.seconds), start, shortfall


def _unpromised(link: Link) -> str:
    metric = Metric.CONTRACT if link.tier is Tier.SUPPLIER else Metric.HOLDING
    return f"nobody has promised {metric} for {link.team}"


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[n]) for row in rows) for n in range(len(HEAD))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def report(found: list[Finding], installation: Installation, first: date, until: date) -> dict[str, Any]:
    zone = ZoneInfo(installation.zone)
    return {
        "from": first.isoformat(),
        "until": until.isoformat(),
        "zone": installation.zone,
        "fits": all(finding.fits for finding in found),
        "promises": [_entry(finding, zone) for finding in found],
    }


def _entry(finding: Finding, zone: ZoneInfo) -> dict[str, Any]:
    """Times in seconds on the requester's calendar; moments with their offset from UTC."""
    return {
        "service": finding.matter.service,
        "municipality": finding.matter.municipality,
        "priority": finding.matter.priority,
        "request_types": finding.request_types,
        "calendar": finding.promised.calendar,
        "promised_seconds": finding.promised.seconds,
        "fits": finding.fits,
        **_way(finding, zone),
        "and_back": _way(finding.back, zone) if finding.back else None,
    }


def _way(finding: Finding, zone: ZoneInfo) -> dict[str, Any]:
    worst = finding.worst
    return {
        "agreements": finding.agreements,
        "may_take_seconds": worst.seconds if worst else None,
        "worst_start": worst.start.astimezone(zone).isoformat() if worst else None,
        "shortfall_seconds": finding.shortfall if worst else None,
        "chain": list(_visits(worst, finding.chain, zone) if worst else map(_bound, finding.chain)),
    }


def _visits(worst: Worst, chain: Chain, zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    for visit in worst.visits:
        link = chain[visit.step]
        until = visit.until.astimezone(zone).isoformat()
        yield {**_bound(link), "may_take_seconds": visit.seconds, "until": until}


def _bound(link: Link) -> dict[str, Any]:
    return {
        "tier": link.tier,
        "team": link.team,
        "calendar": link.calendar,
        "may_take_seconds": link.seconds or None,
        "until": None,
    }
