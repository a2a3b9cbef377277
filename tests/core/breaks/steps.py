"""Who takes a step and what it asks for, what happens by time, labels, and the scenarios that walk through it all."""

from tests.core.breaks.damage import TO_JOINT, TO_SUPPLIER, Case, Tables, step


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


STEPS: list[Case] = [
    (lambda t: step(t, "take", who=[]), "nobody_may", "transition.take.who", None),
    (lambda t: step(t, "verify", who=["scheduler"]), "nobody_may", "transition.verify.who", None),
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
