"""The pages, one module a noun. Importing it gives the blueprint its routes."""

from servicedesk.web.views import (
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
