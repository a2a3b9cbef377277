"""Tokens: shown once, kept as a hash, expiring, revoked at once; and the command that makes them."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from servicedesk.actions.callers import client_of_token
from servicedesk.actions.desk import Desk
from servicedesk.actions.tokens import LOG, READ, SCOPES, SHAPE, create_token, revoke_token
from servicedesk.cli import run
from servicedesk.cli.token import end_of_day
from servicedesk.core.errors import Invalid, NotFound, Refusal
from servicedesk.core.facts import OPERATOR
from servicedesk.core.rights import Right
from servicedesk.core.visibility import Access
from servicedesk.core.vocabulary import Role
from servicedesk.store.queries.clients import all_tokens
from servicedesk.store.queries.tickets import view_ticket
from tests.api.conftest import SUPPLIER, Caller, MakeCaller
from tests.support.desk import START, DeskFactory, Template, persona, ticket_after


def code_of(desk: Desk, token: str) -> str:
    with pytest.raises(Refusal) as refused:
        client_of_token(desk, token)
    return refused.value.code


def test_a_token_is_random_and_kept_only_as_a_hash(desk_factory: DeskFactory) -> None:
    desk = desk_factory()
    first, second = (create_token(desk, SUPPLIER, "Larm", actor=OPERATOR) for _ in range(2))
    assert SHAPE.fullmatch(first.text) and first.text != second.text
    with desk.reading() as connection:
        kept = str(connection.exec_driver_sql("SELECT * FROM api_token").all())
    assert first.text not in kept and first.text[3:] not in kept


def test_a_client_acts_as_an_agent_in_its_suppliers_teams(desk_factory: DeskFactory) -> None:
    desk = desk_factory()
    new = create_token(desk, SUPPLIER, "Larm", actor=OPERATOR, scopes=(READ,))
    client = client_of_token(desk, new.text)
    assert (client.kind, client.name, client.scopes) == ("client", "Larm", (READ,))
    assert client.organisations == {SUPPLIER}
    assert client.roles == {Role.SUPPLIER_AGENT}


WRITES = [Right.REPLY, Right.NOTE, Right.NOTE_TO_JOINT]
CLOSED = [Right.NOTE, Right.NOTE_TO_JOINT]


def test_a_municipalitys_system_writes_and_does_what_whoever_asks_does(desk_factory: DeskFactory) -> None:
    """What the first line does for them where the ticket came in, and nothing else: it solves, takes and passes on
    nothing."""
    desk = desk_factory()
    client = client_of_token(desk, create_token(desk, "lulea", "Ärendesystem", actor=OPERATOR).text)
    assert (client.kind, client.scopes, set(client.organisations)) == ("client", SCOPES, {"lulea"})
    expected = {"": ["cancel_in_first_line"], "take": ["cancel_in_first_line"], "accept_in_second_line": [],
                "verify": [], "confirm": ["reopen"]}  # fmt: skip
    for last, steps in expected.items():
        number = ticket_after(desk, last).number
        with desk.reading() as connection:
            view = view_ticket(connection, desk.book(connection), client, number)
        assert [option.step.key for option in view.options] == steps, last
        assert (view.access, view.rights) == (Access.MUNICIPALITY, CLOSED if last == "confirm" else WRITES)


def test_a_token_works_until_the_moment_it_expires(desk_factory: DeskFactory) -> None:
    desk = desk_factory()
    token = create_token(desk, SUPPLIER, "Larm", actor=OPERATOR, expires_at=START + timedelta(hours=1)).text
    desk.clock.move_to(START + timedelta(minutes=59, seconds=59))  # type: ignore[attr-defined]
    assert client_of_token(desk, token)
    desk.clock.move_to(START + timedelta(hours=1))  # type: ignore[attr-defined]
    assert code_of(desk, token) == "token_expired"


def test_a_revoked_token_stops_at_once(desk: Desk, supplier: Caller) -> None:
    assert supplier.get("/api/v1/tickets").status_code == 200
    with desk.reading() as connection:
        mine = all_tokens(connection)[0]
    revoke_token(desk, mine.id, actor=OPERATOR)
    refused = supplier.get("/api/v1/tickets")
    assert (refused.status_code, refused.json["code"]) == (401, "token_revoked")  # type: ignore[index]


def test_revoking_twice_keeps_the_first_moment(desk_factory: DeskFactory) -> None:
    desk = desk_factory()
    new = create_token(desk, SUPPLIER, "Larm", actor=OPERATOR)
    first = revoke_token(desk, new.id, actor=OPERATOR).revoked_at
    desk.clock.move_to(START + timedelta(days=1))  # type: ignore[attr-defined]
    assert revoke_token(desk, new.id, actor=OPERATOR).revoked_at == first == START
    with pytest.raises(NotFound):
        revoke_token(desk, 4711, actor=OPERATOR)


def test_the_last_use_is_kept_to_the_minute(desk_factory: DeskFactory) -> None:
    desk = desk_factory()
    new = create_token(desk, SUPPLIER, "Larm", actor=OPERATOR)
    used = []
    for seconds in (0, 59, 60, 61):
        desk.clock.move_to(START + timedelta(seconds=seconds))  # type: ignore[attr-defined]
        client_of_token(desk, new.text)
        with desk.reading() as connection:
            used.append(all_tokens(connection)[0].last_used_at)
    minute = START + timedelta(minutes=1)
    assert used == [START, START, minute, minute]


def test_a_database_that_cannot_write_still_lets_a_client_read(desk: Desk, supplier: Caller) -> None:
    with desk.reading() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
        connection.connection.dbapi_connection.commit()  # type: ignore[union-attr]
    # The pool hands this same connection out again: it reads, and refuses to write.
    with desk.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA query_only").scalar() == 1
    assert supplier.get("/api/v1/tickets").status_code == 200
    with desk.reading() as connection:
        assert all_tokens(connection)[0].last_used_at is None


@pytest.mark.parametrize(
    ("organisation", "name", "scopes", "expires_at", "fields"),
    [
        ("lulea", "x", (READ, "tickets:destroy"), None, {"scopes"}),
        (SUPPLIER, "x", (READ, LOG), None, {"scopes"}),
        ("e-namnden", "x", (READ,), None, {"organisation"}),
        ("nobody", " ", (), START, {"organisation", "name", "scopes", "expires"}),
        (SUPPLIER, "x" * 121, ("tickets:destroy",), None, {"name", "scopes"}),
    ],
)
def test_what_cannot_be_a_token_is_refused_field_by_field(
    desk_factory: DeskFactory,
    organisation: str,
    name: str,
    scopes: tuple[str, ...],
    expires_at: datetime | None,
    fields: set[str],
) -> None:
    desk = desk_factory()
    with pytest.raises(Invalid) as refused:
        create_token(desk, organisation, name, actor=OPERATOR, scopes=scopes, expires_at=expires_at)
    assert set(refused.value.fields) == fields
    with desk.reading() as connection:
        assert all_tokens(connection) == []


def test_only_an_operator_or_the_it_service_manager_makes_tokens(desk_factory: DeskFactory) -> None:
    desk = desk_factory()
    with pytest.raises(Refusal):
        create_token(desk, SUPPLIER, "Larm", actor=persona(desk, "second_line_lulea"))
    assert create_token(desk, SUPPLIER, "Larm", actor=persona(desk, "it_service_manager")).id


def test_a_client_of_a_supplier_that_is_gone_is_nobody(desk: Desk, make_caller: MakeCaller) -> None:
    caller = make_caller()
    with desk.transaction() as connection:
        connection.exec_driver_sql("UPDATE api_client SET organisation = 'gone'")
    assert caller.get("/api/v1/tickets").status_code == 401


def test_the_command_line_makes_lists_and_revokes(
    desk_template: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SERVICEDESK_INSTANCE", str(tmp_path))
    desk_template.copy_to(tmp_path)
    assert run(["token", "list"]) == 0
    assert "There are no tokens." in capsys.readouterr().out
    assert run(["token", "create", "--organisation", SUPPLIER, "--name", "Larm", "--expires", "2028-03-31"]) == 0
    made = capsys.readouterr()
    assert SHAPE.fullmatch(made.out.strip())
    assert "cannot be shown again" in made.err
    assert run(["token", "list"]) == 0
    line = capsys.readouterr().out
    assert "tickets:read tickets:act changes:read webhooks:manage  valid until 2028-04-01 00:00, never used" in line
    assert made.out.strip() not in line
    assert run(["token", "revoke", "1"]) == 0
    assert run(["token", "list"]) == 0
    assert "revoked" in capsys.readouterr().out


def test_the_command_line_adds_replaces_and_suspends(
    desk_template: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SERVICEDESK_INSTANCE", str(tmp_path))
    desk_template.copy_to(tmp_path)
    key = f"{SUPPLIER}-1"
    for arguments in (
        ["token", "create", "--organisation", SUPPLIER, "--name", "Larm", "--scope", READ],
        ["token", "create", "--client", key, "--name", "Prov", "--secret"],
        ["token", "rotate", "1", "--overlap", "0"],
    ):
        assert run(arguments) == 0
    told = capsys.readouterr()
    assert [text.partition("_")[0] for text in told.out.split()] == ["sd", "sds", "sd"]
    assert f"Secret 2 of the client {key}" in told.err
    assert run(["token", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3 and "expired" in lines[0] and "Larm: Prov" in lines[1]
    assert run(["client", "suspend", key]) == 0
    assert run(["client", "list"]) == 0
    assert "tickets:read  from everywhere  suspended" in capsys.readouterr().out
    assert run(["client", "resume", key]) == 0
    for arguments in (
        ["token", "create", "--name", "x"],
        ["token", "create", "--client", key, "--organisation", SUPPLIER, "--name", "x"],
        ["token", "create", "--client", key, "--scope", READ, "--name", "x"],
        ["token", "create", "--organisation", SUPPLIER, "--secret", "--name", "x"],
    ):
        assert run(arguments) == 2
    assert run(["client", "suspend", "nobody"]) == 1


def test_the_command_line_says_what_is_wrong(
    desk_template: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SERVICEDESK_INSTANCE", str(tmp_path))
    desk_template.copy_to(tmp_path)
    assert run(["token", "create", "--organisation", "e-namnden", "--name", "Larm"]) == 1
    said = capsys.readouterr()
    assert "Norrbottens e-nämnd is neither" in said.err
    assert said.out == ""
    assert run(["token", "create", "--organisation", "nobody", "--name", "Larm"]) == 1
    assert SUPPLIER in capsys.readouterr().err
    assert run(["token", "create", "--organisation", SUPPLIER, "--name", "Larm", "--expires", "2020-01-01"]) == 1
    assert "still to come" in capsys.readouterr().err


def test_a_tokens_last_day_ends_in_the_installations_zone() -> None:
    assert end_of_day(date(2027, 3, 31), ZoneInfo("Europe/Stockholm")) == datetime(2027, 3, 31, 22, tzinfo=UTC)
