"""Webhooks are delivered: signed, in order per ticket, by the schedule, and to those who may know."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from servicedesk.actions import webhooks as actions
from servicedesk.actions.changes import move_municipality
from servicedesk.actions.delivering import forget_delivered
from servicedesk.actions.desk import Desk
from servicedesk.actions.sequencing import sequence
from servicedesk.core.errors import NotFound
from servicedesk.core.webhooks import ATTEMPTS, DELAYS
from servicedesk.store.webhooks import Delivery
from tests.actions.delivering import carry, deliveries, hook, shown, statuses, system
from tests.actions.life import do, wait
from tests.support.desk import new_ticket, persona, ticket_after
from tests.support.receiver import Heard, Receiver, receiver


def test_a_change_arrives_signed_and_says_no_more_than_the_feed(keyed: Desk) -> None:
    with receiver() as there:
        who, new = hook(keyed, there)
        number = ticket_after(keyed, "order_from_supplier").number
        carry(keyed)
        [heard] = there.heard
        assert heard.verified(new.secret) == {
            "type": "ticket.shared",
            "timestamp": "2026-03-02T08:00:00Z",
            "data": {
                "position": 1,
                "ticket": number,
                "href": f"/api/v1/tickets/{number}",
                "ordinal": 1,
                "own": False,
            },
        }
        [delivery] = deliveries(keyed, who, new.id)
        assert (delivery.state, delivery.attempts, delivery.response) == ("delivered", 1, 204)
        assert delivery.message_id == heard.headers["webhook-id"] and delivery.ticket == number


def test_only_the_types_that_were_asked_for_arrive_and_nothing_from_before(keyed: Desk) -> None:
    ticket_after(keyed, "order_from_supplier")
    wait(keyed, seconds=1)
    with receiver() as there:
        who, _ = hook(keyed, there, event_types=["ticket.acknowledged", "ticket.solved"])
        ticket_after(keyed, "propose_solution")
        carry(keyed)
        assert [heard.json["type"] for heard in there.heard] == ["ticket.acknowledged", "ticket.solved"]


def test_a_tickets_messages_wait_for_the_one_before_and_those_of_others_go_on(keyed: Desk) -> None:
    failing: set[str] = set()

    def answer(there: Receiver, heard: Heard) -> tuple[int, dict[str, str]]:
        return (503 if heard.json["data"]["ticket"] in failing else 200), {}

    with receiver(answer) as there:
        hook(keyed, there)
        stuck, other = (ticket_after(keyed, "order_from_supplier").number for _ in range(2))
        failing.add(stuck)
        for number in (stuck, other):
            do(keyed, number, "supplier_technician", "accept_at_supplier")
        carry(keyed)
        told = [(heard.json["data"]["ticket"], heard.json["type"]) for heard in there.heard]
        assert sorted(each for each in told if each[0] == other) == [
            (other, "ticket.acknowledged"),
            (other, "ticket.shared"),
        ]
        assert [each for each in told if each[0] == stuck] == [(stuck, "ticket.shared")]
        failing.clear()
        wait(keyed, seconds=6)
        carry(keyed)
        told = [(h.json["type"], h.headers["webhook-id"]) for h in there.heard if h.json["data"]["ticket"] == stuck]
        assert [kind for kind, _ in told] == ["ticket.shared", "ticket.shared", "ticket.acknowledged"]
        assert told[0] == told[1], "the same message has the same id"


def test_it_is_tried_by_the_schedule_and_then_given_up_and_what_comes_after_goes_on(keyed: Desk) -> None:
    with receiver(statuses(*[500] * ATTEMPTS)) as there:
        who, new = hook(keyed, there, event_types=["ticket.shared", "ticket.acknowledged"])
        number = ticket_after(keyed, "order_from_supplier").number
        carry(keyed)
        do(keyed, number, "supplier_technician", "accept_at_supplier")
        for attempts, delay in enumerate(DELAYS, start=1):
            first = deliveries(keyed, who, new.id)[0]
            assert (first.attempts, first.response, first.state) == (attempts, 500, "waiting")
            assert first.next_at is not None
            assert timedelta(seconds=-2) <= first.next_at - keyed.clock.now() - delay <= delay * 0.1
            wait(keyed, seconds=delay.total_seconds() - 1)
            carry(keyed)
            assert len(there.heard) == attempts, "not before its time"
            wait(keyed, seconds=delay.total_seconds() * 0.1 + 2)
            carry(keyed)
        given_up, after = deliveries(keyed, who, new.id)
        assert (given_up.state, given_up.attempts, given_up.next_at) == ("failed", ATTEMPTS, None)
        carry(keyed)
        assert deliveries(keyed, who, new.id)[1].state == "delivered"
        assert shown(keyed, who, new.id).failed == 1 and after.event_type == "ticket.acknowledged"


def test_what_was_given_up_is_sent_again_when_it_is_asked_for_under_the_same_id(keyed: Desk) -> None:
    with receiver() as there:
        who, new = hook(keyed, there)
        ticket_after(keyed, "order_from_supplier")
        carry(keyed)
        [first] = deliveries(keyed, who, new.id)
        actions.resend(keyed, new.id, first.id, actor=who)
        carry(keyed)
        assert there.ids == [first.message_id] * 2
        with pytest.raises(NotFound):
            actions.resend(keyed, new.id, first.id + 1, actor=who)
        with pytest.raises(NotFound):
            actions.resend(keyed, new.id, first.id, actor=system(keyed, "leverantor-arkiv"))


def test_who_says_when_to_come_back_is_left_alone_until_then(keyed: Desk) -> None:
    with receiver(lambda there, heard: (429, {"Retry-After": "600"})) as there:
        who, new = hook(keyed, there)
        actions.ping(keyed, new.id, actor=who)
        carry(keyed)
        [delivery] = deliveries(keyed, who, new.id)
        assert delivery.next_at == keyed.clock.now() + timedelta(minutes=10)


def test_for_a_day_after_a_rotation_both_secrets_sign(keyed: Desk) -> None:
    with receiver() as there:
        who, new = hook(keyed, there)
        actions.rotate_secret(keyed, new.id, actor=who)
        second = actions.secret_of(keyed, new.id, actor=who)
        actions.ping(keyed, new.id, actor=who)
        carry(keyed)
        for secret in (new.secret, second):
            assert there.heard[0].verified(secret)["type"] == "ping"
        wait(keyed, hours=25)
        actions.ping(keyed, new.id, actor=who)
        carry(keyed)
        assert there.heard[1].verified(second) and " " not in there.heard[1].headers["webhook-signature"]


def test_what_is_no_longer_theirs_to_see_when_it_is_sent_is_dropped(keyed: Desk) -> None:
    with receiver() as there:
        who, new = hook(keyed, there, "lulea")
        number = new_ticket(keyed).number
        sequence(keyed)
        move_municipality(keyed, number, "pitea", "Fel.", actor=persona(keyed, "first_line_lulea"))
        carry(keyed)
        assert [heard.json["type"] for heard in there.heard] == ["ticket.withdrawn"]
        assert [each.state for each in deliveries(keyed, who, new.id)] == ["dropped", "delivered"]
        assert [each.ticket for each in deliveries(keyed, who, new.id)] == [None, None]


def test_what_was_over_a_month_ago_is_forgotten(keyed: Desk) -> None:
    with receiver() as there:
        who, new = hook(keyed, there)
        actions.ping(keyed, new.id, actor=who)
        carry(keyed)
        assert forget_delivered(keyed) == 0
        wait(keyed, days=30)
        assert forget_delivered(keyed) == 1
        actions.delete_webhook(keyed, new.id, actor=who)
        with keyed.reading() as connection:
            assert connection.execute(select(func.count()).select_from(Delivery)).scalar() == 0
