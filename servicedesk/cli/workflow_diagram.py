"""`servicedesk workflow diagram`: a workflow as a picture that stands alone."""

from pathlib import Path

import click

from servicedesk.app import workflow_drawn, workflow_written
from servicedesk.cli.options import language_option
from servicedesk.cli.workflow import workflow_named
from servicedesk.core.vocabulary import Language


@click.command("diagram")
@click.argument("workflow", metavar="FILE|KEY")
@click.option("--format", "form", type=click.Choice(["svg", "mermaid"]), default="svg", show_default=True)
@click.option("-o", "--output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Not to stdout.")
@click.option("--installed", is_flag=True, help="KEY as it is in force in the installation, not as it was shipped.")
@language_option
def command(workflow: str, form: str, output: Path | None, installed: bool, language: str) -> None:
    """Draw a workflow: tiers as rows, states as boxes, steps as arrows. The SVG stands alone, light and dark."""
    definition = workflow_named(workflow, installed=installed)
    picture = (workflow_drawn if form == "svg" else workflow_written)(definition, Language(language))
    if output is None:
        click.echo(picture, nl=False)
    else:
        output.write_text(picture, encoding="utf-8")
