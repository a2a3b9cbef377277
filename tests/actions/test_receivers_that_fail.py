"""A receiver that is gone, down or silent: it is left alone, its people are told, and nothing is lost meanwhile."""

import pytest
from sqlalchemy import select, update

from servicedesk.actions import webhooks as actions
from servicedesk.actions.clients import resume_client, suspend_client
from servicedesk.actions.desk import Desk
from servicedesk.core.errors import Refusal
from servicedesk.core.facts import OPERATOR
from servicedesk.store.outbox import DeskNotice
from servicedesk.store.webhooks import Webhook
from tests.actions.delivering import carry, deliveries, hook, shown, statuses
from tests.actions.life import do, wait
from tests.support.desk import ticket_after
from tests.support.receiver import receiver


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
