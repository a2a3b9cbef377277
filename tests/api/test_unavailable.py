"""A broken database is a clear sentence with 503, never a trace and never a half-done step."""

import pytest

from servicedesk.actions.desk import Desk
from tests.api.conftest import Caller
from tests.support.desk import ticket_after


@pytest.mark.parametrize("table", ["api_token", "ticket", "visibility", "journal"])
def test_a_missing_migration_is_a_sentence(desk: Desk, supplier: Caller, table: str) -> None:
    number = ticket_after(desk, "accept_at_supplier").number
    with desk.transaction() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO hidden")
    response = supplier.get(f"/api/v1/tickets/{number}")
    assert (response.status_code, response.mimetype) == (503, "application/problem+json")
    assert response.json is not None
    assert response.json["code"] == "unavailable"
    assert "servicedesk migrate" in response.json["detail"]
    assert response.headers["Retry-After"].isdigit()


def test_a_full_disk_leaves_no_half_written_step(desk: Desk, supplier: Caller) -> None:
    number = ticket_after(desk, "accept_at_supplier").number
    before = supplier.get(f"/api/v1/tickets/{number}").json
    with desk.transaction() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON seal BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
    response = supplier.post(f"/api/v1/tickets/{number}/information-requests", {"question": "Sedan när?"})
    assert response.status_code == 503
    assert "full" in response.json["detail"]  # type: ignore[index]
    assert supplier.get(f"/api/v1/tickets/{number}").json == before


def test_the_databases_own_words_stay_inside(desk: Desk, supplier: Caller) -> None:
    number = ticket_after(desk, "accept_at_supplier").number
    with desk.transaction() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER odd BEFORE INSERT ON seal BEGIN SELECT RAISE(ABORT, 'row (Anna Exempel) is odd'); END"
        )
    response = supplier.post(f"/api/v1/tickets/{number}/information-requests", {"question": "Sedan när?"})
    assert response.status_code == 503
    assert "Anna" not in response.text
