"""`servicedesk workflow diagram`: a workflow as a picture that stands alone."""

from pathlib import Path

import click

from servicedesk.cli.options import language_option
from servicedesk.cli.spoken import speaking
from servicedesk.cli.workflow import workflow_named
from servicedesk.core.vocabulary import Language
from servicedesk.core.workflows.definition import Definition
from servicedesk.core.workflows.diagram.layout import draw
from servicedesk.core.workflows.diagram.mermaid import mermaid
from servicedesk.core.workflows.diagram.svg import svg
from servicedesk.web.rendering import STATIC
from servicedesk.web.workflow_words import description, picture_words

# What the pages' own design gives the style sheet; a picture that stands alone brings values of its own.
VALUES = {
    "ds-color-neutral-text-default": ("#1c2327", "#e8edf0"),
    "ds-color-neutral-text-subtle": ("#55606a", "#a9b5bd"),
    "ds-color-neutral-surface-default": ("#ffffff", "#1b2226"),
    "ds-color-neutral-background-default": ("#ffffff", "#14191c"),
    "ds-color-neutral-background-tinted": ("#f3f6f7", "#232c31"),
    "ds-color-neutral-border-subtle": ("#d3dade", "#3a464d"),
    "ds-color-neutral-border-strong": ("#5a6770", "#9aa8b1"),
    "brand-tint": ("#e6f0f2", "#17343c"),
    "brand-base": ("#14505f", "#6db8c8"),
    "warn-tint": ("#fdf3dc", "#3a2f12"),
    "warn": ("#8a5a00", "#f0c15f"),
    "good": ("#2f6b3c", "#93cf9f"),
}
FONT = "Inter, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"


@click.command("diagram")
@click.argument("workflow", metavar="FILE|KEY")
@click.option("--format", "form", type=click.Choice(["svg", "mermaid"]), default="svg", show_default=True)
@click.option("-o", "--output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Not to stdout.")
@click.option("--installed", is_flag=True, help="KEY as it is in force in the installation, not as it was shipped.")
@language_option
def command(workflow: str, form: str, output: Path | None, installed: bool, language: str) -> None:
    """Draw a workflow: tiers as rows, states as boxes, steps as arrows. The SVG stands alone, light and dark."""
    definition = workflow_named(workflow, installed=installed)
    with speaking(Language(language)):
        picture = (
            as_svg(definition, Language(language)) if form == "svg" else as_mermaid(definition, Language(language))
        )
    if output is None:
        click.echo(picture, nl=False)
    else:
        output.write_text(picture, encoding="utf-8")


def as_svg(definition: Definition, language: Language) -> str:
    drawing = draw(definition, picture_words(language))
    rules = (STATIC / "css" / "diagram.css").read_text(encoding="utf-8")
    return svg(drawing, description(definition), style=_values() + rules) + "\n"


def as_mermaid(definition: Definition, language: Language) -> str:
    return mermaid(definition, picture_words(language))


def _values() -> str:
    light = "".join(f"--{name}: {values[0]}; " for name, values in VALUES.items())
    dark = "".join(f"--{name}: {values[1]}; " for name, values in VALUES.items())
    return (
        f":root {{ color-scheme: light dark; --ds-font-family: {FONT}; {light}}}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ {dark}}} }}\n"
    )
