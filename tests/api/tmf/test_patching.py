"""A merge patch: status moves are steps of the workflow, notes and files are added, and the record stays."""

from typing import Any

import pytest

from servicedesk.actions.desk import Desk
from servicedesk.actions.steps import perform
from servicedesk.core.vocabulary import Tier
from servicedesk.store.queries.journal import events_of
from servicedesk.store.queries.tickets import find_ticket
from tests.api.conftest import SUPPLIER
from tests.api.tmf.conftest import LEAST, TICKETS, MakeSystem, System, state, told
from tests.support.desk import new_ticket, persona, ticket_after


@pytest.fixture
def path(desk: Desk) -> str:
    """A ticket that the supplier has accepted."""
    return f"{TICKETS}/{ticket_after(desk, 'accept_at_supplier').number}"


def kinds(desk: Desk, path: str, who: str = "it_service_manager") -> list[str]:
    with desk.reading() as connection:
        ticket_id, *_ = find_ticket(connection, persona(desk, who), path.rpartition("/")[2])
        return [event.kind for event in events_of(connection, ticket_id)]


def test_each_move_that_a_supplier_has(desk: Desk, supplier: System) -> None:
    path = f"{TICKETS}/{ticket_after(desk, 'order_from_supplier').number}"
    seen = [told(supplier.patch(path, {"status": "inProgress"}))["status"]]
    seen.append(told(supplier.patch(path, {"status": "pending", "statusChangeReason": "Sedan när?"}))["status"])
    seen.append(told(supplier.patch(path, {"status": "inProgress", "statusChangeReason": "Loggen."}))["status"])
    seen.append(told(supplier.patch(path, {"status": "resolved", "statusChangeReason": "Bytt."}))["status"])
    assert seen == ["inProgress", "pending", "inProgress", "resolved"]
    assert kinds(desk, path)[-4:] == ["TicketAccepted", "QuestionAsked", "WorkResumed", "TicketResolved"]
    assert state(desk, path.rpartition("/")[2]).resolution_code == "solved"


def test_rejected_returns_the_ticket(desk: Desk, supplier: System, path: str) -> None:
    ticket = told(supplier.patch(path, {"status": "rejected", "statusChangeReason": "Felet är inte vårt."}))
    assert ticket["status"] == "inProgress", "others are at it again"
    assert state(desk, path.rpartition("/")[2]).holder.tier is Tier.JOINT
    assert kinds(desk, path)[-1] == "TicketReturned"


def test_how_it_was_resolved_can_be_said(desk: Desk, supplier: System, path: str) -> None:
    solved = {"status": "resolved", "statusChangeReason": "Bytt.", "resolutionCode": "software_fix"}
    told(supplier.patch(path, solved))
    assert state(desk, path.rpartition("/")[2]).resolution_code == "software_fix"


def test_the_same_status_again_is_no_move(desk: Desk, supplier: System, path: str) -> None:
    before = kinds(desk, path)
    ticket = told(supplier.get(path))
    assert told(supplier.patch(path, {"status": "inProgress"})) == ticket
    assert told(supplier.patch(path, {})) == ticket
    assert told(supplier.patch(path, {"status": "inProgress", "priority": "Low", "name": ticket["name"]})) == ticket
    assert kinds(desk, path) == before


@pytest.mark.parametrize("status", ["acknowledged", "held", "cancelled", "closed"])
def test_a_move_that_the_workflow_refuses_says_what_is_possible(
    desk: Desk, supplier: System, path: str, status: str
) -> None:
    before = kinds(desk, path)
    fault = told(supplier.patch(path, {"status": status, "statusChangeReason": "Så ska det vara."}), 409)
    assert fault["message"] == "It is inProgress. A PATCH of status can make it: rejected, pending, resolved."
    assert kinds(desk, path) == before


def test_what_is_said_to_be_possible_is(desk: Desk, supplier: System) -> None:
    for status in ("pending", "rejected", "resolved"):
        path = f"{TICKETS}/{ticket_after(desk, 'accept_at_supplier').number}"
        told(supplier.patch(path, {"status": status, "statusChangeReason": "Därför."}))


