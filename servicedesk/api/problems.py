"""What can go wrong, as the API says it: RFC 9457 problem details with stable codes. Each error is mapped here once."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Response, current_app, g, json

from servicedesk.api.acts import ACTS
from servicedesk.api.language import language, say, say_sentence
from servicedesk.core.errors import (
    Conflict,
    DeskError,
    FeedRestored,
    Invalid,
    KeyInUse,
    KeyReused,
    NotFound,
    Refusal,
    Unavailable,
)
from servicedesk.core.rights import Right

MEDIA_TYPE = "application/problem+json"
REALM = 'Bearer realm="servicedesk"'
RETRY_AFTER_SECONDS = 5
MOST_FIELDS = 50
OFFERED = frozenset(right for act in ACTS for right in (act.rights or {}).values())
# Rights that no route of the API offers: naming them as allowed would send a client the wrong way.
NOT_OFFERED = frozenset(map(str, frozenset(Right) - OFFERED))


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its status, title and what a client does about it."""

    status: int
    title: str
    remedy: str


KINDS: dict[str, Kind] = {
    "bad_request": Kind(400, "The request cannot be read", "Mend the request before you send it again."),
    "malformed_json": Kind(400, "The body is not valid JSON", "Send one JSON object in UTF-8, each name once."),
    "malformed_digest": Kind(
        400, "The digest cannot be read", "Send Content-Digest: sha-256=:…: with the digest in base64."
    ),
    "digest_mismatch": Kind(400, "The body is not what its digest says", "Send it again, or mend the digest."),
    "malformed_if_match": Kind(400, "If-Match cannot be read", 'Send the ETag as you got it, quotes included: "7".'),
    "idempotency_key_missing": Kind(
        400, "The request has no Idempotency-Key", "Make a key, such as a UUID, and send it with the request."
    ),
    "idempotency_key_malformed": Kind(
        400, "Idempotency-Key cannot be read", "Send 1 to 255 visible ASCII characters, such as a UUID."
    ),
    "invalid_parameters": Kind(400, "Some parameters cannot be accepted", "See errors: each says what to do."),
    "token_missing": Kind(401, "A token is needed", "Send your token: Authorization: Bearer sd_…"),
    "token_invalid": Kind(401, "The token is not valid", "Check that you sent all of it."),
    "token_expired": Kind(401, "The token has expired", "Ask the IT service manager for a new one."),
    "token_revoked": Kind(401, "The token has been revoked", "Ask the IT service manager for a new one."),
    "client_suspended": Kind(401, "The client is suspended", "Ask the IT service manager why."),
    "address_not_allowed": Kind(
        403, "The client may not call from this address", "Call from an address that the client has been given."
    ),
    "scope_missing": Kind(403, "The token may not do this", "Ask for a token with the scope that is named."),
    "not_found": Kind(404, "There is no such thing", "Check the address. What you may not see does not exist to you."),
    "method_not_allowed": Kind(405, "This address does not take this method", "Use a method that Allow names."),
    "idempotency_key_in_use": Kind(
        409, "The same request is being carried out now", "Send it again after the time that Retry-After names."
    ),
    "feed_restored": Kind(
        409,
        "The service desk was restored from a backup",
        "Read all your tickets again, then go on in the feed from last.",
    ),
    "refused": Kind(409, "The rules of the ticket do not allow this now", "See detail for why, allowed for what is."),
    "conflict": Kind(412, "The ticket has changed", "Read the ticket again, decide, and send the new ETag."),
    "too_large": Kind(413, "The body is too large", "Send at most 256 KB, and of a file at most 10 MB."),
    "unsupported_media_type": Kind(
        415,
        "The body is of the wrong kind",
        "Send application/json, and a file as application/octet-stream; neither compressed.",
    ),
    "range_not_satisfiable": Kind(416, "The file has no such range", "See Content-Range for how long it is."),
    "invalid": Kind(422, "Some fields need attention", "See errors: each field says what to do."),
    "idempotency_key_reused": Kind(422, "The key was used for another request", "Make a new key for each new request."),
    "rate_limited": Kind(429, "Too many requests", "Wait for as long as Retry-After says, and go on more slowly."),
    "too_many_failures": Kind(
        429, "Too many tokens that open nothing", "Wait for as long as Retry-After says, and see to your token."
    ),
    "internal_error": Kind(
        500, "A fault of the service itself", "Try again later. If it lasts, tell the IT service manager."
    ),
    "unavailable": Kind(503, "The service cannot do this now", "Try again after the time that Retry-After names."),
}
# The desk's own errors, which know no header, as the API calls them.
OF_ERROR = {KeyReused.code: "idempotency_key_reused", KeyInUse.code: "idempotency_key_in_use"}
OF_STATUS = {
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
    500: "internal_error",
    503: "unavailable",
}


