"""Tickets as TMF621 lists and shows them."""

import pytest

from servicedesk.actions import entries
from servicedesk.actions.desk import Desk
from servicedesk.actions.steps import perform
from tests.api.conftest import SUPPLIER
from tests.api.tmf.conftest import LEAST, TICKETS, MakeSystem, System, told
from tests.support.desk import new_ticket, persona, ticket_after

SOLVED = {"status": "resolved", "statusChangeReason": "Certifikatet är bytt."}


def test_a_supplier_reads_what_was_written_for_it(desk: Desk, supplier: System) -> None:
    number = ticket_after(desk, "order_from_supplier").number
    ticket = told(supplier.get(f"{TICKETS}/{number}"))
    assert ticket == {
        "id": number,
        "href": f"/tmf-api/troubleTicket/v4/troubleTicket/{number}",
        "creationDate": "2026-03-02T08:00:00Z",
        "description": "Inloggningen ger fel 500 sedan klockan åtta.",
        "expectedResolutionDate": ticket["expectedResolutionDate"],
        "lastUpdate": "2026-03-02T08:00:00Z",
        "name": "Inloggningen ger fel 500 sedan klockan åtta.",
        "priority": "Low",
        "severity": "Minor",
        "statusChangeDate": "2026-03-02T08:00:00Z",
        "ticketType": "incident",
        "relatedEntity": [
            {
                "id": "e-tjansteplattform",
                "name": "E-tjänsteplattformen",
                "role": "service",
                "@referredType": "Service",
            }
        ],
        "relatedParty": [
            {"id": "lulea", "name": "Luleå kommun", "role": "customer", "@referredType": "Organization"},
            {
                "id": SUPPLIER,
                "name": "Exempelleverantören Plattform",
                "role": "owner",
                "@referredType": "Organization",
            },
        ],
        "status": "acknowledged",
        "statusChange": [{"changeDate": "2026-03-02T08:00:00Z", "status": "acknowledged", "@type": "StatusChange"}],
        "@type": "TroubleTicket",
    }


def test_each_status_is_in_the_history_with_its_reason(desk: Desk, supplier: System) -> None:
    path = f"{TICKETS}/{ticket_after(desk, 'accept_at_supplier').number}"
    told(supplier.patch(path, {"status": "pending", "statusChangeReason": "Sedan när?"}))
    told(supplier.patch(path, {"status": "inProgress", "statusChangeReason": "Vi såg det i loggen."}))
    ticket = told(supplier.patch(path, SOLVED))
    assert [(each["status"], each.get("changeReason")) for each in ticket["statusChange"]] == [
        ("acknowledged", None),
        ("inProgress", None),
        ("pending", "Sedan när?"),
        ("inProgress", "Vi såg det i loggen."),
        ("resolved", "Certifikatet är bytt."),
    ]
    assert (ticket["status"], ticket["statusChangeReason"]) == ("resolved", "Certifikatet är bytt.")


def test_resolved_stays_resolved_to_the_supplier_while_others_tell_the_requester(
    desk: Desk, supplier: System, lulea: System
) -> None:
    number = ticket_after(desk, "verify").number
    assert told(supplier.get(f"{TICKETS}/{number}"))["status"] == "resolved"
    assert told(lulea.get(f"{TICKETS}/{number}"))["status"] == "inProgress"
    assert [each["id"] for each in supplier.get(f"{TICKETS}?status=resolved").json] == [number]  # type: ignore[union-attr]
    assert supplier.get(f"{TICKETS}?status=inProgress").json == []


def test_a_rejected_solution_is_no_resolution(desk: Desk, supplier: System) -> None:
    number = ticket_after(desk, "propose_solution").number
    before = told(supplier.get(f"{TICKETS}/{number}"))
    manager = persona(desk, "it_service_manager")
    perform(desk, number, "reject", actor=manager, given={"reason": "Det är kvar."})
    after = told(supplier.get(f"{TICKETS}/{number}"))
    assert (before["status"], "resolutionDate" in before) == ("resolved", True)
    assert (after["status"], "resolutionDate" in after) == ("acknowledged", False)
    assert after["statusChangeReason"] == "Det är kvar."


def test_what_a_supplier_and_the_joint_tier_tell_each_other_is_in_progress_to_the_municipality(
    desk: Desk, lulea: System
) -> None:
    seen = []
    for last in ("", "order_from_supplier", "propose_solution", "resolve_in_second_line", "confirm"):
        ticket = told(lulea.get(f"{TICKETS}/{ticket_after(desk, last).number}"))
        seen.append(ticket["status"])
        assert ticket["statusChange"][-1]["status"] == ticket["status"]
    assert seen == ["acknowledged", "inProgress", "inProgress", "resolved", "closed"]


