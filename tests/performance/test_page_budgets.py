"""Every page at the demonstration's size: so many queries and so many milliseconds at the server, no more."""

import pytest
from flask import Flask

from servicedesk.actions.desk import Desk
from tests.performance.pages import MOST_QUERIES, PAGES, ROUNDS, Page, address_for, measure
from tests.support.desk import persona
from tests.support.pages import signed_in

SPELLS = 5


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_keeps_its_budget(demo_app: Flask, page: Page) -> None:
    desk: Desk = demo_app.extensions["desk"]
    address = address_for(desk, page, persona(desk, page.viewer).organisations)
    visitor = signed_in(demo_app, page.viewer)
    # Neighbours on the processor only ever add: the quietest of a few spells is what the page itself costs.
    for _ in range(SPELLS):
        measured = measure(demo_app, visitor, address, ROUNDS)
        assert len(measured.queries) <= MOST_QUERIES, "\n".join(measured.queries)
        if measured.p95 < page.milliseconds:
            return
    assert measured.p95 < page.milliseconds
