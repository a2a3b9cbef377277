"""The reference of the API, drawn by another maker's viewer: shut it is looked at with every page, here unfolded."""

from tests.browser.conftest import Open
from tests.support.axe import SCHEMES, findings, run


def test_nothing_is_wrong_with_operations_unfolded_and_tried_nor_with_the_dialog_for_keys(browse: Open) -> None:
    page = browse(reduced_motion="reduce")
    page.goto("/api/docs")
    page.locator(".btn.authorize").first.click()
    page.locator(".modal-ux").wait_for()
    found = run(page, *SCHEMES["light"])
    page.goto("/api/docs?unfolded")
    for method in ("get", "patch"):
        one = page.locator(f".opblock-{method}").first
        one.locator(".opblock-summary-control").click()
        one.locator(".opblock-body .responses-table").wait_for()
    page.locator(".opblock-get .try-out__btn").first.click()
    page.locator(".btn.execute").wait_for()
    assert found + findings(page) == []


def test_an_operation_has_an_address_of_its_own(browse: Open) -> None:
    page = browse()
    page.goto("/api/docs#/tickets/readTicket")
    page.locator("#operations-tickets-readTicket .responses-table").wait_for()
    assert page.locator(".opblock-body").count() == 1
    page.locator("#operations-tickets-logTicket .opblock-summary-control").click()
    page.wait_for_function("() => location.hash === '#/tickets/logTicket'")
