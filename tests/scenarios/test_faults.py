from pathlib import Path

import pytest

from servicedesk.cli.play import read
from servicedesk.core.errors import Fault, FileFaults

STORY = """
[scenario]
key = "story"
sv = "En berättelse."

[[step]]
at = "2026-03-02 09:00"
who = "first_line_staff@pitea"
do = "log"
with = { service = "e-tjansteplattform", subject = "Vit sida" }

[[step]]
after = "10m"
who = "first_line_staff@pitea"
do = "take"
expect = { state = "first_active" }

[[step]]
at = "2026-03-02 10:00"
who = "first_line_staff@pitea"
do = "escalate_to_second_line"
with = { reason = "Fel", tried = "Allt" }
expect = { due = { resolution = "2026-03-12 09:00" }, holder = "pitea-forvaltning" }
"""


def faults_of(tmp_path: Path, text: str) -> list[Fault]:
    file = tmp_path / "story.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(FileFaults) as refused:
        read(file)
    assert {fault.file for fault in refused.value.faults} == {str(file)}
    return list(refused.value.faults)


def test_the_story_itself_can_be_read(tmp_path: Path) -> None:
    file = tmp_path / "story.toml"
    file.write_text(STORY, encoding="utf-8")
    steps = read(file).scenario.steps
    assert [step.do for step in steps] == ["log", "take", "escalate_to_second_line"]
    assert (steps[1].at - steps[0].at).total_seconds() == 600


