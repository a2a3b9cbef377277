"""A shipped definition, broken in every way that the model check has a rule for."""

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from servicedesk.core.workflows.definition import Definition
from servicedesk.core.workflows.file import definition_from_json, definition_to_json
from tests.workflows.cast import shipped

Tables = dict[str, Any]
Break = Callable[[Tables], object]
FILE = "broken.toml"


def broken(damage: Break, key: str = "citizen_incident") -> Definition:
    tables = deepcopy(json.loads(definition_to_json(shipped(key))))
    damage(tables)
    return definition_from_json(json.dumps(tables), FILE)


def step(tables: Tables, key: str, **changes: Any) -> None:
    tables["transition"][key].update(changes)


def drop(tables: Tables, *keys: str) -> None:
    for key in keys:
        del tables["transition"][key]


def clock(tables: Tables, state: str, **changes: str) -> None:
    tables["state"][state]["clocks"].update(changes)


def add_state(tables: Tables, key: str, like: str) -> None:
    tables["state"][key] = deepcopy(tables["state"][like]) | {"sv": f"Prov {key}", "en": f"Sample {key}"}


def add_step(tables: Tables, key: str, like: str, **changes: Any) -> None:
    labels = {"sv": f"Prov {key}", "en": f"Sample {key}"}
    tables["transition"][key] = deepcopy(tables["transition"][like]) | labels | changes


def an_island(t: Tables) -> None:
    add_state(t, "island", "first_active")
    add_step(t, "leave_island", "take", **{"from": ["island"], "to": "first_active"})


def a_cycle(t: Tables) -> None:
    """first_active -> round -> about -> round -> …"""
    add_state(t, "round", "first_active")
    add_state(t, "about", "first_active")
    add_step(t, "enter", "take", **{"from": ["first_active"], "to": "round"})
    add_step(t, "turn", "take", **{"from": ["round"], "to": "about"})
    add_step(t, "turn_back", "take", **{"from": ["about"], "to": "round"})


def a_way_into_a_cycle(t: Tables) -> None:
    a_cycle(t)
    add_state(t, "porch", "first_active")
    add_step(t, "go_to_porch", "take", **{"from": ["first_active"], "to": "porch"})
    add_step(t, "go_in", "take", **{"from": ["porch"], "to": "round"})


def only_the_requester(t: Tables) -> None:
    drop(t, "resume_in_first_line")
    t["timed"]["close_unanswered"]["from"].remove("first_waiting_requester")
    t["transition"]["cancel_in_first_line"]["from"].remove("first_waiting_requester")
    step(t, "answer_first_line", who=["requester"])


def supplier_or_requester(t: Tables) -> None:
    """The supplier's state has a way out besides the supplier's own: by the requester, who is an outsider too."""
    drop(t, "recall")
    add_step(t, "tell", "resume_in_first_line", verb="step", who=["requester"], effects=["pass_back"])
    states = ["supplier_received", "supplier_active", "supplier_waiting_joint", "supplier_waiting_change"]
    step(t, "tell", **{"from": states, "to": "joint_active"})


def no_closed_state(t: Tables) -> None:
    for key in ("closed", "cancelled"):
        t["state"][key]["category"] = "resolved"


def a_shortcut(t: Tables) -> None:
    step(t, "escalate_to_second_line", to="joint_received")


def no_moment_given(t: Tables) -> None:
    step(t, "wait_for_change_in_joint", needs=["reason"], effects=[])


def a_late_reminder(t: Tables) -> None:
    t["timed"]["remind_requester"].update(after="80h")


def two_at_once(t: Tables) -> None:
    t["timed"]["give_up_waiting"] = t["timed"]["resume_in_joint_after_change"] | {"sv": "Ge upp", "en": "Give up"}


def around_the_clock(t: Tables) -> None:
    """Twenty hours of any opening hours are never over before twenty on the wall."""
    t["timed"]["close_unanswered"].update(after="20h", calendar="always")


def a_guess(t: Tables) -> None:
    t["scenario"]["solved_at_the_first_contact"]["steps"] = ["resolve_in_first_line"]


def a_misspelt_step(t: Tables) -> None:
    t["scenario"]["solved_at_the_first_contact"]["steps"] = ["solve_at_onse"]


def back_to_another(t: Tables) -> None:
    t["scenario"]["solved_at_the_first_contact"]["steps"] = ["take", "escalate_to_second_line", "return_to_joint"]


TO_SUPPLIER = (
    "take",
    "escalate_to_second_line",
    "accept_in_second_line",
    "escalate_to_joint",
    "accept_in_joint",
    "order_from_supplier",
)
TO_JOINT = TO_SUPPLIER[:4]

