"""`servicedesk workflow …`: prove definitions, show them in words and pictures, move tickets to a new version."""

from pathlib import Path

import click

from servicedesk import paths
from servicedesk.cli.subcommands import Subcommands
from servicedesk.core.errors import Fault, FileFaults
from servicedesk.core.installations.entry import suggestion
from servicedesk.core.proof.reading import read_file
from servicedesk.core.workflows.definition import Definition

SUBCOMMANDS = {
    "check": "Prove every FILE, or the shipped definitions when none is named.",
    "show": "Tell a workflow in words: states, steps, timers, and what was proved.",
    "diagram": "Draw a workflow, as SVG or Mermaid.",
    "migrate": "Move running tickets to the version in force, by an explicit map of states.",
}


command = Subcommands(
    "workflow", SUBCOMMANDS, "Prove workflow definitions, show them, and move tickets to a new version."
)


def shipped() -> list[Path]:
    """The definitions that come with the program."""
    folder = paths.workflows()
    found = sorted(folder.glob("*.toml"))
    if not found:
        raise click.ClickException(f"{folder} holds no workflow definition.")
    return found


def workflow_named(name: str, *, installed: bool) -> Definition:
    """A file's, proven or not; by its key the one in force in the installation (`installed`), else the shipped one."""
    if installed:
        return _in_force(name)
    known = {file.stem: file for file in shipped()}
    if name in known:
        return read_file(known[name], name)
    if "." in name or "/" in name or Path(name).exists():
        return read_file(Path(name), name)
    raise FileFaults(
        [
            Fault(
                name,
                "-",
                "is neither a file nor the key of a shipped workflow.",
                f"{suggestion(name, known)} With --installed it is looked for among those that have been loaded.",
            )
        ]
    )


def _in_force(key: str) -> Definition:
    from servicedesk.cli.opening import open_desk

    desk = open_desk()
    with desk.reading() as connection:
        book = desk.book(connection)
        found = book.workflow(key)
        if found is None:
            known = [definition.key for definition in book.workflows()]
            raise FileFaults([Fault(key, "-", "is not loaded in this installation.", suggestion(key, known))])
        return found
