"""The OpenAPI 3.1 document: made from the schemas and routes, served at /api/openapi.json."""

from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from typing import Any, cast

from flask import Flask, Response, json
from flask_smorest import Api, Blueprint

from servicedesk.api.fields import ProblemSchema
from servicedesk.api.problems import KINDS, MEDIA_TYPE
from servicedesk.core.scopes import ACT, FOLLOW, HOOKS, LOG, READ

DESCRIPTION = """The support chain for the systems of suppliers and municipalities.

Send your token with every request: `Authorization: Bearer sd_…`. To a supplier a ticket is there from the moment it is
handed over; what it gets is a description made for it, never the requester's name or words. A municipality's system
logs tickets, follows its municipality's own, and does for whoever asks what they could do themselves.

Send a key of your own (Idempotency-Key) with every POST: sent again, it takes effect once. Send the ETag that you have
read as If-Match, and you act on what you have read or on nothing.

Errors are RFC 9457 problem details: go by `code`, show `detail` to a person. Sentences are English, or Swedish where
`Accept-Language` prefers it. Moments are RFC 3339 in UTC.
"""
SCOPE_WORDS = {
    READ: "Read the tickets that the organisation may see.",
    ACT: "Do with a ticket what its workflow lets the client do.",
    LOG: "Log tickets in the municipality.",
    FOLLOW: "Follow all that changes in them.",
    HOOKS: "Have changes sent to an address of yours.",
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of what you have read. If the ticket has changed since, nothing is done (412).",
    "schema": {"type": "string"},
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "A key of your own for this request, such as a UUID. Send the same request again under the same "
    "key, and it takes effect once: for a day you get the first answer again, with Idempotency-Replayed: true.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}


def etag_header() -> dict[str, Any]:
    return {"ETag": {"description": "The version of the ticket as you see it.", "schema": {"type": "string"}}}


def location_header() -> dict[str, Any]:
    return {"Location": {"description": "The address of the new ticket.", "schema": {"type": "string"}}}


def link_header() -> dict[str, Any]:
    said = 'The first page, rel="first", and while there is one the next, rel="next" (RFC 8288).'
    return {"Link": {"description": said, "schema": {"type": "string"}}}


def problems(blueprint: Blueprint, *statuses: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Document which problems an operation answers with."""

    def decorator(view: Callable[..., Any]) -> Callable[..., Any]:
        for status in statuses:
            view = blueprint.alt_response(status, response=HTTPStatus(status).name)(view)
        return view

    return decorator


class DeskApi(Api):
    """flask-smorest with problem documents in place of its own errors, and without its error handler, which would
    answer the pages in JSON too."""

    ERROR_SCHEMA = ProblemSchema

    def _register_error_handlers(self) -> None:
        """None: servicedesk.api answers for /api alone."""

    def _register_responses(self) -> None:
        by_status = {kind.status: code for code, kind in KINDS.items()}
        for status, code in by_status.items():
            self.spec.components.response(HTTPStatus(status).name, _problem_response(code), lazy=True)
        # flask-smorest names it in every operation.
        self.spec.components.response(self.DEFAULT_ERROR_RESPONSE_NAME, _problem_response("internal_error"), lazy=True)


def _problem_response(code: str) -> dict[str, Any]:
    title = KINDS[code].title
    return {"description": title, "content": {MEDIA_TYPE: {"schema": ProblemSchema, "example": _example(code)}}}


def _example(code: str) -> dict[str, Any]:
    kind = KINDS[code]
    more: dict[str, Any] = {"code": "wrong_state", "allowed": ["ask_joint"]} if code == "refused" else {}
    more |= {"errors": {"question": ["Fill in this field."]}} if code.startswith("invalid") else {}
    return {
        "type": f"/api/problems/{code}",
        "title": kind.title,
        "status": kind.status,
        "detail": kind.remedy,
        "code": code,
        "request_id": "8d3f0b6e2c9a4417b1f5d2a7c3e90846",
        **more,
    }


def new_document(version: str, name: str) -> dict[str, Any]:
    """What flask-smorest's Api is made with."""
    return {
        "title": name,
        "version": version,
        "openapi_version": "3.1.0",
        "info": {"description": DESCRIPTION, "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"}},
        "servers": [{"url": "/"}],
    }


def describe_tokens(api: DeskApi) -> None:
    bearer = {"type": "http", "scheme": "bearer", "description": "A token that the IT service manager has made."}
    flow = {"tokenUrl": "/oauth/token", "scopes": SCOPE_WORDS}
    told = "An access token of an hour, got with a client's key and secret (RFC 6749, 4.4)."
    oauth2 = {"type": "oauth2", "description": told, "flows": {"clientCredentials": flow}}
    api.spec.components.security_scheme("bearer", bearer)
    api.spec.components.security_scheme("oauth2", oauth2)


@cache
def document_of(blueprints: tuple[Blueprint, ...], version: str, name: str) -> dict[str, Any]:
    """The document of what these serve, under the name that the installation goes by. It is the same in every
    application of a process, and put together, on an application of its own, when it is first asked for: it takes
    longer than all else in making one."""
    api = DeskApi(Flask("document"), spec_kwargs=new_document(version, name))
    describe_tokens(api)
    for blueprint in blueprints:
        api.register_blueprint(blueprint)
    return _open_for_more(cast(dict[str, Any], api.spec.to_dict()))


def _open_for_more(document: dict[str, Any]) -> dict[str, Any]:
    """Answers may get more fields within v1, as docs/texts/versions promises: only what is accepted is closed."""
    for name, schema in document["components"]["schemas"].items():
        if not name.endswith("Given"):
            schema.pop("additionalProperties", None)
    return document


def served(document: Callable[[], dict[str, Any]]) -> Callable[[], Response]:
    """The view of the document."""
    text = cache(lambda: json.dumps(document(), indent=2, sort_keys=False))
    return lambda: Response(text(), mimetype="application/json")
