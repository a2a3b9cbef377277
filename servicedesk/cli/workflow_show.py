"""`servicedesk workflow show`: a workflow in words, as its page tells it."""

import click

from servicedesk.app import workflow_told
from servicedesk.cli.options import language_option
from servicedesk.cli.workflow import workflow_named
from servicedesk.core.proof.check import check
from servicedesk.core.vocabulary import Language


@click.command("show")
@click.argument("workflow", metavar="FILE|KEY")
@click.option("--installed", is_flag=True, help="KEY as it is in force in the installation, not as it was shipped.")
@language_option
def command(workflow: str, installed: bool, language: str) -> None:
    """Tell a workflow in words: its states, who may take which step and what it asks for, what time does by itself,
    and what the check has proved."""
    definition = workflow_named(workflow, installed=installed)
    for line in workflow_told(definition, check(definition), Language(language)):
        click.echo(line)
