"""A mapping is data: whatever is wrong in it is named by file and key, with what to do, before anything is imported."""

import pytest

from servicedesk.actions.desk import Desk
from servicedesk.core.errors import FileFaults
from servicedesk.core.servicenow.mapping import parse_import_map
from tests.import_.logs import MAP_FILE, bring, log, mapping, row, ticket

SHIPPED = MAP_FILE.read_text(encoding="utf-8")


def faults(*changes: tuple[str, str]) -> dict[str, str]:
    """Key -> problem and remedy."""
    with pytest.raises(FileFaults) as refused:
        mapping(*changes)
    assert all(fault.file == "servicenow.toml" for fault in refused.value.faults)
    return {fault.key: f"{fault.problem} {fault.remedy}" for fault in refused.value.faults}


def unfitting(desk: Desk, *changes: tuple[str, str]) -> dict[str, str]:
    """The faults found when the mapping meets the installation."""
    by = mapping(*changes)
    with pytest.raises(FileFaults) as refused:
        bring(desk, log([row()]), by)
    assert bring(desk, log([])).account.rows == 0  # and nothing stands in the way of a mapping that fits
    return {fault.key: f"{fault.problem} {fault.remedy}" for fault in refused.value.faults}


@pytest.mark.parametrize(
    ("old", "new", "key", "words"),
    [
        ('zone = "Europe/Stockholm"', 'zone = "Europe/Stokholm"', "log.zone", "no time zone"),
        ('zone = "Europe/Stockholm"', "", "log.zone", "is missing"),
        ('"%d-%m-%Y %H:%M"', '"%d-%m-%Y"', "log.time", "does not describe"),
        ('"%d-%m-%Y %H:%M"', '"day month"', "log.time", "does not describe"),
        ("time = [", "tiem = [", "log.tiem", 'Did you mean "time"?'),
        ('initial = "New"', 'initial = "Nev"', "log.initial", 'Did you mean "New"?'),
        ("[column]", "[colum]", "colum", 'Did you mean "column"?'),
        ('number = "number"', 'nummer = "number"', "column.number", "is missing"),
        ('order = "sys', 'ordre = "sys', "column.ordre", 'Did you mean "order"?'),
        ('"1 - High" = "high"', '"1 - High" = "hihg"', "impact.map.1 - High", 'Did you mean "high"?'),
        ('"2 - High" = 2', '"2 - High" = 5', "priority.map.2 - High", "from 1 to 4"),
        ('"Phone" = "phone"', '"Phone" = "fone"', "channel.map.Phone", 'Did you mean "phone"?'),
        (
            '"code 5" = "workaround"',
            '"code 5" = "wrkaround"',
            "resolution_code.map.code 5",
            'Did you mean "workaround"?',
        ),
        ('"2 - Medium" = "medium", ', '"1 - high" = "medium", ', "impact.map.1 - high", "written twice"),
        ('default = "phone"', "", "channel.default", "is missing"),
        ('first_line = "first_new"', 'frist_line = "first_new"', "state.New.frist_line", 'Did you mean "first_line"?'),
        ('prefix = "logg-"', 'prefix = "Logg "', "group.make.prefix", "cannot begin a key"),
        ('name = "{group} (ur loggen)"', 'name = "Grupp"', "group.make.name", "the same for all"),
        ('fault = "unknown"', 'fault = "plattform"', "log.fault", 'Did you mean "platform"?'),
        ('# encoding = "cp1252"', 'encoding = "utf8000"', "log.encoding", "is not known"),
        ('# delimiter = ";"', 'delimiter = ";;"', "log.delimiter", "more than one sign"),
        ('# number_prefix = "SN-"', 'number_prefix = "SN/"', "log.number_prefix", "no number has"),
    ],
)
def test_each_fault_is_named_by_its_key_with_a_remedy(old: str, new: str, key: str, words: str) -> None:
    found = faults((old, new))
    assert key in found
    assert words in found[key]


def test_a_file_that_is_not_toml_says_where() -> None:
    with pytest.raises(FileFaults, match="mine.toml: -: cannot be read: .* Correct the TOML"):
        parse_import_map("[log", "mine.toml")


def test_an_empty_mapping_names_everything_that_it_lacks() -> None:
    with pytest.raises(FileFaults) as refused:
        parse_import_map("[log]", "mine.toml")
    keys = {fault.key for fault in refused.value.faults}
    assert {"log.zone", "log.time", "log.workflow", "column.number", "state", "group.default", "impact.default"} <= keys


def test_all_faults_are_named_at_once() -> None:
    found = faults(("Europe/Stockholm", "Nowhere/Land"), ('"Phone" = "phone"', '"Phone" = "fone"'))
    assert set(found) == {"log.zone", "channel.map.Phone"}


