"""What states say of whom they wait for and which clocks run in them."""

from tests.core.breaks.damage import TO_JOINT, TO_SUPPLIER, Case, clock, drop, step

STATES: list[Case] = [
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
]