def test_a_ticket_in_other_hands_can_be_read_and_not_moved(desk: Desk, supplier: System) -> None:
    path = f"{TICKETS}/{ticket_after(desk, 'verify').number}"
    fault = told(supplier.patch(path, {"status": "inProgress"}), 409)
    assert fault["message"] == "It is resolved, and a PATCH can make it nothing else now."
    told(supplier.patch(path, {"note": [{"text": "En sak till."}]}), 409)


def test_a_step_that_needs_words_says_so(desk: Desk, supplier: System, path: str) -> None:
    for status in ("pending", "rejected", "resolved"):
        fault = told(supplier.patch(path, {"status": status}), 400)
        assert "statusChangeReason:" in fault["message"]


def test_the_same_words_again_belong_to_the_next_move(supplier: System, path: str) -> None:
    for status in ("pending", "inProgress", "resolved"):
        told(supplier.patch(path, {"status": status, "statusChangeReason": "Samma ord."}))


def test_a_note_beside_a_move_says_what_the_step_asks_for(desk: Desk, supplier: System, path: str) -> None:
    notes = [{"text": "Vi ser det."}, {"text": "Sedan när?"}]
    ticket = told(supplier.patch(path, {"status": "pending", "note": notes}))
    assert [(each["@type"], each["text"]) for each in ticket["note"]] == [
        ("Note", "Vi ser det."),
        ("Question", "Sedan när?"),
    ]


def test_words_that_a_step_has_no_room_for_stay_as_a_note(desk: Desk, supplier: System) -> None:
    path = f"{TICKETS}/{ticket_after(desk, 'order_from_supplier').number}"
    ticket = told(supplier.patch(path, {"status": "inProgress", "statusChangeReason": "Vi tar det."}))
    assert (ticket["status"], [each["text"] for each in ticket["note"]]) == ("inProgress", ["Vi tar det."])


def test_all_of_a_patch_happens_or_nothing(desk: Desk, supplier: System, path: str) -> None:
    before = kinds(desk, path)
    asked = {"note": [{"text": "Vi tar det."}], "status": "held", "attachment": [{"content": "aGVq"}]}
    told(supplier.patch(path, asked), 409)
    told(supplier.patch(path, {**asked, "status": "resolved", "resolutionCode": "magic"}), 400)
    assert kinds(desk, path) == before


def test_notes_and_files_are_added_and_never_removed(desk: Desk, supplier: System, path: str) -> None:
    first = told(supplier.patch(path, {"note": [{"text": "Ett."}]}))["note"]
    ticket = told(supplier.patch(path, {"note": [*first, {"text": "Två.", "author": "Någon annan"}]}))
    assert [each["text"] for each in ticket["note"]] == ["Ett.", "Två."]
    assert {each["author"] for each in ticket["note"]} == {"Provsystem"}
    ticket = told(supplier.patch(path, {"attachment": [{"name": "a.txt", "content": "aGVq"}]}))
    ticket = told(supplier.patch(path, {"attachment": [*ticket["attachment"], {"name": "b.txt", "content": "aGVq"}]}))
    assert [each["name"] for each in ticket["attachment"]] == ["a.txt", "b.txt"]
    kept = told(supplier.patch(path, {"note": [], "attachment": []}))
    assert kept == ticket
    for removed in ({"note": None}, {"attachment": None}, {"status": None}, {"severity": None}):
        told(supplier.patch(path, removed), 400)
    for changed in ([{**first[0], "text": "Annat."}], [{"id": "99-body", "text": "?"}], [{"id": 7, "text": "?"}]):
        told(supplier.patch(path, {"note": changed}), 400)
    assert told(supplier.get(path)) == ticket


def test_what_the_server_sets_is_not_patchable(supplier: System, path: str) -> None:
    ticket = told(supplier.get(path))
    for name in ("id", "href", "creationDate", "lastUpdate", "statusChange", "statusChangeDate"):
        for value in (ticket[name], "x", None):
            assert f"{name}:" in told(supplier.patch(path, {name: value}), 400)["message"]


def test_the_record_is_not_rewritten(desk: Desk, supplier: System, lulea: System, path: str) -> None:
    fixed = ("description", "name", "ticketType", "relatedEntity", "relatedParty", "expectedResolutionDate")
    for system in (supplier, lulea):
        ticket = told(system.get(path))
        told(system.patch(path, {name: ticket[name] for name in fixed}))
        for name in fixed:
            assert f"{name}:" in told(system.patch(path, {name: "något annat"}), 400)["message"]
        assert told(system.get(path)) == ticket