def test_when_it_closed_is_no_suppliers_business_but_that_it_did_is(desk: Desk, supplier: System) -> None:
    ticket = told(supplier.get(f"{TICKETS}/{ticket_after(desk, 'confirm').number}"))
    assert ticket["status"] == "closed"
    assert ticket["statusChange"][-1] == {"status": "closed", "@type": "StatusChange"}


def test_notes_say_what_they_are_and_who_wrote_them(desk: Desk, supplier: System) -> None:
    number = ticket_after(desk, "accept_at_supplier").number
    told(supplier.patch(f"{TICKETS}/{number}", {"note": [{"text": "Vi letar i loggen."}]}))
    told(supplier.patch(f"{TICKETS}/{number}", {"status": "pending", "note": [{"text": "Sedan när?"}]}))
    manager = persona(desk, "it_service_manager")
    perform(desk, number, "answer_supplier", actor=manager, given={"answer": "Sedan i morse."})
    entries.note(desk, number, "Internt.", actor=persona(desk, "second_line_lulea"))
    notes = told(supplier.get(f"{TICKETS}/{number}"))["note"]
    assert [(each["@type"], each["author"], each["text"]) for each in notes] == [
        ("Note", "Provsystem", "Vi letar i loggen."),
        ("Question", "Provsystem", "Sedan när?"),
        ("Answer", "Norrbottens e-nämnd", "Sedan i morse."),
    ]


def test_fields_gives_exactly_what_was_asked(desk: Desk, supplier: System) -> None:
    number = ticket_after(desk, "accept_at_supplier").number
    one, many = f"{TICKETS}/{number}?fields=", f"{TICKETS}?fields="
    for asked, keys in (
        ("status", {"status"}),
        ("id,status", {"id", "status"}),
        ("status,nothing", {"status"}),
        ("note", set()),
        ("none", {"id", "href"}),
        ("id&fields=severity", {"id", "severity"}),
    ):
        assert told(supplier.get(one + asked)).keys() == keys, asked
        assert supplier.get(many + asked).json[0].keys() == keys, asked  # type: ignore[index]


def test_a_list_pages_by_offset_and_counts_all(desk: Desk, lulea: System) -> None:
    numbers = [new_ticket(desk).number for _ in range(5)][::-1]
    for offset, limit, there in (
        (0, 2, numbers[:2]),
        (2, 2, numbers[2:4]),
        (4, 2, numbers[4:]),
        (9, 2, []),
        (0, 0, []),
    ):
        page = lulea.get(f"{TICKETS}?fields=id&offset={offset}&limit={limit}")
        assert [each["id"] for each in page.json] == there  # type: ignore[union-attr]
        assert (page.headers["X-Total-Count"], page.headers["X-Result-Count"]) == ("5", str(len(there)))
        assert page.status_code == 200


def test_a_ticket_that_comes_in_while_one_pages_hides_none(desk: Desk, lulea: System) -> None:
    there = {new_ticket(desk).number for _ in range(4)}
    first = lulea.get(f"{TICKETS}?limit=2").json
    new_ticket(desk)
    second = lulea.get(f"{TICKETS}?limit=2&offset=2").json
    third = lulea.get(f"{TICKETS}?limit=2&offset=4").json
    assert there <= {each["id"] for page in (first, second, third) for each in page}  # type: ignore[union-attr]


def test_a_query_that_cannot_be_answered_is_400(supplier: System) -> None:
    numbers = ("offset=-1", "limit=-1", "offset=x", "limit=1.5", "offset=%D9%A3", "limit=")
    for wrong in (*numbers, "description=x", "nothing=1", "status.x=1"):
        told(supplier.get(f"{TICKETS}?{wrong}"), 400)


