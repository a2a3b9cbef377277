"""`servicedesk replay`: what other agreements, opening hours or a changed workflow would have meant."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from time import monotonic
from zoneinfo import ZoneInfo

import click
from sqlalchemy import Connection

from servicedesk.cli.opening import open_desk
from servicedesk.cli.progress import progress
from servicedesk.cli.replay_csv import rows_into
from servicedesk.cli.replay_report import as_json, report
from servicedesk.cli.workflow_migrate import read_map
from servicedesk.core.calendars.civil import FIRST_YEAR, LAST_YEAR
from servicedesk.core.errors import Fault, FileFaults, Invalid
from servicedesk.core.facts import OPERATOR
from servicedesk.core.follow_up import Reach
from servicedesk.core.installations.entry import suggestion
from servicedesk.core.installations.file_part import parse_part
from servicedesk.core.period import DAY, Period, period_of
from servicedesk.core.proof.reading import prove_file
from servicedesk.core.replay.rules import WhatIf
from servicedesk.core.replay.substitutes import Substitutes
from servicedesk.core.replay.tally import Changed, Tally
from servicedesk.core.text_file import read_text
from servicedesk.core.versions.state_map import check_map
from servicedesk.core.workflows.definition import Definition
from servicedesk.store.queries.follow_up.counted import Asked, Scope
from servicedesk.store.queries.replay import count_lived, replay
from servicedesk.store.queries.workflows import versions_of
from servicedesk.store.rulebook import RuleBook

REMEDY = "Name a TOML file with agreements or calendars, as `servicedesk load` takes them."
FILE = click.Path(path_type=Path)


@click.command("replay")
@click.option("--from", "since", metavar="DAY", required=True, help="The first day, such as 2026-01-01.")
@click.option("--to", "until", metavar="DAY", required=True, help="The day after the last.")
@click.option("--agreement", "agreements", metavar="FILE", multiple=True, type=FILE, help="Other agreements.")
@click.option("--calendar", "calendars", metavar="FILE", multiple=True, type=FILE, help="Other opening hours.")
@click.option("--workflow", "workflows", metavar="FILE", multiple=True, type=FILE, help="A changed workflow.")
@click.option("--map", "pairs", metavar="OLD=NEW", multiple=True, help="What a state of the workflow becomes.")
@click.option("--map-file", metavar="FILE", type=FILE, help='TOML with lines old = "new".')
@click.option("--tickets", "most", default=20, show_default=True, type=click.IntRange(0, 100_000), help="List so many.")
@click.option("--csv", "table", metavar="FILE", type=FILE, help="Write every promise that comes out otherwise there.")
@click.option("--json", "is_json", is_flag=True, help="Print JSON instead of tables.")
def command(
    since: str,
    until: str,
    agreements: tuple[Path, ...],
    calendars: tuple[Path, ...],
    workflows: tuple[Path, ...],
    pairs: tuple[str, ...],
    map_file: Path | None,
    most: int,
    table: Path | None,
    is_json: bool,
) -> None:
    """Fold real history again as if other agreements, opening hours or a changed workflow had applied, and compare the
    promises decided from DAY up to, but not including, DAY. Nothing is written to the database.

    An agreement in a FILE stands in for the one of its kind, party and services on the days on which it is valid; a
    calendar for the one of its key; a workflow for every version of its key. All else stays as it was, and so does what
    people did: how they would have worked under another promise nobody knows.
    """
    desk, began = open_desk(), monotonic()
    with desk.reading() as connection:
        book, now = desk.book(connection), desk.now(connection)
        zone = ZoneInfo(book.installation.zone)
        period = read_period(since, until, zone, now.astimezone(zone).date())
        named = read_map(pairs, map_file)
        substitutes = read_substitutes(connection, book, [*agreements, *calendars], list(workflows), named)
        asked = Asked(Scope(OPERATOR, Reach.ALL, frozenset()), period, now)
        tally = Tally(most=most)
        with _told(table, zone) as told, progress(count_lived(connection, asked), "Replaying") as bar:
            what_if = WhatIf(book, substitutes)
            done = replay(connection, asked, book, what_if, tally, told=told, advance=bar.advance)
    click.echo(as_json(done, asked, substitutes) if is_json else "\n".join(report(done, asked, substitutes, book)))
    click.echo(f"Folded {done.events} events of {done.tickets} tickets in {monotonic() - began:.1f} s.", err=True)


def read_period(since: str, until: str, zone: ZoneInfo, today: date) -> Period:
    """The civil days [since, until) of the installation's zone. Invalid, field by field."""
    first, end = _day("--from", since), _day("--to", until)
    if first > today:
        raise Invalid({"--from": [f"{first} has not come yet. Replay tells of what has happened: begin by {today}."]})
    if end <= first:
        problem = "is the same day: the period is empty" if end == first else f"is before {first}"
        raise Invalid({"--to": [f"{end} {problem}. Name the day after the last one that counts."]})
    if end > today + DAY:
        raise Invalid({"--to": [f"{end} has not come yet. Real history ends today: name {today + DAY} at the latest."]})
    return period_of(first, end - DAY, zone)


def _day(name: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Invalid({name: [f'"{text}" is no day. Write year-month-day, such as 2026-01-01.']}) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Invalid({name: [f"Calendars answer for the years {FIRST_YEAR} to {LAST_YEAR} only."]})
    return day


def read_substitutes(
    connection: Connection, book: RuleBook, files: list[Path], workflows: list[Path], named: Mapping[str, str]
) -> Substitutes:
    """What the files hold, checked as `load` checks it. FileFaults and Invalid say what is wrong."""
    known = [definition.key for definition in book.workflows()]
    part = parse_part({str(file): read_text(file, str(file), REMEDY) for file in files}, book.installation, known)
    changed = _workflows(book, workflows)
    if named:
        _check_map(connection, book, named, changed)
    return Substitutes(part.agreements, part.calendars, changed, named)


def _workflows(book: RuleBook, files: list[Path]) -> dict[str, Definition]:
    known = [definition.key for definition in book.workflows()]
    found: dict[str, Definition] = {}
    for file in files:
        definition = prove_file(file, str(file)).definition
        if definition.key not in known:
            problem = f'"{definition.key}" is no workflow of this installation: no ticket has gone by it.'
            raise FileFaults([Fault(str(file), "workflow.key", problem, suggestion(definition.key, known))])
        if definition.key in found:
            problem = f'"{definition.key}" is the key of {found[definition.key].file} too.'
            raise FileFaults([Fault(str(file), "workflow.key", problem, "Try one of them at a time.")])
        found[definition.key] = definition
    return found


def _check_map(
    connection: Connection, book: RuleBook, named: Mapping[str, str], changed: Mapping[str, Definition]
) -> None:
    if len(changed) != 1:
        raise Invalid({"map": ["It says what becomes of one workflow's states: give one --workflow with it."]})
    (new,) = changed.values()
    check_map(named, [book.definition(version) for version in versions_of(connection, new.key)], new)


@contextmanager
def _told(file: Path | None, zone: ZoneInfo) -> Iterator[Callable[[list[Changed]], None]]:
    if file is None:
        yield lambda changed: None
        return
    with file.open("w", encoding="utf-8", newline="") as stream:
        yield rows_into(stream, zone)
