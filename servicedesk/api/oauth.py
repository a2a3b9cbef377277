"""OAuth 2.0 client credentials (RFC 6749, 4.4): an access token of an hour for a client's key and secret; and what a
client library reads to find its way (RFC 8414). Errors are those of RFC 6749, 5.2."""

import binascii
from base64 import b64decode
from urllib.parse import unquote_plus

from flask import Blueprint, Response, current_app, json, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, default_exceptions

from servicedesk.actions.callers import grant_access, holder_of_secret
from servicedesk.api.clients import desk, take
from servicedesk.core.errors import DeskError, Unavailable
from servicedesk.core.scopes import SCOPES

bp = Blueprint("oauth", __name__)

PREFIX = "/oauth/"
GRANT = "client_credentials"
METHODS = ["client_secret_basic", "client_secret_post"]
LARGEST_BODY = 16 * 1024
# How often a client may ask for a token: one serves for an hour.
GRANTS_A_MINUTE = 120
CHALLENGE = 'Basic realm="servicedesk", charset="UTF-8"'

# Which of RFC 6749's errors stands for each refusal, and with which status.
ERRORS: dict[str, tuple[str, int]] = {
    "request_invalid": ("invalid_request", 400),
    "client_missing": ("invalid_client", 401),
    "client_invalid": ("invalid_client", 401),
    "address_not_allowed": ("invalid_client", 401),
    "grant_unknown": ("unsupported_grant_type", 400),
    "scope_invalid": ("invalid_scope", 400),
    "rate_limited": ("temporarily_unavailable", 429),
    "too_many_failures": ("temporarily_unavailable", 429),
    "unavailable": ("temporarily_unavailable", 503),
}
RETRY_AFTER_SECONDS = 5


@bp.before_request
def bound() -> None:
    request.max_content_length = request.max_form_memory_size = LARGEST_BODY


@bp.post("/oauth/token")
def token() -> Response:
    given = _given()
    key, secret = _credentials(given)
    if "grant_type" not in given:
        raise DeskError("Send grant_type=client_credentials.", code="request_invalid")
    if given["grant_type"] != GRANT:
        raise DeskError("Only grant_type=client_credentials is offered.", code="grant_unknown")
    caller = holder_of_secret(desk(), key, secret, request.remote_addr or "")
    take(f"grant:{caller.client_id}", GRANTS_A_MINUTE, caller.now)
    granted = grant_access(desk(), caller, secret, given.get("scope"))
    return _answer(
        {
            "access_token": granted.text,
            "token_type": "Bearer",
            "expires_in": granted.seconds,
            "scope": " ".join(granted.scopes),
        }
    )


@bp.get("/.well-known/oauth-authorization-server")
def authorization_server() -> Response:
    site = request.root_url.rstrip("/")
    return _answer(
        {
            "issuer": site,
            "token_endpoint": f"{site}/oauth/token",
            "token_endpoint_auth_methods_supported": METHODS,
            "grant_types_supported": [GRANT],
            "response_types_supported": [],
            "scopes_supported": list(SCOPES),
            "service_documentation": f"{site}/api/docs",
        }
    )


def _given() -> dict[str, str]:
    """The form's parameters; those without a value count as not sent (RFC 6749, 3.2)."""
    if request.mimetype != "application/x-www-form-urlencoded":
        raise DeskError("Send the body as application/x-www-form-urlencoded in UTF-8.", code="request_invalid")
    sent = request.form.to_dict(flat=False)
    if any(len(values) > 1 for values in sent.values()):
        raise DeskError("Send each parameter once.", code="request_invalid")
    return {name: values[0] for name, values in sent.items() if values[0]}


def _credentials(given: dict[str, str]) -> tuple[str, str]:
    """The client's key and secret, in one way and not in two (RFC 6749, 2.3)."""
    header = request.headers.get("Authorization")
    if header is None:
        if "client_id" not in given or "client_secret" not in given:
            raise DeskError("Send the client's key and secret, by HTTP Basic or in the body.", code="client_missing")
        return given["client_id"], given["client_secret"]
    key, secret = _basic(header)
    if "client_secret" in given or given.get("client_id", key) != key:
        raise DeskError("Send the client's key and secret in one way only.", code="request_invalid")
    return key, secret


def _basic(header: str) -> tuple[str, str]:
    """Each part is itself form-encoded (RFC 6749, 2.3.1)."""
    scheme, _, encoded = header.partition(" ")
    try:
        plain = b64decode(encoded.strip(), validate=True).decode("utf-8") if scheme.lower() == "basic" else ""
    except (binascii.Error, ValueError):
        plain = ""
    key, colon, secret = plain.partition(":")
    if not colon:
        raise DeskError("The header Authorization is not HTTP Basic.", code="client_missing")
    return unquote_plus(key), unquote_plus(secret)


def _answer(body: dict[str, object], status: int = 200, **headers: str) -> Response:
    response = Response(json.dumps(body) + "\n", status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Pragma"] = "no-cache"
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = value
    return response


def from_desk(error: DeskError) -> Response:
    code, status = ERRORS.get(error.code, ("server_error", 500))
    own = not isinstance(error, Unavailable) or not error.data
    body: dict[str, object] = {"error": code}
    # In ASCII without quotes, as RFC 6749, 5.2 has it.
    told = str(error) if own else "The service cannot do this now."
    body["error_description"] = "".join(c if c.isascii() and c not in '"\\' else "?" for c in told)
    if status == 401:
        return _answer(body, status, WWW_Authenticate=CHALLENGE)
    if status in (429, 503):
        return _answer(body, status, Retry_After=str(max(1, error.data.get("seconds", RETRY_AFTER_SECONDS))))
    return _answer(body, status)


def from_http(error: HTTPException) -> Response:
    status = error.code or 500
    headers = dict(error.get_headers())
    allow = {"Allow": headers["Allow"]} if "Allow" in headers else {}
    code = "server_error" if status >= 500 else "invalid_request"
    return _answer({"error": code}, status, **allow)


def from_database(error: SQLAlchemyError) -> Response:
    current_app.logger.error("database: %s", error)
    return from_desk(Unavailable("The service cannot do this now."))


def from_fault(error: Exception) -> Response:
    current_app.logger.exception("a fault of the program itself", exc_info=error)
    return _answer({"error": "server_error"}, 500)


for status in default_exceptions:
    bp.register_error_handler(status, from_http)
for kind, handler in {
    DeskError: from_desk,
    HTTPException: from_http,
    SQLAlchemyError: from_database,
    Exception: from_fault,
}.items():
    bp.register_error_handler(kind, handler)  # type: ignore[arg-type]
