"""Reading a folder of TOML into an installation: what is refused for how it is written, where, and what to do."""

from pathlib import Path

import pytest

from servicedesk.core.errors import FileFaults
from servicedesk.core.installations.file import read_installation
from tests.core.installation_small import SMALL, faults_of, small, small_installation
from tests.core.test_installation_file import write


def assert_refused(file: str, old: str, new: str, key: str, problem: str, remedy: str) -> None:
    found = [fault for fault in faults_of(small(**{file: (old, new)})) if fault.key == key]
    assert [fault.file for fault in found] == [f"{file}.toml"]
    assert problem in found[0].problem
    assert remedy in found[0].remedy


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "said"),
    [
        ("people", 'name = "Manager"', f'name = "{"M" * 201}"', "person.manager.name", "has 201 characters."),
        ("services", 'name = "Platform"', 'name = "Plat\\nform"', "service.platform.name", "has a line break"),
        ("people", "[person.manager]", f"[person.{'m' * 81}]", f"person.{'m' * 81}", "is a key of 81 characters."),
        ("agreements", 'kind = "SLA"', f'kind = "SLA"\nname = "{"S" * 201}"', "agreement.boden-sla.name", "201"),
        ("calendars", '"Office hours"', f'"{"O" * 201}"', "calendar.office.name", "has 201 characters."),
    ],
)
def test_keys_and_names_have_a_length_that_fits(file: str, old: str, new: str, key: str, said: str) -> None:
    assert_refused(file, old, new, key, said, "at most" if "line break" not in said else "one line")


def test_a_file_that_cannot_be_read_is_told_alone_and_nobody_is_accused_of_naming_what_stands_in_it() -> None:
    documents = small(teams=("[team.boden-desk]", "[team.boden-desk"), services=('owner = "board"', "owner = board"))
    found = faults_of(documents)
    assert sorted(fault.file for fault in found) == ["services.toml", "teams.toml"]
    assert all("cannot be read" in fault.problem for fault in found)


def test_every_fault_of_every_file_is_told_at_once() -> None:
    documents = small(
        people=('role = "first_line_staff"', 'rol = "first_line_staff"'),
        teams=('tier = "joint"', 'tier = "jont"'),
        calendars=('fri = ["08:00-15:00"]', 'fri = ["08:00-15:00", "14:00-16:00"]'),
        agreements=('metric = "resolution"', 'metric = "holding"'),
    )
    assert [(fault.file, fault.key) for fault in faults_of(documents)] == [
        ("agreements.toml", "agreement.boden-sla.target[1].metric"),
        ("calendars.toml", "calendar.office.week.fri"),
        ("people.toml", "person.first-line.memberships[1].role"),
        ("people.toml", "person.first-line.memberships[1].rol"),
        ("teams.toml", "team.board-managers.tier"),
    ]