def test_unknown_attributes_are_left_alone(supplier: System, path: str) -> None:
    ticket = told(supplier.get(path))
    assert (
        told(supplier.patch(path, {"unheardOf": 7, "@schemaLocation": "x", "requestedResolutionDate": "x"})) == ticket
    )


def test_priority_is_for_those_who_may_change_it(supplier: System, path: str) -> None:
    for asked in ({"severity": "Critical"}, {"priority": "High"}):
        fault = told(supplier.patch(path, {**asked, "statusChangeReason": "Det är värre än så."}), 409)
        assert fault["code"] == "not_yours"


@pytest.mark.parametrize("body", [{"status": 7}, {"status": "unheard"}, {"note": {}}, {"severity": "Terrible"}])
def test_what_cannot_be_read_is_400(supplier: System, path: str, body: dict[str, Any]) -> None:
    told(supplier.patch(path, body), 400)


def test_each_side_keeps_its_own_reference(supplier: System, lulea: System, path: str) -> None:
    assert told(supplier.patch(path, {"externalId": "INC-1"}))["externalId"] == "INC-1"
    assert "externalId" not in told(lulea.get(path))
    assert told(lulea.patch(path, {"externalId": "KC 7"}))["externalId"] == "KC 7"
    for system, own, others in ((supplier, "INC-1", "KC 7"), (lulea, "KC 7", "INC-1")):
        found = system.get(f"{TICKETS}?externalId={own},nothing").json
        assert [each["externalId"] for each in found] == [own]  # type: ignore[union-attr]
        assert system.get(f"{TICKETS}?externalId={others}").json == []
    told(supplier.patch(path, {"externalId": "x" * 81}), 400)
    assert "externalId" not in told(supplier.patch(path, {"externalId": None}))
    assert told(lulea.get(path))["externalId"] == "KC 7"


def test_a_file_is_saved_from_where_its_href_leads(supplier: System, path: str) -> None:
    [file] = told(supplier.patch(path, {"attachment": [{"name": "a.txt", "content": "aGVq"}]}))["attachment"]
    client = supplier.app.test_client()
    saved = client.get(file["href"], headers={"Authorization": f"Bearer {supplier.token}"})
    assert (saved.status_code, saved.data) == (200, b"hej")
    assert saved.headers["Content-Disposition"].startswith("attachment")


def test_a_patch_without_a_body_is_400(supplier: System, path: str) -> None:
    told(supplier.call("PATCH", path), 400)


def test_a_merge_patch_may_say_that_it_is_one(supplier: System, path: str) -> None:
    body, kinds = b'{"note": [{"text": "Ett."}]}', ("application/merge-patch+json", "application/json;charset=utf-8")
    for count, kind in enumerate(kinds, start=1):
        assert len(told(supplier.call("PATCH", path, data=body, content_type=kind))["note"]) == count


def test_a_reader_changes_nothing(make_system: MakeSystem, path: str) -> None:
    reader = make_system(SUPPLIER, scopes=("tickets:read",))
    told(reader.patch(path, {"status": "resolved"}), 403)
    told(reader.delete(path), 403)


def test_a_client_that_knows_etags_may_use_them(supplier: System, path: str) -> None:
    read = supplier.get(path).headers["ETag"]
    told(supplier.patch(path, {"note": [{"text": "Ett."}]}, headers={"If-Match": read}))
    told(supplier.patch(path, {"note": [{"text": "Två."}]}, headers={"If-Match": read}), 412)
    told(supplier.patch(path, {"note": [{"text": "Två."}]}, headers={"If-Match": "seven"}), 400)


def test_a_patch_under_a_key_takes_effect_once_and_is_answered_as_then(supplier: System, path: str) -> None:
    keyed = {"headers": {"Idempotency-Key": "k"}}
    first = supplier.patch(path, {"note": [{"text": "Ett."}]}, **keyed)
    told(supplier.patch(path, {"status": "resolved", "statusChangeReason": "Bytt."}))
    stale = {"headers": {**keyed["headers"], "If-Match": '"1"'}}
    for again in (supplier.patch(path, {"note": [{"text": "Ett."}]}, **each) for each in (keyed, stale)):
        assert told(again) == told(first)
        assert again.headers["Idempotency-Replayed"] == "true"
    told(supplier.patch(path, {"note": [{"text": "Två."}]}, **keyed), 409)
    assert len(told(supplier.get(path))["note"]) == 2


