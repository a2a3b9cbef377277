"""`servicedesk workflow show`, `diagram` and `migrate`, as one calls them."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from servicedesk import cli
from servicedesk.actions.desk import Desk
from servicedesk.core.proof.check import RULES
from servicedesk.core.vocabulary import Language
from tests.actions.versions import by_version, differences, put_in_force, rename, second_version, ticket_in
from tests.actions.versions import changed as changed_version
from tests.support.desk import DeskFactory
from tests.workflows.cast import FOLDER, SHIPPED, shipped

EVERY_SHIPPED = pytest.mark.parametrize("key", SHIPPED)
Captured = pytest.CaptureFixture[str]


def run(captured: Captured, *arguments: object) -> tuple[int, str, str]:
    code = cli.run(["workflow", *map(str, arguments)])
    said = captured.readouterr()
    return code, said.out, said.err


@EVERY_SHIPPED
@pytest.mark.parametrize("language", list(Language))
def test_show_tells_every_state_and_step_and_what_was_proved(key: str, language: Language, capsys: Captured) -> None:
    code, told, _ = run(capsys, "show", key, "--language", language)
    definition = shipped(key)
    assert code == 0
    for state in definition.states.values():
        assert f"{state.labels[language]} [{state.key}]" in told
    for step in definition.steps():
        assert step.labels[language] in told and f"[{step.step}]" in told
    assert sum(line.startswith("  - ") and "[" not in line for line in told.splitlines()) == len(RULES)


def test_show_says_who_may_take_a_step_what_it_asks_for_and_when_time_takes_one(capsys: Captured) -> None:
    swedish, english = (run(capsys, "show", "citizen_incident", "--language", each)[1] for each in ("sv", "en"))
    assert "Only: unless the fault is in the municipality's own e-service" in english
    assert "by itself, after 80 h in the municipality's opening hours" in english
    assert "everybody in the second line" in english
    assert "av sig självt, efter 80 tim i kommunens öppettider" in swedish
    assert "alla i andra linjen" in swedish


def test_show_of_a_file_that_is_not_proven_says_so_and_why(capsys: Captured) -> None:
    broken = Path(__file__).parents[1] / "workflows" / "broken" / "cycle.toml"
    code, told, _ = run(capsys, "show", broken, "--language", "en")
    assert code == 0
    assert "Not proven." in told and "endless_cycle" in told
    assert RULES[0][1] not in told


@EVERY_SHIPPED
def test_a_picture_stands_alone_in_a_file_light_and_dark(key: str, capsys: Captured, tmp_path: Path) -> None:
    file = tmp_path / "picture.svg"
    assert run(capsys, "diagram", key, "-o", file) == (0, "", "")
    text = file.read_text(encoding="utf-8")
    ElementTree.fromstring(text)
    assert "prefers-color-scheme: dark" in text
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
    used = {name.split(")")[0].strip() for name in text.split("var(")[1:]}
    assert [name for name in sorted(used) if f"{name}:" not in text] == []


def test_a_picture_goes_to_the_terminal_in_either_form(capsys: Captured) -> None:
    assert run(capsys, "diagram", "citizen_incident", "--language", "en")[1].startswith("<svg ")
    told = run(capsys, "diagram", FOLDER / "citizen_incident.toml", "--format", "mermaid")[1]
    assert told.startswith("stateDiagram-v2") and "Nytt hos första linjen" in told


@pytest.mark.parametrize("subcommand", ["show", "diagram"])
@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("picture.png", b"\x89PNG\r\n\x1a\n\xff", "is not text in UTF-8"),
        ("empty.toml", b"", "is empty"),
        ("prose.toml", b"Hello there", "is not TOML"),
        ("missing.toml", None, "cannot be read"),
    ],
)
def test_a_file_of_the_wrong_kind_is_refused_in_a_sentence(
    subcommand: str, name: str, content: bytes | None, sentence: str, capsys: Captured, tmp_path: Path
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    code, out, err = run(capsys, subcommand, file)
    assert (code, out) == (1, "")
    assert sentence in err and name in err and "Traceback" not in err


def test_a_folder_or_a_misspelt_key_is_refused_with_what_was_meant(capsys: Captured, tmp_path: Path) -> None:
    assert "is a folder" in run(capsys, "show", tmp_path)[2]
    assert 'Did you mean "citizen_incident"?' in run(capsys, "show", "citizen_incidnet")[2]


@pytest.fixture
def desk(desk_factory: DeskFactory, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The one that the commands open, too."""
    made = desk_factory()
    monkeypatch.setenv("SERVICEDESK_DATABASE_URL", made.engine.url.render_as_string(hide_password=False))
    return made


