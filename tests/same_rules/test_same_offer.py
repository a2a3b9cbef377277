"""What an edge offers is what can be done, neither more nor less."""

import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from servicedesk.core.vocabulary import Tier
from servicedesk.store.queries.tickets import view_ticket
from tests.same_rules.edges import House
from tests.same_rules.places import CAST, Spot, spots_needed
from tests.support.desk import WRITTEN

STEP = re.compile(r"/tickets/[\w-]+/steps/(\w+)")
PLACES = sorted(spots_needed("citizen_incident"), key=str)


def name(spot: Spot) -> str:
    return f"{spot.place.state}-after-{len(spot.way)}-steps"


@pytest.mark.parametrize("spot", PLACES, ids=name)
def test_a_page_offers_the_steps_that_its_reader_can_take(house: House, spot: Spot) -> None:
    """Who does not see the ticket is the isolation suite's matter."""
    house.ensure_clean()
    number = house.world.numbers[spot]
    for who in [who for tier, who in CAST.items() if spot.is_seen_from(tier)]:
        response = house.client(who).get(f"/tickets/{number}")
        assert set(STEP.findall(response.get_data(as_text=True))) == possible_steps(house, who, number), who


@pytest.mark.parametrize("spot", [spot for spot in PLACES if spot.is_seen_from(Tier.SUPPLIER)], ids=name)
def test_the_api_says_possible_of_what_it_then_does(house: House, spot: Spot) -> None:
    house.ensure_clean()
    for action in actions_now(house, house.world.numbers[spot]):
        response = taken_up(house, action)
        assert (response.status_code in (200, 201)) == action["possible"], f"{action['verb']}: {response.get_json()}"
        house.fresh()


def taken_up(house: House, action: dict[str, Any]) -> TestResponse:
    """With nothing known but what the action says."""
    http, headers = house.app.test_client(), house.bearer()
    given = {field["name"]: WRITTEN.get(field["name"], "Så är det.") for field in action["fields"]}
    if files := [field["name"] for field in action["fields"] if field["format"] == "file"]:
        data = given.pop(files[0]).encode()
        headers |= {"Content-Type": "application/octet-stream"}
        return http.open(action["href"], method=action["method"], query_string=given, data=data, headers=headers)
    return http.open(action["href"], method=action["method"], json=given, headers=headers)


def possible_steps(house: House, who: str, number: str) -> set[str]:
    with house.desk.reading() as connection:
        view = view_ticket(connection, house.desk.book(connection), house.actor(who), number)
    return {option.step.step for option in view.options if not option.refusal}


def actions_now(house: House, number: str) -> list[dict[str, Any]]:
    response = house.app.test_client().get(f"/api/v1/tickets/{number}/actions", headers=house.bearer())
    found: list[dict[str, Any]] = response.get_json()["actions"]
    return found
