"""What a client of the API may do, and what a system of each kind of organisation can be allowed at most."""

from servicedesk.core.facts import Installation
from servicedesk.core.vocabulary import OrganisationKind

READ = "tickets:read"
ACT = "tickets:act"
LOG = "tickets:log"
FOLLOW = "changes:read"
HOOKS = "webhooks:manage"
SCOPES = (READ, ACT, LOG, FOLLOW, HOOKS)
SCOPES_OF = {OrganisationKind.SUPPLIER: (READ, ACT, FOLLOW, HOOKS), OrganisationKind.MUNICIPALITY: SCOPES}


def scopes_of(installation: Installation, organisation: str) -> tuple[str, ...]:
    """What a client of this organisation can be allowed; every scope while nobody knows the organisation."""
    found = installation.organisations.get(organisation)
    return SCOPES_OF.get(found.kind, SCOPES) if found else SCOPES