def test_the_workflow_in_force_can_be_asked_for(desk: Desk, capsys: Captured) -> None:
    put_in_force(desk, second_version())
    assert "[first_working]" in run(capsys, "show", "citizen_incident", "--installed")[1]
    assert "[first_working]" not in run(capsys, "show", "citizen_incident")[1]
    assert "is not loaded in this installation" in run(capsys, "diagram", "nothing", "--installed")[2]


def test_migrate_says_what_it_would_do_does_it_and_then_finds_nothing_to_do(desk: Desk, capsys: Captured) -> None:
    ticket_in(desk, "first_active")
    ticket_in(desk, "second_active")
    v2 = put_in_force(desk, second_version())
    command = ("migrate", "citizen_incident", "--map", "first_active=first_working")
    code, told, _ = run(capsys, *command, "--dry-run")
    assert code == 0 and v2.version not in by_version(desk)
    assert "first_active -> first_working: 1" in told
    assert "new steps: try_out" in told
    assert "2 tickets would be moved." in told
    code, told, _ = run(capsys, *command, "--reason", "Ny rutin.")
    assert (code, told.splitlines()[-1]) == (0, "2 tickets moved.")
    assert by_version(desk) == {v2.version: 2} and differences(desk) == []
    code, told, _ = run(capsys, "migrate", "citizen_incident")
    assert (code, told.splitlines()[-1]) == (0, "Nothing to move.")


def test_migrate_names_the_tickets_in_the_way_and_moves_nothing(desk: Desk, capsys: Captured) -> None:
    before = by_version(desk) | {ticket_in(desk, "first_active").workflow_version: 2}
    ticket_in(desk, "first_new")
    put_in_force(desk, second_version())
    code, told, _ = run(capsys, "migrate", "citizen_incident")
    assert code == 1
    assert "in first_active: first_active is no state of the new version" in told and "2026-00001" in told
    assert told.splitlines()[-1] == "Nothing was moved."
    assert by_version(desk) == before


def test_a_map_can_stand_in_a_file(desk: Desk, capsys: Captured, tmp_path: Path) -> None:
    ticket_in(desk, "first_active")
    put_in_force(desk, changed_version(rename("first_active", "x")))
    file = tmp_path / "map.toml"
    file.write_text('first_active = "x"\n', encoding="utf-8")
    assert run(capsys, "migrate", "citizen_incident", "--map-file", file)[0] == 0


@pytest.mark.parametrize(
    ("arguments", "content", "sentence"),
    [
        (["--map", "first_active"], None, "is no pair"),
        (["--map", "a=b", "--map", "a=c"], None, "cannot become both b and c"),
        (["--to", "0000"], None, "The version in force is"),
        (["--from", "0000"], None, "No running ticket is on a version 0000"),
        (["--map-file", "map.toml"], None, "No such file"),
        (["--map-file", "map.toml"], b"\xff\xfe", "is not text in UTF-8"),
        (["--map-file", "map.toml"], b"hello", "is not TOML"),
        (["--map-file", "map.toml"], b"a = 1", "is no state's key in quotes"),
    ],
)
def test_a_map_or_a_version_that_cannot_be_meant_is_refused_in_a_sentence(
    desk: Desk,
    capsys: Captured,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    content: bytes | None,
    sentence: str,
) -> None:
    ticket_in(desk, "first_active")
    put_in_force(desk, second_version())
    monkeypatch.chdir(tmp_path)
    if content is not None:
        Path("map.toml").write_bytes(content)
    code, out, err = run(capsys, "migrate", "citizen_incident", *arguments)
    assert (code, out) == (1, "") and sentence in err
