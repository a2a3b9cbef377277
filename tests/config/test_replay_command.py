"""`servicedesk replay` as its user meets it."""

import csv
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from servicedesk import paths
from servicedesk.actions.desk import Desk
from servicedesk.cli import run
from servicedesk.cli.replay import read_period
from servicedesk.core.errors import Invalid
from servicedesk.store.engine import make_engine
from tests.core.replay_stories import FOUR_HOURS, SWEDEN
from tests.store.test_replay import at_supplier, every_row
from tests.support.desk import Template

Said = pytest.CaptureFixture[str]
MARCH = ("--from", "2026-03-01", "--to", "2026-04-01")


@pytest.fixture(scope="module")
def instance(desk_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two tickets that the supplier solved, after 6 and after 10 hours of its time."""
    folder = tmp_path_factory.mktemp("replay")
    desk = Desk(make_engine(desk_template.copy_to(folder)))
    at_supplier(desk, "2026-03-02 10:00", "2026-03-02 16:00")
    at_supplier(desk, "2026-03-03 10:00", "2026-03-04 09:00")
    desk.engine.dispose()
    (folder / "four.toml").write_text(FOUR_HOURS, encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def on_it(instance: Path, monkeypatch: pytest.MonkeyPatch, own_settings: None) -> None:
    monkeypatch.setenv("SERVICEDESK_INSTANCE", str(instance))
    monkeypatch.chdir(instance)


def test_tables_tell_what_a_four_hour_contract_would_have_meant(capsys: Said) -> None:
    before = every_row(Desk(make_engine("sqlite:///servicedesk.sqlite")))
    assert run(["replay", *MARCH, "--agreement", "four.toml", "--csv", "out.csv"]) == 0
    said = capsys.readouterr()
    lines = [" ".join(line.split()) for line in said.out.splitlines()]
    assert lines[0] == "From 2026-03-01 up to, but not including, 2026-04-01: 2 tickets."
    assert "Not decided when the period ended: 0. Lapsed: 0. Promised only before: 0, only after: 0." in " ".join(lines)
    assert "Exempelleverantören Plattform: solution by contract 50.0 % (1/2) 0.0 % (0/2) -50.0 6h" in lines
    assert "Luleå kommun: solution by contract 50.0 % (1/2) 0.0 % (0/2) -50.0 6h" in lines
    assert "whole chain: resolution 100.0 % (2/2) 100.0 % (2/2) 0 6h5m" in lines
    assert not any(line.startswith("Luleå kommun: response") for line in lines), "nothing changes for it"
    assert "1 promise comes out otherwise, on 1 ticket:" in lines
    heavy = "2026-00001 3 contract/supplier/leverantor-plattform kept -> broken 6h 8h -> 4h"
    assert f"{heavy} 26-03-02 18:00 -> 26-03-02 14:00" in lines
    assert "How people would have worked under them, no replay can say." in " ".join(lines)
    assert said.err.startswith("Folded ")
    (row,) = csv.DictReader(Path("out.csv").read_text(encoding="utf-8").splitlines())
    told = {
        name: row[name] for name in ("ticket", "outcome_before", "outcome_after", "spent_seconds_after", "due_after")
    }
    assert list(told.values()) == ["2026-00001", "kept", "broken", "21600", "2026-03-02T14:00:00+01:00"]
    assert every_row(Desk(make_engine("sqlite:///servicedesk.sqlite"))) == before


def test_json_tells_the_same(capsys: Said) -> None:
    assert run(["replay", *MARCH, "--agreement", "four.toml", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["from"], told["to"], told["tickets"]) == ("2026-03-01", "2026-04-01", 2)
    (contract,) = (line for line in told["by"]["supplier"] if line["metric"] == "contract")
    assert (contract["before"]["kept_percent"], contract["after"]["kept_percent"]) == (50, 0)
    assert (contract["after"]["broken"], contract["after"]["median_seconds"]) == (2, 21600)
    assert told["changed"]["ways"] == [{"before": "kept", "after": "broken", "promises": 1}]
    assert told["changed"]["heaviest"][0]["after"]["due_at"] == "2026-03-02T13:00:00Z"


def test_a_changed_workflow_names_the_tickets_that_do_not_fit_and_counts_the_others(capsys: Said) -> None:
    text = (paths.workflows() / "citizen_incident.toml").read_text(encoding="utf-8")
    other = text.replace("supplier_active", "supplier_working").replace('"supplier_working"', '"supplier_working"')
    Path("other.toml").write_text(other, encoding="utf-8")
    assert run(["replay", *MARCH, "--workflow", "other.toml"]) == 0
    said = capsys.readouterr().out
    assert "2 of them do not fit into the changed workflow; no figure below counts what does not fit:" in said
    assert "2026-00001: event 8, TicketAccepted: supplier_active is no state of the new version" in said
    named = ["--map", "supplier_active=supplier_working"]
    assert run(["replay", *MARCH, "--workflow", "other.toml", *named]) == 0
    assert "No promise comes out otherwise." in capsys.readouterr().out
    assert run(["replay", *MARCH, "--workflow", "other.toml", "--map", "supplier_aktive=x"]) == 1
    assert 'Did you mean "supplier_active"?' in capsys.readouterr().err
    assert run(["replay", *MARCH, *named]) == 1
    assert "give one --workflow with it" in capsys.readouterr().err


def test_a_period_before_anything_happened_says_so(capsys: Said) -> None:
    assert run(["replay", "--from", "2020-01-01", "--to", "2021-01-01"]) == 0
    said = capsys.readouterr().out
    assert "Nothing stands in for anything: before and after are the same." in said
    assert "No ticket was open in the period, so nothing was decided in it." in said


@pytest.mark.parametrize(
    ("since", "until", "sentence"),
    [
        ("2026-03-01", "2026-03-01", "2026-03-01 is the same day: the period is empty."),
        ("2026-03-02", "2026-03-01", "2026-03-01 is before 2026-03-02."),
        ("2026-11-22", "2026-11-30", "2026-11-22 has not come yet."),
        (
            "2026-01-01",
            "2026-11-23",
            "2026-11-23 has not come yet. Real history ends today: name 2026-11-22 at the latest.",
        ),
        ("i går", "2026-03-01", '"i går" is no day. Write year-month-day, such as 2026-01-01.'),
        ("0001-01-01", "2026-03-01", "Calendars answer for the years 1970 to 2100 only."),
    ],
)
def test_a_period_that_is_none_is_refused_in_a_sentence(since: str, until: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_period(since, until, SWEDEN, datetime(2026, 11, 21, 12, tzinfo=UTC).date())
    assert sentence in str(refused.value.fields)


def test_the_days_are_civil_days_of_the_installations_zone() -> None:
    period = read_period("2026-03-29", "2026-03-30", SWEDEN, date(2026, 11, 21))
    assert (period.end - period.start).total_seconds() == 23 * 3600


def test_a_file_that_cannot_be_used_is_refused_and_nothing_is_told(capsys: Said) -> None:
    Path("bad.toml").write_text(FOUR_HOURS.replace('"4h", calendar = "leverantor-plattform" },\n]', '"0h" },\n]'))
    assert run(["replay", *MARCH, "--agreement", "bad.toml", "--calendar", "nowhere.toml"]) == 1
    assert capsys.readouterr().err == (
        "nowhere.toml: -: cannot be read: No such file or directory. "
        "Name a TOML file with agreements or calendars, as `servicedesk load` takes them.\n"
    )
    assert run(["replay", *MARCH, "--agreement", "bad.toml"]) == 1
    said = capsys.readouterr()
    assert (
        "bad.toml: agreement.leverantor-plattform-uc.target[4].time: The duration '0h' is no time at all." in said.err
    )
    assert "target[4].calendar: is missing." in said.err
    assert said.out == ""
