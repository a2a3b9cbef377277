"""Every table, imported once so that the metadata is whole."""

from servicedesk.store import (
    access,
    attachments,
    batches,
    call_drafts,
    changes,
    clients,
    disruptions,
    installation,
    journal,
    mails,
    majors,
    outbox,
    presence,
    requesters,
    requests,
    tickets,
    timers,
    views,
    webhooks,
)
from servicedesk.store.base import Base
from servicedesk.store.search import document

metadata = Base.metadata

__all__ = [
    "access",
    "attachments",
    "batches",
    "call_drafts",
    "changes",
    "clients",
    "disruptions",
    "document",
    "installation",
    "journal",
    "mails",
    "majors",
    "metadata",
    "outbox",
    "presence",
    "requesters",
    "requests",
    "tickets",
    "timers",
    "views",
    "webhooks",
]
