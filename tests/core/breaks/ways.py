"""Where a ticket can come and cannot leave: states out of reach, dead ends, circles, and who has the only way out."""

from tests.core.breaks.damage import TO_JOINT, TO_SUPPLIER, Case, Tables, add_state, add_step, drop, step


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


WAYS: list[Case] = [
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
]
