"""Every table, imported once so that the metadata is whole."""

from servicedesk.store import (
    access,
    attachments,
    batches,
    changes,
    clients,
    disruptions,
    drafts,
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
    "changes",
    "clients",
    "disruptions",
    "document",
    "drafts",
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
