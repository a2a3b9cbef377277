"""`servicedesk workflow show`: a workflow in words, as its page tells it."""

from collections.abc import Iterator
from textwrap import fill

import click

from servicedesk.cli.options import language_option
from servicedesk.cli.spoken import speaking
from servicedesk.cli.workflow import workflow_named
from servicedesk.core.proof.check import check
from servicedesk.core.vocabulary import Language
from servicedesk.web.speech import _
from servicedesk.web.workflow_account import ToldState, ToldStep, ToldWorkflow, told_workflow

WIDTH = 100


@click.command("show")
@click.argument("workflow", metavar="FILE|KEY")
@click.option("--installed", is_flag=True, help="KEY as it is in force in the installation, not as it was shipped.")
@language_option
def command(workflow: str, installed: bool, language: str) -> None:
    """Tell a workflow in words: its states, who may take which step and what it asks for, what time does by itself,
    and what the check has proved."""
    definition = workflow_named(workflow, installed=installed)
    faults = check(definition)
    with speaking(Language(language)):
        told = told_workflow(definition, Language(language), is_proven=not faults)
        for line in lines_of(told):
            click.echo(line)
        for fault in faults:
            click.echo(f"{fault} ({fault.rule})")


def lines_of(told: ToldWorkflow) -> Iterator[str]:
    yield f"{told.label} ({told.key}, {told.version[:12]})"
    for state in told.states:
        yield from _state(state)
    yield ""
    yield _("The check has proved:") if told.proven else _("Not proven. The check has found:")
    yield from (f"  - {line}" for line in told.proven)


def _state(state: ToldState) -> Iterator[str]:
    yield ""
    yield f"{state.label} [{state.key}]"
    yield _wrapped("  ", ", ".join(part for part in (state.category, state.tier, state.waits_on) if part))
    yield _wrapped("  ", f"{_('Clocks')}: {state.clocks}")
    for step in state.steps:
        yield from _step(step)


def _step(step: ToldStep) -> Iterator[str]:
    yield f"  {'~' if step.is_timed else '-'} {step.label} -> {step.to_label} [{step.key}]"
    for word, text in (
        ("", step.who),
        (_("Asks for"), step.needs),
        (_("Only"), step.guards),
        (_("Then"), step.effects),
    ):
        if text:
            yield _wrapped("      ", f"{word}: {text}" if word else text)


def _wrapped(indent: str, text: str) -> str:
    return fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent + "  ")
