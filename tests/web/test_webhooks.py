"""The IT service manager sees every webhook, is told when one is disabled, and can start it again."""

from servicedesk.actions.desk import Desk
from servicedesk.actions.webhooks import ping
from tests.actions.delivering import carry, deliveries, hook
from tests.support.receiver import Heard, Receiver, receiver
from tests.web.conftest import People


def test_one_that_was_disabled_is_told_of_seen_and_enabled_and_its_message_sent_again(
    person_at: People, desk: Desk
) -> None:
    status = [410]

    def answer(there: Receiver, heard: Heard) -> tuple[int, dict[str, str]]:
        return status[0], {}

    with receiver(answer) as there:
        who, new = hook(desk, there, description="Leverantörens eget system")
        ping(desk, new.id, actor=who)
        carry(desk)
        manager = person_at("it_service_manager")
        told = manager.get("/notices")
        assert "Aviseringar 1 oläst" in told.text and there.url in told.text
        manager.send("/notices")
        assert there.url not in manager.get("/notices").text
        assert "Leverantörens eget system" in manager.get("/webhooks").text
        here = f"/webhooks/{new.id}"
        page = manager.get(here)
        assert "mottagaren svarar att den inte finns längre" in page.text and "Den svarade 410." in page.text
        assert not page.has_form("/resends"), "not while it is disabled"
        status[0] = 204
        assert manager.send(here, "/enabling").location == here
        [delivery] = deliveries(desk, who, new.id)
        assert manager.send(here, "/resends").location == here
        carry(desk)
        assert there.ids == [delivery.message_id] * 2
        assert "Levererat" in manager.get(here).text


def test_to_everybody_else_there_are_no_such_pages(person_at: People, desk: Desk) -> None:
    with receiver() as there:
        _, new = hook(desk, there)
        for who in ("second_line_lulea", "supplier_technician", "system_owner"):
            visitor = person_at(who)
            assert [visitor.get(path).status for path in ("/webhooks", f"/webhooks/{new.id}")] == [404, 404]
