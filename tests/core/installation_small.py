"""The smallest installation that loads: one municipality, the joint organisation, one supplier, one service."""

from collections.abc import Collection, Mapping

from servicedesk.core.errors import Fault, FileFaults
from servicedesk.core.facts import Installation
from servicedesk.core.installations.entry import Reading
from servicedesk.core.installations.file import parse_installation

SMALL: Mapping[str, str] = {
    "organisations.toml": """
[organisation.boden]
kind = "municipality"
name = "Bodens kommun"
code = "2582"
population = 28060

[organisation.board]
kind = "joint"
name = "Joint board"

[organisation.maker]
kind = "supplier"
name = "Maker"
""",
    "teams.toml": """
[team.boden-desk]
organisation = "boden"
tier = "first_line"
role = "first_line_staff"
name = "Desk"
calendar = "office"
channels = ["phone", "visit"]

[team.boden-managers]
organisation = "boden"
tier = "second_line"
role = "business_system_manager"
name = "Managers"
calendar = "office"

[team.board-managers]
organisation = "board"
tier = "joint"
role = "it_service_manager"
name = "IT service managers"
calendar = "office"

[team.maker-support]
organisation = "maker"
tier = "supplier"
role = "supplier_agent"
name = "Support"
calendar = "always"
""",
    "people.toml": """
[person.first-line]
name = "First Line"
email = "first.line@boden.example"
memberships = [{ team = "boden-desk", role = "first_line_staff", lead = true }]

[person.manager]
name = "Manager"
email = "manager@boden.example"
memberships = [{ team = "boden-managers", role = "business_system_manager" }]
""",
    "calendars.toml": """
[calendar.office]
name = "Office hours"
week = { mon-thu = ["08:00-12:00", "13:00-16:30"], fri = ["08:00-15:00"] }
holidays = "SE"
closed = [2026-12-28]
exceptions = { "2026-12-23" = ["08:00-12:00"] }
""",
    "services.toml": """
[service.platform]
name = "Platform"
owner = "board"
supplier = "maker"

[e_service.boden-permits]
municipality = "boden"
service = "platform"
name = "Building permits"
""",
    "agreements.toml": """
[agreement.boden-sla]
kind = "SLA"
party = "boden"
services = ["platform"]
valid_from = 2026-01-01

[[agreement.boden-sla.target]]
metric = "resolution"
time = "4h"
calendar = "office"
priorities = [1, 2]

[agreement.board-ola]
kind = "OLA"
party = "board"
services = "all"
valid_from = 2026-01-01
target = [{ metric = "holding", time = "2h", calendar = "office", tier = "joint" }]

[agreement.maker-uc]
kind = "UC"
party = "maker"
services = "all"
valid_from = 2026-01-01
target = [{ metric = "contract", time = "1h30m", calendar = "always" }]
""",
    "routing.toml": """
[routing.first-line]
order = 90
tier = "first_line"
role = "first_line_staff"

[routing.second-line]
order = 90
tier = "second_line"
role = "business_system_manager"

[routing.joint]
order = 90
tier = "joint"
team = "board-managers"
""",
    "priorities.toml": """
[priority]
high = { high = 1, medium = 2, low = 3 }
medium = { high = 2, medium = 3, low = 4 }
low = { high = 3, medium = 4, low = 4 }

[[ladder]]
share = 50
tell = ["holder"]

[[ladder]]
share = 100
tell = ["it_service_manager", "system_owner"]
""",
}


def small(**changes: tuple[str, str]) -> dict[str, str]:
    """The small installation's texts; `people=(old, new)` replaces in people.toml, where old must stand."""
    documents = dict(SMALL)
    for name, (old, new) in changes.items():
        file = f"{name}.toml"
        assert old in documents[file], old
        documents[file] = documents[file].replace(old, new, 1)
    return documents


def small_installation(**changes: tuple[str, str]) -> Installation:
    return parse_installation(small(**changes))


def faults_of(documents: Mapping[str, str], workflows: Collection[str] | None = None) -> tuple[Fault, ...]:
    """The faults for which the texts are refused; none when they load. `workflows`: the keys of those there are."""
    try:
        parse_installation(documents, reading=Reading(workflows=workflows))
    except FileFaults as error:
        return error.faults
    return ()
