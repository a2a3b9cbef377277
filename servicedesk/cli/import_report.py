"""What an import says: the account of every row, the remarks, the summary."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from servicedesk.actions.importing import Imported
from servicedesk.core.servicenow.account import Kind, Outcome, Remark
from servicedesk.core.summary import Sum, Summary
from servicedesk.core.vocabulary import Language
from servicedesk.store.rulebook import RuleBook

FIRST_FEW = 3
COLUMNS = ("line", "number", "outcome", "kind", "why")


def write_report(file: Path, remarks: Sequence[Remark], append: bool = False) -> None:
    """Every remark, a row each: JSON lines for .jsonl, else CSV with headings."""
    with file.open("a" if append else "w", encoding="utf-8", newline="") as opened:
        if append:
            return
        if file.suffix == ".jsonl":
            opened.writelines(json.dumps(asdict(remark), ensure_ascii=False) + "\n" for remark in remarks)
        else:
            writer = csv.DictWriter(opened, COLUMNS)
            writer.writeheader()
            writer.writerows(asdict(remark) for remark in remarks)


def say_account(imported: Imported, report: Path | None, dry_run: bool) -> None:
    account = imported.account
    if dry_run:
        click.echo("Nothing was written; this is what would be.")
    click.echo(f"{account.equation()}.")
    click.echo(f"{imported.equation()}.")
    if account.blank:
        click.echo(f"{account.blank} lines with nothing on them were passed over.")
    if imported.made:
        keys = [team.key for team in imported.made]
        click.echo(f"{len(keys)} teams made for groups of the log: {', '.join(keys[:5])}{', …' if keys[5:] else ''}.")
    _say_remarks(account.remarks, account.kinds())
    if report:
        click.echo(f"All {len(account.remarks)} remarks are in {report}.")
    elif account.remarks:
        click.echo(f"--report FILE writes all {len(account.remarks)} remarks.")


def _say_remarks(remarks: Sequence[Remark], kinds: Mapping[tuple[Outcome, Kind], int]) -> None:
    """How often each thing is to be said, with the first few; what was here before is only counted."""
    for (outcome, kind), count in kinds.items():
        click.echo(f"{count:>6} {outcome}: {kind}")
        these = [remark for remark in remarks if (remark.outcome, remark.kind) == (outcome, kind)]
        for remark in these[:FIRST_FEW] if outcome is not Outcome.HERE else ():
            whose = f", {remark.number}" if remark.number else ""
            click.echo(f"       {f'line {remark.line}{whose}' if remark.line else 'the file'}: {remark.why}")


def say_summary(summary: Summary, book: RuleBook) -> None:
    """Three tables of the same tickets, each in order of time, and the promises by what they measure."""
    states = {
        book.definition(version).states[state].labels[Language.ENGLISH]: total
        for (version, state), total in summary.states.items()
    }
    teams = book.installation.teams
    _say_table("By state", _by_time(states))
    _say_table("By priority", [(str(priority), total) for priority, total in sorted(summary.priorities.items())])
    _say_table("By holder", _by_time({teams[team].name: total for team, total in summary.holders.items()}))
    click.echo("\nPromises kept")
    for metric, (kept, of) in sorted(summary.promises.items()):
        click.echo(f"    {metric}: {kept} of {of}")
    click.echo(
        f"\n{summary.tickets} tickets. Hours are by the clock on the wall, without the time closed. Handed over: left"
        "\nhere for another team. Came back: to a team that had had it before. Kept: promises of resolution that were"
        "\nfulfilled, of those settled here."
    )


def _by_time(sums: Mapping[str, Sum]) -> list[tuple[str, Sum]]:
    return sorted(sums.items(), key=lambda item: (-item[1].seconds, item[0]))


def _say_table(heading: str, sums: Iterable[tuple[str, Sum]]) -> None:
    rows = list(sums)
    width = max([len(name) for name, _ in rows] + [len(heading)])
    click.echo(f"\n{heading:<{width}}  {'tickets':>8} {'hours':>12} {'handed over':>12} {'came back':>10}  kept")
    for name, total in rows:
        click.echo(
            f"{name:<{width}}  {total.tickets:>8} {total.seconds / 3600:>12,.1f} {total.handovers:>12}"
            f" {total.ping_pong:>10}  {total.kept} of {total.promised}"
        )
