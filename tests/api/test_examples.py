"""Every example of the reference does what it says: sent as it stands there, where it can be done, by who may."""

from typing import Any

import pytest
from flask import Flask

from servicedesk.actions.desk import Desk
from servicedesk.actions.steps import perform
from tests.api.conftest import Caller, MakeCaller
from tests.support.desk import persona, ticket_after

SUPPLIERS = {
    "acknowledgements": "order_from_supplier",
    "information-requests": "accept_at_supplier",
    "solutions": "accept_at_supplier",
    "returns": "accept_at_supplier",
    "resumptions": "ask_joint",
    "notes": "accept_at_supplier",
    "updates": "accept_at_supplier",
}
MUNICIPALITIES = {
    "answers": "ask_requester_from_first_line",
    "confirmations": "resolve_in_second_line",
    "reopenings": "confirm",
    "cancellations": "take",
    "replies": "take",
}
ASKING = {"ask_joint": ("supplier_technician", "accept_at_supplier"),
          "ask_requester_from_first_line": ("first_line_lulea", "take")}  # fmt: skip
# Kept for people by every shipped process: tests/api/test_every_step.py gives them to a system.
OF_OTHER_PROCESSES = {
    "handovers", "waits", "takeovers", "verifications", "rejections", "recalls", "closures", "steps",
}  # fmt: skip
Operations = dict[str, dict[str, Any]]


@pytest.fixture
def posts(app: Flask) -> Operations:
    """Last part of the address -> the POST, for what is done to a ticket."""
    document: dict[str, Any] = app.test_client().get("/api/openapi.json").json  # type: ignore[assignment]
    return {
        path.rsplit("/", 1)[1]: item["post"]
        for path, item in document["paths"].items()
        if path.startswith("/api/v1/tickets/") and "post" in item
    }


def example_of(operation: dict[str, Any]) -> Any:
    [content] = operation["requestBody"]["content"].values()
    return content["example"]


def ticket_for(desk: Desk, last: str) -> str:
    if last not in ASKING:
        return ticket_after(desk, last).number
    who, before = ASKING[last]
    number = ticket_after(desk, before).number
    perform(desk, number, last, actor=persona(desk, who), given={"question": "Vilken?"})
    return number


def test_every_act_does_its_example(desk: Desk, supplier: Caller, make_caller: MakeCaller, posts: Operations) -> None:
    assert posts.keys() - {"attachments"} == SUPPLIERS.keys() | MUNICIPALITIES.keys() | OF_OTHER_PROCESSES
    lulea = make_caller("lulea")
    for caller, acts in ((supplier, SUPPLIERS), (lulea, MUNICIPALITIES)):
        for name, last in acts.items():
            number = ticket_for(desk, last)
            done = caller.post(f"/api/v1/tickets/{number}/{name}", example_of(posts[name]))
            assert done.status_code == 200, (name, done.text)
            described = posts[name]["responses"]["200"]["content"]["application/json"]["example"]
            assert done.json.keys() == described.keys()  # type: ignore[union-attr]
    for name in OF_OTHER_PROCESSES:
        number = ticket_after(desk, "accept_at_supplier").number
        refused = supplier.post(f"/api/v1/tickets/{number}/{name}", example_of(posts[name]))
        assert refused.status_code == 409, (name, refused.text)


def test_every_read_shows_what_its_example_has(app: Flask, desk: Desk, supplier: Caller, posts: Operations) -> None:
    number = ticket_after(desk, "accept_at_supplier").number
    file = posts["attachments"]
    headers = {each["name"]: each["example"] for each in file["parameters"] if each["name"] == "Content-Digest"}
    made = supplier.send(
        f"/api/v1/tickets/{number}/attachments?name=sign-in.log",
        example_of(file).encode(),
        "application/octet-stream",
        **{name.replace("-", "_"): value for name, value in headers.items()},
    )
    told = file["responses"]["201"]["content"]["application/json"]["example"]
    volatile = ("id", "href", "added_at")
    assert {k: v for k, v in made.json.items() if k not in volatile} == {  # type: ignore[union-attr]
        k: v for k, v in told.items() if k not in volatile
    }
    document: dict[str, Any] = app.test_client().get("/api/openapi.json").json  # type: ignore[assignment]
    reads = {path: item["get"] for path, item in document["paths"].items() if "get" in item}
    for path in (each for each in reads if each.startswith("/api/v1/tickets")):
        content = reads[path]["responses"]["200"]["content"].get("application/json")
        if content is None:
            continue
        got: dict[str, Any] = supplier.get(path.replace("{number}", number)).json  # type: ignore[assignment]
        assert_alike(got, content["example"], path)
    put = document["paths"]["/api/v1/tickets/{number}/reference"]["put"]
    assert supplier.put(f"/api/v1/tickets/{number}/reference", example_of(put)).status_code == 200


def assert_alike(got: Any, example: Any, where: str) -> None:
    """The same names all the way down; of lists, the first items."""
    if isinstance(example, dict) and isinstance(got, dict) and where.rsplit(".", 1)[-1] != "texts":
        assert got.keys() == example.keys(), where
        for name, value in example.items():
            assert_alike(got[name], value, f"{where}.{name}")
    elif isinstance(example, list) and isinstance(got, list) and example and got:
        assert_alike(got[0], example[0], where)