def problem(
    code: str, detail: str, *, status: int = 0, headers: Mapping[str, str] | None = None, **more: Any
) -> Response:
    """A problem document. `type` leads to a page about its kind; `code` may be finer than that."""
    kind_code = code if code in KINDS else _family(status)
    kind = KINDS[kind_code]
    status = status or kind.status
    body = {
        "type": f"/api/problems/{kind_code}",
        "title": say(kind.title),
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": g.request_id,
        **more,
    }
    response = Response(json.dumps(body) + "\n", status, mimetype=MEDIA_TYPE, headers=dict(headers or {}))
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Language"] = str(language())
    return response


def problem_of(error: DeskError) -> Response:
    """The one mapping from the desk's errors to HTTP."""
    if isinstance(error, Unavailable):
        return _unavailable(error)
    if isinstance(error, Invalid):
        return problem(error.code, say(error.message), errors=_fields(error))
    detail = say(error.message, error.data)
    if error.code in OF_ERROR:
        waiting = {"Retry-After": "1"} if isinstance(error, KeyInUse) else {}
        return problem(OF_ERROR[error.code], detail, headers=waiting)
    if isinstance(error, FeedRestored):
        return problem(error.code, detail, **error.data)
    if isinstance(error, Conflict):
        return problem("conflict", detail, changes=error.data.get("changes", []))
    if isinstance(error, NotFound):
        return problem("not_found", detail)
    if isinstance(error, Refusal) and error.code not in KINDS:
        allowed = [step for step in error.allowed if step not in NOT_OFFERED]
        return problem(error.code, detail, status=HTTPStatus.CONFLICT, allowed=allowed)
    return problem(error.code, detail, headers=headers_of(error))


def problem_of_status(status: int, headers: Mapping[str, str]) -> Response:
    """For what Flask itself refuses: an unknown address, a wrong method, a body that is too large."""
    code = OF_STATUS.get(status, _family(status))
    return problem(code, say(KINDS[code].remedy), status=status, headers=headers)


def _family(status: int) -> str:
    if status == HTTPStatus.CONFLICT:
        return "refused"
    return "internal_error" if status >= HTTPStatus.INTERNAL_SERVER_ERROR or not status else "bad_request"


def _unavailable(error: Unavailable) -> Response:
    """A sentence of ours as it is. The database's own words (in `data`) may name what is not the client's business."""
    current_app.logger.error("unavailable: %s", error)
    own = "The service cannot do this now. Nothing was saved; try again in a moment."
    detail = say(own if error.data else error.message)
    return problem("unavailable", detail, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})


def _fields(error: Invalid) -> dict[str, list[str]]:
    some = list(error.fields.items())[:MOST_FIELDS]
    return {printable(name): [say_sentence(sentence) for sentence in sentences] for name, sentences in some}


def printable(name: object) -> str:
    """A name as it was sent, shortened; half a surrogate pair, which JSON can carry and UTF-8 cannot, is replaced."""
    return str(name)[:100].encode("utf-8", "replace").decode()


def headers_of(error: DeskError) -> dict[str, str]:
    """RFC 6750: what a bearer needs; and how long to wait."""
    kind = KINDS.get(error.code)
    if error.code == "token_missing":
        return {"WWW-Authenticate": REALM}
    if kind and kind.status == HTTPStatus.UNAUTHORIZED:
        return {"WWW-Authenticate": f'{REALM}, error="invalid_token"'}
    if kind and kind.status == HTTPStatus.TOO_MANY_REQUESTS:
        return {"Retry-After": str(max(1, error.data["seconds"]))}
    if error.code == "scope_missing":
        return {"WWW-Authenticate": f'{REALM}, error="insufficient_scope", scope="{error.data["scope"]}"'}
    return {}
