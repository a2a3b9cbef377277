"""What a definition guarantees, proven before any ticket uses it. Each rule either finds faults or stands proven."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from servicedesk.core.errors import Fault, FileFaults
from servicedesk.core.proof import custody, people, scenarios, states, steps, ways
from servicedesk.core.proof.model import Model, model_of, paths_to
from servicedesk.core.proof.walk import Path
from servicedesk.core.workflows.definition import Definition
from servicedesk.core.workflows.file import parse_workflow

Find = Callable[[Model], Iterator[Fault]]

# What stands proven when the rule finds nothing. The sentences are shown to service managers.
RULES: tuple[tuple[Find, str], ...] = (
    (ways.every_state_is_reachable, "Every state can be reached."),
    (ways.closing_is_reachable, "From every state a ticket can be closed."),
    (ways.closing_needs_no_outsider, "No ticket is left to the supplier, the requester or a guard for ever."),
    (states.a_ticket_begins_new, "A ticket begins new."),
    (states.waiting_is_explicit, "Every waiting has somebody it waits on, an exit and an effect on a clock."),
    (states.who_is_asked_can_answer, "Whoever is asked can answer."),
    (
        states.clocks_fit_the_state,
        "Clocks run while there is work, pause only in waiting, and end with the ticket.",
    ),
    (custody.custody_follows_the_tier, "The holder changes when the tier does, one tier at a time."),
    (custody.custody_passes_first, "What a step does for the new holder comes after passing the ticket."),
    (custody.what_is_handed_over_is_received, "What is handed over waits to be accepted."),
    (custody.only_an_open_ticket_is_received, "Only an open ticket waits to be accepted."),
    (custody.every_handover_has_its_return, "Every hand-over can be accepted or returned."),
    (custody.a_way_back_leads_where_it_came_from, "A way back leads to one who handed over."),
    (custody.the_supplier_gets_an_approved_description, "The supplier reads only what somebody approved for it."),
    (people.somebody_may_take_every_step, "Every step has somebody who may take it."),
    (people.who_acts_can_reach_the_ticket, "Nobody is to act on a ticket that they do not see."),
    (people.people_can_tell_steps_apart, "No two steps look alike to the one who chooses."),
    (people.people_can_tell_states_apart, "No two states have the same name."),
    (steps.steps_are_what_their_verb_says, "Every step does what its verb says."),
    (steps.what_is_asked_for_is_recorded, "What a step asks for is recorded."),
    (steps.a_planned_moment_is_always_given, "Who waits for a planned moment has been told which."),
    (steps.what_time_does_gets_to_happen, "What time does comes before the ticket has left the state."),
    (scenarios.scenarios_can_be_walked, "Every scenario can be walked."),
    (scenarios.scenarios_come_through_every_state, "The scenarios come through every state."),
)


@dataclass(frozen=True, slots=True)
class Guarantees:
    """A clean definition's summary. `ways_in` and `ways_out`: shortest steps from the beginning to each state, and from
    each state to a closed one."""

    definition: Definition
    proven: tuple[str, ...]
    ways_in: Mapping[str, Path]
    ways_out: Mapping[str, Path]

    @property
    def longest_way_out(self) -> int:
        return max(map(len, self.ways_out.values()))


@dataclass(frozen=True, slots=True)
class Proof:
    """The sentences of the rules that hold of a definition and of those that do not, and how many steps at most lead
    from any state to a closed one, 0 unless they all hold."""

    proven: tuple[str, ...]
    broken: tuple[str, ...]
    longest_way_out: int


def proof_of(definition: Definition) -> Proof:
    """Of one that may have come into use before a rule did."""
    model = model_of(definition)
    broken = tuple(sentence for find, sentence in RULES if any(True for _fault in find(model)))
    proven = tuple(sentence for _, sentence in RULES if sentence not in broken)
    ways_out = paths_to(model.edges, model.closed()) if not broken else {}
    return Proof(proven, broken, max(map(len, ways_out.values()), default=0))


def check(definition: Definition) -> list[Fault]:
    """Every fault, each once, in the order of the rules; empty when everything is proven."""
    model = model_of(definition)
    return list(dict.fromkeys(fault for find, _ in RULES for fault in find(model)))


def guarantees(definition: Definition) -> Guarantees:
    """What is proven of a definition. FileFaults when something is not."""
    faults = check(definition)
    if faults:
        raise FileFaults(faults)
    model = model_of(definition)
    proven = tuple(sentence for _, sentence in RULES)
    return Guarantees(definition, proven, model.ways_in, paths_to(model.edges, model.closed()))


def checked_workflow(text: str, file: str) -> Definition:
    """Parsed and proven: the only way a definition comes into use. FileFaults with everything found."""
    definition = parse_workflow(text, file)
    faults = check(definition)
    if faults:
        raise FileFaults(faults)
    return definition
