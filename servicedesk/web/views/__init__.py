"""The pages, one module a noun. Importing it gives the blueprint its routes."""

from servicedesk.web.views import (
    attachments,
    changes,
    corrections,
    entries,
    management,
    new,
    notices,
    queue,
    search,
    settings,
    sign_in,
    steps,
    tickets,
    triage,
    what_if,
    workflows,
)

ROUTES = (
    attachments,
    changes,
    corrections,
    entries,
    management,
    new,
    notices,
    queue,
    search,
    settings,
    sign_in,
    steps,
    tickets,
    triage,
    what_if,
    workflows,
)
