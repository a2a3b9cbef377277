"""What no agreement may say: each refused by file and key, with what is wrong and what to write."""

import pytest

from servicedesk.core.canonical import agreement_to_json
from servicedesk.core.installations.entry import Reading
from servicedesk.core.installations.file import parse_installation
from tests.core.installation_small import faults_of, small, small_installation

RESOLUTION = 'metric = "resolution"\ntime = "4h"'
HOLDING = '{ metric = "holding", time = "2h", calendar = "office", tier = "joint" }'
CONTRACT = '{ metric = "contract", time = "1h30m", calendar = "always" }'
FROM = "valid_from = 2026-01-01"
SLA, TARGET = "agreement.boden-sla", "agreement.boden-sla.target[1]"


def with_own_type(*workflows: str) -> str:
    """The contract, and one more for request types."""
    named = ", ".join(f'"{each}"' for each in workflows)
    return CONTRACT + f", {CONTRACT[:-2]}, workflows = [{named}] }}"


@pytest.mark.parametrize(
    ("old", "new", "key", "problem", "remedy"),
    [
        # How long
        ('"4h"', '"8761h"', f"{TARGET}.time", "longer than a year", "at most 8760h"),
        ('"4h"', '"-4h"', f"{TARGET}.time", "is negative", "Write hours"),
        ('"4h"', '"0h"', f"{TARGET}.time", "no time at all", "at least one second"),
        ('"4h"', '"1.5h"', f"{TARGET}.time", "has a fraction", "Write whole parts"),
        ('"4h"', "4", f"{TARGET}.time", "wrong type: 4 is a number", 'time = "4h"'),
        ('"4h"', "-0.5", f"{TARGET}.time", "wrong type: -0.5 is a decimal number", 'time = "4h"'),
        ('"4h"', '"4h"\ngrace = "4h1s"', f"{TARGET}.grace", "4h1s is longer than the time itself", "at most"),
        ('"4h"', '"4h"\ngrace = "0m"', f"{TARGET}.grace", "no time at all", "at least one second"),
        ('"4h"', '"4h"\ngrace = "-15m"', f"{TARGET}.grace", "is negative", "Write hours"),
        ('"4h"', '"4h"\ngrace = 15', f"{TARGET}.grace", "wrong type: 15 is a number", "leave it out"),
        # When it applies
        (FROM, "valid_from = 2101-01-01", f"{SLA}.valid_from", "2101-01-01 is after 2100", "before 2101"),
        (FROM, f"{FROM}\nvalid_to = 2101-01-01", f"{SLA}.valid_to", "2101-01-01 is after 2100", "has no valid_to"),
        (FROM, f"{FROM}\nvalid_to = 2025-12-31", f"{SLA}.valid_to", "is not after valid_from", "leave it out"),
        (FROM, f"{FROM}\nvalid_to = \"2026-02-30\"", f"{SLA}.valid_to", "is no day", "year-month-day"),
        (FROM, f"{FROM}\nends = true", f"{SLA}.ends", "it has no last day", "as valid_to"),
        # When it warns
        (FROM, f"{FROM}\nwarn = [50, 0]", f"{SLA}.warn", "has 0", "from 1 to 1000"),
        (FROM, f"{FROM}\nwarn = [50, 1001]", f"{SLA}.warn", "has 1001", "from 1 to 1000"),
        (FROM, f"{FROM}\nwarn = [50, 87.5]", f"{SLA}.warn", "has 87.5", "whole numbers"),
        (FROM, f"{FROM}\nwarn = [50, 50]", f"{SLA}.warn", "a number twice", "each once"),
        (FROM, f"{FROM}\nwarn = []", f"{SLA}.warn", "is empty", "Leave warn out"),
        (FROM, f"{FROM}\nwarn = [40, 100]", f"{SLA}.warn", "at 40 percent nobody is told", "Begin at 50"),
        # What for
        (RESOLUTION, f'{RESOLUTION}\nworkflows = ["beställning"]', f"{TARGET}.workflows", "not a workflow", "request"),
        (RESOLUTION, f"{RESOLUTION}\nworkflows = []", f"{TARGET}.workflows", "is empty", "leave workflows out"),
        (RESOLUTION, f'{RESOLUTION}\nworkflows = ["request", "request"]', f"{TARGET}.workflows", "twice", "each"),
        (RESOLUTION, 'metric = "update"\ntime = "4h"\ntier = "joint"', f"{TARGET}.tier", "not for a tier", "Leave"),
        ('calendar = "office"\npriorities', 'calendar = "holder"\npriorities', f"{TARGET}.calendar", "no mean", "Name"),
        (HOLDING, HOLDING.replace("holding", "update").replace("joint", "second_line"),
         "agreement.board-ola.target[1].tier", "only the joint tier promises updates", 'tier = "joint"'),
        (CONTRACT, CONTRACT.replace("contract", "update").replace("always", "holder"),
         "agreement.maker-uc.target[1].calendar", "no meaning for update", "Name a calendar"),
        (CONTRACT, f"{with_own_type('request')}, {CONTRACT[:-2]}, workflows = [\"request\", \"incident\"] }}",
         "agreement.maker-uc.target[3].priorities", "same priority and request type", "one target"),
        (CONTRACT, f"{CONTRACT}, {CONTRACT}", "agreement.maker-uc.target[2].priorities", "same priority too", "one"),
    ],
)  # fmt: skip
def test_each_is_refused_with_what_is_wrong_and_what_to_write(
    old: str, new: str, key: str, problem: str, remedy: str
) -> None:
    documents = small(agreements=(old, new))
    (fault,) = [fault for fault in faults_of(documents, WORKFLOWS) if fault.key == key]
    assert fault.file == "agreements.toml"
    assert problem in fault.problem
    assert remedy in fault.remedy


