"""Schedulers that die, share the work, or meet a receiver that hangs: each message goes on its way once at a time."""

from functools import partial
from time import monotonic

from servicedesk.actions import webhooks as actions
from servicedesk.actions.delivering import AT_ONCE, LEASE, exchange
from servicedesk.actions.desk import Desk
from servicedesk.scheduler.deliveries import PLACES, PostOffice
from tests.actions.delivering import PATIENCE, carry, deliveries, hook, post_from
from tests.actions.life import wait
from tests.support.receiver import Heard, Receiver, receiver


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
        offices = [PostOffice(either_desk, partial(post_from, either_desk, PATIENCE)) for _ in range(2)]
        end = monotonic() + PATIENCE
        while len(there.heard) < 6 and monotonic() < end:
            for office in offices:
                office.run()
        for office in offices:
            office.close()
        assert len(there.ids) == len(set(there.ids)) == 6


def test_a_receiver_that_hangs_holds_up_no_other_and_not_the_scheduler(keyed: Desk) -> None:
    def hang(there: Receiver, heard: Heard) -> None:
        there.closing.wait()

    with receiver(hang) as hanging, receiver() as there:
        who, stuck = hook(keyed, hanging)
        _, new = hook(keyed, there)
        for _ in range(3 * PLACES):
            actions.ping(keyed, stuck.id, actor=who)
        for _ in range(3):
            actions.ping(keyed, new.id, actor=who)
        office = PostOffice(keyed, partial(post_from, keyed, 10 * PATIENCE))
        began = monotonic()
        while len(there.heard) < 3:
            office.run()
            assert monotonic() - began < PATIENCE
        assert office.on_their_way == {stuck.id: AT_ONCE}
        began = monotonic()
        office.close()
        assert monotonic() - began < PATIENCE
