"""`servicedesk play`: scenarios driven through the actions, each in an installation of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from sqlalchemy.engine import make_url

from servicedesk import paths
from servicedesk.actions.play import Ended, Play, Played
from servicedesk.actions.playground import playground
from servicedesk.cli.ledger import duration
from servicedesk.cli.load import read_workflows
from servicedesk.config import read_settings
from servicedesk.core.errors import DeskError, Fault, FileFaults, Invalid, Refusal
from servicedesk.core.events import Event, Moved, PromiseWarned
from servicedesk.core.facts import Installation
from servicedesk.core.installations.file import read_installation
from servicedesk.core.ledger import Ledger, Share
from servicedesk.core.scenarios.file import installation_named, parse_scenario
from servicedesk.core.scenarios.scenario import Scenario
from servicedesk.core.scenarios.time import write_moment
from servicedesk.core.sla import is_broken, spent_at
from servicedesk.core.text_file import read_text
from servicedesk.core.ticket import Clock, TicketState
from servicedesk.core.workflows.definition import Definition


@click.command("play")
@click.argument("files", metavar="[FILE]…", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--keep", metavar="PATH", type=click.Path(path_type=Path), help="Keep the database of the one FILE there."
)
def command(files: tuple[Path, ...], keep: Path | None) -> int:
    """Play every FILE, or the shipped scenarios when none is named, and prove what it leaves.

    Each is played in a new database of its own, removed afterwards; the configured one is never touched. Prints every
    step, refusals included. Exits with 1 when a step did not go as the scenario expects.
    """
    chosen = list(files) or shipped()
    if keep is not None:
        _require_own(keep, chosen)
    scripts = read_all(chosen)
    # No bar beside it: every step is printed as it is played, and one takes some hundredths of a second.
    failed = [script.scenario.file for script in scripts if not perform(script, keep)]
    if len(chosen) > 1 or failed:
        names = f" Not as expected: {', '.join(failed)}." if failed else ""
        click.echo(f"{len(chosen) - len(failed)} of {len(chosen)} scenarios went as expected.{names}")
    return 1 if failed else 0


def shipped() -> list[Path]:
    """The scenarios that come with the program."""
    found = sorted(paths.scenarios().glob("*.toml"))
    if not found:
        raise click.ClickException(f"{paths.scenarios()} holds no scenario.")
    return found


def _require_own(keep: Path, files: list[Path]) -> None:
    if len(files) != 1:
        raise click.UsageError("--keep keeps one scenario: name one FILE")
    url = make_url(read_settings().database_url)
    if url.get_backend_name() == "sqlite" and Path(url.database or "").absolute().resolve() == keep.resolve():
        raise Refusal(
            "%(path)s is the configured database, and scenarios are never played there. Give another path.",
            code="not_played",
            path=str(keep),
        )


@dataclass(frozen=True, slots=True)
class Script:
    """A scenario with the installation and the workflows it is played in."""

    scenario: Scenario
    installation: Installation
    definitions: dict[str, Definition]


def read_all(files: list[Path]) -> list[Script]:
    """FileFaults with the faults of every file; then none is played."""
    scripts: list[Script] = []
    faults: list[Fault] = []
    for file in files:
        try:
            scripts.append(read(file))
        except FileFaults as error:
            faults += error.faults
    if faults:
        raise FileFaults(faults)
    return scripts


def read(file: Path) -> Script:
    """FileFaults with everything found, a file that cannot be read included."""
    text = read_text(file, str(file), "Name a scenario: a TOML file such as those that come with the program.")
    installation, definitions = _setting(_folder(installation_named(text, str(file)), file))
    return Script(parse_scenario(text, str(file), installation, definitions), installation, definitions)


def _folder(name: str, file: Path) -> Path:
    """A shipped sample by its name, else a folder beside the scenario."""
    sample = paths.samples() / name
    return sample if Path(name).name == name and sample.is_dir() else file.parent / name


@cache
def _setting(folder: Path) -> tuple[Installation, dict[str, Definition]]:
    definitions = {definition.key: definition for definition in read_workflows(folder)}
    return read_installation(folder, list(definitions)), definitions


def perform(script: Script, keep: Path | None) -> bool:
    """Play one and print it; whether all went as expected."""
    scenario, wrong = script.scenario, 0
    start, definitions = scenario.steps[0].at, script.definitions.values()
    with playground(script.installation, definitions, start, keep) as (desk, clock):
        click.echo(f"{scenario.key}: {scenario.title}")
        play = Play(desk, clock, scenario)
        for played in play.steps():
            wrong += bool(played.unmet)
            for line in step_lines(played, scenario):
                click.echo(line)
        ended = play.end()
    for line in end_lines(ended, scenario):
        click.echo(line)
    if wrong:
        click.echo(f"  {wrong} of {len(scenario.steps)} steps did not go as expected.")
    if keep is not None:
        click.echo(f"  Kept in {keep}.")
    click.echo()
    return not wrong and not ended.faults


def step_lines(played: Played, scenario: Scenario) -> Iterator[str]:
    """What time did on the way, the step, its refusal if any, and what was not as expected."""
    zone, step = ZoneInfo(scenario.zone), played.step
    for label, event in played.fired:
        yield f"       {write_moment(event.occurred_at, zone):16}  {'(time)':36}  {label:2} {fired_text(event)}"
    done = "time passes" if not step.do else step.do
    outcome = _where(played.ticket) if played.refusal is None else f"refused: {played.refusal.code}"
    yield f"  {step.number:3}  {write_moment(step.at, zone):16}  {step.who:36}  {step.ticket:2} {done}: {outcome}"
    if played.refusal is not None:
        for sentence in refusal_sentences(played.refusal):
            yield f"{'':10}{sentence}"
    for sentence in played.unmet:
        yield f"{'':10}NOT AS EXPECTED: {scenario.file}: step[{step.number}]: {sentence}."


def fired_text(event: Event) -> str:
    data = event.payload
    if isinstance(data, PromiseWarned):
        return f"warning: {data.clock} at {data.share} %, told: {', '.join(data.tell)}"
    return f"{data.transition}: {data.to_state}" if isinstance(data, Moved) else event.kind


def refusal_sentences(refusal: DeskError) -> Iterator[str]:
    yield str(refusal)
    if isinstance(refusal, Invalid):
        for name, sentences in refusal.fields.items():
            yield f"{name}: {' '.join(sentences)}"
    if isinstance(refusal, Refusal) and refusal.allowed:
        yield f"Can be done instead: {', '.join(refusal.allowed)}."


def _where(ticket: TicketState | None) -> str:
    if ticket is None:
        return "no ticket"
    assignee = f", {ticket.assignee}" if ticket.assignee else ""
    return f"{ticket.state}, with {ticket.holder.team}{assignee}"


def end_lines(ended: Ended, scenario: Scenario) -> Iterator[str]:
    """Each ticket's ledger in short and its promises, then the proof."""
    for label, ticket in ended.tickets.items():
        yield f"  {label} is {ticket.number}: {ticket.state}, until {_local(ended.ledgers[label], scenario)}"
        yield from ledger_lines(ended.ledgers[label])
        for clock in ticket.clocks.values():
            spent = duration(spent_at(clock, ended.at, ended.hours))
            yield f"      {clock.key:66} {spent:>9}  {_verdict(clock, ended)}"
    for fault in ended.faults:
        yield f"  NOT TRUE: {fault}"
    if not ended.faults:
        yield "  verify: clean, and all shares add up."


def ledger_lines(book: Ledger) -> Iterator[str]:
    yield f"      {'':66} {'calendar':>9}  {'working':>9}"
    for share in book.holders:
        yield _share(f"held by {share.of}", share)
    for share in book.accounts:
        yield _share(f"account of {share.of}", share)
    if book.closed.seconds:
        yield _share("closed, nobody's", book.closed)
    yield _share("the whole", book.whole)


def _share(name: str, share: Share) -> str:
    return f"      {name:66} {duration(share.seconds):>9}  {duration(share.working):>9}"


def _verdict(clock: Clock, ended: Ended) -> str:
    if not clock.target:
        return "nothing promised"
    kept = "kept" if clock.stopped_at else "not broken"
    return f"of {duration(clock.target)}, {'broken' if is_broken(clock, ended.at) else kept}"


def _local(book: Ledger, scenario: Scenario) -> str:
    return write_moment(book.as_of, ZoneInfo(scenario.zone))
