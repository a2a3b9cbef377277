"""Whatever an edge offers has a case here: a new verb, step or route fails until it has one."""

import inspect
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest

from servicedesk import actions
from servicedesk.actions import play
from servicedesk.api.v1.resources import RESOURCES
from servicedesk.core.rights import Right
from servicedesk.core.scenarios import given as scenario_given
from servicedesk.core.scenarios.scenario import LOG
from servicedesk.core.vocabulary import Verb
from servicedesk.core.workflows.guards import Guard
from tests.same_rules.cases import DONE, REFUSED
from tests.same_rules.edges import House
from tests.same_rules.places import workflows
from tests.same_rules.test_same_effect import of_municipal_systems, of_suppliers, steps_taken
from tests.same_rules.verbs import MATTERS, OF_TIME_ALONE
from tests.same_rules.world import BEFORE_A_GUARD, NEVER_SAYS_NO

# POSTs of the pages that do nothing to a ticket.
ABOUT_THE_PERSON = {
    "web.check_sign_in",
    "web.sign_out",
    "web.set_preferences",
    "web.read_notices",
    "web.open_from_notices",
    "web.save_view",
    "web.rename_view",
    "web.remove_view",
    "web.start_with_view",
    "web.try_file",
    "web.write",
    "web.keep_ticket_draft",
}
# Those about clients of the API: tests/web/test_clients.py, tests/api/clients/test_oauth.py.
ABOUT_CLIENTS = {
    "web.resend_delivery",
    "web.enable_webhook",
    "oauth.token",
    "web.create_client",
    "web.change_client",
    "web.suspend_client",
    "web.resume_client",
    "web.make_token",
    "web.rotate_token",
    "web.revoke_token",
}
# Those about the installation and one's own place in it, and calls as they are logged: tests/web.
ABOUT_THE_DESK = {
    "web.accept_invitation",
    "web.add_absence",
    "web.add_own_absence",
    "web.change_person",
    "web.change_team",
    "web.change_known",
    "web.change_template",
    "web.clear_day",
    "web.create_person",
    "web.create_known",
    "web.create_template",
    "web.end_absence",
    "web.end_own_absence",
    "web.end_person",
    "web.give_own_hours",
    "web.give_seat",
    "web.invite_person",
    "web.keep_draft",
    "web.let_draft_go",
    "web.restore_known",
    "web.restore_template",
    "web.set_days",
    "web.set_week",
    "web.take_seat",
    "web.withdraw_known",
    "web.withdraw_template",
}
# Those about major incidents and what belongs to them: tests/actions/test_majors.py, tests/web/test_majors.py.
ABOUT_MAJORS = {
    "web.declare_major_incident",
    "web.attach_to_major",
    "web.tell_affected",
    "web.resolve_major",
    "web.write_learned",
    "web.try_major_again",
    "web.attach_ticket",
    "web.detach_ticket",
}
# A requester's own, and the link to them: tests/web/test_requester.py.
ABOUT_REQUESTERS = {
    # What the public is told: tests/web/test_disruptions.py.
    "web.declare",
    "web.tell",
    "web.give_link",
    "web.withdraw_link",
    # How they are reached, and a mail that failed: tests/web/test_requester_contact.py.
    "web.set_contact",
    "web.send_mail_again",
    "web.link_answer",
    "web.link_confirm",
    "web.link_reopen",
    "web.link_message",
    "web.link_rate",
    "web.link_language",
    # The same signed in, and what an employee reports: tests/web/test_own_tickets.py.
    "web.own_answer",
    "web.own_confirm",
    "web.own_reopen",
    "web.own_message",
    "web.own_rate",
    "web.send_report",
    # A supplier's people's: tests/web/test_supplier.py.
    "web.add_update",
    "web.set_reference",
}
# One act on many tickets, by the actions of one: test_bulk.py.
ON_MANY = {"web.act_on_selection", "web.undo_batch"}
# Actions on a ticket that only one edge offers, or that the others are made of.
ONE_EDGE_ALONE = {
    "foreseen": "the pages': what a correction would change, before it is made; nothing is written",
    "change": "TMF621's: several verbs in one PATCH, each of them driven alone",
    "give_reference": "systems' and suppliers': tests/api/test_references.py, tests/web/test_supplier.py",
    "update": "a supplier's page: tests/web/test_supplier.py; the API's is made of add_entry",
    "erase_texts": "the command line's, under a decision",
    "give_link": "the pages': tests/web/test_requester.py",
    "withdraw_link": "the pages': tests/web/test_requester.py",
    "correct_contact": "the pages': tests/web/test_requester_contact.py",
    "resend_mail": "the pages': tests/web/test_requester_contact.py; no event on the ticket",
    "enter_signed_in": "the requester's page, signed in: no event on the ticket",
    "choose_language": "the requester's page: no event on the ticket",
    "act_as_requester": "the requester's page: tests/web/test_requester.py",
    "send_message": "the requester's page: tests/web/test_requester.py",
    "rate": "the requester's page: tests/web/test_requester.py",
    "open_page": "the pages': who is at a ticket, kept for a minute, no event on the ticket",
    "stay": "the pages': the same",
    "mark_ticket_read": "the pages': a person's own notices, no event on the ticket",
}
DRIVEN_APART = {
    "tickets": "tests/api/test_logging.py: what a system logs has a channel of its own",
    "attachments": "tests/api/test_attachments.py: a note's files, without words",
    "reference": "tests/api/test_references.py: a system's own",
}
# Verbs whose steps every shipped process keeps for people, but another may give to a supplier's system:
# tests/api/test_every_step.py.
NO_SHIPPED_PROCESS_HAS = {
    "handovers",
    "waits",
    "takeovers",
    "verifications",
    "rejections",
    "recalls",
    "closures",
    "steps",
}
BY_SYSTEMS_ALONE = {"updates", "replies"}
MADE_OF = {"perform": "every step's", "act_on": "every act of the API"}


