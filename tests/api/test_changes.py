"""GET /changes: everything a client may see, in order, for ever."""

from collections.abc import Callable
from threading import Thread
from time import monotonic
from typing import Any

import pytest
from flask import Flask

from servicedesk.actions.changes import move_municipality
from servicedesk.actions.desk import Desk
from servicedesk.actions.erase import erase_texts
from servicedesk.actions.sequencing import sequence
from servicedesk.api.waiting import Found, Waiting
from servicedesk.core.facts import OPERATOR
from tests.actions.life import do
from tests.api.conftest import Caller, MakeCaller
from tests.support.desk import new_ticket, persona, ticket_after

CHANGES = "/api/v1/changes"
AWHILE = 300.0


def read(caller: Caller, query: str = "") -> dict[str, Any]:
    response = caller.get(f"{CHANGES}{query}")
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json  # type: ignore[assignment]
    return found


class Long(Waiting):
    """Who waits in it for nothing waits for far longer than a busy machine takes to answer."""

    def until(self, look: Callable[[], Found | None], seconds: float) -> tuple[Found | None, bool]:
        return super().until(look, AWHILE if seconds else 0)


def types(found: dict[str, Any]) -> list[str]:
    return [change["type"] for change in found["changes"]]


def test_a_supplier_is_told_what_it_may_see_and_reads_the_ticket_where_it_is(desk: Desk, supplier: Caller) -> None:
    number = ticket_after(desk, "order_from_supplier").number
    sequence(desk)
    supplier.post(f"/api/v1/tickets/{number}/acknowledgements")
    sequence(desk)
    found = read(supplier)
    assert types(found) == ["ticket.shared", "ticket.acknowledged"]
    assert found["changes"][1] == {
        "position": 2,
        "type": "ticket.acknowledged",
        "at": "2026-03-02T08:00:00Z",
        "ticket": number,
        "href": f"/api/v1/tickets/{number}",
        "ordinal": 2,
        "own": True,
    }
    assert {"after": 2, "last": 2, "more": False}.items() <= found.items()
    assert supplier.get(found["changes"][0]["href"]).status_code == 200


def test_a_client_that_was_away_for_a_month_loses_nothing_page_by_page(desk: Desk, make_caller: MakeCaller) -> None:
    lulea = make_caller("lulea")
    for _ in range(4):
        ticket_after(desk, "accept_at_supplier")
        sequence(desk)
    whole = read(lulea)["changes"]
    seen, after = [], 0
    while True:
        found = read(lulea, f"?after={after}&limit=5")
        seen += found["changes"]
        after = found["after"]
        if not found["more"]:
            break
    assert seen == whole and [change["position"] for change in whole] == list(range(1, 33))
    response = lulea.get(f"{CHANGES}?limit=5")
    assert response.headers["Link"] == '</api/v1/changes?after=5&limit=5>; rel="next"'
    assert read(lulea, f"?after={after}") == {"changes": [], "after": 32, "last": 32, "more": False}


def test_a_ticket_that_is_no_longer_theirs_is_passed_over_but_for_the_word_that_it_is_gone(
    desk: Desk, make_caller: MakeCaller
) -> None:
    lulea, pitea = make_caller("lulea"), make_caller("pitea")
    kept, moved = new_ticket(desk).number, new_ticket(desk).number
    move_municipality(desk, moved, "pitea", "Fel kommun.", actor=persona(desk, "first_line_lulea"))
    sequence(desk)
    found = read(lulea)
    assert [(each["ticket"], each["type"]) for each in found["changes"]] == [
        (kept, "ticket.logged"),
        (moved, "ticket.withdrawn"),
    ]
    assert [each["position"] for each in found["changes"]] == [1, 3]
    # A page of nothing but such still leads on.
    assert read(lulea, "?after=1&limit=1") == {"changes": [], "after": 2, "last": 3, "more": True}
    assert types(read(pitea)) == ["ticket.shared"]