@pytest.mark.parametrize(
    ("old", "new", "key", "words"),
    [
        ("[scenario]", "[scenrio]", "scenario", "is missing"),
        ('key = "story"', "", "scenario.key", "is missing"),
        ('sv = "En berättelse."', 'sv = ""', "scenario.sv", "is empty"),
        ('key = "story"', 'key = "story"\nworkflow = "citizen"', "scenario.workflow", "is no workflow"),
        ('key = "story"', 'key = "story"\nlang = "sv"', "scenario.lang", "is not known here"),
        ("[scenario]", "[stepp]\n[scenario]", "stepp", 'Did you mean "step"?'),
        ("[[step]]\nafter", "[[step]]\naftr", "step[2].aftr", 'Did you mean "after"?'),
        ('after = "10m"', "", "step[2].at", "is missing"),
        ('after = "10m"', 'after = "10m"\nat = "2026-03-02 09:30"', "step[2].after", "stands beside at"),
        ('after = "10m"', 'after = "10 minutes"', "step[2].after", "not understood"),
        ('at = "2026-03-02 09:00"', 'after = "1h"', "step[1].after", "no step before it"),
        ('at = "2026-03-02 10:00"', 'at = "2026-03-02 09:05"', "step[3].at", "is before the step above"),
        ('at = "2026-03-02 10:00"', 'at = "2026-03-29 02:30"', "step[3].at", "put forward"),
        ('at = "2026-03-02 10:00"', 'at = "2026-10-25 02:30"', "step[3].at", "twice that night"),
        ('at = "2026-03-02 10:00"', "at = 2026-03-02T10:00:00", "step[3].at", "wrong type"),
        (
            'who = "first_line_staff@pitea"\ndo = "take"',
            'who = "first_line@pitea"\ndo = "take"',
            "step[2].who",
            "not a role",
        ),
        (
            'who = "first_line_staff@pitea"\ndo = "take"',
            'who = "first_line_staff@piteå"\ndo = "take"',
            "step[2].who",
            'Did you mean "pitea"?',
        ),
        (
            'who = "first_line_staff@pitea"\ndo = "take"',
            'who = "system_owner@pitea"\ndo = "take"',
            "step[2].who",
            "nobody is",
        ),
        ('who = "first_line_staff@pitea"\ndo = "take"', 'who = "anna"\ndo = "take"', "step[2].who", "is nobody"),
        ('who = "first_line_staff@pitea"\ndo = "take"', 'do = "take"', "step[2].who", "is missing"),
        (
            'who = "first_line_staff@pitea"\ndo = "take"',
            'who = "scheduler"\ndo = "take"',
            "step[2].do",
            "only lets time pass",
        ),
        ('do = "take"', "", "step[2].do", "is missing"),
        ('do = "take"', 'do = "tak"', "step[2].do", 'Did you mean "take"?'),
        ('do = "take"', 'do = "take"\nticket = "B"', "step[2].ticket", "has been logged before"),
        ('do = "take"', 'do = "log"\nwith = { service = "e-arkiv", subject = "x" }', "step[2].ticket", "already"),
        ('do = "take"', 'do = "take"\nwith = { reason = "x" }', "step[2].with.reason", "is not known here"),
        (', tried = "Allt" }', " }", "step[3].with.tried", "is missing"),
        (', subject = "Vit sida" }', " }", "step[1].with.subject", "is missing"),
        ('service = "e-tjansteplattform",', "", "step[1].with.service", "is missing"),
        ('"e-tjansteplattform"', '"e-tjanst"', "step[1].with.service", "is not declared"),
        ('subject = "Vit sida"', 'subject = "Vit sida", impact = "huge"', "step[1].with.impact", "Known"),
        ('subject = "Vit sida"', 'subject = "Vit", workflow = "x"', "step[1].with.workflow", "is no workflow"),
        ('state = "first_active"', 'state = "first_activ"', "step[2].expect.state", 'Did you mean "first_active"?'),
        ('state = "first_active"', 'stat = "first_active"', "step[2].expect.stat", "is not known here"),
        ('holder = "pitea-forvaltning"', 'holder = "pitea"', "step[3].expect.holder", "is not declared"),
        ("{ resolution =", "{ resoluton =", "step[3].expect.due.resoluton", 'Did you mean "resolution"?'),
        ('"2026-03-12 09:00" }', '"soon" }', "step[3].expect.due.resolution", "no such time"),
        ("due = {", "warned = { resolution = [500000] }, due = {", "step[3].expect.warned.resolution", "500000"),
        ("due = {", 'spent = { resolution = "1 h" }, due = {', "step[3].expect.spent.resolution", "not understood"),
        ("due = {", 'kept = ["resolve"], due = {', "step[3].expect.kept", "is no clock"),
    ],
)
def test_a_fault_is_named_by_its_key_with_a_remedy(tmp_path: Path, old: str, new: str, key: str, words: str) -> None:
    assert old in STORY
    faults = faults_of(tmp_path, STORY.replace(old, new, 1))
    assert [fault.key for fault in faults if words in str(fault)] == [key]
    assert all(fault.remedy for fault in faults)


def test_every_fault_is_found_at_once(tmp_path: Path) -> None:
    text = STORY.replace("take", "tak").replace("pitea-forvaltning", "x").replace('"10m"', '"ten"')
    assert {fault.key for fault in faults_of(tmp_path, text)} == {
        "step[2].do",
        "step[3].expect.holder",
        "step[2].after",
    }


def test_a_file_without_steps_is_refused(tmp_path: Path) -> None:
    [fault] = faults_of(tmp_path, STORY.partition("[[step]]")[0])
    assert (fault.key, "there are no steps" in fault.problem) == ("step", True)


def test_what_is_not_toml_is_refused(tmp_path: Path) -> None:
    [fault] = faults_of(tmp_path, "[scenario\n")
    assert "is not TOML" in fault.problem


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileFaults, match="No such file"):
        read(tmp_path / "none.toml")


def test_a_step_that_expects_its_refusal_may_lack_what_it_needs(tmp_path: Path) -> None:
    file = tmp_path / "story.toml"
    file.write_text(STORY.replace(', tried = "Allt" }\nexpect = {', ' }\nexpect = { refused = "invalid",'))
    assert read(file).scenario.steps[2].given == {"reason": "Fel"}
