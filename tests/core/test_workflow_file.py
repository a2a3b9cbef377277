"""The grammar: what is written wrong is named by file and key, all of it, with what to write instead."""

import json

import pytest

from servicedesk.core.canonical import content_hash
from servicedesk.core.errors import Fault, FileFaults
from servicedesk.core.vocabulary import Language, Role, Tier
from servicedesk.core.workflows.definition import STATED
from servicedesk.core.workflows.file import definition_from_json, definition_to_json, parse_workflow
from tests.workflows.cast import SHIPPED, shipped

TEXT = shipped("citizen_incident").source


def faults(text: str) -> list[Fault]:
    with pytest.raises(FileFaults) as caught:
        parse_workflow(text, "mine.toml")
    return list(caught.value.faults)


def changed(old: str, new: str) -> str:
    assert old in TEXT
    return TEXT.replace(old, new, 1)


# (what stood there, what stands there now, the key that is named, a word of the remedy)
MISTAKES = [
    ('effects = ["assign_actor"]', 'efects = ["assign_actor"]', "transition.take.efects", '"effects"'),
    ('effects = ["assign_actor"]', 'effects = ["asign_actor"]', "transition.take.effects", '"assign_actor"'),
    (
        'guards = ["requester_reachable"]',
        'guards = ["requester_reachabel"]',
        "transition.ask_requester_from_first_line.guards",
        '"requester_reachable"',
    ),
    ('needs = ["reason", "tried"]', 'needs = ["reasons"]', "transition.escalate_to_second_line.needs", '"reason"'),
    ('verb = "take"', 'verb = "tkae"', "transition.take.verb", '"take"'),
    ('to = "first_active"', 'to = "first_activ"', "transition.take.to", '"first_active"'),
    ('from = ["first_new"]', 'from = ["first_knew"]', "transition.take.from", '"first_new"'),
    ('from = ["first_new"]', "from = []", "transition.take.from", "Name each"),
    ('from = ["first_new"]', 'from = "first_new"', "transition.take.from", "["),
    ('initial = "first_new"', 'initial = "fist_new"', "workflow.initial", '"first_new"'),
    ('category = "new"', 'category = "fresh"', "state.first_new.category", "Known"),
    ('tier = "first_line"', 'tier = "front_line"', "state.first_new.tier", '"first_line"'),
    ('tmf621 = "acknowledged"', "", "state.first_new.tmf621", "acknowledged"),
    ('tmf621 = "acknowledged"', "tmf621 = 3", "state.first_new.tmf621", "acknowledged"),
    ('sv = "Nytt hos första linjen"', "", "state.first_new.sv", "Swedish"),
    ('en = "Take the ticket"', 'en = "  "', "transition.take.en", "English"),
    ("received = true", 'received = "yes"', "state.first_received.received", "true or false"),
    (', contract = "pause" }', " }", "state.first_new.clocks.contract", "run, pause, stop"),
    ('holding = "run"', 'holding = "walk"', "state.first_new.clocks.holding", "run"),
    ('holding = "run"', 'holding = "run", holdning = "run"', "state.first_new.clocks.holdning", '"holding"'),
    (
        'who = ["first_line_staff@first_line"]',
        'who = ["first_line_staf@first_line"]',
        "transition.take.who",
        '"first_line_staff"',
    ),
    (
        'who = ["first_line_staff@first_line"]',
        'who = ["first_line_staff@firstline"]',
        "transition.take.who",
        '"first_line"',
    ),
    ('who = ["first_line_staff@first_line"]', 'who = ["anyone"]', "transition.take.who", "anyone"),
    ('after = "24h"', 'after = "3 days"', "timed.remind_requester.after", "hours"),
    ('after = "24h"', 'after = "soon"', "timed.remind_requester.after", "hours"),
    ('after = "24h"', "", "timed.remind_requester.after", "until"),
    ('calendar = "municipality"', 'calendar = "municipal"', "timed.remind_requester.calendar", '"municipality"'),
    ('calendar = "municipality"', "", "timed.remind_requester.calendar", "always"),
    ('at = "until"', 'at = "noon"', "timed.resume_in_second_line_after_change.at", "until"),
    ('verb = "remind"\n', 'verb = "remind"\nto = "closed"\n', "timed.remind_requester.to", "Known"),
    ("[transition.take]", "[transition.Take-it]", "transition.Take-it", "small letters"),
    ("[transition.take]", "[transitions.take]", "transitions", '"transition"'),
    ("[state.first_new]", "[[state.first_new]]", "state.first_new", "lines of their own"),
]


@pytest.mark.parametrize(("old", "new", "key", "remedy"), MISTAKES, ids=[f"{k}:{n[:24]}" for _, n, k, _ in MISTAKES])
def test_a_mistake_is_named_by_file_key_and_remedy(old: str, new: str, key: str, remedy: str) -> None:
    found = [fault for fault in faults(changed(old, new)) if fault.key == key]
    assert found, [str(fault) for fault in faults(changed(old, new))]
    assert {(fault.file, fault.rule) for fault in found} == {("mine.toml", "grammar")}
    assert any(remedy in fault.remedy for fault in found)


