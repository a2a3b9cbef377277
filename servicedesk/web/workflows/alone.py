"""A workflow told or drawn outside a page, for the command line: in the pages' words and with their style sheet."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from textwrap import fill

import flask_babel
from flask import Flask

from servicedesk.core.errors import Fault
from servicedesk.core.proof.check import proof_of
from servicedesk.core.vocabulary import Language
from servicedesk.core.workflows.definition import Definition
from servicedesk.core.workflows.diagram.layout import draw
from servicedesk.core.workflows.diagram.mermaid import mermaid
from servicedesk.core.workflows.diagram.svg import svg
from servicedesk.web import language
from servicedesk.web.assets import STATIC
from servicedesk.web.speech import _
from servicedesk.web.workflows.account import ToldState, ToldStep, ToldWorkflow, told_workflow
from servicedesk.web.workflows.words import description, picture_words

WIDTH = 100

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


@contextmanager
def speaking(spoken: Language) -> Iterator[None]:
    """Within it `_` says everything in this language, though there is no page."""
    app = Flask("servicedesk")
    language.init_app(app)
    with app.app_context(), flask_babel.force_locale(str(spoken)):
        yield


def told(definition: Definition, faults: Sequence[Fault], spoken: Language) -> list[str]:
    """The lines of `servicedesk workflow show`; `faults` are what the check has found."""
    with speaking(spoken):
        account = told_workflow(definition, spoken, proof_of(definition))
        return [*_lines(account), *(f"{fault} ({fault.rule})" for fault in faults)]


def drawn(definition: Definition, spoken: Language) -> str:
    """SVG that stands alone, light and dark."""
    with speaking(spoken):
        rules = (STATIC / "css" / "diagram.css").read_text(encoding="utf-8")
        return svg(draw(definition, picture_words(spoken)), description(definition), style=_values() + rules) + "\n"


def written(definition: Definition, spoken: Language) -> str:
    """Mermaid."""
    with speaking(spoken):
        return mermaid(definition, picture_words(spoken))


def _values() -> str:
    light = "".join(f"--{name}: {values[0]}; " for name, values in VALUES.items())
    dark = "".join(f"--{name}: {values[1]}; " for name, values in VALUES.items())
    return (
        f":root {{ color-scheme: light dark; --ds-font-family: {FONT}; {light}}}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ {dark}}} }}\n"
    )


def _lines(told: ToldWorkflow) -> Iterator[str]:
    yield f"{told.label} ({told.key}, {told.version[:12]})"
    for state in told.states:
        yield from _state(state)
    yield ""
    if told.broken:
        yield _("Not proven. The check has found:")
        return
    yield _("The check has proved:")
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
