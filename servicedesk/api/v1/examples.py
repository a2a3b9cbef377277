"""Examples for the reference: one ticket on its way, all of it made up."""

from typing import Any

NEW_TICKET: dict[str, str] = {
    "subject": "The drawing cannot be uploaded",
    "service": "e-tjansteplattform",
    "description": "A PDF of 18 MB is refused at the last step of the building permit.",
    "e_service": "lulea-bygglov",
    "requester_name": "Anna Exempel",
    "requester_contact": "anna.exempel@brev.example",
    "language": "en",
    "platform_case": "437512",
    "reference": "KC-20260302-118",
    "impact": "low",
    "urgency": "medium",
}
GIVEN: dict[str, dict[str, str]] = {
    "acknowledgements": {},
    "information-requests": {"question": "Since when does it happen, and for how many of those who sign in?"},
    "answers": {"answer": "Since eight o'clock, for everybody who signs in with a foreign e-ID."},
    "solutions": {
        "solution": "The certificate of the sign-in service had expired. A new one is in place.",
        "resolution_code": "software_fix",
    },
    "returns": {"reason": "The fault is in the municipality's own federation, which we do not run."},
    "handovers": {
        "team": "leverantor-plattform-drift",
        "reason": "It is about the operation.",
        "tried": "Restarted the service.",
    },
    "resumptions": {"reason": "We found the answer in our own log."},
    "waits": {"reason": "The new version comes on Monday.", "until": "2026-03-09T08:00:00Z"},
    "takeovers": {},
    "verifications": {"tried": "Signed in from two browsers."},
    "rejections": {"reason": "It still happens with a foreign e-ID."},
    "recalls": {"reason": "We have heard nothing."},
    "confirmations": {},
    "reopenings": {"reason": "It is there again since this morning."},
    "cancellations": {"cancel_reason": "mistaken", "reason": "It was a test."},
    "closures": {"reason": "Nobody has answered."},
    "steps": {"reason": "We go on ourselves."},
    "notes": {"body": "The log of the sign-in service is attached."},
    "updates": {"body": "We have found the fault and expect to be ready this afternoon."},
    "replies": {"body": "The supplier expects to be ready this afternoon. We will tell you."},
}

LINE: dict[str, Any] = {
    "number": "2026-000017",
    "href": "/api/v1/tickets/2026-000017",
    "reference": "INC0012345",
    "title": "Signing in gives error 500 since eight o'clock.",
    "service": {"key": "e-tjansteplattform", "name": "E-tjänsteplattformen"},
    "municipality": {"key": "lulea", "name": "Luleå kommun"},
    "priority": 2,
    "state": {
        "category": "active",
        "tmf_status": "inProgress",
        "label": {"sv": "Pågår hos leverantören", "en": "In progress at the supplier"},
    },
    "holder": {
        "tier": "supplier",
        "organisation": {"key": "leverantor-plattform", "name": "Exempelleverantören Plattform"},
    },
    "opened_at": "2026-03-02T08:00:00Z",
    "updated_at": "2026-03-02T09:20:00Z",
    "due_at": "2026-03-02T16:30:00Z",
}
PAGE = {"tickets": [LINE]}
TICKET: dict[str, Any] = {
    **{name: value for name, value in LINE.items() if name != "due_at"},
    "description": "Signing in gives error 500 since eight o'clock.\nIt happens in every browser.",
    "handed_over_at": "2026-03-02T09:10:00Z",
    "clocks": [
        {
            "metric": "contract",
            "started_at": "2026-03-02T09:10:00Z",
            "state": "run",
            "target_seconds": 28800,
            "spent_seconds": 1800,
            "grace_seconds": 0,
            "due_at": "2026-03-02T16:30:00Z",
            "outcome": "open",
        }
    ],
    "version": 7,
}
LOGGED: dict[str, Any] = {
    **TICKET,
    "reference": NEW_TICKET["reference"],
    "title": NEW_TICKET["subject"],
    "description": NEW_TICKET["description"],
    "priority": 4,
    "state": {
        "category": "new",
        "tmf_status": "acknowledged",
        "label": {"sv": "Nytt hos första linjen", "en": "New at first line"},
    },
    "holder": {"tier": "first_line", "organisation": {"key": "lulea", "name": "Luleå kommun"}},
    "handed_over_at": None,
    "updated_at": "2026-03-02T08:00:00Z",
    "clocks": [
        {
            "metric": "resolution",
            "started_at": "2026-03-02T08:00:00Z",
            "state": "run",
            "target_seconds": 288000,
            "spent_seconds": 0,
            "grace_seconds": 0,
            "due_at": "2026-03-13T15:00:00Z",
            "outcome": "open",
        }
    ],
    "version": 1,
}
ENTRY: dict[str, Any] = {
    "position": 1,
    "kind": "TicketHandedOver",
    "at": "2026-03-02T09:10:00Z",
    "party": "customer",
    "name": None,
    "readers": "supplier",
    "texts": {"description": "Signing in gives error 500 since eight o'clock.\nIt happens in every browser."},
    "resolution_code": None,
    "priority": None,
    "reference": None,
    "clock": None,
    "share": None,
    "file": None,
    "correction": False,
    "corrects": None,
}
TIMELINE = {"entries": [ENTRY]}
ACTIONS = {
    "actions": [
        {
            "verb": "ask",
            "step": "ask_joint",
            "label": {"sv": "Ställ en fråga till förvaltningsledare IT", "en": "Ask the IT service manager"},
            "method": "POST",
            "href": "/api/v1/tickets/2026-000017/information-requests",
            "fields": [{"name": "question", "required": True, "format": "text", "choices": None, "longest": 20000}],
            "possible": True,
            "reason": None,
        }
    ],
    "version": 7,
}
FILE = "2026-03-02 08:00:14 sign-in: certificate expired\n"
CONTENT_DIGEST = "sha-256=:ClNfaachJ1cqEkAe3Mo5ocmr+VcKltap8lYxTgovR30=:"
ATTACHMENT: dict[str, Any] = {
    "id": 9,
    "href": "/api/v1/tickets/2026-000017/attachments/9",
    "name": "sign-in.log",
    "media_type": "text/plain",
    "size": 49,
    "sha256": "0a535f69a72127572a12401edcca39a1c9abf9570a96d6a9f256314e0a2f477d",
    "added_at": "2026-03-02T09:20:00Z",
    "readers": "supplier",
}
ATTACHMENTS = {"attachments": [ATTACHMENT]}
REFERENCE = {"reference": "INC0012345"}
KIND = {
    "code": "conflict",
    "status": 412,
    "title": "The ticket has changed",
    "remedy": "Read the ticket again, decide, and send the new ETag.",
}
