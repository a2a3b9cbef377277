"""`servicedesk import servicenow CSV --map FILE`: another system's incidents, with their history."""

from pathlib import Path

import click

from servicedesk import paths
from servicedesk.actions.desk import Desk
from servicedesk.actions.importing import Imported, import_servicenow
from servicedesk.actions.installation import load_installation
from servicedesk.cli.import_report import say_account, say_summary, write_report
from servicedesk.cli.load import read_workflows
from servicedesk.cli.opening import open_desk
from servicedesk.cli.progress import progress
from servicedesk.core.errors import Fault, FileFaults, Unavailable
from servicedesk.core.facts import IMPORTER
from servicedesk.core.installations.entry import suggestion
from servicedesk.core.installations.file import read_installation
from servicedesk.core.servicenow.log_file import require_readable
from servicedesk.core.servicenow.mapping import ImportMap, parse_import_map
from servicedesk.core.text_file import read_text
from servicedesk.store.queries.summary import summary_of
from servicedesk.store.queries.verification import Difference, ticket_ids, verify_seal, verify_ticket

AT_ONCE = 500


@click.group("import")
def command() -> None:
    """Bring in tickets from another system."""


@command.command("servicenow")
@click.argument("csv", metavar="CSV", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--map", "map_file", metavar="FILE", required=True, type=click.Path(path_type=Path), help="The mapping.")
@click.option("--report", metavar="FILE", type=click.Path(path_type=Path), help="Every remark: .jsonl, else CSV.")
@click.option("--dry-run", is_flag=True, help="Read, check and report; write nothing.")
def servicenow(csv: Path, map_file: Path, report: Path | None, dry_run: bool) -> int:
    """Import an incident log: one row per change, put in order by its own counter.

    What FILE means by its words is explained in servicedesk/samples/import. Run again it changes nothing. Every row is
    accounted for; it ends with a proof of the tickets and a summary. Exits with 1 when the proof finds a difference.
    """
    mapping = read_map(map_file)
    content = csv.read_bytes()
    require_readable(content, csv.name, mapping)  # before an installation is loaded for its sake
    if report:
        write_report(report, [], append=True)  # a place that can't be written is found out before the import
    desk = open_desk()
    ensure_installation(desk, mapping, map_file, dry_run)
    with progress(None, f"Importing {csv.name}") as done:
        imported = import_servicenow(
            desk, content, csv.name, mapping, actor=IMPORTER, dry_run=dry_run, advance=done.advance
        )
    if report:
        write_report(report, imported.account.remarks)
    say_account(imported, report, dry_run)
    return 0 if dry_run else prove_and_sum_up(desk, imported)


def read_map(file: Path) -> ImportMap:
    remedy = "Name a mapping: a TOML file such as servicedesk/samples/import/servicenow.toml."
    return parse_import_map(read_text(file, file.name, remedy), file.name)


def ensure_installation(desk: Desk, mapping: ImportMap, map_file: Path, dry_run: bool) -> None:
    """The installation that the mapping names is there. Into an empty database it is loaded; Unavailable otherwise."""
    if not mapping.installation:
        return
    folder = folder_of(mapping, map_file)
    definitions = read_workflows(folder)
    installation = read_installation(folder, [definition.key for definition in definitions])
    with desk.reading() as connection:
        there = desk.book(connection).installation.organisations.keys()
    if installation.organisations.keys() <= there:
        return
    if there or dry_run:
        why = "Another is there." if there else "A dry run loads nothing by itself."
        raise Unavailable(
            "The mapping was written for installation %(name)s, which is not loaded. %(why)s To load it, run: "
            "servicedesk load %(folder)s",
            code="no_installation",
            name=mapping.installation,
            why=why,
            folder=str(folder),
        )
    changes = load_installation(desk, installation, definitions)
    click.echo(f"The database was empty: loaded {folder} ({len(changes)} items).")


def folder_of(mapping: ImportMap, map_file: Path) -> Path:
    """Beside the mapping, or a sample that comes with the program."""
    candidates = [map_file.parent / mapping.installation, paths.samples() / mapping.installation]
    found = next((folder for folder in candidates if folder.is_dir()), None)
    if found is None:
        samples = [folder.name for folder in paths.samples().iterdir() if (folder / "organisations.toml").is_file()]
        problem = f'"{mapping.installation}" is neither a folder beside the mapping nor a sample.'
        raise FileFaults([Fault(map_file.name, "log.installation", problem, suggestion(mapping.installation, samples))])
    return found


def prove_and_sum_up(desk: Desk, imported: Imported) -> int:
    """Refold what the log's tickets are here, and the seal; then the summary. 1 when something differs."""
    with desk.reading() as connection:
        book = desk.book(connection)
        ids = [
            ticket_id
            for start in range(0, len(imported.numbers), AT_ONCE)
            for ticket_id in ticket_ids(connection, imported.numbers[start : start + AT_ONCE])
        ]
        found: list[Difference] = []
        for ticket_id in progress(ids, "Verifying"):
            found += verify_ticket(connection, book, ticket_id)
        found += verify_seal(connection)
        summary = summary_of(connection, imported.numbers, desk.now(connection), viewer=IMPORTER)
    for difference in found:
        click.echo(str(difference))
    what = f"{len(found)} differences" if found else "clean"
    click.echo(f"\nVerified {len(ids)} tickets and the seal: {what}.")
    say_summary(summary, book)
    return 1 if found else 0
