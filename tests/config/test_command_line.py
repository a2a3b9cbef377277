import errno
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import pytest
import sqlalchemy
from sqlalchemy.exc import SQLAlchemyError

from servicedesk import cli, paths
from servicedesk.cli import agreement, workflow
from servicedesk.cli.failures import database_sentence
from servicedesk.core.errors import Fault, FileFaults, Invalid, Refusal

COMMAND = [sys.executable, "-c", "from servicedesk.cli import main; main()"]
HELPERS = {
    "__init__",
    "demo_supplier",
    "failures",
    "import_report",
    "living",
    "opening",
    "options",
    "progress",
    "replay_csv",
    "replay_report",
    "serving",
    "subcommands",
}
GROUPS = {"workflow": workflow.SUBCOMMANDS, "agreement": agreement.SUBCOMMANDS}
FAILING = "failing"
Run = Callable[[BaseException], tuple[int, list[str]]]


@pytest.fixture
def fails(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command that raises the given error; gives its exit code and its lines on stderr."""

    def run(error: BaseException) -> tuple[int, list[str]]:
        @click.command(FAILING)
        def command() -> None:
            raise error

        monkeypatch.setattr(cli.LazyGroup, "get_command", lambda *_: command)
        code = cli.run([FAILING])
        return code, capsys.readouterr().err.splitlines()

    return run


def test_every_command_has_a_module_and_every_module_a_command() -> None:
    modules = {file.stem for file in (paths.PACKAGE / "cli").glob("*.py")} - HELPERS
    modules -= {f"{group}_{name}" for group, names in GROUPS.items() for name in names}
    assert modules == {cli.module_name(name) for name in cli.COMMANDS}


def test_start_up_imports_no_command_and_nothing_heavy() -> None:
    code = (
        "import sys; from servicedesk.cli import run; run(['--version']);"
        "heavy = {'flask', 'sqlalchemy', 'alembic', 'apscheduler', 'holidays', 'servicedesk.cli.settings'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    lines = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.splitlines()
    assert lines == ["servicedesk, version 0.1.0", "[]"]


@pytest.mark.parametrize(
    ("error", "lines"),
    [
        (Refusal("Ticket %(number)s is closed.", code="closed", number="L-1"), ["Ticket L-1 is closed."]),
        (
            FileNotFoundError(errno.ENOENT, "No such file or directory", "x.toml"),
            ["x.toml: No such file or directory."],
        ),
        (OSError(errno.ENOSPC, "No space left on device"), ["No space left on device."]),
        (
            FileFaults(
                [Fault("a.toml", "teams.x", "unknown tier.", "Use joint."), Fault("b.toml", "y", "no calendar.")]
            ),
            ["a.toml: teams.x: unknown tier. Use joint.", "b.toml: y: no calendar."],
        ),
        (Invalid({"reason": ["Say why."]}), ["Some fields need your attention.", "reason: Say why."]),
    ],
)
def test_an_error_is_said_in_plain_sentences_with_exit_code_1(fails: Run, error: Exception, lines: list[str]) -> None:
    assert fails(error) == (1, lines)


def test_a_fault_of_the_program_shows_no_traceback_unless_asked_to(fails: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    code, lines = fails(KeyError("holder"))
    assert code == 1
    assert lines[0] == "A fault of the program itself: KeyError: 'holder'"
    monkeypatch.setenv("SERVICEDESK_DEBUG", "1")
    with pytest.raises(KeyError):
        fails(KeyError("holder"))


def test_an_interrupted_command_stops_without_a_word_too_many(fails: Run) -> None:
    assert fails(KeyboardInterrupt())[0] == 130


@pytest.mark.parametrize("arguments", [["nope"], ["settings", "--nope"]])
def test_a_wrong_call_is_one_line_that_points_to_help(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(arguments) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "No such" in line
    assert line.endswith("--help`.")


def test_settings_lists_values_and_origins_and_masks_secrets(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("SERVICEDESK_INSTANCE", str(tmp_path))
    monkeypatch.setenv("SERVICEDESK_DATABASE_URL", "postgresql://desk:s3cret@db.example/desk")
    monkeypatch.setenv("SERVICEDESK_DATABSE_URL", "misspelt")
    assert cli.run(["settings"]) == 0
    shown = capsys.readouterr()
    assert "SERVICEDESK_DATABASE_URL = postgresql://desk:***@db.example/desk\n    from environment." in shown.out
    assert "SERVICEDESK_DATABSE_URL is set in the environment but is not a setting" in shown.err


def test_a_fault_in_the_settings_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "servicedesk.toml").write_text("secret_kye = 'x'")
    environ = {**os.environ, "SERVICEDESK_INSTANCE": str(tmp_path)}
    done = subprocess.run([*COMMAND, "settings"], env=environ, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == f"{tmp_path}/servicedesk.toml: secret_kye is not a setting; did you mean secret_key?\n"


def test_a_reader_that_leaves_early_causes_no_complaint() -> None:
    code = "import sys; from servicedesk.cli import main; sys.stdin.readline(); main(['--help'])"
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdin and process.stdout and process.stderr
    process.stdout.close()
    process.stdin.write(b"\n")
    process.stdin.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 1


@contextmanager
def closing_engine(url: str) -> Iterator[sqlalchemy.Connection]:
    engine = sqlalchemy.create_engine(url)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def sentence_for(url: str, statement: str) -> str:
    with pytest.raises(SQLAlchemyError) as caught, closing_engine(url) as connection:
        connection.execute(sqlalchemy.text(statement))
    return database_sentence(caught.value)


def test_a_missing_migration_says_what_to_run(database_url: str) -> None:
    assert "servicedesk migrate" in sentence_for(database_url, "SELECT * FROM no_such_table")


def test_a_database_that_does_not_answer_is_one_line() -> None:
    sentence = sentence_for("postgresql://desk@127.0.0.1:1/desk", "SELECT 1")
    assert sentence.startswith("The database does not answer.")
    assert "\n" not in sentence


def test_an_address_that_names_no_known_database_is_one_line() -> None:
    sentence = sentence_for("postgresql+nosuchdriver://desk@127.0.0.1/desk", "SELECT 1")
    assert sentence.startswith("The database cannot be used: ")
    assert "\n" not in sentence