def test_an_offset_beyond_reach_says_what_to_do_and_one_beyond_the_end_is_empty(
    desk: Desk, lulea: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        new_ticket(desk)
    assert lulea.get(f"{TICKETS}?offset={10**30}").json == []
    monkeypatch.setattr("servicedesk.api.tmf.filters.LARGEST_OFFSET", 1)
    assert lulea.get(f"{TICKETS}?offset=1").status_code == 200
    assert "at most 1" in told(lulea.get(f"{TICKETS}?offset=2"), 400)["message"]


def test_what_is_not_counted_to_the_end_says_so(desk: Desk, lulea: System, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        ticket_after(desk, "take")
    monkeypatch.setattr("servicedesk.store.queries.trouble.listing.COUNT_CAP", 2)
    every, some, open_ = (lulea.get(TICKETS + q) for q in ("", "?ticketType=incident", "?status=inProgress"))
    counted = [(each.headers["X-Total-Count"], each.headers.get("X-Total-Count-Is")) for each in (every, some, open_)]
    assert counted == [("3", None), ("2", "at-least"), ("3", None)]


def test_filters_are_equality_on_what_is_shown(desk: Desk, lulea: System) -> None:
    critical = told(
        lulea.post(
            TICKETS,
            {
                **LEAST,
                "severity": "Critical",
                "priority": "Critical",
                "ticketType": "request",
                "relatedEntity": [
                    {"id": "lulea-bygglov", "role": "eService", "@referredType": "EService"},
                    {"id": "437512", "role": "platformCase", "@referredType": "PlatformCase"},
                ],
            },
        ),
        201,
    )
    other = ticket_after(desk, "accept_at_supplier").number
    everything = {critical["id"], other}
    shown = {each["id"]: each for each in lulea.get(TICKETS).json}  # type: ignore[union-attr]
    assert shown.keys() == everything
    cases = {
        f"id={other}": {other},
        f"id={other},{critical['id']}": everything,
        f"href={critical['href']}": {critical["id"]},
        "status=inProgress": {other},
        "status=inProgress,acknowledged": everything,
        "status=inProgress&status=acknowledged": everything,
        "status=nothing": set(),
        "priority=Critical": {critical["id"]},
        "severity=Critical": {critical["id"]},
        "severity=Critical&priority=Low": set(),
        "ticketType=request": {critical["id"]},
        "ticketType=citizen_incident": {other},
        "creationDate=2026-03-02T08:00:00Z": everything,
        "creationDate=2026-03-02T09:00:00%2B01:00": everything,
        "creationDate=2026-03-03T08:00:00Z": set(),
        "creationDate=yesterday": set(),
        "relatedEntity.id=lulea-bygglov": {critical["id"]},
        "relatedEntity.id=437512": {critical["id"]},
        "relatedEntity.id=e-tjansteplattform": everything,
        "relatedParty.id=lulea": everything,
        f"relatedParty.id={SUPPLIER}": {other},
        "relatedParty.id=%00": set(),
    }
    for query, expected in cases.items():
        page = lulea.get(f"{TICKETS}?{query}")
        assert {each["id"] for each in page.json} == expected, query  # type: ignore[union-attr]
        assert page.headers["X-Total-Count"] == str(len(expected)), query


def test_a_supplier_filters_by_nothing_that_it_is_not_shown(desk: Desk, supplier: System) -> None:
    hidden = ticket_after(desk, "verify", platform_case="437512", e_service="lulea-bygglov").number
    manager = persona(desk, "second_line_lulea")
    perform(desk, hidden, "accept_in_second_line", actor=manager)
    perform(desk, hidden, "ask_requester_from_second_line", actor=manager, given={"question": "Går det?"})
    assert told(supplier.get(f"{TICKETS}/{hidden}"))["status"] == "resolved"
    for query in ("status=pending", "relatedEntity.id=437512", "relatedEntity.id=lulea-bygglov", "severity=Major"):
        assert supplier.get(f"{TICKETS}?{query}").json == [], query
    assert supplier.get(f"{TICKETS}?ticketType=citizen_incident").json == []
    for query in ("status=resolved", "severity=Minor", "ticketType=incident", "relatedParty.id=lulea"):
        assert [each["id"] for each in supplier.get(f"{TICKETS}?{query}").json] == [hidden], query  # type: ignore[union-attr]


def test_every_status_that_is_shown_is_the_one_that_finds_the_ticket(
    desk: Desk, supplier: System, lulea: System
) -> None:
    steps = ("", "take", "accept_in_joint", "order_from_supplier", "accept_at_supplier", "propose_solution", "verify")
    for last in (*steps, "resolve_in_second_line", "confirm"):
        ticket_after(desk, last)
    for system in (supplier, lulea):
        shown = {each["id"]: each["status"] for each in system.get(TICKETS).json}  # type: ignore[union-attr]
        assert shown
        for status in {"acknowledged", "rejected", "pending", "held", "inProgress", "cancelled", "closed", "resolved"}:
            found = {each["id"] for each in system.get(f"{TICKETS}?status={status}").json}  # type: ignore[union-attr]
            assert found == {number for number, is_now in shown.items() if is_now == status}, status


STRANGERS = ("2026-99999", "%00", "a" * 300, "%F0%9F%98%80", "1' OR '1'='1")


def test_what_one_may_not_see_is_not_found(desk: Desk, make_system: MakeSystem) -> None:
    hidden = ticket_after(desk, "accept_at_supplier").number
    other = make_system("leverantor-arkiv")
    for method in ("GET", "PATCH", "DELETE"):
        body = {"status": "resolved"} if method == "PATCH" else None
        for stranger in (*STRANGERS, hidden):
            assert told(other.call(method, f"{TICKETS}/{stranger}", json=body), 404)["code"] == "not_found"