def test_all_mistakes_are_told_not_only_the_first() -> None:
    text = changed('verb = "take"', 'verb = "tkae"').replace('after = "24h"', 'after = "soon"')
    text = text.replace('sv = "Löst"', "")
    keys = {fault.key for fault in faults(text)}
    assert keys == {"transition.take.verb", "timed.remind_requester.after", "state.resolved.sv"}


def test_what_is_not_toml_is_told_with_its_line() -> None:
    [fault] = faults('[workflow]\nkey = "x\n')
    assert "line 2" in fault.problem


def test_a_file_without_its_tables_is_told_each_that_it_lacks() -> None:
    assert {"state", "transition"} <= {fault.key for fault in faults("[workflow]")}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty."),
        ("# Nothing but a comment.\n", "is no workflow: it has not even a table [workflow]."),
        ('[team.boden]\nname = "Boden"', "is no workflow: it has not even a table [workflow]."),
    ],
)
def test_what_is_no_workflow_at_all_is_told_so_in_one_sentence(text: str, said: str) -> None:
    assert [fault.problem for fault in faults(text)] == [said]


@pytest.mark.parametrize(
    ("old", "new", "key", "said"),
    [
        ('key = "citizen_incident"', f'key = "{"k" * 81}"', "workflow.key", "is a key of 81 characters."),
        ('key = "citizen_incident"', 'key = "Citizen incident"', "workflow.key", "is not a key."),
        ("[transition.take]", f"[transition.{'t' * 81}]", f"transition.{'t' * 81}", "is a key of 81 characters."),
        ('sv = "Ta ärendet"', f'sv = "{"Ta " * 67}"', "transition.take.sv", "has 201 characters."),
        ('sv = "Ta ärendet"', 'sv = "Ta\\närendet"', "transition.take.sv", "has a line break"),
    ],
)
def test_keys_and_names_have_a_length_that_fits(old: str, new: str, key: str, said: str) -> None:
    found = [fault for fault in faults(changed(old, new)) if fault.key == key]
    assert [fault.file for fault in found] == ["mine.toml"]
    assert said in found[0].problem and found[0].remedy


def test_keys_and_names_may_be_as_long_as_that() -> None:
    text = changed('sv = "Ta ärendet"', f'sv = "{"T" * 200}"').replace('"citizen_incident"', f'"{"k" * 80}"', 1)
    assert parse_workflow(text, "mine.toml").key == "k" * 80


@pytest.mark.parametrize("text", ["state = 1", "state = []", "[state]\nx = 1", "workflow = true", "[scenario]\ns = 1"])
def test_a_table_that_is_none_is_a_fault_and_no_crash(text: str) -> None:
    assert faults(text)


def test_a_date_in_a_file_is_a_fault_and_no_crash() -> None:
    assert [f.key for f in faults(changed('sv = "Ta ärendet"', "sv = 2026-01-01"))] == ["transition.take.sv"]


def test_anyone_is_every_role_of_the_tier() -> None:
    who = shipped("citizen_incident").transitions["accept_in_second_line"].who
    assert {w.role for w in who} == {
        Role.BUSINESS_SYSTEM_MANAGER,
        Role.ADMINISTRATOR,
        Role.E_SERVICE_DEVELOPER,
        Role.LOCAL_IT,
    }
    assert {w.tier for w in who} == {Tier.SECOND_LINE}


def test_every_state_names_every_clock() -> None:
    assert all(list(state.clocks) == list(STATED) for state in shipped("citizen_incident").states.values())


@pytest.mark.parametrize("key", SHIPPED)
def test_a_stored_version_compiles_again_without_its_file(key: str) -> None:
    definition = shipped(key)
    again = definition_from_json(definition_to_json(definition))
    assert again == definition
    assert (again.states, again.transitions, again.timed) == (
        definition.states,
        definition.transitions,
        definition.timed,
    )
    assert definition_to_json(again) == definition_to_json(definition)


def test_comments_and_spacing_make_no_new_version() -> None:
    text = "# Another comment\n\n" + TEXT.replace('sv = "Ta ärendet"', 'sv    =    "Ta ärendet"   # so')
    assert parse_workflow(text, "other.toml") == shipped("citizen_incident")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('sv = "Ta ärendet"', 'sv = "Ta ärendet nu"'),
        ('after = "24h"', 'after = "25h"'),
        ('guards = ["supplier_known"]', "guards = []"),
    ],
)
def test_what_is_said_makes_the_version(old: str, new: str) -> None:
    assert parse_workflow(changed(old, new), "mine.toml").version != shipped("citizen_incident").version


def test_the_order_of_steps_is_part_of_the_version() -> None:
    tables = json.loads(definition_to_json(shipped("citizen_incident")))
    tables["transition"] = dict(reversed(tables["transition"].items()))
    again = definition_from_json(json.dumps(tables, ensure_ascii=False, separators=(",", ":")))
    assert again != shipped("citizen_incident")
    assert list(again.transitions) == list(shipped("citizen_incident").transitions)[::-1]


def test_a_scenario_in_one_language_is_shown_in_both() -> None:
    labels = shipped("citizen_incident").scenarios["solved_at_the_first_contact"].labels
    assert labels[Language.ENGLISH] == labels[Language.SWEDISH] != ""


def test_the_hash_of_the_stored_text_is_the_version() -> None:
    definition = shipped("service_request")
    assert content_hash(definition_to_json(definition)) == definition.version
