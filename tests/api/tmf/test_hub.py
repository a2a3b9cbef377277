"""Listeners: registered, told of all six events in the standard's form and in order, and taken away."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from servicedesk.actions import changes
from servicedesk.actions.desk import Desk
from servicedesk.actions.steps import perform
from servicedesk.core.clock import ControlledClock
from servicedesk.core.tmf621 import EVENTS
from servicedesk.core.vocabulary import Level
from tests.api.test_webhooks import carry
from tests.api.tmf.conftest import LEAST, TICKETS, MakeSystem, System, told
from tests.api.tmf.standard import SWAGGER, faults_of
from tests.support.desk import WRITTEN, new_ticket, persona, ticket_after
from tests.support.receiver import Receiver, receiver


@pytest.fixture
def there(desk: Desk) -> Iterator[Receiver]:
    with receiver() as found:
        desk.callable_inside |= {found.place}
        yield found


def register(system: System, there: Receiver, query: str = "") -> str:
    asked = {"callback": there.url, **({"query": query} if query else {})}
    response = system.post("/hub", asked)
    listener = told(response, 201)
    assert listener == {"id": listener["id"], **asked}
    assert response.headers["Location"].endswith(f"/hub/{listener['id']}")
    found: str = listener["id"]
    return found


def heard(desk: Desk, there: Receiver) -> list[dict[str, Any]]:
    """What has come since the last time; each as the standard's own definition of it says."""
    there.heard.clear()
    carry(desk)
    events = [each.json for each in there.heard]
    for event in events:
        assert faults_of(event, {"$ref": f"#/definitions/{event['eventType']}"}) == []
        properties = SWAGGER["definitions"][event["eventType"]]["properties"]
        assert set(event) <= set(properties) | {"id", "href"}
    return events


def kinds(events: list[dict[str, Any]]) -> list[str]:
    return [event["eventType"].removeprefix("TroubleTicket").removesuffix("Event") for event in events]


def test_a_supplier_hears_what_happens_to_its_tickets(desk: Desk, supplier: System, there: Receiver) -> None:
    register(supplier, there)
    number = ticket_after(desk, "order_from_supplier").number
    path = f"{TICKETS}/{number}"
    [created] = heard(desk, there)
    assert (created["eventType"], created["id"]) == ("TroubleTicketCreateEvent", number)
    assert created["event"]["troubleTicket"] == told(supplier.get(path))

    told(supplier.patch(path, {"status": "inProgress"}))
    [changed] = heard(desk, there)
    assert (kinds([changed]), changed["event"]["troubleTicket"]["status"]) == (["StatusChange"], "inProgress")

    told(supplier.patch(path, {"note": [{"text": "Vi letar."}]}))
    [noted] = heard(desk, there)
    assert (kinds([noted]), noted["fieldPath"]) == (["AttributeValueChange"], "note")

    told(supplier.patch(path, {"status": "pending", "statusChangeReason": "Sedan när?"}))
    assert kinds(heard(desk, there)) == ["StatusChange", "InformationRequired", "AttributeValueChange"]
    perform(desk, number, "answer_supplier", actor=persona(desk, "it_service_manager"), given={"answer": "I morse."})
    assert kinds(heard(desk, there)) == ["StatusChange", "AttributeValueChange"]

    told(supplier.patch(path, {"status": "resolved", "statusChangeReason": "Bytt."}))
    events = heard(desk, there)
    assert kinds(events) == ["StatusChange", "Resolved", "AttributeValueChange"]
    assert {event["correlationId"] for event in events} == {f"{number}-{events[0]['correlationId'].split('-')[-1]}"}
    assert len({event["eventId"] for event in events}) == 3
    assert "resolutionDate" in events[1]["event"]["troubleTicket"]


def test_a_priority_that_others_change_is_told(desk: Desk, supplier: System, there: Receiver) -> None:
    number = ticket_after(desk, "accept_at_supplier").number
    carry(desk)
    register(supplier, there)
    manager = persona(desk, "it_service_manager")
    changes.change_priority(desk, number, Level.HIGH, Level.HIGH, "Många drabbas.", actor=manager)
    [event] = heard(desk, there)
    paths = set(event["fieldPath"].split(","))
    assert {"priority", "severity"} <= paths <= {"priority", "severity", "expectedResolutionDate"}
    assert "Många drabbas" not in str(event)


def test_a_municipality_hears_its_own_from_the_first_to_the_last(desk: Desk, lulea: System, there: Receiver) -> None:
    register(lulea, there)
    path = f"{TICKETS}/{told(lulea.post(TICKETS, LEAST), 201)['id']}"
    assert kinds(heard(desk, there)) == ["Create"]
    assert lulea.delete(path).status_code == 204
    events = heard(desk, there)
    assert kinds(events) == ["StatusChange", "Delete"]
    assert events[1]["event"]["troubleTicket"]["status"] == "cancelled"


