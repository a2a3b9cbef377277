"""The same API on PostgreSQL: a ticket from hand-over to solution, and a client that is too late."""

from pathlib import Path

from servicedesk.actions.tokens import create_token
from servicedesk.core.facts import OPERATOR
from tests.api.conftest import SUPPLIER, Caller, app_on
from tests.support.desk import fill, ticket_after


def test_a_ticket_is_worked_on_postgresql(postgres_url: str, tmp_path: Path) -> None:
    app = app_on(postgres_url, tmp_path)
    desk = app.extensions["desk"]
    try:
        fill(desk)
        number = ticket_after(desk, "order_from_supplier").number
        supplier = Caller(app.test_client(), create_token(desk, SUPPLIER, "Prov", actor=OPERATOR).text)
        etag = supplier.get(f"/api/v1/tickets/{number}").headers["ETag"]
        path = f"/api/v1/tickets/{number}"
        assert supplier.post(f"{path}/acknowledgements", If_Match=etag).status_code == 200
        assert supplier.post(f"{path}/returns", {"reason": "x"}, If_Match=etag).status_code == 412
        assert supplier.get("/api/v1/tickets/%00").status_code == 404
        solved = supplier.post(f"{path}/solutions", {"solution": "Klart.", "resolution_code": "solved"})
        assert solved.json["holder"]["tier"] == "joint"  # type: ignore[index]
        assert len(supplier.get(f"{path}/timeline").json["entries"]) == 3  # type: ignore[index]
        assert supplier.get("/api/v1/tickets?limit=1").json["tickets"][0]["number"] == number  # type: ignore[index]
    finally:
        desk.engine.dispose()