@pytest.mark.parametrize(
    ("old", "new", "key", "words"),
    [
        (
            'workflow = "citizen_incident"',
            'workflow = "citizen_inc"',
            "log.workflow",
            'Did you mean "citizen_incident"',
        ),
        ('"first_new"', '"first_nev"', 'state."New".first_line', 'Did you mean "first_new"?'),
        ('"second_active"', '"first_active"', 'state."Active".second_line', "is a state at tier first_line"),
        ('second_line = "second_received"\n', "", 'state."New".second_line', "has groups at that tier"),
        ('initial = "New"', 'initial = "Closed"', "log.initial", "in which tickets end"),
        ('"Group 70" = "lulea-kundcenter"', '"Group 70" = "lulea-kundcentr"', 'group.teams."group 70"', "Did you mean"),
        ('"Group 70" = "lulea-kundcenter"', '"Group 70" = "pitea-kontaktcenter"', 'group.teams."group 70"', "pitea"),
        ('organisation = "lulea"', 'organisation = "luleo"', "group.make.organisation", 'Did you mean "lulea"?'),
        ('organisation = "lulea"', 'organisation = "pitea"', "group.make.organisation", "does not see the tickets"),
        ('organisation = "lulea"', 'organisation = "e-namnden"', "group.make.tier", "not a tier of a joint"),
        ('role = "local_it"', 'role = "supplier_agent"', "group.make.role", "does not work at tier"),
        (
            'calendar = "kommunkontor"',
            'calendar = "kommunkontr"',
            "group.make.calendar",
            'Did you mean "kommunkontor"?',
        ),
        (
            '[municipality]\ndefault = "lulea"',
            '[municipality]\ndefault = "lula"',
            "municipality.default",
            "no municipality",
        ),
        ('default = "e-tjansteplattform"', 'default = "e-tjanst"', "service.default", "no service"),
        ("[assignee]\nmap = {}", '[assignee]\nmap = { "R" = "ingen" }', 'assignee.map."r"', "no person"),
    ],
)
def test_what_does_not_fit_the_installation_is_named_by_its_key(
    desk: Desk, old: str, new: str, key: str, words: str
) -> None:
    found = unfitting(desk, (old, new))
    assert key in found
    assert words in found[key]


def test_a_tier_stands_for_each_municipalitys_own_team(desk: Desk) -> None:
    by = mapping(
        ('"Group 70" = "lulea-kundcenter"', '"Group 70" = "first_line"'),
        ('[municipality]\ndefault = "lulea"', '[municipality]\ndefault = "lulea"\nmap = { "Category 2" = "boden" }'),
        ('subject = ["category"', 'municipality = "category"\nsubject = ["category"'),
        ('organisation = "lulea"', 'organisation = "e-namnden"'),
        ('tier = "second_line"', 'tier = "joint"'),
        ('role = "local_it"', 'role = "it_service_manager"'),
    )
    bring(desk, log([row(), row(number="INC2", category="Category 2")]), by)
    assert [ticket(desk, number).holder.team for number in ("INC1", "INC2")] == ["lulea-kundcenter", "boden-kundcenter"]


def test_made_teams_take_nothing_from_routing(desk: Desk) -> None:
    bring(desk, log([row(group=f"Group {n}", number=f"INC{n}") for n in range(3)]))
    with desk.reading() as connection:
        book = desk.book(connection)
    made = [team for team in book.installation.teams.values() if team.observed]
    assert [team.name for team in made] == [
        "Group 0 (ur loggen)",
        "Group 1 (ur loggen)",
        "Group 2 (ur loggen)",
        "Okänd grupp (ur loggen)",
    ]
    holder = ticket(desk).holder
    assert not any(team.observed for team in book.parties.beside(holder))


def test_groups_that_differ_only_in_signs_get_teams_of_their_own(desk: Desk) -> None:
    names = ["Nät & drift", "Nät-drift", "nät  &  DRIFT", "网络"]
    bring(desk, log([row(group=name, number=f"INC{n}") for n, name in enumerate(names)]))
    teams = [ticket(desk, f"INC{n}").holder.team for n in range(4)]
    assert teams[0] == teams[2]
    assert len(set(teams)) == 3


def test_the_shipped_mapping_knows_every_state_of_the_public_log() -> None:
    known = mapping().spelt.values()
    assert set(known) >= {
        "New",
        "Active",
        "Awaiting User Info",
        "Awaiting Problem",
        "Awaiting Vendor",
        "Awaiting Evidence",
        "Resolved",
        "Closed",
    }