@pytest.mark.parametrize(
    ("text", "key", "problem", "remedy"),
    [
        ("[teem.x]", "teem", "not a known table", 'Did you mean "team"?'),
        ("[team]\nname = 'x'", "team.name", "is not a table", "Write [team.name]"),
        ("team = 3", "team", "holds no keyed tables", "Write [team.a-key]"),
        ("[team.boden-desk]", "team.boden-desk", "is written in teams.toml too", "different keys"),
        ("[team.'Överkalix växel']", "team.Överkalix växel", "not written as a key", '"overkalix-vaxel"'),
        ("[priority]", "priority", "is written in priorities.toml too", "in one file"),
        ("ladder = 3", "ladder", "is written in priorities.toml too", "in one file"),
        ("[organisation.x]\nkind = 'joint'\nnmae = 'x'", "organisation.x.nmae", "not known here", '"name"'),
        ("[organisation.x]\nkind = 'joint'", "organisation.x.name", "is missing", 'name = "…"'),
        ("[organisation.x]\nname = ' '\nkind = 'joint'", "organisation.x.name", "is empty", 'name = "…"'),
        ("[organisation.x]\nkind = 'jont'\nname = 'x'", "organisation.x.kind", '"jont" is not', 'mean "joint"?'),
        ("[organisation.x]\nname = 3\nkind = 'joint'", "organisation.x.name", "3 is a number", 'name = "…"'),
        (
            "[organisation.x]\nname = 'x'\nkind = 'joint'\npopulation = '3'",
            "organisation.x.population",
            '"3" is text',
            "a whole number",
        ),
        (
            "[organisation.x]\nname = 'x'\nkind = 'joint'\npopulation = -3",
            "organisation.x.population",
            "is -3",
            "from 0",
        ),
        ("[calendar.x]\nweek = 3", "calendar.x.week", "3 is a number", "week = {"),
        ("[calendar.x]\nweek = { mno = [] }", "calendar.x.week.mno", "is not a day", '"mon"'),
        ("[calendar.x]\nweek = { fri-mon = [] }", "calendar.x.week.fri-mon", "range of days", '"mon-fri"'),
        ("[calendar.x]\nweek = { mon-tue = [], tue = [] }", "calendar.x.week.tue", "a second time", "once"),
        ("[calendar.x]\nweek = { mon = ['8-12'] }", "calendar.x.week.mon", '"8-12" is not a span', "08:00-12:00"),
        ("[calendar.x]\nweek = { mon = ['12:00-08:00'] }", "calendar.x.week.mon", "before it begins", "midnight"),
        ("[calendar.x]\nweek = { mon = [8] }", "calendar.x.week.mon", "has 8", "in quotes"),
        ("[calendar.x]\nname = 'x'", "calendar.x.week", "no open time", "always = true"),
        ("[calendar.x]\nalways = true\nholidays = 'SE'", "calendar.x.holidays", "always = true", "Leave out"),
        ("[calendar.x]\nalways = 'yes'", "calendar.x.always", '"yes" is text', "true or false"),
        ("[calendar.x]\nversion = []", "calendar.x.version", "is empty", "version"),
        (
            "[calendar.x]\nweek = { mon = ['08:00-12:00'] }\nclosed = ['juldagen']",
            "calendar.x.closed",
            '"juldagen" is no day',
            "year-month-day",
        ),
        (
            "[calendar.x]\nweek = { mon = ['08:00-12:00'] }\nexceptions = { '2026-13-01' = [] }",
            "calendar.x.exceptions.2026-13-01",
            "is no day",
            "year-month-day",
        ),
        (
            "[calendar.x]\nweek = {}\nclosed = [2026-01-02]\nexceptions = { '2026-01-02' = ['08:00-09:00'] }",
            "calendar.x.closed",
            "stands in exceptions too",
            "one of them",
        ),
        (
            "[[calendar.x.version]]\nweek = { mon = ['08:00-12:00'] }\nvalid = 1",
            "calendar.x.version[1].valid",
            "not known",
            '"valid_from"',
        ),
        ("[installation]\nzone = 'Europe/Lulea'", "installation.zone", "Europe/Lulea", "Europe/Stockholm"),
        ("[installation]\nzon = 'Europe/Stockholm'", "installation.zon", "not known", '"zone"'),
        ("installation = 3", "installation", "is not a table", "Write [installation]"),
    ],
)
def test_what_is_written_wrongly_is_refused(text: str, key: str, problem: str, remedy: str) -> None:
    found = [fault for fault in faults_of({**SMALL, "wrong.toml": text}) if fault.key == key]
    assert [fault.file for fault in found] == ["wrong.toml"]
    assert problem in found[0].problem
    assert remedy in found[0].remedy


@pytest.mark.parametrize(
    ("old", "new", "key", "problem", "remedy"),
    [
        ('time = "4h"', 'time = "4 days"', "target[1].time", "days", "hours"),
        ('time = "4h"\n', "", "target[1].time", "is missing", 'time = "4h"'),
        ("priorities = [1, 2]", "priorities = [1, 5]", "target[1].priorities", "has 5", "1 to 4"),
        ("priorities = [1, 2]", "priorities = [1, 1]", "target[1].priorities", "twice", "once"),
        ("priorities = [1, 2]", "priorities = []", "target[1].priorities", "is empty", "Leave"),
        ("valid_from = 2026-01-01", "valid_from = 2026", "valid_from", "a number", "2026-01-01"),
        ("valid_from = 2026-01-01\n", "", "valid_from", "is missing", "2026-01-01"),
        ('services = ["platform"]', 'services = "most"', "services", "neither", '"all"'),
        ('services = ["platform"]', "services = []", "services", "is empty", "once"),
        ('["platform"]', '["platform", "platform"]', "services", "twice", "once"),
        ("[[agreement.boden-sla.target]]", "[agreement.boden-sla.target]", "target", "a table", "[[agreement"),
        ("[[agreement.boden-sla.target]]", "[agreement.boden-sla.targets]", "target", "promises nothing", "target"),
    ],
)
def test_an_agreement_written_wrongly_is_refused(old: str, new: str, key: str, problem: str, remedy: str) -> None:
    assert_refused("agreements", old, new, f"agreement.boden-sla.{key}", problem, remedy)


