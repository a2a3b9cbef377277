"""Webhooks by the API: asked for, looked at, changed, tried out, taken away; each organisation's its own."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from servicedesk.actions.desk import Desk
from servicedesk.actions.sequencing import sequence
from servicedesk.scheduler.deliveries import PostOffice
from servicedesk.scheduler.posting import post
from tests.api.conftest import Caller, MakeCaller
from tests.support.desk import ticket_after
from tests.support.receiver import Receiver, receiver

HOOKS = "/api/v1/webhooks"


@pytest.fixture
def there(desk: Desk) -> Iterator[Receiver]:
    with receiver() as found:
        desk.callable_inside |= {found.place}
        yield found


def create(caller: Caller, there: Receiver, **given: Any) -> dict[str, Any]:
    response = caller.post(HOOKS, {"url": there.url, **given})
    assert response.status_code == 201, response.text
    found: dict[str, Any] = response.json  # type: ignore[assignment]
    assert response.headers["Location"] == f"{HOOKS}/{found['id']}"
    return found


def carry(desk: Desk) -> None:
    sequence(desk)
    office = PostOffice(desk, partial(post, allowed=desk.callable_inside))
    while office.run() or office.on_their_way:
        pass


def test_from_asking_over_a_verified_message_to_its_delivery(desk: Desk, supplier: Caller, there: Receiver) -> None:
    made = create(supplier, there, event_types=["ticket.shared"], description="Vårt eget")
    assert made["secret"].startswith("whsec_")
    number = ticket_after(desk, "order_from_supplier").number
    carry(desk)
    body = there.heard[0].verified(made["secret"])
    assert supplier.get(body["data"]["href"]).status_code == 200
    [delivery] = supplier.get(f"{HOOKS}/{made['id']}/deliveries").json["deliveries"]  # type: ignore[index]
    assert (delivery["state"], delivery["response"], delivery["ticket"]) == ("delivered", 204, number)
    assert delivery["message_id"] == there.ids[0]
    resent = supplier.post(f"{HOOKS}/{made['id']}/deliveries/{delivery['id']}/resends")
    assert (resent.status_code, resent.json["state"]) == (202, "waiting")  # type: ignore[index]
    carry(desk)
    assert there.ids[0] == there.ids[1]


def test_what_went_wrong_is_told_by_a_code_and_in_words_of_the_readers_language(desk: Desk, supplier: Caller) -> None:
    with receiver(lambda there, heard: (401, {})) as there:
        desk.callable_inside |= {there.place}
        made = create(supplier, there)
        supplier.post(f"{HOOKS}/{made['id']}/pings")
        carry(desk)
    path = f"{HOOKS}/{made['id']}/deliveries"
    told = [supplier.get(path, Accept_Language=language).json["deliveries"][0] for language in ("en", "sv")]  # type: ignore[index]
    assert [each["failure"] for each in told] == ["It answered 401.", "Den svarade 401."]
    assert [each["failure_code"] for each in told] == ["answered"] * 2


def test_a_secret_is_shown_once_and_a_new_one_when_it_is_rotated(desk: Desk, supplier: Caller, there: Receiver) -> None:
    made = create(supplier, there)
    for path in (HOOKS, f"{HOOKS}/{made['id']}"):
        assert "whsec_" not in supplier.get(path).text
    second = supplier.post(f"{HOOKS}/{made['id']}/secrets").json["secret"]  # type: ignore[index]
    assert second.startswith("whsec_") and second != made["secret"]
    pinged = supplier.post(f"{HOOKS}/{made['id']}/pings")
    assert (pinged.status_code, pinged.json["event_type"]) == (202, "ping")  # type: ignore[index]
    carry(desk)
    assert there.heard[0].verified(made["secret"]) == there.heard[0].verified(second)


def test_it_is_changed_disabled_enabled_and_deleted(supplier: Caller, there: Receiver) -> None:
    path = f"{HOOKS}/{create(supplier, there)['id']}"
    changed = send(supplier, "PATCH", path, {"event_types": ["ticket.closed"], "enabled": False, "description": "ny"})
    assert {"event_types": ["ticket.closed"], "enabled": False, "why": "by_hand"}.items() <= changed.json.items()
    assert supplier.post(f"{path}/pings").status_code == 409
    assert send(supplier, "PATCH", path, {"enabled": True}).json["enabled"] is True
    assert send(supplier, "DELETE", path).status_code == 204
    assert supplier.get(path).status_code == 404 and supplier.get(HOOKS).json == {"webhooks": []}


def send(caller: Caller, method: str, path: str, given: dict[str, Any] | None = None) -> Any:
    return caller.http.open(path, method=method, json=given, headers={"Authorization": f"Bearer {caller.token}"})


def test_anothers_webhook_does_not_exist(supplier: Caller, other_supplier: Caller, there: Receiver) -> None:
    made = create(supplier, there)
    path = f"{HOOKS}/{made['id']}"
    supplier.post(f"{path}/pings")
    [delivery] = supplier.get(f"{path}/deliveries").json["deliveries"]  # type: ignore[index]
    answers = [
        other_supplier.get(path),
        other_supplier.get(f"{path}/deliveries"),
        other_supplier.post(f"{path}/secrets"),
        other_supplier.post(f"{path}/pings"),
        other_supplier.post(f"{path}/deliveries/{delivery['id']}/resends"),
        send(other_supplier, "PATCH", path, {"enabled": False}),
        send(other_supplier, "DELETE", path),
    ]
    assert [answer.status_code for answer in answers] == [404] * 7
    assert other_supplier.get(HOOKS).json == {"webhooks": []}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "url"),
        ({"url": "http://8.8.8.8/"}, "url"),
        ({"url": "https://127.0.0.1/"}, "url"),
        ({"url": "https://localhost:5432/"}, "url"),
        ({"url": "https://a\u0000b.example/"}, "url"),
        ({"url": 7}, "url"),
        ({"url": "https://8.8.8.8/", "event_types": ["ticket.exploded"]}, "event_types"),
        ({"url": "https://8.8.8.8/", "event_types": "ticket.closed"}, "event_types"),
        ({"url": "https://8.8.8.8/", "event_types": ["ticket.closed", "ticket.closed"]}, "event_types"),
        ({"url": "https://8.8.8.8/", "description": "x" * 501}, "description"),
        ({"url": "https://8.8.8.8/", "secret": "whsec_mine"}, "secret"),
    ],
)
def test_what_cannot_be_accepted_is_said_field_by_field(supplier: Caller, given: dict[str, Any], field: str) -> None:
    response = supplier.post(HOOKS, given)
    assert response.status_code == 422 and list(response.json["errors"]) == [field]  # type: ignore[index]


def test_a_token_needs_the_scope(make_caller: MakeCaller) -> None:
    assert make_caller(scopes=("tickets:read",)).get(HOOKS).status_code == 403
