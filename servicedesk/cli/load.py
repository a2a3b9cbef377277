"""`servicedesk load DIR`: an installation from a folder of TOML files."""

from pathlib import Path

import click

from servicedesk import paths
from servicedesk.actions.installation import load_installation
from servicedesk.cli.opening import open_desk
from servicedesk.core.errors import Fault, FileFaults
from servicedesk.core.installations.diff import Change
from servicedesk.core.installations.file import read_installation
from servicedesk.core.proof.check import check
from servicedesk.core.workflows.definition import Definition
from servicedesk.core.workflows.file import parse_workflow


@click.command("load")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Print what would change, and change nothing.")
def command(folder: Path, dry_run: bool) -> None:
    """Load DIR and the workflows (the shipped ones, then those in DIR/workflows). Loading twice changes nothing.

    Every fault names file, table and key, and then nothing is loaded.
    """
    definitions = read_workflows(folder)
    installation = read_installation(folder, [definition.key for definition in definitions])
    changes = load_installation(open_desk(), installation, definitions, dry_run=dry_run)
    report(changes, dry_run)


def read_workflows(folder: Path | None = None) -> list[Definition]:
    """Every definition, parsed and proved. One of the folder's own replaces the shipped one with its key."""
    files = sorted(paths.workflows().glob("*.toml"))
    files += sorted((folder / "workflows").glob("*.toml")) if folder else []
    found: dict[str, Definition] = {}
    faults: list[Fault] = []
    for file in files:
        try:
            definition = parse_workflow(file.read_text(encoding="utf-8"), file.name)
        except FileFaults as unreadable:
            faults += unreadable.faults
            continue
        found[definition.key] = definition
        faults += check(definition)
    if faults:
        raise FileFaults(faults)
    return list(found.values())


def report(changes: list[Change], dry_run: bool) -> None:
    for change in changes:
        for line in change.lines():
            click.echo(line)
    count = sum(change.what != "left" for change in changes)
    if not count:
        click.echo("Nothing to change.")
    else:
        click.echo(f"{count} changes {'would be made; nothing was' if dry_run else 'made'}.")
