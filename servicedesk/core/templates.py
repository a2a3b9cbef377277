"""Texts to begin a reply with, and the variables that are filled in: a closed list, each only to whom it may be said.

A variable stands in braces, `{ärendenummer}`, by its name in either language. One pass fills them in, so that what is
filled in is never read as a variable itself.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from servicedesk.core.facts import Actor, Installation, Template
from servicedesk.core.vocabulary import Audience, Language

LONGEST = 5_000
VARIABLE = re.compile(r"\{([^{}\n]{1,40})\}")
BLANK = re.compile(r"[\[{]([^\[\]{}\n]{1,40})[\]}](?!\()")


class Variable(StrEnum):
    NUMBER = "number"
    REQUESTER = "requester"
    SUBJECT = "subject"
    MUNICIPALITY = "municipality"
    SERVICE = "service"
    E_SERVICE = "e_service"
    DUE = "due"
    ME = "me"
    TEAM = "team"


NAMES: dict[Variable, dict[Language, str]] = {
    Variable.NUMBER: {Language.SWEDISH: "ärendenummer", Language.ENGLISH: "number"},
    Variable.REQUESTER: {Language.SWEDISH: "anmälare", Language.ENGLISH: "requester"},
    Variable.SUBJECT: {Language.SWEDISH: "rubrik", Language.ENGLISH: "subject"},
    Variable.MUNICIPALITY: {Language.SWEDISH: "kommun", Language.ENGLISH: "municipality"},
    Variable.SERVICE: {Language.SWEDISH: "tjänst", Language.ENGLISH: "service"},
    Variable.E_SERVICE: {Language.SWEDISH: "e-tjänst", Language.ENGLISH: "e-service"},
    Variable.DUE: {Language.SWEDISH: "senast", Language.ENGLISH: "due"},
    Variable.ME: {Language.SWEDISH: "mitt namn", Language.ENGLISH: "my name"},
    Variable.TEAM: {Language.SWEDISH: "mitt team", Language.ENGLISH: "my team"},
}
# Templates written before say it so.
OLDER_NAMES = {"mitt lag": Variable.TEAM}
OF_NAME: dict[str, Variable] = OLDER_NAMES | {
    name: variable for variable, names in NAMES.items() for name in names.values()
}

# Who asks is the municipality's alone to know; a supplier reads the description that was approved for it, and of the
# ticket otherwise only what it works on.
_INSIDE = frozenset(Variable)
_JOINT = _INSIDE - {Variable.REQUESTER}
SAID_TO: dict[Audience, frozenset[Variable]] = {
    Audience.REQUESTER: _INSIDE,
    Audience.MUNICIPALITY: _INSIDE,
    Audience.JOINT: _JOINT,
    Audience.SUPPLIER: frozenset({Variable.NUMBER, Variable.SERVICE, Variable.ME, Variable.TEAM}),
}


@dataclass(frozen=True, slots=True)
class Filled:
    """`missing`: the names of variables, as they stand in the template, that nothing could be filled in for: the ticket
    does not have it, or these readers may not know it. They stand in brackets, for whoever writes to see to."""

    text: str
    missing: tuple[str, ...] = ()


def fill(text: str, values: Mapping[Variable, str], audience: Audience) -> Filled:
    """`values` may hold more than these readers may know: what is not for them is left out here."""
    missing: dict[str, None] = {}

    def said(found: re.Match[str]) -> str:
        name = found[1].strip().casefold()
        variable = OF_NAME.get(name)
        if variable is None:
            return found[0]
        value = " ".join(values.get(variable, "").split()) if variable in SAID_TO[audience] else ""
        if not value:
            missing[name] = None
        return value or f"[{name}]"

    filled = VARIABLE.sub(said, text)
    return Filled(filled, tuple(missing))


def unfilled(text: str) -> list[str]:
    """Names of variables that stand in a text as nothing but names, in brackets or braces: nobody has seen to them."""
    names = (found[1].strip().casefold() for found in BLANK.finditer(text))
    return list(dict.fromkeys(name for name in names if name in OF_NAME))


def unknown(text: str) -> list[str]:
    """What stands in braces and is no variable, as it is written."""
    return [found[1] for found in VARIABLE.finditer(text) if found[1].strip().casefold() not in OF_NAME]


def templates_for(viewer: Actor, installation: Installation) -> list[Template]:
    """Those that a person may begin a reply with, by title: their organisation's, and of one team only its members'."""
    teams = {seat.team for seat in viewer.seats}
    found = (
        template
        for template in installation.templates.values()
        if not template.withdrawn
        and template.organisation in viewer.organisations
        and (not template.team or template.team in teams)
    )
    return sorted(found, key=lambda template: (template.title.casefold(), template.key))
