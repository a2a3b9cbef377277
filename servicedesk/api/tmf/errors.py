"""What can go wrong, as TMF621 says it: {code, reason, message, status, referenceError}. Codes are those of /api/v1."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, current_app, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from servicedesk.api.language import say, say_sentence
from servicedesk.api.problems import KINDS, OF_ERROR, OF_STATUS, RETRY_AFTER_SECONDS, headers_of, printable
from servicedesk.api.tmf.answer import answer
from servicedesk.core.errors import Conflict, DeskError, Invalid, KeyInUse, KeyReused, NotFound, Refusal, Unavailable

DOCUMENTED_AT = "/api/docs/tmf621"
# The standard names no other kind of client error: what cannot be read is 400 here, whatever it is elsewhere.
READ_AS = {413: 400, 415: 400, 422: 400}
REMEDIES = {
    "too_large": "Send at most 2 MB. Larger files go by /api/v1.",
    "unsupported_media_type": "Send application/json or application/merge-patch+json, not compressed.",
}
# What the desk's own fields are called here.
CALLED = {
    **dict.fromkeys(("reason", "question", "answer", "solution"), "statusChangeReason"),
    **dict.fromkeys(("service", "e_service", "platform_case"), "relatedEntity"),
    **dict.fromkeys(("requester_name", "requester_contact"), "relatedParty"),
    "resolution_code": "resolutionCode",
    "until": "expectedResolutionDate",
    "subject": "name",
    "workflow": "ticketType",
    "file": "attachment",
    "body": "note",
    "reference": "externalId",
    "url": "callback",
    "event_types": "query",
}
OWN = "The service cannot do this now. Nothing was saved; try again in a moment."


def error(
    code: str, reason: str, message: str, status: int, headers: Mapping[str, str] | None = None, **more: Any
) -> Response:
    body = {
        "code": code,
        "reason": reason,
        "message": message,
        "status": str(status),
        "referenceError": f"{request.url_root.rstrip('/')}{DOCUMENTED_AT}#errors",
        "@type": "Error",
        **more,
    }
    return answer(body, status, headers)


def from_desk(fault: DeskError) -> Response:
    """The one mapping from the desk's errors to this face."""
    if isinstance(fault, Unavailable):
        current_app.logger.error("unavailable: %s", fault)
        reason = say(OWN if fault.data else fault.message)
        return _of_kind("unavailable", reason, {"Retry-After": str(RETRY_AFTER_SECONDS)})
    if isinstance(fault, Invalid):
        return error(fault.code, say(fault.message), _faults(fault), 400)
    reason = say(fault.message, fault.data)
    if isinstance(fault, KeyReused | KeyInUse):
        waiting = {"Retry-After": "1"} if isinstance(fault, KeyInUse) else {}
        return error(OF_ERROR[fault.code], reason, say(KINDS[OF_ERROR[fault.code]].remedy), 409, waiting)
    if isinstance(fault, Conflict):
        return _of_kind(fault.code, reason)
    if isinstance(fault, NotFound):
        return _of_kind("not_found", reason)
    if isinstance(fault, Refusal) and fault.code not in KINDS:
        return error(fault.code, reason, str(fault.data.get("possible") or say(KINDS["refused"].remedy)), 409)
    return _of_kind(fault.code, reason, headers_of(fault))


def from_http(fault: HTTPException) -> Response:
    headers = dict(fault.get_headers())
    allow = {"Allow": headers["Allow"]} if "Allow" in headers else {}
    return of_status(fault.code or 500, allow)


def of_status(status: int, headers: Mapping[str, str] | None = None) -> Response:
    code = OF_STATUS.get(status, "internal_error" if status >= 500 else "bad_request")
    return _of_kind(code, say(KINDS[code].title), headers, status)


def from_database(fault: SQLAlchemyError) -> Response:
    """What is no answer of the database to a statement: no connection free in time, a lost pool."""
    current_app.logger.error("database: %s", fault)
    return from_desk(Unavailable(OWN))


def from_fault(fault: Exception) -> Response:
    current_app.logger.exception("a fault of the program itself", exc_info=fault)
    return of_status(500)


HANDLERS: dict[type[Exception], Callable[[Any], Response]] = {
    DeskError: from_desk,
    HTTPException: from_http,
    SQLAlchemyError: from_database,
    Exception: from_fault,
}


def _of_kind(code: str, reason: str, headers: Mapping[str, str] | None = None, status: int = 0) -> Response:
    kind = KINDS.get(code, KINDS["bad_request"])
    status = status or kind.status
    return error(code, reason, say(REMEDIES.get(code, kind.remedy)), READ_AS.get(status, status), headers)


def _faults(fault: Invalid) -> str:
    """Every attribute at fault with its sentences, on one line."""
    some = list(fault.fields.items())[:50]
    told = ((CALLED.get(name, printable(name)), " ".join(map(say_sentence, said))) for name, said in some)
    return " ".join(f"{name}: {sentences}" for name, sentences in told)
