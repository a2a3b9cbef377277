"""The mapping as a page shows it: made of the tables that the face goes by, and of the workflows now in force."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from servicedesk.actions.log import entry_tier
from servicedesk.api.language import say
from servicedesk.api.problems import KINDS
from servicedesk.api.tmf import mapping
from servicedesk.api.tmf.errors import READ_AS
from servicedesk.api.tmf.filters import LARGEST_LIMIT
from servicedesk.core import tmf621
from servicedesk.core.visibility import Access
from servicedesk.core.vocabulary import Category, Role, Tier, TmfStatus, Verb, WaitsOn
from servicedesk.core.workflows.definition import Definition, State, Step, Who
from servicedesk.core.workflows.who import OF_SYSTEMS
from servicedesk.store.queries.trouble.listing import COUNT_CAP, LARGEST_OFFSET
from servicedesk.store.queries.trouble.status import ENDED, status_shown, status_to_customer

CATEGORIES: dict[str, Any] = {
    Category.NEW: _l("New"),
    Category.ACTIVE: _l("Worked on"),
    Category.WAITING: _l("Waiting"),
    Category.RESOLVED: _l("Resolved"),
    Category.CLOSED: _l("Closed"),
}
WAITS = {
    WaitsOn.REQUESTER: _l("Waits for the requester"),
    WaitsOn.FIRST_LINE: _l("Waits for the first line"),
    WaitsOn.SECOND_LINE: _l("Waits for the second line"),
    WaitsOn.JOINT: _l("Waits for the IT service manager"),
    WaitsOn.SUPPLIER: _l("Waits for the supplier"),
    WaitsOn.PLANNED_CHANGE: _l("Waits for a planned change"),
}
TO_ACCEPT, TO_VERIFY = "received", "to_verify"
WORDS: dict[str, Any] = {
    **CATEGORIES,
    **{f"waits_on_{whom}": words for whom, words in WAITS.items()},
    TO_ACCEPT: _l("To be accepted"),
    TO_VERIFY: _l("A solution to be verified"),
}
TIERS = {
    Tier.FIRST_LINE: _l("First line"),
    Tier.SECOND_LINE: _l("Second line"),
    Tier.JOINT: _l("IT service manager"),
    Tier.SUPPLIER: _l("Supplier"),
}
PATCHES = {
    mapping.Patch.MAY: _l("As the rules of the ticket allow"),
    mapping.Patch.ADDS: _l("Adds to it"),
    mapping.Patch.AS_IT_IS: _l("Only as it is; anything else is 400"),
    mapping.Patch.NEVER: _l("Never: 400"),
    mapping.Patch.IGNORED: _l("Ignored"),
}


@dataclass(frozen=True, slots=True)
class StateLine:
    """`where` and `what` are words in the reader's language."""

    where: Any
    what: Any
    supplier: str
    municipality: str


@dataclass(frozen=True, slots=True)
class MoveLine:
    now: TmfStatus
    asked: TmfStatus
    does: str


def told(definitions: list[Definition]) -> dict[str, Any]:
    """Everything that the page's template shows, in the reader's language."""
    return {
        "prefix": tmf621.PREFIX,
        "largest_limit": LARGEST_LIMIT,
        "largest_offset": LARGEST_OFFSET,
        "count_cap": COUNT_CAP,
        "states": list(_states(definitions)),
        "moves": {
            "supplier": list(_moves(definitions, is_supplier=True)),
            "municipality": list(_moves(definitions, is_supplier=False)),
        },
        "priorities": [(n, tmf621.PRIORITIES[n], tmf621.SEVERITIES[n]) for n in tmf621.PRIORITIES],
        "severities": mapping.IMPACTS,
        "urgencies": mapping.URGENCIES,
        "types": sorted({(tmf621.type_of(each.key), each.key) for each in definitions}),
        "attributes": [(each, say(each.meaning), PATCHES[each.patch]) for each in mapping.ATTRIBUTES],
        "events": [(event, say(when)) for event, when in tmf621.EVENTS.items()],
        "errors": [
            (code, READ_AS.get(kind.status, kind.status), say(kind.title), say(kind.remedy))
            for code, kind in KINDS.items()
        ],
    }


def _states(definitions: Iterable[Definition]) -> Iterator[StateLine]:
    """Every kind of state that a workflow has, where the ticket then is, and what it is called to whom."""
    states = [state for each in definitions for state in each.states.values()]
    kinds = {(_tier(state), _what(state), _to_supplier(state), status_to_customer(state)): None for state in states}
    for tier, what, supplier, municipality in sorted(kinds, key=lambda kind: kind[0] is None):
        yield StateLine(TIERS[tier] if tier else "", WORDS[what], supplier, municipality)


def _tier(state: State) -> Tier | None:
    return None if state.category in ENDED else state.tier


def _what(state: State) -> str:
    if state.category is Category.ACTIVE and state.tmf621 is TmfStatus.RESOLVED:
        return TO_VERIFY
    if state.waits_on:
        return f"waits_on_{state.waits_on}"
    return TO_ACCEPT if state.received else state.category


def _to_supplier(state: State) -> str:
    near = state.tier in (Tier.JOINT, Tier.SUPPLIER)
    shown = {status_shown(state, Access.SUPPLIER, is_near=near, is_solved=solved) for solved in (False, True)}
    return ", ".join(status for status in TmfStatus if status in shown)


def _moves(definitions: list[Definition], *, is_supplier: bool) -> Iterator[MoveLine]:
    """What a PATCH of status does, by the status that the client sees now."""
    found = {}
    for definition in definitions:
        for state in definition.states.values():
            now = state.tmf621 if is_supplier else status_to_customer(state)
            steps = [step for step in definition.steps_from(state.key) if _is_theirs(definition, step, is_supplier)]
            if is_supplier and state.tier is not Tier.SUPPLIER:
                continue
            for asked, verb in _asked({step.verb for step in steps}):
                if asked is not now:
                    found[now, asked] = MoveLine(now, asked, say(mapping.STEPS[verb]))
    order = list(TmfStatus)
    return iter(sorted(found.values(), key=lambda line: (order.index(line.now), order.index(line.asked))))


def _asked(verbs: set[Verb]) -> Iterator[tuple[TmfStatus, Verb]]:
    for status, wanted in mapping.MOVES.items():
        verb = next((verb for verb in wanted if verb in verbs), None)
        if verb:
            yield status, verb


def _is_theirs(definition: Definition, step: Step, is_supplier: bool) -> bool:
    if is_supplier:
        return Who(Role.SUPPLIER_AGENT, Tier.SUPPLIER) in step.who
    desk = entry_tier(definition)
    return step.verb in OF_SYSTEMS and any(who.role is Role.REQUESTER or who.tier is desk for who in step.who)