@pytest.mark.parametrize(
    ("old", "new", "key", "problem", "remedy"),
    [
        ("medium = { high = 2, medium = 3, low = 4 }\n", "", "priority.medium", "no priorities", "medium = {"),
        ("medium = 2, low = 3", "medium = 2", "priority.high.low", "is missing", "whole number"),
        ("low = 4 }\n\n", "low = 5 }\n\n", "priority.low.low", "is 5", "from 1 to 4"),
        ("low = { high", "lwo = { high", "priority.lwo", "not known", '"low"'),
        ('tell = ["holder"]', "tell = []", "ladder[1].tell", "tells nobody", "holder"),
        ('tell = ["holder"]', 'tell = ["holdr"]', "ladder[1].tell", '"holdr"', '"holder"'),
        ("share = 100", "share = 50", "ladder[2].share", "another rung", "one rung"),
        ("share = 100", "share = 0", "ladder[2].share", "is 0", "from 1"),
    ],
)
def test_a_matrix_or_ladder_written_wrongly_is_refused(old: str, new: str, key: str, problem: str, remedy: str) -> None:
    assert_refused("priorities", old, new, key, problem, remedy)


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "problem", "remedy"),
    [
        ("people", '"first.line@boden.example"', '"first line"', "person.first-line.email", "not an e-mail", "name@"),
        ("people", "lead = true", 'lead = "yes"', "person.first-line.memberships[1].lead", '"yes" is text', "true"),
        ("people", '[{ team = "boden-m', '["x", { team = "boden-m', "person.manager.memberships[1]", "text", "a table"),
        ("routing", "order = 90", "order = '90'", "routing.first-line.order", "is text", "whole number"),
        ("teams", "[team.boden-desk]", "[team.boden-desk", "line 2, column 17", "cannot be read", "TOML"),
    ],
)
def test_other_tables_written_wrongly_are_refused(
    file: str, old: str, new: str, key: str, problem: str, remedy: str
) -> None:
    assert_refused(file, old, new, key, problem, remedy)


@pytest.mark.parametrize(
    ("file", "old", "new", "key"),
    [
        ("teams", 'organisation = "boden"', 'organisation = "bodn"', "team.boden-desk.organisation"),
        ("teams", 'calendar = "office"', 'calendar = "ofice"', "team.boden-desk.calendar"),
        ("people", 'team = "boden-desk"', 'team = "boden-desks"', "person.first-line.memberships[1].team"),
        ("services", 'owner = "board"', 'owner = "bord"', "service.platform.owner"),
        ("services", 'supplier = "maker"', 'supplier = "makr"', "service.platform.supplier"),
        ("services", 'municipality = "boden"', 'municipality = "bodeen"', "e_service.boden-permits.municipality"),
        ("services", 'service = "platform"', 'service = "platfrom"', "e_service.boden-permits.service"),
        ("agreements", 'party = "boden"', 'party = "bodenn"', "agreement.boden-sla.party"),
        ("agreements", '["platform"]', '["platforms"]', "agreement.boden-sla.services"),
        ("agreements", 'calendar = "office"', 'calendar = "offices"', "agreement.boden-sla.target[1].calendar"),
        ("routing", 'team = "board-managers"', 'team = "board-manager"', "routing.joint.team"),
        ("routing", 'order = 90', 'order = 90\nmunicipality = "bden"', "routing.first-line.municipality"),
        ("routing", 'order = 90', 'order = 90\nservice = "platfrm"', "routing.first-line.service"),
        ("routing", 'order = 90', 'order = 90\ne_service = "boden-permit"', "routing.first-line.e_service"),
    ],
)  # fmt: skip
def test_a_reference_that_leads_nowhere_is_refused_with_the_nearest_key(
    file: str, old: str, new: str, key: str
) -> None:
    (fault,) = [fault for fault in faults_of(small(**{file: (old, new)})) if fault.key == key]
    assert fault.file == f"{file}.toml"
    assert "is not declared as" in fault.problem
    assert fault.remedy.startswith("Did you mean")


