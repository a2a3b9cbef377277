"""A municipality's system logs a ticket by TMF621: with as little as the standard asks for, or with all that fits."""

import base64
from typing import Any

import pytest

from servicedesk.actions.desk import Desk
from servicedesk.core.attachments import LARGEST
from servicedesk.core.vocabulary import Category, Channel, Level, RequesterKind
from servicedesk.store.queries.attachments import piece_of
from servicedesk.store.queries.journal import texts_of
from servicedesk.store.queries.tickets import find_ticket
from servicedesk.store.queries.verification import ticket_ids, verify_ticket
from tests.api.tmf.conftest import LEAST, TICKETS, MakeSystem, System, state, told
from tests.support.desk import PLATFORM, persona

CONTENT = b"Felet syns i loggen."
WHOLE: dict[str, Any] = {
    "name": "Ritningen går inte att skicka",
    "description": "En PDF på 18 MB nekas i sista steget.",
    "severity": "Critical",
    "priority": "High",
    "externalId": "KC-2026-7",
    "ticketType": "internal_incident",
    "channel": {"id": "phone"},
    "note": [{"text": "Hon har provat två webbläsare.", "author": "Kundcenter"}],
    "attachment": [{"name": "logg.txt", "content": base64.b64encode(CONTENT).decode(), "mimeType": "text/html"}],
    "relatedEntity": [
        {"id": PLATFORM, "role": "service", "@referredType": "Service"},
        {"id": "lulea-bygglov", "role": "eService", "@referredType": "EService"},
        {"id": "437512", "role": "platformCase", "@referredType": "PlatformCase"},
        {"id": "42", "role": "whatever", "@referredType": "ProductOrder"},
    ],
    "relatedParty": [
        {"id": "kundcenter", "role": "seller", "@referredType": "Organization"},
        {
            "id": "c-1",
            "name": "Anna Exempel",
            "role": "requester",
            "@referredType": "Employee",
            "contactMedium": [{"characteristic": {"phoneNumber": "070-000 00 00"}}],
        },
    ],
    "@type": "TroubleTicket",
    "somethingElse": {"of": ["no", "concern"]},
}


def test_three_attributes_are_enough(desk: Desk, lulea: System) -> None:
    response = lulea.post(TICKETS, LEAST)
    ticket = told(response, 201)
    assert response.headers["Location"] == ticket["href"]
    assert (ticket["description"], ticket["severity"], ticket["ticketType"], ticket["status"]) == (
        LEAST["description"],
        "Minor",
        "incident",
        "acknowledged",
    )
    made = state(desk, ticket["id"])
    assert (made.municipality, made.service, made.impact, made.urgency) == ("lulea", PLATFORM, Level.LOW, Level.MEDIUM)
    assert (made.category, made.channel, made.requester_kind) == (Category.NEW, Channel.API, RequesterKind.ANONYMOUS)
    assert told(lulea.get(f"{TICKETS}/{ticket['id']}")) == ticket


def test_everything_that_fits_is_kept_and_the_rest_is_left(desk: Desk, lulea: System) -> None:
    ticket = told(lulea.post(TICKETS, WHOLE), 201)
    made = state(desk, ticket["id"])
    assert (made.impact, made.urgency, made.workflow) == (Level.HIGH, Level.HIGH, "internal_incident")
    assert (made.service, made.e_service, made.platform_case) == (PLATFORM, "lulea-bygglov", "437512")
    assert (made.channel, made.requester_kind) == (Channel.PHONE, RequesterKind.EMPLOYEE)
    assert (ticket["name"], ticket["severity"], ticket["ticketType"]) == (WHOLE["name"], "Critical", "incident")
    assert (ticket["externalId"], made.references) == ("KC-2026-7", {"lulea": "KC-2026-7"})
    assert [each["id"] for each in ticket["relatedEntity"]] == [PLATFORM, "lulea-bygglov", "437512"]
    with desk.reading() as connection:
        number, *_ = find_ticket(connection, persona(desk, "first_line_lulea"), ticket["id"])
        texts = texts_of(connection, number)
        piece = piece_of(connection, 1, 0)
        faults = [f for i in ticket_ids(connection) for f in verify_ticket(connection, desk.book(connection), i)]
    assert texts[1, "requester_name"] == "Anna Exempel"
    assert texts[1, "requester_contact"] == "070-000 00 00"
    assert texts[1, "description"] == "En PDF på 18 MB nekas i sista steget.\n\nHon har provat två webbläsare."
    assert (piece, faults) == (CONTENT, [])
    [file] = ticket["attachment"]
    assert (file["name"], file["mimeType"], file["size"]) == (
        "logg.txt",
        "text/plain",
        {"amount": len(CONTENT), "units": "byte"},
    )