# (what is broken, rule, key, proof or None where a path proves nothing)
BREAKS: list[tuple[Break, str, str, tuple[str, ...] | None]] = [
    (an_island, "unreachable", "state.island", None),
    (lambda t: drop(t, "wait_for_supplier"), "unreachable", "state.joint_waiting_supplier", None),
    (
        lambda t: step(t, "end_wait_in_joint", **{"from": ["joint_waiting_change"]}),
        "dead_end",
        "state.joint_waiting_supplier",
        (*TO_JOINT, "accept_in_joint", "wait_for_supplier"),
    ),
    (
        lambda t: step(t, "end_wait_in_joint", **{"from": ["joint_waiting_change"]}),
        "waiting_without_exit",
        "state.joint_waiting_supplier",
        (*TO_JOINT, "accept_in_joint", "wait_for_supplier"),
    ),
    (a_cycle, "endless_cycle", "state.round", ("take", "enter", "turn", "turn_back")),
    (a_way_into_a_cycle, "no_way_to_close", "state.porch", ("take", "go_to_porch")),
    (no_closed_state, "no_closed_state", "state", None),
    (lambda t: drop(t, "recall"), "left_to_supplier", "state.supplier_received", TO_SUPPLIER),
    (
        lambda t: drop(t, "recall"),
        "left_to_supplier",
        "state.supplier_waiting_joint",
        (*TO_SUPPLIER, "accept_at_supplier", "ask_joint"),
    ),
    (
        only_the_requester,
        "left_to_requester",
        "state.first_waiting_requester",
        ("take", "ask_requester_from_first_line"),
    ),
    (supplier_or_requester, "left_to_outsiders", "state.supplier_received", TO_SUPPLIER),
    (
        lambda t: step(t, "end_wait_in_joint", guards=["supplier_known"]),
        "guard_in_the_way",
        "state.joint_waiting_supplier",
        (*TO_JOINT, "accept_in_joint", "wait_for_supplier"),
    ),
    (
        lambda t: step(t, "recall", guards=["supplier_known"]),
        "left_to_supplier",
        "state.supplier_received",
        TO_SUPPLIER,
    ),
    (lambda t: t["workflow"].update(initial="first_active"), "initial_not_new", "workflow.initial", None),
    (
        lambda t: t["state"]["joint_waiting_supplier"].pop("waits_on"),
        "waiting_without_owner",
        "state.joint_waiting_supplier.waits_on",
        None,
    ),
    (
        lambda t: t["state"]["first_active"].update(waits_on="requester"),
        "owner_without_waiting",
        "state.first_active.waits_on",
        None,
    ),
    (
        lambda t: clock(t, "first_waiting_requester", resolution="run", holding="run"),
        "waiting_without_effect",
        "state.first_waiting_requester.clocks",
        ("take", "ask_requester_from_first_line"),
    ),
    (
        lambda t: drop(t, "answer_joint"),
        "asked_cannot_answer",
        "state.joint_waiting_second_line",
        (*TO_JOINT, "accept_in_joint", "ask_second_line"),
    ),
    (
        lambda t: step(t, "answer_first_line", who=["first_line_staff@first_line"]),
        "asked_cannot_answer",
        "state.first_waiting_requester",
        ("take", "ask_requester_from_first_line"),
    ),
    (
        lambda t: clock(t, "closed", resolution="pause"),
        "closed_clock_lives",
        "state.closed.clocks.resolution",
        ("solve_at_once",),
    ),
    (
        lambda t: clock(t, "resolved", resolution="pause"),
        "resolved_clock_lives",
        "state.resolved.clocks.resolution",
        ("take", "resolve_in_first_line"),
    ),
    (
        lambda t: clock(t, "resolved", holding="run"),
        "resolved_clock_lives",
        "state.resolved.clocks.holding",
        ("take", "resolve_in_first_line"),
    ),
    (
        lambda t: clock(t, "first_active", resolution="stop"),
        "open_clock_stopped",
        "state.first_active.clocks.resolution",
        ("take",),
    ),
    (
        lambda t: clock(t, "first_waiting_requester", response="stop"),
        "open_clock_stopped",
        "state.first_waiting_requester.clocks.response",
        ("take", "ask_requester_from_first_line"),
    ),
    (
        lambda t: clock(t, "supplier_received", contract="stop"),
        "open_clock_stopped",
        "state.supplier_received.clocks.contract",
        TO_SUPPLIER,
    ),
    (
        lambda t: clock(t, "second_active", holding="pause"),
        "paused_for_nobody",
        "state.second_active.clocks.holding",
        ("take", "escalate_to_second_line", "accept_in_second_line"),
    ),
    (
        lambda t: clock(t, "supplier_active", contract="pause"),
        "paused_for_nobody",
        "state.supplier_active.clocks.contract",
        (*TO_SUPPLIER, "accept_at_supplier"),
    ),
    (
        lambda t: clock(t, "first_active", contract="run"),
        "contract_elsewhere",
        "state.first_active.clocks.contract",
        ("take",),
    ),
    (
        lambda t: clock(t, "second_received", acknowledgement="pause"),
        "acceptance_untimed",
        "state.second_received.clocks.acknowledgement",
        ("take", "escalate_to_second_line"),
    ),
    (
        lambda t: clock(t, "second_active", acknowledgement="run"),
        "acceptance_elsewhere",
        "state.second_active.clocks.acknowledgement",
        ("take", "escalate_to_second_line", "accept_in_second_line"),
    ),
    (
        lambda t: step(t, "escalate_to_second_line", effects=[]),
        "custody_missing",
        "transition.escalate_to_second_line.effects",
        ("take", "escalate_to_second_line"),
    ),
    (
        lambda t: step(t, "take", effects=["assign_actor", "pass_to_tier"]),
        "custody_needless",
        "transition.take.effects",
        ("take",),
    ),
    (
        lambda t: step(t, "escalate_to_second_line", effects=["pass_to_tier", "pass_back"]),
        "custody_twice",
        "transition.escalate_to_second_line.effects",
        ("take", "escalate_to_second_line"),
    ),
    (
        lambda t: step(t, "escalate_to_second_line", effects=["pass_to_team"], needs=["team", "reason"]),
        "custody_astray",
        "transition.escalate_to_second_line.effects",
        ("take", "escalate_to_second_line"),
    ),
    (
        lambda t: step(t, "recall", effects=["assign_actor", "pass_back"]),
        "custody_late",
        "transition.recall.effects",
        None,
    ),
    (
        a_shortcut,
        "tier_skipped",
        "transition.escalate_to_second_line.effects",
        ("take", "escalate_to_second_line"),
    ),
    (
        lambda t: step(t, "escalate_to_second_line", to="second_active"),
        "lands_unreceived",
        "transition.escalate_to_second_line.to",
        ("take", "escalate_to_second_line"),
    ),
    (
        lambda t: step(t, "return_to_first_line", to="first_received"),
        "lands_received",
        "transition.return_to_first_line.to",
        ("take", "escalate_to_second_line", "return_to_first_line"),
    ),
    (lambda t: step(t, "take", to="first_received"), "received_from_nobody", "transition.take.to", ("take",)),
    (
        lambda t: step(t, "take", verb="accept", effects=["accept_custody"]),
        "accepts_nothing",
        "transition.take.effects",
        ("take",),
    ),
    (
        lambda t: t["state"]["second_received"].update(category="waiting"),
        "received_astray",
        "state.second_received.received",
        None,
    ),
    (
        lambda t: drop(t, "return_from_joint"),
        "handover_without_return",
        "transition.escalate_to_joint",
        TO_JOINT,
    ),
    (
        lambda t: drop(t, "return_sideways"),
        "handover_without_return",
        "transition.hand_over_sideways",
        ("take", "escalate_to_second_line", "accept_in_second_line", "hand_over_sideways"),
    ),
    (
        lambda t: drop(t, "accept_in_joint"),
        "handover_without_acceptance",
        "state.joint_received",
        TO_JOINT,
    ),
    (
        lambda t: step(t, "recall", to="second_active"),
        "nobody_handed_over",
        "transition.recall.effects",
        (*TO_SUPPLIER, "recall"),
    ),
    (
        lambda t: step(t, "order_from_supplier", needs=["reason"], effects=["pass_to_tier"]),
        "supplier_uninformed",
        "transition.order_from_supplier.effects",
        TO_SUPPLIER,
    ),
    (lambda t: step(t, "take", who=[]), "nobody_may", "transition.take.who", None),
    (lambda t: step(t, "verify", who=["scheduler"]), "nobody_may", "transition.verify.who", None),
    (
        lambda t: step(t, "accept_at_supplier", who=["it_service_manager@joint"]),
        "handover_without_acceptance",
        "transition.accept_at_supplier.who",
        None,
    ),
    (lambda t: step(t, "take", who=["first_line_staff@joint"]), "nobody_may", "transition.take.who", None),
    (lambda t: step(t, "take", who=["first_line_staff"]), "nobody_may", "transition.take.who", None),
    (lambda t: step(t, "take", who=["operator"]), "nobody_may", "transition.take.who", None),
    (lambda t: step(t, "take", who=["requester@first_line"]), "nobody_may", "transition.take.who", None),
    (
        lambda t: step(t, "resolve_in_first_line", who=["supplier_agent@supplier"]),
        "out_of_reach",
        "transition.resolve_in_first_line.who",
        ("take",),
    ),
    (
        lambda t: step(t, "propose_solution", who=["requester", "supplier_agent@supplier"]),
        "out_of_reach",
        "transition.propose_solution.who",
        (*TO_SUPPLIER, "accept_at_supplier"),
    ),
    (
        lambda t: step(t, "accept_in_joint", who=["it_service_manager@joint", "local_it@second_line"]),
        "out_of_reach",
        "transition.accept_in_joint.who",
        TO_JOINT,
    ),
    (
        lambda t: step(t, "resolve_in_first_line", sv="lös och avsluta direkt "),
        "same_label",
        "transition.resolve_in_first_line.sv",
        ("take",),
    ),
    (
        lambda t: step(t, "resolve_in_first_line", en="Resolve and close at once"),
        "same_label",
        "transition.resolve_in_first_line.en",
        ("take",),
    ),
    (
        lambda t: step(t, "answer_second_line", sv="Fortsätt  utan svar", who=["requester"]),
        "same_label",
        "transition.resume_in_second_line.sv",
        ("take", "escalate_to_second_line", "accept_in_second_line", "ask_requester_from_second_line"),
    ),
    (
        lambda t: t["timed"]["close_unanswered"].update(en="Answer the question"),
        "same_label",
        "timed.close_unanswered.en",
        ("take", "ask_requester_from_first_line"),
    ),
    (
        lambda t: t["state"]["second_active"].update(sv="pågår hos första linjen"),
        "same_label",
        "state.second_active.sv",
        ("take", "escalate_to_second_line", "accept_in_second_line"),
    ),
    (
        lambda t: t["state"]["cancelled"].update(en=t["state"]["closed"]["en"]),
        "same_label",
        "state.cancelled.en",
        ("cancel_in_first_line",),
    ),
    (
        lambda t: step(t, "solve_at_once", needs=["solution"]),
        "verb_broken",
        "transition.solve_at_once.needs",
        ("take",),
    ),
    (lambda t: step(t, "take", effects=[]), "verb_broken", "transition.take.effects", ()),
    (
        lambda t: step(t, "escalate_to_second_line", needs=["tried"]),
        "verb_broken",
        "transition.escalate_to_second_line.needs",
        ("take",),
    ),
    (lambda t: step(t, "confirm", to="first_active"), "verb_broken", "transition.confirm.to", None),
    (
        lambda t: step(t, "reopen", **{"from": ["first_active", "closed"]}),
        "verb_broken",
        "transition.reopen.from",
        ("take",),
    ),
    (lambda t: step(t, "take", verb="remind"), "verb_broken", "transition.take.verb", ()),
    (
        lambda t: step(t, "ask_first_line", needs=[]),
        "effect_without_need",
        "transition.ask_first_line.effects",
        None,
    ),
    (lambda t: step(t, "take", needs=["team"]), "need_without_effect", "transition.take.needs", None),
    (
        no_moment_given,
        "until_not_given",
        "timed.resume_in_joint_after_change.at",
        (*TO_JOINT, "accept_in_joint", "wait_for_change_in_joint"),
    ),
    (
        a_late_reminder,
        "never_due",
        "timed.remind_requester.after",
        ("take", "ask_requester_from_first_line"),
    ),
    (around_the_clock, "never_due", "timed.remind_requester.after", ("take", "ask_requester_from_first_line")),
    (
        two_at_once,
        "never_due",
        "timed.give_up_waiting.at",
        (*TO_JOINT, "accept_in_joint", "wait_for_change_in_joint"),
    ),
    (a_guess, "scenario_illegal_step", "scenario.solved_at_the_first_contact.steps", ()),
    (a_misspelt_step, "scenario_unknown_step", "scenario.solved_at_the_first_contact.steps", ()),
    (
        back_to_another,
        "scenario_illegal_step",
        "scenario.solved_at_the_first_contact.steps",
        ("take", "escalate_to_second_line"),
    ),
    (
        lambda t: t["scenario"].pop("cancelled_as_a_duplicate"),
        "state_without_scenario",
        "state.cancelled",
        ("cancel_in_first_line",),
    ),
]
