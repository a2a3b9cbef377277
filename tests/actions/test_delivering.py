"""Webhooks are delivered: signed, in order per ticket, by the schedule, to those who may know, and to nobody inside."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import func, select, update

from servicedesk.actions import webhooks as actions
from servicedesk.actions.changes import move_municipality
from servicedesk.actions.clients import resume_client, suspend_client
from servicedesk.actions.delivering import AT_ONCE, LEASE, Parcel, exchange, forget_delivered
from servicedesk.actions.desk import Desk
from servicedesk.actions.sequencing import sequence
from servicedesk.actions.tokens import create_token
from servicedesk.core.actors import client_actor
from servicedesk.core.errors import Invalid, NotFound, Refusal
from servicedesk.core.facts import OPERATOR, Actor
from servicedesk.core.webhooks import ATTEMPTS, DELAYS
from servicedesk.scheduler.deliveries import PLACES, PostOffice
from servicedesk.scheduler.posting import post
from servicedesk.store.outbox import DeskNotice
from servicedesk.store.queries.webhooks import ShownDelivery, ShownWebhook, list_deliveries, read_webhook
from servicedesk.store.webhooks import Delivery, Webhook
from tests.actions.life import do, wait
from tests.support.desk import new_ticket, persona, ticket_after
from tests.support.receiver import Heard, Receiver, receiver

SUPPLIER = "leverantor-plattform"


@pytest.fixture
def keyed(desk: Desk) -> Desk:
    desk.secret = "a-key-for-tests-only"
    return desk


def system(desk: Desk, organisation: str = SUPPLIER) -> Actor:
    made = create_token(desk, organisation, "Provsystem", actor=OPERATOR)
    with desk.reading() as connection:
        installation = desk.book(connection).installation
    return client_actor(made.client.key, "Provsystem", organisation, (), installation)


def hook(desk: Desk, there: Receiver, organisation: str = SUPPLIER, **given: Any) -> tuple[Actor, actions.NewWebhook]:
    desk.callable_inside |= {there.place}
    who = system(desk, organisation)
    return who, actions.create_webhook(desk, there.url, actor=who, **given)


def carry(desk: Desk, seconds: float = 15.0) -> None:
    """Tell what waits, and send until nothing is on its way that will end, or that is due."""
    sequence(desk)
    office = PostOffice(desk, partial(post_from, desk, seconds))
    end = monotonic() + 30
    while (office.run() or office.on_their_way) and monotonic() < end:
        pass


def post_from(desk: Desk, seconds: float, parcel: Parcel, timestamp: int) -> Any:
    return post(parcel, timestamp, allowed=desk.callable_inside, seconds=seconds)


def deliveries(desk: Desk, who: Actor, webhook: int, limit: int = 50) -> list[ShownDelivery]:
    with desk.reading() as connection:
        return list_deliveries(connection, who, webhook, limit=limit)[::-1]


def shown(desk: Desk, who: Actor, webhook: int) -> ShownWebhook:
    with desk.reading() as connection:
        return read_webhook(connection, who, webhook)


def statuses(*given: int, then: int = 204) -> Callable[..., tuple[int, dict[str, str]]]:
    """Answer with these in turn, and then with the last."""
    left = list(given)
    return lambda there, heard: (left.pop(0) if left else then, {})


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


def test_who_answers_that_it_is_gone_is_never_called_again_and_a_person_is_told(keyed: Desk) -> None:
    with receiver(statuses(410)) as there:
        who, new = hook(keyed, there)
        actions.ping(keyed, new.id, actor=who)
        carry(keyed)
        found = shown(keyed, who, new.id)
        assert (found.enabled, found.why) == (False, "gone")
        assert deliveries(keyed, who, new.id)[0].state == "failed"
        ticket_after(keyed, "order_from_supplier")
        carry(keyed)
        assert len(there.heard) == 1
        assert notices(keyed) == {
            ("e-namnden-forvaltningsledare-it", "webhook_gone", there.url),
            ("e-namnden-forvaltningsledare-it-2", "webhook_gone", there.url),
        }
        with pytest.raises(Refusal):
            actions.ping(keyed, new.id, actor=who)


def notices(desk: Desk) -> set[tuple[str, str, str]]:
    with desk.reading() as connection:
        rows = connection.execute(select(DeskNotice.person, DeskNotice.kind, DeskNotice.about)).all()
        return {(row.person, row.kind, row.about) for row in rows}


def test_who_is_down_for_a_day_gets_everything_in_order_when_it_is_back(keyed: Desk) -> None:
    down = [True]
    with receiver(lambda there, heard: (503 if down[0] else 200, {})) as there:
        who, new = hook(keyed, there, event_types=["ticket.shared", "ticket.acknowledged"])
        numbers = [ticket_after(keyed, "order_from_supplier").number for _ in range(4)]
        for hour in range(24):
            if hour == 3:
                for number in numbers:
                    do(keyed, number, "supplier_technician", "accept_at_supplier")
            wait(keyed, hours=1)
            carry(keyed)
        assert shown(keyed, who, new.id).enabled and shown(keyed, who, new.id).failing_since is not None
        down[0], before = False, len(there.heard)
        # Whatever comes through first brings the rest with it, long before its time.
        actions.ping(keyed, new.id, actor=who)
        carry(keyed)
        arrived = [heard.json for heard in there.heard[before:] if heard.json["type"] != "ping"]
        for number in numbers:
            its = [body["type"] for body in arrived if body["data"]["ticket"] == number]
            assert its == ["ticket.shared", "ticket.acknowledged"]
        assert (shown(keyed, who, new.id).waiting, shown(keyed, who, new.id).failures) == (0, 0)


def test_who_has_failed_for_five_days_is_disabled_and_can_be_enabled_again(keyed: Desk) -> None:
    status = [500]
    with receiver(lambda there, heard: (status[0], {})) as there:
        who, new = hook(keyed, there)
        for _ in range(6):
            assert shown(keyed, who, new.id).enabled
            ticket_after(keyed, "order_from_supplier")
            carry(keyed)
            wait(keyed, days=1)
        assert shown(keyed, who, new.id).why == "failing"
        assert {kind for _, kind, _ in notices(keyed)} == {"webhook_failing"}
        before, status[0] = len(there.heard), 200
        carry(keyed)
        assert len(there.heard) == before
        actions.change_webhook(keyed, new.id, actor=who, enabled=True)
        carry(keyed)
        assert len(there.heard) > before and shown(keyed, who, new.id).waiting == 0


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


def test_no_secret_stands_in_the_database_and_with_another_key_nothing_is_sent(keyed: Desk) -> None:
    with receiver() as there:
        who, new = hook(keyed, there)
        with keyed.reading() as connection:
            stored = connection.execute(select(Webhook.secret)).scalar_one()
        assert new.secret not in stored and new.secret.removeprefix("whsec_") not in stored
        keyed.secret = "another-key-altogether"
        actions.ping(keyed, new.id, actor=who)
        carry(keyed)
        assert there.heard == [] and shown(keyed, who, new.id).why == "no_key"
        actions.rotate_secret(keyed, new.id, actor=who)
        with keyed.transaction() as connection:
            connection.execute(update(Webhook).values(former_secret=""))
        actions.change_webhook(keyed, new.id, actor=who, enabled=True)
        carry(keyed)
        assert len(there.heard) == 1


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


def test_a_client_that_is_suspended_is_told_nothing_until_it_is_resumed(keyed: Desk) -> None:
    with receiver() as there:
        who, new = hook(keyed, there)
        actions.ping(keyed, new.id, actor=who)
        suspend_client(keyed, who.key, actor=OPERATOR)
        carry(keyed)
        assert there.heard == []
        resume_client(keyed, who.key, actor=OPERATOR)
        carry(keyed)
        assert len(there.heard) == 1


def test_whoever_dies_after_sending_sends_the_same_message_again(keyed: Desk) -> None:
    with receiver() as there:
        who, new = hook(keyed, there)
        actions.ping(keyed, new.id, actor=who)
        [parcel] = exchange(keyed, [], 1, {})
        post_from(keyed, 5, parcel, 0)
        carry(keyed)
        assert len(there.heard) == 1, "while the lease lasts it is theirs"
        wait(keyed, seconds=LEASE.total_seconds() + 1)
        carry(keyed)
        assert len(set(there.ids)) == 1 and len(there.ids) == 2
        assert deliveries(keyed, who, new.id)[0].state == "delivered"


def test_two_schedulers_at_once_claim_each_message_once(either_desk: Desk) -> None:
    either_desk.secret = "a-key-for-tests-only"
    with receiver() as there:
        who, new = hook(either_desk, there)
        for _ in range(6):
            actions.ping(either_desk, new.id, actor=who)
        offices = [PostOffice(either_desk, partial(post_from, either_desk, 15)) for _ in range(2)]
        end = monotonic() + 20
        while len(there.heard) < 6 and monotonic() < end:
            for office in offices:
                office.run()
        for office in offices:
            office.close()
        assert len(there.ids) == len(set(there.ids)) == 6


def test_a_receiver_that_hangs_holds_up_no_other_and_not_the_scheduler(keyed: Desk) -> None:
    def hang(there: Receiver, heard: Heard) -> None:
        there.closing.wait(30)

    with receiver(hang) as hanging, receiver() as there:
        who, stuck = hook(keyed, hanging)
        _, new = hook(keyed, there)
        for _ in range(3 * PLACES):
            actions.ping(keyed, stuck.id, actor=who)
        for _ in range(3):
            actions.ping(keyed, new.id, actor=who)
        office = PostOffice(keyed, partial(post_from, keyed, 20))
        began = monotonic()
        while len(there.heard) < 3:
            office.run()
            assert monotonic() - began < 10
        assert office.on_their_way == {stuck.id: AT_ONCE}
        began = monotonic()
        office.close()
        assert monotonic() - began < 5


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


INSIDE = [
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://10.0.0.1:8443/x",
    "https://169.254.169.254/latest/meta-data",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://localhost/",
    "https://[::ffff:127.0.0.1]/",
]


@pytest.mark.parametrize("url", [*INSIDE, "http://8.8.8.8/", "ftp://8.8.8.8/", "nonsense", ""])
def test_an_address_inside_or_without_tls_is_refused_when_it_is_given(keyed: Desk, url: str) -> None:
    with pytest.raises(Invalid) as refused:
        actions.create_webhook(keyed, url, actor=system(keyed))
    assert list(refused.value.fields) == ["url"]


def test_a_name_that_leads_inside_is_refused_when_it_is_given(keyed: Desk) -> None:
    who = system(keyed)
    resolve = {"inside.example": ["8.8.8.8", "10.0.0.7"], "outside.example": ["8.8.8.8"]}
    with pytest.raises(Invalid):
        actions.create_webhook(keyed, "https://inside.example/", actor=who, resolve=lambda host, port: resolve[host])
    assert actions.create_webhook(
        keyed, "https://outside.example/", actor=who, resolve=lambda host, port: resolve[host]
    ).id


def test_there_are_only_so_many_webhooks_of_an_organisation(keyed: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST", 1)
    with receiver() as there:
        hook(keyed, there)
        with pytest.raises(Refusal):
            hook(keyed, there)