def test_each_move_that_a_municipality_has(desk: Desk, lulea: System) -> None:
    number = ticket_after(desk, "accept_in_second_line").number
    path, second = f"{TICKETS}/{number}", persona(desk, "second_line_lulea")
    perform(desk, number, "ask_requester_from_second_line", actor=second, given={"question": "Var?"})
    assert told(lulea.get(path))["status"] == "pending"
    answered = told(lulea.patch(path, {"status": "inProgress", "statusChangeReason": "I köket."}))
    assert (answered["status"], answered["note"][-1]["@type"]) == ("inProgress", "Answer")
    perform(desk, number, "ask_first_line", actor=second, given={"question": "Ringde hon?"})
    asked = told(lulea.get(path))
    assert (asked["status"], asked["note"][-1]["text"]) == ("pending", "Ringde hon?")
    assert f'"id":"{number}"' in lulea.get(f"{TICKETS}?status=pending&fields=id").text.replace(" ", "")
    answered = told(lulea.patch(path, {"status": "inProgress", "statusChangeReason": "Ja, i morse."}))
    assert (answered["status"], answered["note"][-1]["text"]) == ("inProgress", "Ja, i morse.")
    fault = told(lulea.patch(path, {"status": "resolved", "statusChangeReason": "Nej."}), 409)
    assert fault["message"].startswith("It is inProgress")
    solved = {"solution": "Bytt.", "resolution_code": "solved"}
    perform(desk, number, "resolve_in_second_line", actor=second, given=solved)
    assert told(lulea.patch(path, {"status": "closed"}))["status"] == "closed"
    opened = told(lulea.patch(path, {"status": "inProgress", "statusChangeReason": "Det är tillbaka."}))
    assert (opened["status"], opened["statusChangeReason"]) == ("inProgress", "Det är tillbaka.")


def test_what_a_municipality_writes_stays_in_the_municipality(desk: Desk, supplier: System, lulea: System) -> None:
    path = f"{TICKETS}/{ticket_after(desk, 'accept_at_supplier').number}"
    asked = {"note": [{"text": "Hon ringde igen."}], "attachment": [{"name": "a.txt", "content": "aGVq"}]}
    ticket = told(lulea.patch(path, asked))
    assert ticket["note"][-1]["text"] == "Hon ringde igen."
    assert [each["name"] for each in ticket["attachment"]] == ["a.txt"]
    seen = supplier.get(path)
    assert "Hon ringde" not in seen.text and "a.txt" not in seen.text


def test_deleting_cancels_as_mistaken(desk: Desk, lulea: System) -> None:
    path = told(lulea.post(TICKETS, LEAST), 201)["href"].partition("/v4")[2]
    for _ in range(2):
        assert lulea.delete(path).status_code == 204
    ticket = told(lulea.get(path))
    assert (ticket["status"], ticket["description"]) == ("cancelled", LEAST["description"])
    assert state(desk, ticket["id"]).cancel_reason == "mistaken"
    assert kinds(desk, path, "first_line_lulea") == ["TicketLogged", "TicketCancelled"]


def test_a_ticket_that_others_work_on_is_not_deleted(desk: Desk, lulea: System) -> None:
    path = f"{TICKETS}/{ticket_after(desk, 'accept_at_supplier').number}"
    fault = told(lulea.delete(path), 409)
    assert fault["message"] == "It is inProgress, and a PATCH can make it nothing else now."


def test_deleting_never_removes_a_record(desk: Desk, supplier: System, path: str) -> None:
    before = told(supplier.get(path))
    fault = told(supplier.delete(path), 409)
    assert "A PATCH of status can make it" in fault["message"]
    assert told(supplier.get(path)) == before


def test_a_municipalitys_ticket_is_its_own_to_read(desk: Desk, lulea: System, make_system: MakeSystem) -> None:
    number = new_ticket(desk).number
    told(lulea.get(f"{TICKETS}/{number}"))
    told(make_system("pitea").get(f"{TICKETS}/{number}"), 404)
