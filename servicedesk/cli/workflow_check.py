"""`servicedesk workflow check`: prove definitions before any ticket uses them."""

from collections.abc import Iterator
from pathlib import Path

import click

from servicedesk.cli.workflow import shipped
from servicedesk.core.errors import Fault, FileFaults
from servicedesk.core.proof.check import Guarantees
from servicedesk.core.proof.reading import prove_file


@click.command("check")
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path))
def command(files: tuple[Path, ...]) -> int:
    """Prove every FILE, or the shipped definitions when none is named.

    Prints one line per finding (file, key, what is wrong, a shortest path as proof, what to do) and one line per clean
    file. Exits with 1 when anything is found.
    """
    faults = [fault for file in files or shipped() for fault in _say(file)]
    return 1 if faults else 0


def _say(file: Path) -> Iterator[Fault]:
    try:
        click.echo(f"{file}: {summary(prove_file(file, str(file)))}")
    except FileFaults as error:
        for fault in error.faults:
            click.echo(f"{fault} ({fault.rule})")
            yield fault


def summary(proven: Guarantees) -> str:
    d = proven.definition
    counts = (
        f"{len(d.states)} states, {len(d.transitions)} transitions, {len(d.timed)} timed, {len(d.scenarios)} scenarios"
    )
    closing = f"closed from every state in at most {proven.longest_way_out} steps"
    return f"{counts}; all {len(proven.proven)} rules proven; {closing}. Version {d.version[:12]}."
