"""Examples for the reference of what has happened."""

from typing import Any

RESTORED: dict[str, Any] = {
    "type": "/api/problems/feed_restored",
    "title": "The service desk was restored from a backup",
    "status": 409,
    "detail": "The service desk was restored from a backup 2026-03-02T06:30:00Z, and what came after that backup was "
    "made is gone. Read all your tickets again, then go on with after=5207400001029.",
    "code": "feed_restored",
    "request_id": "8d3f0b6e2c9a4417b1f5d2a7c3e90846",
    "last": 5207400001029,
    "restored_at": "2026-03-02T06:30:00Z",
}
FEED: dict[str, Any] = {
    "changes": [
        {
            "position": 1041,
            "type": "ticket.shared",
            "at": "2026-03-02T08:14:00Z",
            "ticket": "2026-00123",
            "href": "/api/v1/tickets/2026-00123",
            "ordinal": 1,
            "own": False,
        },
        {
            "position": 1042,
            "type": "ticket.acknowledged",
            "at": "2026-03-02T08:20:00Z",
            "ticket": "2026-00123",
            "href": "/api/v1/tickets/2026-00123",
            "ordinal": 2,
            "own": True,
        },
    ],
    "after": 1042,
    "last": 1042,
    "more": False,
}
