"""/api/v1/changes: everything that a client may see, in the order in which it became known."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import current_app
from marshmallow import Schema, fields, validate

from servicedesk.actions.tokens import FOLLOW
from servicedesk.api.clients import authenticate, client, desk, requires
from servicedesk.api.document import link_header, problems
from servicedesk.api.fields import Given, Moment, ProblemSchema, described
from servicedesk.api.problems import MEDIA_TYPE
from servicedesk.api.v1 import examples_changes as examples
from servicedesk.api.v1.blueprint import Systems
from servicedesk.api.v1.schemas import Address
from servicedesk.api.waiting import LONGEST, Waiting
from servicedesk.core.changes import TYPES
from servicedesk.core.errors import Invalid, Sentence
from servicedesk.store.queries.changes import Feed, read_feed

DEFAULT_LIMIT, LARGEST_LIMIT = 200, 1_000
# When every place to wait in is taken.
COME_BACK_SECONDS = 5
LARGEST_POSITION = 2**63 - 1
AFTER = "Send a position that you have got from the feed, or 0."
LIMIT = "Choose a whole number from 1 to 1000."
WAIT = "Choose a whole number from 0 to 20."
BEYOND = "Your feed ends at %(last)s. Send an after that you have got from it."

bp = Systems("changes", __name__, "What has happened, in order, for ever.")


class ChangeSchema(Schema):
    """Something that you are told of a ticket. What it is now you read at href, unless it has been withdrawn."""

    position = fields.Integer(required=True, metadata=described("One higher for each change in your feed; no other's"))
    type = fields.String(required=True, validate=validate.OneOf(list(TYPES)), metadata=described("What happened"))
    at = Moment(required=True)
    ticket = fields.String(required=True, metadata=described("Its number"))
    href = Address(dump_only=True, attribute="ticket")
    ordinal = fields.Integer(
        required=True, metadata=described("The how-manyth change of this ticket that you are told: 1, 2, 3, …")
    )
    own = fields.Boolean(required=True, metadata=described("Whether your own organisation did it"))


class FeedSchema(Schema):
    changes = fields.List(fields.Nested(ChangeSchema), required=True)
    after = fields.Integer(required=True, metadata=described("Send this as after next time: nothing is lost, ever"))
    last = fields.Integer(required=True, metadata=described("The newest position in your feed"))
    more = fields.Boolean(required=True, metadata=described("Whether more waits already"))


class FeedRestoredSchema(ProblemSchema):
    last = fields.Integer(required=True, metadata=described("Go on from here, once you have read your tickets again"))
    restored_at = Moment(required=True)


RESTORED: Any = {
    "schema": FeedRestoredSchema,
    "description": "The service desk was restored from a backup",
    "content_type": MEDIA_TYPE,
    "example": examples.RESTORED,
}


def whole(most: int, load_default: int, description: str, fault: str, least: int = 0) -> fields.Integer:
    said: Any = {"invalid": fault, "too_large": fault}
    within = validate.Range(least, most, error=fault)
    return fields.Integer(
        load_default=load_default, validate=within, error_messages=said, metadata=described(description)
    )


class FeedParameters(Given):
    after = whole(LARGEST_POSITION, 0, "The position up to which you have everything; 0 is the beginning", AFTER)
    limit = whole(LARGEST_LIMIT, DEFAULT_LIMIT, "Changes in a page at most", LIMIT, least=1)
    wait = whole(LONGEST, 0, "Seconds to hold on for when there is nothing yet", WAIT)

    error_messages = {"unknown": "There is no such parameter.", "type": "Send parameters."}


@bp.route("/changes")
@requires(FOLLOW)
@bp.doc(operationId="listChanges")
@bp.arguments(FeedParameters, location="query", error_status_code=400)
@bp.response(200, FeedSchema, example=examples.FEED, headers=link_header())
@bp.alt_response(409, **RESTORED)
@problems(bp, 400, 401, 403, 503)
def changes(parameters: Mapping[str, Any]) -> tuple[Feed, int, dict[str, str]]:
    """Follow what happens to the tickets that you may see.

    Each change has a position in your own feed; positions have no gaps and are never used again. Keep `after` of the
    last answer and ask from there, tomorrow or in a year: nothing is lost. A ticket that you may no longer see is
    passed over. With `wait` the answer comes as soon as there is something; when too many wait already it comes at
    once, empty, with Retry-After.

    Only where the service desk was restored from a backup what came after that was made is gone. A position from
    before is then refused (409 `feed_restored`): read your tickets again and go on from `last` of that answer.
    """
    after, limit = parameters["after"], parameters["limit"]
    waiting: Waiting = current_app.extensions["waiting"]
    found, had_place = waiting.until(lambda: _anything(after, limit), parameters["wait"])
    if parameters["wait"] and had_place:
        authenticate()  # what was allowed then may have ended since
    answer = found or _read(after, limit)
    headers = _next(answer, limit) | ({} if had_place else {"Retry-After": str(COME_BACK_SECONDS)})
    return answer, 200, headers


def _anything(after: int, limit: int) -> Feed | None:
    found = _read(after, limit)
    return found if found.changes or found.after > after else None


def _read(after: int, limit: int) -> Feed:
    with desk().reading() as connection:
        found = read_feed(connection, client(), after, limit)
    if after > found.last:
        fault = Invalid({"after": [Sentence(BEYOND, last=found.last)]})
        fault.code = "invalid_parameters"
        raise fault
    return found


def _next(answer: Feed, limit: int) -> dict[str, str]:
    query = urlencode({"after": answer.after, "limit": limit})
    return {"Link": f'</api/v1/changes?{query}>; rel="next"'} if answer.more else {}
