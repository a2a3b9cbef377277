"""The mapping as it is published: made of the tables, in both languages, and true."""

from flask import Flask

from servicedesk.actions.desk import Desk
from servicedesk.api.docs import mapping_page as page
from servicedesk.api.tmf import mapping
from servicedesk.core import tmf621
from servicedesk.core.vocabulary import TmfStatus
from tests.api.tmf.conftest import TICKETS, System, told
from tests.api.tmf.standard import SWAGGER
from tests.support.desk import ticket_after
from tests.support.pages import Page


def test_the_page_says_every_attribute_status_and_code(app: Flask) -> None:
    for language in ("en", "sv"):
        shown = Page(app.test_client().get("/api/docs/tmf621", headers={"Accept-Language": language}))
        assert shown.status == 200
        for attribute in mapping.ATTRIBUTES:
            assert attribute.name in shown.text
        for word in (*TmfStatus, *tmf621.PRIORITIES.values(), "X-Total-Count-Is", "citizen_incident", "not_found"):
            assert word in shown.text, word


def test_every_attribute_of_the_standard_is_accounted_for() -> None:
    of_standard = {name for name in SWAGGER["definitions"]["TroubleTicket"]["properties"] if not name.startswith("@")}
    own = {each.name for each in mapping.ATTRIBUTES}
    assert of_standard - own == set()
    assert own - of_standard == {"resolutionCode"}
    takes = SWAGGER["definitions"]["TroubleTicket_Update"]["properties"]
    assert [name for name in mapping.NOT_PATCHABLE if name in takes] == []


def test_every_move_on_the_page_is_one_that_a_supplier_can_make(app: Flask, desk: Desk, supplier: System) -> None:
    with app.test_request_context(), desk.reading() as connection:
        lines = page.told(desk.book(connection).workflows())["moves"]["supplier"]
    ways = {TmfStatus.ACKNOWLEDGED: "order_from_supplier", TmfStatus.IN_PROGRESS: "accept_at_supplier"}
    made = 0
    for line in lines:
        if line.now in ways:
            path = f"{TICKETS}/{ticket_after(desk, ways[line.now]).number}"
            told(supplier.patch(path, {"status": line.asked, "statusChangeReason": "Därför."}))
            made += 1
    assert made == 5
    assert (TmfStatus.PENDING, TmfStatus.IN_PROGRESS) in {(line.now, line.asked) for line in lines}