WORKFLOWS = ("incident", "request")


def test_a_target_for_a_request_type_contradicts_neither_the_general_one_nor_anothers() -> None:
    own = f'{with_own_type("request")}, {CONTRACT[:-2]}, workflows = ["incident"] }}'
    assert faults_of(small(agreements=(CONTRACT, own)), WORKFLOWS) == ()


LATER = """
[agreement.boden-later]
kind = "SLA"
party = "boden"
services = "all"
valid_from = 2026-06-01
target = [{ metric = "response", time = "1h", calendar = "office" }]
"""


def ending(day: str, more: str = "") -> dict[str, str]:
    return {**small(agreements=(FROM, f"{FROM}\nvalid_to = {day}{more}")), "later.toml": LATER}


def test_two_versions_on_the_same_day_are_refused() -> None:
    (fault,) = faults_of(ending("2026-06-02"))
    assert (fault.file, fault.key) == ("later.toml", "agreement.boden-later")
    assert "[agreement.boden-sla] covers platform at the same time" in fault.problem


def test_a_day_between_two_versions_without_either_is_refused() -> None:
    (fault,) = faults_of(ending("2026-05-31"))
    assert (fault.file, fault.key) == ("later.toml", "agreement.boden-later.valid_from")
    assert fault.problem == (
        "nothing is promised for platform from 2026-05-31 to 2026-06-01: [agreement.boden-sla] has ended by then."
    )
    assert fault.remedy == "Let it begin on 2026-05-31, or write ends = true in [agreement.boden-sla] if that is meant."


def test_a_gap_that_is_meant_is_none_and_neither_is_an_agreement_that_ends_for_good() -> None:
    assert faults_of(ending("2026-02-01", "\nends = true")) == ()
    assert faults_of(small(agreements=(FROM, f"{FROM}\nvalid_to = 2026-02-01"))) == ()


def test_versions_of_other_parties_kinds_and_services_leave_no_gap() -> None:
    elsewhere = LATER.replace('"all"', '["archive"]') + '\n[service.archive]\nname = "Archive"\nowner = "board"\n'
    documents = {**small(agreements=(FROM, f"{FROM}\nvalid_to = 2026-02-01")), "later.toml": elsewhere}
    assert [fault for fault in faults_of(documents) if "valid" in fault.key] == []


def test_what_may_be_said_is_read_as_it_stands() -> None:
    said = f'{RESOLUTION}\ngrace = "15m"\nworkflows = ["request"]'
    documents = small(agreements=(RESOLUTION, said))
    documents["agreements.toml"] = documents["agreements.toml"].replace(FROM, f"{FROM}\nwarn = [100, 60]", 1)
    agreement = parse_installation(documents, reading=Reading(workflows=WORKFLOWS)).agreements["boden-sla"]
    assert agreement.warn == (60, 100)
    assert (agreement.targets[0].grace, agreement.targets[0].workflows) == (900, ("request",))


def test_what_is_not_said_leaves_the_stored_text_as_it_was() -> None:
    text = agreement_to_json(small_installation().agreements["boden-sla"])
    assert not any(name in text for name in ("grace", "workflows", "warn", "ends"))
