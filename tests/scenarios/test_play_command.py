from pathlib import Path
from typing import Any

import pytest

from servicedesk import cli
from servicedesk.actions.desk import Desk
from servicedesk.actions.log import NewTicket, log_ticket
from servicedesk.core.facts import OPERATOR
from servicedesk.core.scenarios.expect import EXPECTED
from servicedesk.store.engine import make_engine
from tests.scenarios.test_faults import STORY

Play = Any  # a function: text, options -> (exit code, lines out, lines err)


@pytest.fixture
def play(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Play:
    def run(text: str, *options: str) -> tuple[int, str, str]:
        file = tmp_path / "story.toml"
        file.write_text(text, encoding="utf-8")
        code = cli.run(["play", str(file), *options])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


# Logged on a Monday at 09.00 with priority 4: 80h are 7h30m, eight days of 9h, and half an hour on the second Friday.
TRUE = STORY.replace("2026-03-12 09:00", "2026-03-13 08:00")


def test_a_scenario_that_goes_as_written_ends_well(play: Play) -> None:
    code, out, err = play(TRUE)
    assert (code, err) == (0, "")
    assert "  2  2026-03-02 09:10  first_line_staff@pitea                A  take: first_active" in out
    assert "verify: clean, and all shares add up." in out


UNMET = [
    ('state = "first_new"', "state is second_received, expected first_new"),
    ('holder = "pitea-it"', "holder is pitea-forvaltning, expected pitea-it"),
    ('assignee = "pitea-lokal-it"', "assignee is nothing, expected pitea-lokal-it"),
    ("priority = 1", "priority is 4, expected 1"),
    ('municipality = "boden"', "municipality is pitea, expected boden"),
    ("handovers = 2", "handovers is 1, expected 2"),
    ("returns = 1", "returns is 0, expected 1"),
    ("reopenings = 1", "reopenings is 0, expected 1"),
    ('merged_into = "B"', "merged_into is nothing, expected B"),
    ('links = ["follows B"]', "links is nothing, expected follows B"),
    ('events = ["TicketClosed"]', "events is TicketHandedOver, expected TicketClosed"),
    ('broken = ["resolution"]', "resolution is not broken: 1h of 80h spent"),
    ('kept = ["holding/joint/e-namnden"]', "there is no clock holding/joint/e-namnden; there are"),
    ('due = { resolution = "none" }', "due of resolution is 2026-03-13 08:00, expected none"),
    ('spent = { resolution = "2h" }', "spent of resolution is 1h, expected 2h"),
    ("warned = { resolution = [50] }", "warned of resolution is none, expected 50 %"),
    ('accounts = { first_line = "2h" }', "accounts: first_line has 1h, expected 2h"),
    ('refused = "not_yours"', "it was done, expected the refusal not_yours"),
]


@pytest.mark.parametrize(("expected", "came"), UNMET)
def test_what_did_not_come_is_named_with_its_step_and_what_came(play: Play, expected: str, came: str) -> None:
    wrong = TRUE.partition("expect = { due")[0] + f"expect = {{ {expected} }}\n"
    code, out, _ = play(wrong)
    assert code == 1
    assert "step[3]: " + came in out
    assert "1 of 3 steps did not go as expected." in out


def test_every_expectation_has_been_seen_to_fail() -> None:
    """The list above grows with the table."""
    assert {expected.partition(" ")[0] for expected, _ in UNMET} == {*EXPECTED, "refused"}


def test_a_refusal_that_nobody_expected_is_a_failure(play: Play) -> None:
    code, out, _ = play(
        TRUE.replace('who = "first_line_staff@pitea"\ndo = "take"', 'who = "local_it@pitea"\ndo = "take"')
    )
    assert code == 1
    assert "refused: not_yours" in out
    assert "step[2]: it was refused with not_yours, expected it to be done." in out


def test_another_refusal_than_the_expected_is_a_failure(play: Play) -> None:
    text = TRUE.replace('expect = { state = "first_active" }', 'expect = { refused = "wrong_state" }')
    text = text.replace('who = "first_line_staff@pitea"\ndo = "take"', 'who = "local_it@pitea"\ndo = "take"')
    code, out, _ = play(text)
    assert code == 1
    assert "it was refused with not_yours, expected the refusal wrong_state" in out


def test_other_fields_at_fault_than_the_expected_are_a_failure(play: Play) -> None:
    text = TRUE.replace(', tried = "Allt" }\nexpect = {', ' }\nexpect = { refused = "invalid", fields = ["reason"],')
    code, out, _ = play(text)
    assert code == 1
    assert "the fields at fault are tried, expected reason" in out


def test_a_ticket_that_could_not_be_logged_fails_the_steps_after_it_too(play: Play) -> None:
    text = TRUE.replace('subject = "Vit sida"', 'subject = "Vit sida", municipality = "boden"')
    code, out, _ = play(text)
    assert code == 1
    assert "step[1]: it was refused with not_yours" in out
    assert "step[2]: it was refused with not_found" in out


def test_a_refusal_is_printed_with_its_reason_and_what_can_be_done_instead(play: Play) -> None:
    text = TRUE.replace(
        'do = "take"\nexpect = { state = "first_active" }', 'do = "confirm"\nexpect = { refused = "wrong_state" }'
    )
    text = text.partition('[[step]]\nat = "2026-03-02 10:00"')[0]
    code, out, _ = play(text)
    assert code == 0
    assert "The ticket is in another state now" in out
    assert "Can be done instead: take, solve_at_once, cancel_in_first_line." in out


def test_what_time_does_on_the_way_is_printed(play: Play) -> None:
    code, out, _ = play(TRUE + '\n[[step]]\nat = "2026-03-20 16:00"\nwho = "scheduler"\n')
    assert code == 0
    assert "2026-03-13 08:00  (time)" in out
    assert "warning: resolution at 100 %, told: business_system_manager" in out


def test_faults_of_a_file_are_printed_and_nothing_is_played(play: Play) -> None:
    code, out, err = play(STORY.replace("take", "tak"))
    assert (code, out) == (1, "")
    assert "step[2].do" in err
    assert 'Did you mean "take"?' in err


def test_the_configured_database_is_neither_read_nor_made(play: Play, tmp_path: Path, monkeypatch: Any) -> None:
    real = tmp_path / "instance" / "servicedesk.sqlite"
    monkeypatch.setenv("SERVICEDESK_INSTANCE", str(real.parent))
    assert play(TRUE)[0] == 0
    assert not real.parent.exists()


def test_play_refuses_to_keep_in_the_configured_database(play: Play, tmp_path: Path, monkeypatch: Any) -> None:
    real = tmp_path / "real.sqlite"
    monkeypatch.setenv("SERVICEDESK_DATABASE_URL", f"sqlite:///{real}")
    code, out, err = play(TRUE, "--keep", str(tmp_path / "." / "real.sqlite"))
    assert (code, out) == (1, "")
    assert "is the configured database" in err
    assert not real.exists()


def test_a_kept_database_can_be_looked_at_and_played_over_again(
    play: Play, tmp_path: Path, monkeypatch: Any, capsys: Any
) -> None:
    kept = tmp_path / "kept.sqlite"
    for _ in range(2):
        code, out, _ = play(TRUE, "--keep", str(kept))
        assert code == 0
        assert f"Kept in {kept}." in out
    monkeypatch.setenv("SERVICEDESK_DATABASE_URL", f"sqlite:///{kept}")
    assert cli.run(["verify"]) == 0
    assert "Clean: 1 tickets" in capsys.readouterr().out


def test_play_refuses_a_kept_database_in_which_somebody_has_logged_a_ticket(play: Play, tmp_path: Path) -> None:
    kept = tmp_path / "kept.sqlite"
    play(TRUE, "--keep", str(kept))
    engine = make_engine(f"sqlite:///{kept}")
    log_ticket(Desk(engine), NewTicket("pitea", "e-arkiv", "Ett verkligt ärende"), actor=OPERATOR)
    engine.dispose()
    before = kept.read_bytes()
    code, out, err = play(TRUE, "--keep", str(kept))
    assert code == 1
    assert "may hold somebody's tickets" in err
    assert kept.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\x00 but no more than that"])
def test_play_refuses_any_other_file(play: Play, tmp_path: Path, content: bytes) -> None:
    other = tmp_path / "other"
    other.write_bytes(content)
    code, _, err = play(TRUE, "--keep", str(other))
    assert code == 1
    assert "is not a database that playing left" in err
    assert other.read_bytes() == content


def test_play_refuses_a_database_that_playing_did_not_make(play: Play, tmp_path: Path, monkeypatch: Any) -> None:
    real = tmp_path / "real.sqlite"
    monkeypatch.setenv("SERVICEDESK_DATABASE_URL", f"sqlite:///{real}")
    assert cli.run(["migrate"]) == 0
    monkeypatch.delenv("SERVICEDESK_DATABASE_URL")
    assert play(TRUE, "--keep", str(real))[0] == 1


def test_one_path_cannot_keep_two_scenarios(play: Play, tmp_path: Path) -> None:
    code, _, err = play(TRUE, str(tmp_path / "story.toml"), "--keep", str(tmp_path / "kept"))
    assert code == 2
    assert "name one FILE" in err


def test_nothing_is_left_when_nothing_is_kept(play: Play, tmp_path: Path, monkeypatch: Any) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    assert play(TRUE)[0] == 0
    assert list(temporary.iterdir()) == []


def test_a_scenario_may_bring_its_own_installation(play: Play, tmp_path: Path) -> None:
    import shutil

    from servicedesk import paths

    shutil.copytree(paths.samples() / "norrbotten", tmp_path / "ours")
    file = tmp_path / "ours" / "priorities.toml"
    file.write_text(file.read_text().replace("low    = { high = 3, medium = 4", "low    = { high = 3, medium = 2"))
    text = TRUE.replace('key = "story"', 'key = "story"\ninstallation = "ours"')
    code, out, _ = play(text.partition("[[step]]\nafter")[0] + "expect = { priority = 2 }\n")
    assert code == 0, out


def test_an_installation_that_is_not_there_is_named(play: Play) -> None:
    code, out, err = play(TRUE.replace('key = "story"', 'key = "story"\ninstallation = "nowhere"'))
    assert (code, out) == (1, "")
    assert "nowhere" in err
