"""What follow-up's figures count, and what lies behind them, for every kind of viewer: written down from the domain."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.isolation.test_every_route import app, come_in, everything, numbers, world
from tests.isolation.world import KINDS, VIEWERS, Kind, Viewer, forbidden, may_see
from tests.support.desk import START

__all__ = ["app", "numbers", "world"]

PAGE = "/management?period=this-month"
FOLLOWERS = {"second_line_lulea", "second_line_pajala", "it_service_manager", "system_owner"}
FOLLOWERS |= {"supplier_technician", "other_supplier_technician"}
FIGURE = re.compile(r'href="(/management/tickets[^"]*)" data-n="(\d+)"')


def counts(viewer: Viewer, kind: Kind) -> bool:
    """Statistics on all tickets are the joint board's; everybody else counts what they may see."""
    return viewer.side == "joint" or may_see(viewer, kind)


def behind(client: FlaskClient, html: str) -> Iterator[str]:
    for href, _ in dict(FIGURE.findall(html)).items():
        yield everything(client.get(href.replace("&amp;", "&")))


@pytest.mark.parametrize("viewer", VIEWERS, ids=lambda viewer: viewer.name)
def test_follow_up_counts_what_the_domain_grants_and_shows_only_what_one_may_open(
    app: Flask, numbers: dict[str, str], viewer: Viewer
) -> None:
    client = come_in(app, viewer)
    response = client.get(PAGE)
    if viewer.name not in FOLLOWERS:
        assert response.status_code in (303, 404)
        return
    assert response.status_code == 200
    page = everything(response)
    found = page + "".join(behind(client, page))
    for kind in KINDS:
        assert [mark for mark in forbidden(viewer, kind) if mark in found] == []
        assert (numbers[kind.name] in found) == may_see(viewer, kind), kind.name
    if viewer.side != "supplier":
        logged = everything(client.get("/management/tickets?figure=flow&what=logged&period=this-month"))
        assert f'data-n="{sum(counts(viewer, kind) for kind in KINDS)}"' in logged
        hidden = sum(counts(viewer, kind) and not may_see(viewer, kind) for kind in KINDS)
        assert (f'id="others" data-n="{hidden}"' in logged) == bool(hidden)


@pytest.mark.parametrize("viewer", VIEWERS, ids=lambda viewer: viewer.name)
def test_a_choice_in_the_address_opens_nothing_more(app: Flask, numbers: dict[str, str], viewer: Viewer) -> None:
    client = come_in(app, viewer)
    for choice in ("municipality=pitea", "municipality=lulea", "supplier=leverantor-arkiv", "service=e-arkiv"):
        for query in ("figure=flow&what=logged", "figure=open", "figure=held", "figure=promises"):
            found = everything(client.get(f"/management/tickets?{query}&period=this-month&{choice}"))
            for kind in KINDS:
                assert may_see(viewer, kind) or numbers[kind.name] not in found


TRIED = "/management/what-if?period=this-month&try=1&agreement="
# Promises that nobody can keep, so that every ticket that counts comes out otherwise.
A_SECOND = "&".join(f"time-{place}-{priority}=1s" for place in range(30) for priority in (1, 2, 3, 4))
FILE = "".join(
    f"""[agreement.{party}-kort]
kind = "SLA"
party = "{party}"
services = "all"
valid_from = 2026-01-01
target = [{{ metric = "resolution", time = "1s", calendar = "always" }}]
"""
    for party in ("lulea", "pitea")
)


@pytest.mark.parametrize("viewer", VIEWERS, ids=lambda viewer: viewer.name)
def test_what_if_names_only_tickets_that_one_may_open(app: Flask, numbers: dict[str, str], viewer: Viewer) -> None:
    client = come_in(app, viewer)
    app.extensions["desk"].clock.move_to(START + timedelta(hours=1))
    days = {"from": START.date().isoformat(), "to": START.date().isoformat()}
    pages = [client.post("/management/what-if", data={"text": FILE, **days})]
    agreements = ("leverantor-plattform-uc", "leverantor-arkiv-uc", "e-namnden-ola")
    pages += [client.get(f"{TRIED}{agreement}&{A_SECOND}") for agreement in agreements]
    if viewer.name not in FOLLOWERS:
        assert {page.status_code for page in pages} <= {303, 401, 404}
        return
    found = "".join(map(everything, pages))
    for kind in KINDS:
        assert [mark for mark in forbidden(viewer, kind) if mark in found] == []
        assert may_see(viewer, kind) or numbers[kind.name] not in found, kind.name
    if viewer.side != "supplier":
        named = {kind.name for kind in KINDS if numbers[kind.name] in found}
        assert named >= {kind.name for kind in KINDS if may_see(viewer, kind) and kind.last_step != "confirm"}
