"""The list: every filter and order shows what looking at each ticket would, page by page, whatever comes meanwhile."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from servicedesk.actions.desk import Desk
from servicedesk.actions.tokens import create_token
from servicedesk.core.facts import OPERATOR
from tests.api.conftest import SUPPLIER, Caller, app_on
from tests.support.desk import START, Template, new_ticket, ticket_after

PLACES = ("", "take", "accept_in_joint", "order_from_supplier", "accept_at_supplier", "propose_solution",
          "verify", "resolve_in_second_line", "confirm")  # fmt: skip
OPEN, ENDED = ("new", "active", "waiting"), ("resolved", "closed")
Line = dict[str, Any]


@pytest.fixture(scope="module")
def house(desk_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Two tickets at each place, a minute between any two."""
    folder = tmp_path_factory.mktemp("lists")
    app = app_on(desk_template.copy_to(folder), folder)
    desk: Desk = app.extensions["desk"]
    for round_, place in product(range(2), PLACES):
        ticket_after(desk, place, impact="high" if round_ else "low")
        desk.clock.move_to(desk.clock.now() + timedelta(minutes=1))  # type: ignore[attr-defined]
    yield app
    desk.engine.dispose()


@pytest.fixture(scope="module", params=[SUPPLIER, "lulea"])
def caller(house: Flask, request: pytest.FixtureRequest) -> Caller:
    desk: Desk = house.extensions["desk"]
    return Caller(house.test_client(), create_token(desk, request.param, "Prov", actor=OPERATOR).text)


def lines(caller: Caller, query: str) -> list[Line]:
    """Every page of it, two tickets each."""
    path, found = f"/api/v1/tickets?limit=2&{query}", []
    while path:
        page = caller.get(path)
        assert page.status_code == 200, page.text
        found += page.json["tickets"]  # type: ignore[index]
        leads = {rel: address for address, rel in re.findall(r'<([^>]+)>; rel="(\w+)"', page.headers["Link"])}
        path = leads.get("next", "")
    return found


def everything(caller: Caller) -> list[Line]:
    found: list[Line] = caller.get("/api/v1/tickets?scope=all&limit=200").json["tickets"]  # type: ignore[index]
    return found


NEVER = "9999"
KEYS: dict[str, Callable[[Line], str]] = {
    "due": lambda line: line["due_at"] or NEVER,
    "updated": lambda line: str(line["updated_at"]),
    "opened": lambda line: str(line["opened_at"]),
}
CATEGORIES = (*((each,) for each in (*OPEN, *ENDED)), OPEN, ENDED, ("active", "resolved"), ("new", "closed"))


@pytest.mark.parametrize("categories", CATEGORIES, ids=",".join)
def test_each_category_is_found_in_each_order(caller: Caller, categories: tuple[str, ...]) -> None:
    expected = [line for line in everything(caller) if line["state"]["category"] in categories]
    orders = [key for key in KEYS if key != "due" or set(categories) <= set(OPEN)]
    for key, sign in product(orders, ("", "-")):
        found = lines(caller, f"category={','.join(categories)}&sort={sign}{key}")
        assert sorted(map(str, found)) == sorted(map(str, expected)), (sign, key)
        moments = [KEYS[key](line) for line in found]
        assert moments == sorted(moments, reverse=sign == "-"), (sign, key)


def test_filters_narrow_together(caller: Caller) -> None:
    every = everything(caller)
    moment = sorted(line["updated_at"] for line in every)[len(every) // 2]
    for scope, priority, service in product(("open", "closed", "all"), (2, 4), ("e-tjansteplattform", "e-arkiv")):
        query = f"scope={scope}&priority={priority}&service={service}&updated_since={moment}"
        expected = [
            line["number"]
            for line in every
            if line["priority"] == priority and line["service"]["key"] == service and line["updated_at"] >= moment
            and line["state"]["category"] in {"open": OPEN, "closed": ENDED, "all": (*OPEN, *ENDED)}[scope]
        ]  # fmt: skip
        assert sorted(line["number"] for line in lines(caller, query)) == sorted(expected), query


def test_what_comes_in_meanwhile_moves_no_page(desk_template: Template, tmp_path: Path) -> None:
    app = app_on(desk_template.copy_to(tmp_path), tmp_path)
    desk: Desk = app.extensions["desk"]
    caller = Caller(app.test_client(), create_token(desk, "lulea", "Prov", actor=OPERATOR).text)
    there = [new_ticket(desk).number for _ in range(4)]
    first = caller.get("/api/v1/tickets?sort=-opened&limit=2")
    desk.clock.move_to(START + timedelta(minutes=1))  # type: ignore[attr-defined]
    new_ticket(desk)
    [onward] = re.findall(r'<([^>]+)>; rel="next"', first.headers["Link"])
    rest = caller.get(onward).json["tickets"]  # type: ignore[index]
    assert [line["number"] for line in (*first.json["tickets"], *rest)] == there[::-1]  # type: ignore[index]
    desk.engine.dispose()
