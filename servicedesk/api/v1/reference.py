"""What the client's own system calls a ticket."""

from collections.abc import Mapping

from servicedesk.actions.references import give_reference
from servicedesk.actions.tokens import ACT
from servicedesk.api.clients import client, desk, requires
from servicedesk.api.document import IF_MATCH, etag_header, problems
from servicedesk.api.v1 import examples
from servicedesk.api.v1.acting import with_changes_told
from servicedesk.api.v1.blueprint import NUMBER_PARAMETER, TICKET, Systems
from servicedesk.api.v1.given import ReferenceGivenSchema
from servicedesk.api.v1.schemas import TicketSchema
from servicedesk.api.v1.telling import Answer, told

bp = Systems("reference", __name__, "What your own system calls a ticket.")


@bp.route(f"{TICKET}/reference", methods=["PUT"], parameters=[NUMBER_PARAMETER])
@requires(ACT)
@bp.doc(operationId="setReference", parameters=[IF_MATCH])
@bp.arguments(ReferenceGivenSchema, example=examples.REFERENCE)
@bp.response(200, TicketSchema, example=examples.TICKET, headers=etag_header())
@problems(bp, 400, 401, 403, 404, 409, 412, 413, 415, 422, 503)
def set_reference(given: Mapping[str, str], number: str) -> Answer:
    """Say what your own system calls a ticket.

    One reference for your organisation, kept in the ticket's history. You find the ticket by it: GET
    /tickets?reference=…. The same again changes nothing; an empty one takes it away.
    """
    with with_changes_told(number) as expected:
        return told(lambda: give_reference(desk(), number, given["reference"], actor=client(), expected=expected))
