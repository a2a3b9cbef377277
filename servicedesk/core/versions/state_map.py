"""Which state of the new version a state of an older one becomes: as the map says, or as is plain without one."""

from collections.abc import Iterable, Mapping

from servicedesk.core.errors import Invalid
from servicedesk.core.installations.entry import suggestion
from servicedesk.core.workflows.definition import Definition, State


def check_map(named: Mapping[str, str], older: Iterable[Definition], new: Definition) -> None:
    """Invalid for a state that none of the versions in use has, or that the new one has not: nothing is misspelt."""
    known = {state for definition in older for state in definition.states}
    problems = [
        f"{old} is no state of a version that tickets are on. {suggestion(old, known)}"
        for old in named
        if old not in known
    ]
    problems += [
        f"{old}={target}: the new version has no state {target}. {suggestion(target, new.states)}"
        for old, target in named.items()
        if target not in new.states
    ]
    if problems:
        raise Invalid({"map": problems}, "The map cannot be used.")


def target_of(state: State, named: Mapping[str, str], new: Definition) -> str | None:
    """The state's successor; None when nothing says which.

    Without a word in the map only a state of the same key that declares the same in everything but its name is its own
    successor: same category, tier, acceptance, waiting, TMF621 status and clocks.
    """
    if state.key in named:
        return named[state.key]
    same = new.states.get(state.key)
    return state.key if same is not None and declares_the_same(state, same) else None


def declares_the_same(one: State, other: State) -> bool:
    return (one.category, one.tier, one.received, one.waits_on, one.tmf621, one.clocks) == (
        other.category,
        other.tier,
        other.received,
        other.waits_on,
        other.tmf621,
        other.clocks,
    )
