"""Examples for the reference of webhooks."""

from typing import Any

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="
GIVEN: dict[str, Any] = {
    "url": "https://desk.supplier.example/servicedesk",
    "event_types": ["ticket.shared", "ticket.information_given", "ticket.closed"],
    "description": "Our own desk",
}
WEBHOOK: dict[str, Any] = {
    "id": 3,
    **GIVEN,
    "enabled": True,
    "why": "",
    "failures": 0,
    "failing_since": None,
    "disabled_at": None,
    "created_at": "2026-03-02T08:00:00Z",
    "waiting": 0,
    "failed": 0,
}
DELIVERY: dict[str, Any] = {
    "id": 1204,
    "message_id": "msg_5d1f0c9e7a2b4e6f8a1c3d5e7f90b2a4",
    "event_type": "ticket.shared",
    "position": 1041,
    "ticket": "2026-00123",
    "state": "waiting",
    "attempts": 1,
    "response": 503,
    "failure": "It answered 503.",
    "failure_code": "answered",
    "made_at": "2026-03-02T08:14:01Z",
    "tried_at": "2026-03-02T08:14:02Z",
    "next_at": "2026-03-02T08:14:07Z",
}
