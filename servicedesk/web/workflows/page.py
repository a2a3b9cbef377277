"""A workflow: its picture with how many tickets are where now, the same in words, and what has been proved of it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from flask import url_for
from markupsafe import Markup

from servicedesk.core.errors import NotFound
from servicedesk.core.facts import Actor
from servicedesk.core.proof.check import Proof, proof_of
from servicedesk.core.vocabulary import Language, Tier
from servicedesk.core.workflows.definition import Definition
from servicedesk.core.workflows.diagram.drawing import Drawing
from servicedesk.core.workflows.diagram.layout import draw
from servicedesk.core.workflows.diagram.svg import Mark, svg
from servicedesk.store.queries.workflows import Count, count_running, list_in_state
from servicedesk.web import identity, language
from servicedesk.web.lists.rows import Row, rows_of
from servicedesk.web.reading import Reading
from servicedesk.web.speech import ngettext
from servicedesk.web.workflows.account import ToldWorkflow, told_workflow
from servicedesk.web.workflows.words import description, picture_words

SHORT = 12
PAGE = 50


@dataclass(frozen=True, slots=True)
class Listed:
    """A workflow in the list. `older`: how many of its running tickets go by an older version."""

    key: str
    label: str
    states: int
    steps: int
    running: int
    older: int


@dataclass(frozen=True, slots=True)
class OlderVersion:
    """`states`: key, name and how many, in declared order."""

    version: str
    tickets: int
    states: list[tuple[str, str, int]]


@dataclass(frozen=True, slots=True)
class WorkflowPage:
    """`counts`: tickets now in each state, on whichever version; `running` is all of them."""

    told: ToldWorkflow
    version: str
    picture: Markup
    counts: Counter[str]
    running: int
    older: list[OlderVersion]


@dataclass(frozen=True, slots=True)
class StatePage:
    key: str
    workflow: str
    state: str
    label: str
    rows: list[Row]
    after: str


def sees_workflows(viewer: Actor) -> bool:
    """Municipalities and joint organisations. A supplier is shown only its own part of each ticket, and a workflow
    would show it the rest of the chain."""
    return any(seat.tier is not Tier.SUPPLIER for seat in viewer.seats)


def require_sight() -> None:
    """What one may not see does not exist."""
    if not sees_workflows(identity.viewer()):
        raise NotFound("There is no such page.")


def workflow_list(reading: Reading) -> list[Listed]:
    counts = count_running(reading.connection, reading.book, identity.viewer())
    return [_listed(definition, counts) for definition in reading.book.workflows()]


def _listed(definition: Definition, counts: Iterable[Count]) -> Listed:
    mine = [count for count in counts if count.workflow == definition.key]
    return Listed(
        key=definition.key,
        label=definition.labels[language.current()],
        states=len(definition.states),
        steps=len(list(definition.steps())),
        running=sum(count.tickets for count in mine),
        older=sum(count.tickets for count in mine if count.version != definition.version),
    )


def workflow_page(key: str, reading: Reading) -> WorkflowPage:
    definition, spoken = _workflow(key, reading), language.current()
    counts = [
        count for count in count_running(reading.connection, reading.book, identity.viewer()) if count.workflow == key
    ]
    here = Counter({count.state: count.tickets for count in counts if count.version == definition.version})
    older = [count for count in counts if count.version != definition.version]
    elsewhere = Counter[str]()
    for count in older:
        elsewhere[count.state] += count.tickets
    return WorkflowPage(
        told=told_workflow(definition, spoken, _proof(definition)),
        version=definition.version[:SHORT],
        picture=_picture(definition, spoken, here, elsewhere),
        counts=here + elsewhere,
        running=sum(count.tickets for count in counts),
        older=[_older(version, older, reading, spoken) for version in sorted({count.version for count in older})],
    )


def state_page(key: str, state: str, after: str, reading: Reading) -> StatePage:
    """A state of any version may be asked for; the name is that of the newest which has it."""
    definition = _workflow(key, reading)
    counts = count_running(reading.connection, reading.book, identity.viewer())
    versions = [definition.version, *(c.version for c in counts if c.workflow == key and c.state == state)]
    named = [found for version in versions if (found := reading.book.definition(version).states.get(state))]
    if not named:
        raise NotFound("There is no such page.")
    cursor = int(after) if after.isascii() and after.isdigit() and len(after) <= 18 else 0
    page = list_in_state(reading.connection, reading.book, identity.viewer(), key, state, after=cursor, limit=PAGE)
    spoken = language.current()
    rows = rows_of(page.lines, reading)
    return StatePage(key, definition.labels[spoken], state, named[0].labels[spoken], rows, page.after)


def _workflow(key: str, reading: Reading) -> Definition:
    found = reading.book.workflow(key)
    if found is None:
        raise NotFound("There is no such page.")
    return found


def _older(version: str, counts: Iterable[Count], reading: Reading, spoken: Language) -> OlderVersion:
    found = {count.state: count.tickets for count in counts if count.version == version}
    states = reading.book.definition(version).states
    return OlderVersion(
        version=version[:SHORT],
        tickets=sum(found.values()),
        states=[(key, states[key].labels[spoken], found[key]) for key in states if key in found],
    )


def _picture(definition: Definition, spoken: Language, here: Counter[str], elsewhere: Counter[str]) -> Markup:
    marks = {
        state: _mark(definition.key, state, label.labels[spoken], here[state], elsewhere[state])
        for state, label in definition.states.items()
        if here[state] or elsewhere[state]
    }
    return Markup(svg(_drawing(definition, spoken), description(definition), marks=marks))


@lru_cache(maxsize=32)
def _proof(definition: Definition) -> Proof:
    """Asked anew of what is stored: it may have come into use before a rule did."""
    return proof_of(definition)


@lru_cache(maxsize=32)
def _drawing(definition: Definition, spoken: Language) -> Drawing:
    return draw(definition, picture_words(spoken))


def _mark(key: str, state: str, label: str, here: int, elsewhere: int) -> Mark:
    link = url_for("web.workflow_tickets", key=key, state=state)
    if not elsewhere:
        title = ngettext("%(state)s: 1 ticket", "%(state)s: %(count)s tickets", here, state=label, count=here)
        return Mark(str(here), link, title)
    title = ngettext(
        "%(state)s: 1 ticket, and %(older)s on an older version",
        "%(state)s: %(count)s tickets, and %(older)s on an older version",
        here,
        state=label,
        count=here,
        older=elsewhere,
    )
    return Mark(f"{here} + {elsewhere}", link, title)
