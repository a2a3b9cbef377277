"""Examples for the reference of what has happened."""

from typing import Any

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
