"""What a supplier does not see leaves no gap in any number that it does see."""

import io

from servicedesk.actions.attachments import Upload
from servicedesk.actions.desk import Desk
from servicedesk.actions.entries import note
from servicedesk.actions.sequencing import sequence
from tests.actions.delivering import carry, hook
from tests.api.conftest import SUPPLIER, Caller, MakeCaller
from tests.support.desk import persona, ticket_after
from tests.support.receiver import receiver

V1, TMF = "/api/v1/tickets", "/tmf-api/troubleTicket/v4/troubleTicket"
ACTS: tuple[tuple[str, dict[str, str]], ...] = (
    ("acknowledgements", {}),
    ("notes", {"body": "Vi tittar på det."}),
    ("information-requests", {"question": "Sedan när?"}),
    ("resumptions", {"reason": "Vi fann det."}),
)


def worked_on(desk: Desk, supplier: Caller, hidden: int) -> str:
    """A ticket that the supplier has worked on, with so much done beside each of its acts that it does not see."""
    number = ticket_after(desk, "order_from_supplier").number
    for act, given in ACTS:
        for _ in range(hidden):
            files = [Upload("hemlig.txt", io.BytesIO(b"hemligt"))]
            note(desk, number, "Bara vi.", files=files, actor=persona(desk, "second_line_lulea"))
        assert supplier.post(f"{V1}/{number}/{act}", given).status_code == 200
        sent = supplier.send(f"{V1}/{number}/attachments?name={act}.txt", act.encode(), "application/octet-stream")
        assert sent.status_code == 201 and sent.headers["Location"].endswith(str(sent.json["id"]))  # type: ignore[index]
    return number


def everything(desk: Desk, supplier: Caller, number: str) -> list[str]:
    """All that both faces and the feed say of a ticket, with its number taken out, and the position in the feed."""
    sequence(desk)
    paths = [f"{V1}/{number}{part}" for part in ("", "/actions", "/timeline", "/attachments")] + [f"{TMF}/{number}"]
    answers = [supplier.get(path) for path in paths]
    feed = supplier.get("/api/v1/changes").json["changes"]  # type: ignore[index]
    told = [{**each, "position": 0} for each in feed if each["ticket"] == number]
    said = [answer.text + answer.headers.get("ETag", "") for answer in answers]
    return [each.replace(number, "N") for each in (*said, str(told))]


def test_two_tickets_that_differ_in_what_a_supplier_does_not_see_look_the_same_to_it(
    desk: Desk, supplier: Caller
) -> None:
    plain, busy = (worked_on(desk, supplier, hidden) for hidden in (0, 3))
    assert everything(desk, supplier, plain) == everything(desk, supplier, busy)


def test_a_message_says_which_version_of_the_ticket_it_is_about(desk: Desk, supplier: Caller) -> None:
    desk.secret = "a-key-for-tests-only"
    with receiver() as there:
        hook(desk, there, SUPPLIER)
        number = worked_on(desk, supplier, hidden=1)
        carry(desk)
        ordinals = [heard.json["data"]["ordinal"] for heard in there.heard]
    read = supplier.get(f"{V1}/{number}")
    assert ordinals == list(range(1, read.json["version"] + 1))  # type: ignore[index]
    assert read.headers["ETag"] == f'"{ordinals[-1]}"'


def test_a_file_is_read_by_what_each_system_calls_it(desk: Desk, supplier: Caller, make_caller: MakeCaller) -> None:
    number = worked_on(desk, supplier, hidden=2)
    for caller in (supplier, make_caller("lulea")):
        listed = caller.get(f"{V1}/{number}/attachments").json["attachments"]  # type: ignore[index]
        shared = [each for each in listed if each["readers"] == "supplier"]
        assert [caller.get(each["href"]).text for each in shared] == [act for act, _ in ACTS]
