"""The same face on PostgreSQL: a ticket from creating to its solution, found by every kind of filter."""

from pathlib import Path

from servicedesk.actions.tokens import create_token
from servicedesk.core.facts import OPERATOR
from tests.api.conftest import SUPPLIER, app_on
from tests.api.tmf.conftest import LEAST, TICKETS, System, told
from tests.support.desk import fill, ticket_after


def test_a_ticket_is_worked_on_postgresql(postgres_url: str, tmp_path: Path) -> None:
    app = app_on(postgres_url, tmp_path)
    desk = app.extensions["desk"]
    try:
        fill(desk)
        supplier, lulea = (
            System(app, create_token(desk, organisation, "Prov", actor=OPERATOR).text)
            for organisation in (SUPPLIER, "lulea")
        )
        mistaken = told(lulea.post(TICKETS, {**LEAST, "externalId": "KC-7"}), 201)["id"]
        assert lulea.delete(f"{TICKETS}/{mistaken}").status_code == 204
        number = ticket_after(desk, "accept_at_supplier").number
        told(supplier.patch(f"{TICKETS}/{number}", {"status": "resolved", "statusChangeReason": "Bytt."}))
        gone = ticket_after(desk, "verify").number
        finds = (
            (lulea, "status=cancelled", {mistaken}),
            (lulea, "status=inProgress", {number, gone}),
            (lulea, "externalId=KC-7&ticketType=incident", {mistaken}),
            (lulea, "relatedEntity.id=e-tjansteplattform&priority=Low", {mistaken, number, gone}),
            (supplier, "status=resolved,closed", {number, gone}),
            (supplier, "status=inProgress", set[str]()),
            (supplier, "severity=Minor&relatedParty.id=lulea&creationDate=2026-03-02T08:00:00Z", {number, gone}),
            (supplier, f"id={number}&offset=0&limit=1", {number}),
        )
        for system, query, found in finds:
            page = system.get(f"{TICKETS}?{query}")
            assert {each["id"] for each in page.json} == found, query  # type: ignore[union-attr]
            assert page.headers["X-Total-Count"] == str(len(found)), query
        assert lulea.get(f"{TICKETS}/%00").status_code == 404
    finally:
        desk.engine.dispose()
