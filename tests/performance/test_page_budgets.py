"""Every page at the demonstration's size: so many queries and so many milliseconds at the server, no more."""

import pytest
from flask import Flask

from servicedesk.actions.desk import Desk
from tests.performance.pages import MOST_QUERIES, PAGES, ROUNDS, Page, address_for, measure
from tests.support.desk import persona
from tests.support.pages import signed_in


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_keeps_its_budget(demo_app: Flask, page: Page) -> None:
    desk: Desk = demo_app.extensions["desk"]
    address = address_for(desk, page, persona(desk, page.viewer).organisations)
    measured = measure(demo_app, signed_in(demo_app, page.viewer), address, ROUNDS)
    assert len(measured.queries) <= MOST_QUERIES, "\n".join(measured.queries)
    assert measured.p95 < page.milliseconds
