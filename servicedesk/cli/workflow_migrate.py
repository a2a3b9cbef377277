"""`servicedesk workflow migrate`: running tickets to the version in force, with a preview of what that changes."""

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from textwrap import fill

import click

from servicedesk.actions.migrating import NEWEST, Pair, Plan, migrate, plan_migration
from servicedesk.cli.opening import open_desk
from servicedesk.cli.progress import progress
from servicedesk.core.errors import Fault, FileFaults, Invalid
from servicedesk.core.facts import OPERATOR
from servicedesk.core.versions.differences import differences
from servicedesk.core.versions.obstacles import Obstacle
from servicedesk.store.rulebook import RuleBook

SHORT = 12
REMEDY = 'Write one line for each state: old_state = "new_state".'


@click.command("migrate")
@click.argument("key")
@click.option("--to", "to", default=NEWEST, show_default=True, help="The version in force, by how its hash begins.")
@click.option("--from", "since", default="", help="Only tickets on this older version, by how its hash begins.")
@click.option("--map", "pairs", metavar="OLD=NEW", multiple=True, help="What a state becomes. May be given many times.")
@click.option("--map-file", metavar="FILE", type=click.Path(path_type=Path), help='TOML with lines old = "new".')
@click.option("--reason", default="", help="Why: stands on each ticket's timeline.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and move nothing.")
def command(
    key: str, to: str, since: str, pairs: tuple[str, ...], map_file: Path | None, reason: str, dry_run: bool
) -> int:
    """Move the running tickets of workflow KEY from older versions to the version in force.

    A state of the same key that declares the same is its own successor; every other state in use must be named. Says
    first what moves where and what changes for it. If anything stands in the way of any ticket, nothing is moved, and
    each such ticket is named. Stopped in the middle, run it again: it goes on with the rest.
    """
    desk = open_desk()
    plan = plan_migration(desk, key, read_map(pairs, map_file), actor=OPERATOR, to=to, since=since)
    with desk.reading() as connection:
        book = desk.book(connection)
    for line in preview(plan, book):
        click.echo(line)
    if plan.in_the_way:
        click.echo("Nothing was moved.")
        return 1
    if dry_run or not plan.moves:
        click.echo("Nothing to move." if not plan.moves else f"{plan.moves.total()} tickets would be moved.")
        return 0
    with progress(plan.moves.total(), "Moving") as bar:
        done = migrate(desk, plan, reason, actor=OPERATOR, advance=bar.advance)
    click.echo(f"{done.moved} tickets moved.")
    if done.left:
        click.echo("Left where they are, since they changed meanwhile:")
        for line in _obstacle_lines(done.left):
            click.echo(line)
    return 1 if done.left else 0


def read_map(pairs: Iterable[str], file: Path | None) -> dict[str, str]:
    """Both together. Invalid for a pair that is none, and for a state that is given two successors."""
    given = [*(_pair(text) for text in pairs), *(_from_file(file).items() if file else ())]
    named: dict[str, str] = {}
    for old, new in given:
        if named.setdefault(old, new) != new:
            raise Invalid({"map": [f"{old} cannot become both {named[old]} and {new}."]}, "The map cannot be used.")
    return named


def _pair(text: str) -> tuple[str, str]:
    old, equals, new = (part.strip() for part in text.partition("="))
    if not (old and equals and new):
        raise Invalid({"map": [f'"{text}" is no pair. Write old_state=new_state.']}, "The map cannot be used.")
    return old, new


def _from_file(file: Path) -> dict[str, str]:
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise FileFaults([Fault(str(file), "-", "is not text in UTF-8.", REMEDY)]) from None
    except tomllib.TOMLDecodeError as error:
        raise FileFaults([Fault(str(file), "-", f"is not TOML: {error}.", REMEDY)]) from None
    faults = [
        Fault(str(file), key, "is no state's key in quotes.", REMEDY)
        for key, new in tables.items()
        if type(new) is not str
    ]
    if faults:
        raise FileFaults(faults)
    return tables


def preview(plan: Plan, book: RuleBook) -> Iterator[str]:
    """What moves from where to where, how many, and what changes for them; then what stands in the way."""
    yield f"{plan.new.key}: to version {plan.new.version[:SHORT]}, which is in force."
    for version in plan.versions:
        moves = {pair: count for pair, count in plan.moves.items() if pair.version == version}
        yield f"From version {version[:SHORT]}: {sum(moves.values())} tickets can go."
        for pair, count in sorted(moves.items(), key=lambda item: (item[0].state, item[0].target)):
            yield from _move_lines(pair, count, plan, book)
    if plan.in_the_way:
        yield "In the way:"
        yield from _obstacle_lines(plan.in_the_way)


def _move_lines(pair: Pair, count: int, plan: Plan, book: RuleBook) -> Iterator[str]:
    yield f"  {pair.state} -> {pair.target}: {count}"
    for change in differences(book.definition(pair.version), pair.state, plan.new, pair.target):
        yield f"      {change}"
    if anew := plan.anew[pair]:
        yield f"      time in the state begins anew for {anew}, whose time would be up under the new rules"


def _obstacle_lines(found: Iterable[tuple[str, str, Obstacle]]) -> Iterator[str]:
    """Each reason once, with every ticket that it is about."""
    reasons: dict[tuple[str, str, str], list[str]] = {}
    for number, state, obstacle in found:
        reasons.setdefault((state, obstacle.sentence, obstacle.code), []).append(number)
    for (state, sentence, code), numbers in reasons.items():
        yield f"  in {state}: {sentence} ({code}; {len(numbers)})"
        yield fill(", ".join(numbers), 100, initial_indent="      ", subsequent_indent="      ")
