"""A definition as a Mermaid state diagram, for pages and wikis that draw those themselves."""

import re
from collections.abc import Iterator

from servicedesk.core.vocabulary import Category
from servicedesk.core.workflows.definition import Definition
from servicedesk.core.workflows.diagram.words import PictureWords

# What the grammar of state diagrams keeps for itself.
RESERVED = frozenset(
    (
        "accdescr",
        "acctitle",
        "as",
        "choice",
        "class",
        "classdef",
        "click",
        "default",
        "direction",
        "end",
        "fork",
        "hide",
        "href",
        "join",
        "left",
        "note",
        "of",
        "over",
        "right",
        "scale",
        "state",
        "statediagram",
        "style",
    )
)
# Mermaid's own way of writing what would end a label or begin something else.
SPECIAL = re.compile(r"""["#:;<>{}\[\]%\\`&]""")


def mermaid(definition: Definition, words: PictureWords) -> str:
    return "\n".join(_lines(definition, words)) + "\n"


def _lines(definition: Definition, words: PictureWords) -> Iterator[str]:
    yield "stateDiagram-v2"
    yield f"    accTitle: {_plain(definition.labels[words.language])}"
    for key, state in definition.states.items():
        yield f'    state "{_escaped(state.labels[words.language])}" as {_name(key)}'
    yield f"    [*] --> {_name(definition.initial)}"
    for step in definition.steps():
        for source in dict.fromkeys(step.from_states):
            yield f"    {_name(source)} --> {_name(step.target(source))} : {_escaped(words.step(step))}"
    for key, state in definition.states.items():
        if state.category is Category.CLOSED:
            yield f"    {_name(key)} --> [*]"


def _name(key: str) -> str:
    return f"{key}_" if key in RESERVED else key


def _escaped(text: str) -> str:
    return SPECIAL.sub(lambda found: f"#{ord(found[0])};", " ".join(text.split())) or "–"


def _plain(text: str) -> str:
    """Where no escapes are known."""
    return SPECIAL.sub("", " ".join(text.split()))