def test_a_rule_for_a_workflow_that_is_not_there_is_refused_when_they_are_known(tmp_path: Path) -> None:
    rule = '[routing.x]\norder = 1\ntier = "joint"\nteam = "board-managers"\nworkflow = "incidnet"\n'
    folder = write(tmp_path, {**SMALL, "rule.toml": rule})
    assert read_installation(folder).routing["x"].workflow == "incidnet"
    with pytest.raises(FileFaults) as refused:
        read_installation(folder, workflows=["incident"])
    (fault,) = refused.value.faults
    assert (fault.file, fault.key, fault.remedy) == ("rule.toml", "routing.x.workflow", 'Did you mean "incident"?')


def test_a_team_without_opening_hours_is_refused() -> None:
    (fault,) = faults_of(small(teams=('calendar = "office"\n', "")))
    assert (fault.file, fault.key) == ("teams.toml", "team.boden-desk.calendar")
    assert "opening hours" in fault.remedy


def test_a_target_without_calendar_is_refused() -> None:
    (fault,) = faults_of(small(agreements=('calendar = "office"\n', "")))
    assert (fault.file, fault.key, fault.problem) == (
        "agreements.toml",
        "agreement.boden-sla.target[1].calendar",
        "is missing.",
    )
    assert "Every target needs the calendar" in fault.remedy


@pytest.mark.parametrize("written", ["memberships = []", ""])
def test_a_person_without_organisation_is_refused(written: str) -> None:
    membership = 'memberships = [{ team = "boden-managers", role = "business_system_manager" }]'
    (fault,) = faults_of(small(people=(membership, written)))
    assert (fault.file, fault.key) == ("people.toml", "person.manager.memberships")
    assert "belongs to no organisation" in fault.problem
    assert "memberships = [" in fault.remedy


@pytest.mark.parametrize("employer, problem", [("boden", ""), ("board", "is not a municipality"), ("kiruna", "kiruna")])
def test_an_employee_who_only_asks_has_an_employer_and_no_membership(employer: str, problem: str) -> None:
    membership = 'memberships = [{ team = "boden-managers", role = "business_system_manager" }]'
    asks = f'{membership}\n[person.asks]\nname = "Asks"\nemail = "asks@boden.example"\nemployer = "{employer}"'
    found = faults_of(small(people=(membership, asks)))
    assert [fault.key for fault in found] == ["person.asks.employer"] * bool(problem)
    assert all(problem in f"{fault.problem} {fault.remedy}" for fault in found)


def test_who_has_a_seat_has_no_employer_beside_it() -> None:
    membership = 'memberships = [{ team = "boden-managers", role = "business_system_manager" }]'
    (fault,) = faults_of(small(people=(membership, f'{membership}\nemployer = "boden"')))
    assert fault.key == "person.manager.employer" and "Leave it out." in fault.remedy


def test_a_missing_matrix_is_refused_where_the_folder_stands(tmp_path: Path) -> None:
    documents = dict(SMALL)
    del documents["priorities.toml"]
    folder = tmp_path / "ours"
    folder.mkdir()
    with pytest.raises(FileFaults) as refused:
        read_installation(write(folder, documents))
    assert [(f.file, f.key) for f in refused.value.faults] == [
        ("ours", "priority.high"),
        ("ours", "priority.medium"),
        ("ours", "priority.low"),
    ]


def test_a_folder_that_is_not_there_or_holds_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileFaults, match="does not exist"):
        read_installation(tmp_path / "nowhere")
    with pytest.raises(FileFaults, match=r"holds no \.toml file"):
        read_installation(tmp_path)


def test_a_file_that_is_not_utf8_is_refused_by_name_and_byte(tmp_path: Path) -> None:
    write(tmp_path, dict(SMALL))
    (tmp_path / "more.toml").write_bytes(b"# kommunf\xf6rbund")
    with pytest.raises(FileFaults) as refused:
        read_installation(tmp_path)
    assert [(f.file, f.key) for f in refused.value.faults] == [("more.toml", "byte 10")]


def test_a_fault_reads_as_file_key_problem_and_remedy() -> None:
    with pytest.raises(FileFaults) as refused:
        small_installation(teams=('calendar = "office"', 'calendar = "ofice"'))
    assert str(refused.value) == (
        'teams.toml: team.boden-desk.calendar: "ofice" is not declared as [calendar.ofice]. Did you mean "office"?'
    )
