"""What the client takes for genuine is what the standard's own library does."""

import base64
import json
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook

from servicedesk.client.webhooks import NotGenuine, verify_webhook

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
BODY = json.dumps({"type": "ticket.updated", "timestamp": "2026-11-02T08:00:00Z", "data": {"title": "Åäö"}})


def signed(secret: str = SECRET, at: datetime = NOW, body: str = BODY) -> dict[str, str]:
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign("msg_1", at, body),
    }


def test_what_the_standards_library_signs_is_genuine() -> None:
    message = verify_webhook(BODY.encode(), signed(), [SECRET], now=NOW.timestamp())
    assert (message.id, message.type, message.data) == ("msg_1", "ticket.updated", {"title": "Åäö"})


@pytest.mark.parametrize("seconds", [-301, 301])
def test_what_is_old_or_from_the_future_is_not(seconds: int) -> None:
    with pytest.raises(NotGenuine, match="five minutes"):
        verify_webhook(BODY.encode(), signed(), [SECRET], now=NOW.timestamp() + seconds)


@pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_without_one_of_its_headers_it_is_not(missing: str) -> None:
    headers = {name: value for name, value in signed().items() if name != missing}
    with pytest.raises(NotGenuine):
        verify_webhook(BODY.encode(), headers, [SECRET], now=NOW.timestamp())


def test_either_secret_will_do_while_one_is_rotated() -> None:
    new = "whsec_" + base64.b64encode(b"n" * 32).decode()
    assert verify_webhook(BODY.encode(), signed(), [new, SECRET], now=NOW.timestamp()).id == "msg_1"