def test_no_text_stands_in_the_feed_and_what_is_erased_is_gone_from_all_it_leads_to(
    desk: Desk, make_caller: MakeCaller
) -> None:
    lulea = make_caller("lulea")
    number = ticket_after(desk, "confirm").number
    erase_texts(desk, number, "Gallringsbeslut 7", actor=OPERATOR)
    sequence(desk)
    response = lulea.get(CHANGES)
    assert types(response.json)[-1] == "ticket.text_erased"  # type: ignore[arg-type]
    assert "logga in" not in response.text and "Exempel" not in response.text


def test_who_waits_is_answered_as_soon_as_there_is_something(app: Flask, desk: Desk, make_caller: MakeCaller) -> None:
    lulea, answers = make_caller("lulea"), []
    app.extensions["waiting"] = Long()
    waiting = Thread(target=lambda: answers.append(read(lulea, "?wait=15")))
    waiting.start()
    new_ticket(desk)
    sequence(desk)
    waiting.join(AWHILE / 2)
    assert types(answers[0]) == ["ticket.logged"]


def test_when_every_place_to_wait_is_taken_the_answer_comes_at_once_and_says_when_to_come_back(
    app: Flask, make_caller: MakeCaller
) -> None:
    lulea = make_caller("lulea")
    app.extensions["waiting"] = Long(places=0)
    began = monotonic()
    response = lulea.get(f"{CHANGES}?wait=20")
    assert response.status_code == 200 and response.json["changes"] == []  # type: ignore[index]
    assert response.headers["Retry-After"] == "5" and monotonic() - began < AWHILE / 2
    assert "Retry-After" not in lulea.get(CHANGES).headers


def test_waiting_ends_in_time_and_gives_its_place_back() -> None:
    waiting = Waiting(places=1)
    for _ in range(2):
        assert waiting.until(lambda: None, 0.01) == (None, True)


@pytest.mark.parametrize(
    "query",
    ["after=-1", "after=x", "after=1.5", "after=99999999999999999999", "limit=0", "limit=1001", "wait=21", "since=1"],
)
def test_what_cannot_be_asked_is_refused(supplier: Caller, query: str) -> None:
    response = supplier.get(f"{CHANGES}?{query}")
    assert response.status_code == 400 and response.json["code"] == "invalid_parameters"  # type: ignore[index]


def test_a_position_that_the_feed_has_not_come_to_is_refused_rather_than_waited_for(supplier: Caller) -> None:
    response = supplier.get(f"{CHANGES}?after=7&wait=20")
    assert response.status_code == 400
    assert "Your feed ends at 0" in response.json["errors"]["after"][0]  # type: ignore[index]


def test_a_token_needs_the_scope(make_caller: MakeCaller) -> None:
    response = make_caller(scopes=("tickets:read",)).get(CHANGES)
    assert response.status_code == 403 and response.json["code"] == "scope_missing"  # type: ignore[index]


def test_what_a_supplier_is_shown_never_changes_without_a_word(desk: Desk, supplier: Caller) -> None:
    """The ticket as it reads it, before and after each step of others: where it differs there is a change."""
    number = ticket_after(desk, "propose_solution").number
    sequence(desk)
    after = read(supplier)["last"]
    before = shown(supplier, number)
    for who, step in (
        ("it_service_manager", "verify"),
        ("second_line_lulea", "accept_in_second_line"),
        ("second_line_lulea", "resolve_in_second_line"),
        ("first_line_lulea", "confirm"),
        ("first_line_lulea", "reopen"),
    ):
        do(desk, number, who, step, **({"reason": "Felet är kvar."} if step == "reopen" else {}))
        sequence(desk)
        now, found = shown(supplier, number), read(supplier, f"?after={after}")
        assert (now != before) == bool(found["changes"]), step
        before, after = now, found["after"]
    assert types(read(supplier))[-3:] == ["ticket.solved", "ticket.closed", "ticket.reopened"]


def shown(supplier: Caller, number: str) -> dict[str, Any]:
    return {k: v for k, v in supplier.get(f"/api/v1/tickets/{number}").json.items() if k != "clocks"}  # type: ignore[union-attr]