def test_who_the_requester_is_goes_in_and_does_not_come_out(lulea: System) -> None:
    response = lulea.post(TICKETS, WHOLE)
    assert "Anna" not in response.text and "070-" not in response.text


def test_each_severity_and_type_is_read_back_as_it_was_sent(lulea: System) -> None:
    for severity in ("Critical", "Major", "Minor"):
        for kind in ("incident", "request"):
            ticket = told(lulea.post(TICKETS, {**LEAST, "severity": severity, "ticketType": kind}), 201)
            assert (ticket["severity"], ticket["ticketType"]) == (severity, kind)


def test_what_is_missing_is_named_all_at_once(lulea: System) -> None:
    for wrong in (None, {}, dict.fromkeys(LEAST), dict.fromkeys(LEAST, " ")):
        fault = told(lulea.post(TICKETS, wrong), 400)
        assert all(name in fault["message"] for name in LEAST), fault
    for name in LEAST:
        left = {other: value for other, value in LEAST.items() if other != name}
        fault = told(lulea.post(TICKETS, left), 400)
        assert [each for each in LEAST if each in fault["message"]] == [name]


WRONG: list[tuple[str, Any]] = [
    ("description", 7),
    ("description", "å" * 20_001),
    ("severity", "Terrible"),
    ("severity", ["Minor"]),
    ("ticketType", "complaint"),
    ("priority", "Yesterday"),
    ("status", "closed"),
    ("status", "unheard"),
    ("name", "å" * 201),
    ("note", "text"),
    ("note", [{"author": "nobody"}]),
    ("note", ["text"]),
    ("attachment", [{"url": "http://127.0.0.1/secret"}]),
    ("attachment", [{"content": "%%%"}]),
    ("attachment", [{"content": ""}]),
    ("attachment", [{"content": "aGVq"}] * 6),
    ("relatedEntity", [{"id": "nothing", "@referredType": "Service"}]),
    ("relatedEntity", [{"id": "pitea-bygglov", "@referredType": "EService"}]),
    ("relatedEntity", {"id": PLATFORM}),
    ("relatedParty", "me"),
    ("channel", "phone"),
]


def test_what_cannot_be_accepted_is_400_and_nothing_is_logged(lulea: System) -> None:
    for name, wrong in WRONG:
        fault = told(lulea.post(TICKETS, {**LEAST, name: wrong}), 400)
        assert f"{name}:" in fault["message"], (name, wrong)
    assert lulea.get(TICKETS).json == []


def test_the_servers_own_attributes_are_left_to_the_server(lulea: System) -> None:
    own = {"creationDate": "1999-01-01T00:00:00Z", "lastUpdate": "x", "statusChange": [], "resolutionDate": "x"}
    ticket = told(lulea.post(TICKETS, {**LEAST, **own, "id": "1", "href": "x"}), 201)
    assert ticket["id"] != "1"
    assert ticket["creationDate"] == "2026-03-02T08:00:00Z"
    assert "resolutionDate" not in ticket


def test_a_supplier_logs_no_tickets(supplier: System) -> None:
    assert told(supplier.post(TICKETS, LEAST), 403)["code"] == "scope_missing"


def test_a_token_without_the_scope_logs_none_either(make_system: MakeSystem) -> None:
    told(make_system("lulea", scopes=("tickets:read",)).post(TICKETS, LEAST), 403)


def test_a_key_is_not_asked_for_but_keeps_a_ticket_from_being_logged_twice(lulea: System) -> None:
    keyed = {"Idempotency-Key": "a1"}
    first, again = (told(lulea.post(TICKETS, LEAST, headers=keyed), 201) for _ in range(2))
    assert again == first
    told(lulea.post(TICKETS, {**LEAST, "severity": "Major"}, headers=keyed), 409)
    told(lulea.post(TICKETS, LEAST, headers={"Idempotency-Key": "å"}), 400)
    without = {told(lulea.post(TICKETS, LEAST), 201)["id"] for _ in range(2)}
    assert len(without | {first["id"]}) == 3


def test_a_file_has_the_bounds_of_every_file(lulea: System, monkeypatch: pytest.MonkeyPatch) -> None:
    assert LARGEST > 1_000_000
    too_much = base64.b64encode(b"x" * 2_000_000).decode()
    fault = told(lulea.post(TICKETS, {**LEAST, "attachment": [{"content": too_much}]}), 400)
    assert fault["code"] == "too_large"
    monkeypatch.setattr("servicedesk.actions.attachments.LARGEST", 10)
    fault = told(lulea.post(TICKETS, {**LEAST, "attachment": [{"content": "eHh4eHh4eHh4eHh4"}]}), 400)
    assert "attachment" in fault["message"]
    assert lulea.get(TICKETS).json == []