def routes(house: House, *prefixes: str) -> dict[str, str]:
    """endpoint -> rule of everything that can be sent to."""
    rules = [rule for rule in house.app.url_map.iter_rules() if rule.rule.startswith(prefixes)]
    return {
        rule.endpoint: rule.rule
        for rule in rules
        if not {"POST", "PUT", "PATCH", "DELETE"}.isdisjoint(rule.methods or ())
    }


def test_every_page_that_takes_something_is_driven(house: House) -> None:
    pages = routes(house, "/").keys() - routes(house, "/api/", "/tmf-api/").keys()
    driven = {known.endpoint for known in MATTERS.values()} | {"web.take_step"}
    about_others = ABOUT_THE_PERSON | ABOUT_CLIENTS | ABOUT_THE_DESK | ABOUT_REQUESTERS | ABOUT_MAJORS | ON_MANY
    assert pages - about_others == driven


def test_every_resource_of_the_api_is_driven(house: House) -> None:
    there = {rule.rsplit("/", 1)[1] for rule in routes(house, "/api/v1/tickets").values()}
    served = there - DRIVEN_APART.keys()
    assert served == {resource.act.name for resource in RESOURCES}
    by_steps = {taken.attempt(house).known.resource for taken in (*of_suppliers(), *of_municipal_systems())}
    written = {MATTERS[case.verb].resource for case in DONE if case.is_offered_to_systems}
    assert served == by_steps | written | NO_SHIPPED_PROCESS_HAS | BY_SYSTEMS_ALONE


def test_everything_that_a_scenario_can_do_is_driven() -> None:
    assert {*play.ACTIONS, LOG} == set(scenario_given.ACTIONS) == set(MATTERS)


@pytest.mark.parametrize("table", [DONE, REFUSED], ids=["done", "refused"])
def test_every_verb_outside_the_workflows_is_driven(table: Any) -> None:
    assert {case.verb for case in table} == set(MATTERS)


def test_every_right_is_a_verb_that_is_driven() -> None:
    assert {str(right) for right in Right} - {Right.NOTE_TO_JOINT, Right.CHANGE_SLA} == set(MATTERS) - {LOG}
    assert any(case.given.get("to_joint") for case in DONE)


def test_every_step_is_driven_from_every_state_that_it_leaves() -> None:
    found = {(taken.spot.workflow, taken.step.key, taken.spot.place.state) for taken in steps_taken()}
    steps = [(key, step) for key, definition in workflows().items() for step in definition.transitions.values()]
    assert found == {(key, step.key, state) for key, step in steps for state in step.from_states}


def test_every_verb_of_the_workflows_is_driven() -> None:
    assert {taken.step.verb for taken in steps_taken()} == set(Verb) - OF_TIME_ALONE


def test_every_guard_has_a_ticket_before_which_it_says_no() -> None:
    assert {*BEFORE_A_GUARD, *NEVER_SAYS_NO} == set(Guard)


def test_every_action_on_a_ticket_is_driven() -> None:
    driven = {name for name in MATTERS if name != LOG} | MADE_OF.keys() | ONE_EDGE_ALONE.keys()
    assert set(actions_on_a_ticket()) == driven


def actions_on_a_ticket() -> Iterator[str]:
    """Whatever takes a desk, a ticket's number and an actor."""
    for module in iter_modules(actions.__path__):
        for name, found in vars(import_module(f"{actions.__name__}.{module.name}")).items():
            if inspect.isfunction(found) and not name.startswith("_"):
                taken = list(inspect.signature(found).parameters)
                if taken[:2] == ["desk", "number"] and "actor" in taken:
                    yield name
