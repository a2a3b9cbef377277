"""Who has the ticket: handing over, receiving, accepting, giving back."""

from tests.core.breaks.damage import TO_JOINT, TO_SUPPLIER, Case, Tables, drop, step


def a_shortcut(t: Tables) -> None:
    step(t, "escalate_to_second_line", to="joint_received")


CUSTODY: list[Case] = [
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
    (
        lambda t: step(t, "accept_at_supplier", who=["it_service_manager@joint"]),
        "handover_without_acceptance",
        "transition.accept_at_supplier.who",
        None,
    ),
]
