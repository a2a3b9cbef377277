"""`servicedesk load DIR`: an installation from a folder of TOML files."""

from pathlib import Path

import click

from servicedesk import paths
from servicedesk.actions.installation import load_installation
from servicedesk.cli.opening import open_desk
from servicedesk.core.errors import Fault, FileFaults
from servicedesk.core.facts import Installation
from servicedesk.core.installations.diff import UNWRITTEN, Change
from servicedesk.core.installations.file import read_installation
from servicedesk.core.proof.reading import prove_file
from servicedesk.core.workflows.definition import Definition


@click.command("load")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Print what would change, and change nothing.")
@click.option("--shipped-workflows", is_flag=True, help="Put the shipped workflows in force where DIR has none.")
@click.option("--overwrite", is_flag=True, help="Take the files' values also where pages have changed them.")
def command(folder: Path, dry_run: bool, shipped_workflows: bool, overwrite: bool) -> None:
    """Load DIR and the workflows in DIR/workflows. Loading twice changes nothing.

    What was changed in pages stays as it is and is named, with who changed it and when, unless --overwrite. A workflow
    that DIR does not hold stays as it is in force; where none is, the shipped one is loaded. Every fault names file,
    table and key, and then nothing is loaded.
    """
    shipped = read_workflows()
    desk = open_desk()
    with desk.reading() as connection:
        in_force = [definition.key for definition in desk.book(connection).workflows()]
    own, installation = read_folder(folder, [*in_force, *(definition.key for definition in shipped)])
    definitions = list(_by_key(shipped, own).values()) if shipped_workflows else own
    changes = load_installation(desk, installation, definitions, shipped=shipped, dry_run=dry_run, overwrite=overwrite)
    report(changes, dry_run)


def read_workflows(folder: Path | None = None) -> list[Definition]:
    """Every definition, parsed and proved. One of the folder's own replaces the shipped one with its key."""
    shipped, faults = _proved(paths.workflows())
    own, own_faults = _proved(folder / "workflows") if folder else ([], [])
    if faults or own_faults:
        raise FileFaults([*faults, *own_faults])
    return list(_by_key(shipped, own).values())


def read_folder(folder: Path, workflows: list[str]) -> tuple[list[Definition], Installation]:
    """The folder's own workflows and its installation, which may name them and `workflows`. FileFaults with everything
    found in either; while one of the workflows cannot be read, nobody is accused of naming it."""
    own, faults = _proved(folder / "workflows")
    try:
        known = None if faults else [*workflows, *(definition.key for definition in own)]
        installation = read_installation(folder, known)
    except FileFaults as error:
        faults += error.faults
    if faults:
        raise FileFaults(faults)
    return own, installation


def _proved(folder: Path) -> tuple[list[Definition], list[Fault]]:
    found: dict[str, Definition] = {}
    faults: list[Fault] = []
    for file in sorted(folder.glob("*.toml")):
        try:
            definition = prove_file(file, file.name).definition
        except FileFaults as error:
            faults += error.faults
            continue
        if definition.key in found:
            problem = f'"{definition.key}" is the key of {found[definition.key].file} too.'
            faults.append(Fault(file.name, "workflow.key", problem, "Keep one of the two, or give it another key."))
        found[definition.key] = definition
    return list(found.values()), faults


def _by_key(*groups: list[Definition]) -> dict[str, Definition]:
    """The last of each key."""
    return {definition.key: definition for group in groups for definition in group}


def report(changes: list[Change], dry_run: bool) -> None:
    for change in changes:
        for line in change.lines():
            click.echo(line)
    count = sum(change.what not in UNWRITTEN for change in changes)
    if not count:
        click.echo("Nothing to change.")
    else:
        click.echo(f"{count} changes {'would be made; nothing was' if dry_run else 'made'}.")