def test_what_leaves_the_municipality_is_deleted_to_it_and_nothing_more_is_said(
    desk: Desk, lulea: System, there: Receiver
) -> None:
    number = new_ticket(desk).number
    register(lulea, there)
    first = persona(desk, "first_line_lulea")
    changes.move_municipality(desk, number, "pitea", "De bor där, och vet om det.", actor=first)
    [event] = heard(desk, there)
    assert kinds([event]) == ["Delete"]
    assert event["event"]["troubleTicket"].keys() == {"id", "href"}


def test_nobody_hears_of_what_is_not_theirs(desk: Desk, make_system: MakeSystem, there: Receiver) -> None:
    for organisation in ("leverantor-arkiv", "pitea"):
        register(make_system(organisation), there)
    ticket_after(desk, "confirm")
    assert heard(desk, there) == []


def test_a_supplier_never_hears_the_requesters_words(desk: Desk, supplier: System, there: Receiver) -> None:
    register(supplier, there)
    ticket_after(desk, "confirm", subject="Hemlig rubrik", description="Hemlig text")
    events = heard(desk, there)
    assert "Create" in kinds(events) and "Resolved" in kinds(events)
    said = "".join(each.body.decode() for each in there.heard)
    assert "Hemlig" not in said and "Anna" not in said and WRITTEN["supplier_description"] in said


def test_a_query_chooses_events_tickets_and_fields(desk: Desk, supplier: System, there: Receiver) -> None:
    number = ticket_after(desk, "order_from_supplier").number
    asked = "eventType=TroubleTicketStatusChangeEvent,TroubleTicketResolvedEvent&priority=Low&fields=id,status"
    register(supplier, there, asked)
    register(supplier, there, f"id={number}x")
    told(supplier.patch(f"{TICKETS}/{number}", {"status": "inProgress", "note": [{"text": "Vi tar det."}]}))
    [event] = heard(desk, there)
    assert event["event"]["troubleTicket"] == {"id": number, "status": "inProgress"}
    high = ticket_after(desk, "order_from_supplier", impact=Level.HIGH, urgency=Level.HIGH).number
    told(supplier.patch(f"{TICKETS}/{high}", {"status": "inProgress"}))
    assert heard(desk, there) == []


def test_an_event_that_did_not_arrive_comes_again_under_the_same_id(
    desk: Desk, supplier: System, there: Receiver
) -> None:
    there.answer = lambda receiver, heard: (500 if len(receiver.heard) == 1 else 204, {})
    register(supplier, there)
    ticket_after(desk, "order_from_supplier")
    carry(desk)
    clock = desk.clock
    assert isinstance(clock, ControlledClock)
    clock.move_to(clock.now() + timedelta(minutes=1))
    carry(desk)
    first, again = (each.json for each in there.heard)
    assert first == again
    assert "webhook-signature" not in there.heard[0].headers
    assert there.heard[0].headers["content-type"].startswith("application/json")


def test_a_listener_that_is_taken_away_hears_no_more(
    desk: Desk, supplier: System, make_system: MakeSystem, there: Receiver
) -> None:
    listener = register(supplier, there)
    told(make_system("leverantor-arkiv").delete(f"/hub/{listener}"), 404)
    assert supplier.delete(f"/hub/{listener}").status_code == 204
    for gone in (listener, "0", "x", "9" * 30, "%00"):
        told(supplier.delete(f"/hub/{gone}"), 404)
    ticket_after(desk, "order_from_supplier")
    assert heard(desk, there) == []


def test_a_listener_that_cannot_be_called_or_asks_for_what_there_is_not_is_refused(
    desk: Desk, supplier: System, make_system: MakeSystem
) -> None:
    good = "https://listener.example/hook"
    callbacks = (
        None,
        "",
        7,
        "there",
        "ftp://there/",
        "http://8.8.8.8/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://u:p@a.example/",
    )
    for callback in callbacks:
        assert "callback:" in told(supplier.post("/hub", {"callback": callback}), 400)["message"], callback
    for query in ("eventType=Nothing", "nothing=1", "a" * 2000, 7, "id=\x00"):
        assert "query:" in told(supplier.post("/hub", {"callback": good, "query": query}), 400)["message"], query
    told(make_system("lulea", scopes=("tickets:read",)).post("/hub", {"callback": good}), 403)
    told(supplier.call("GET", "/hub"), 405)


def test_the_listeners_own_addresses_are_not_ours_to_serve(supplier: System) -> None:
    for name in (path for path in SWAGGER["paths"] if path.startswith("/listener")):
        assert "Register yours at the hub" in told(supplier.post(name, {}), 404)["reason"]
        told(supplier.call("TRACE", name), 405)


def test_a_listener_under_a_key_is_registered_once(desk: Desk, supplier: System, there: Receiver) -> None:
    keyed = {"headers": {"Idempotency-Key": "k"}, "json": {"callback": there.url}}
    first, again = (told(supplier.call("POST", "/hub", **keyed), 201) for _ in range(2))
    assert first == again


def test_every_event_of_the_standard_is_one_of_ours() -> None:
    of_standard = {
        name for name in SWAGGER["definitions"] if name.startswith("TroubleTicket") and name.endswith("Event")
    }
    assert set(EVENTS) == of_standard
