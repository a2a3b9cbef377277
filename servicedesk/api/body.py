"""Reading what a client sends, strictly: one JSON object in UTF-8, no name twice, nothing that is not JSON."""

import json
from collections.abc import Collection, Mapping
from typing import Any, NoReturn

import marshmallow as ma
from flask import Request
from webargs.flaskparser import FlaskParser

from servicedesk.core.errors import DeskError, Invalid

LARGEST_BODY = 256 * 1024


class StrictParser(FlaskParser):
    """webargs with the desk's own errors. Unknown names are faults, in the body and in the query alike."""

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "json": ma.RAISE, "query": ma.RAISE}

    def _raw_load_json(self, req: Request) -> Any:
        return read_object(req)

    def handle_error(
        self,
        error: ma.ValidationError,
        req: Request,
        schema: ma.Schema,
        *,
        error_status_code: int | None,
        error_headers: Mapping[str, str] | None,
    ) -> NoReturn:
        by_location: Any = error.messages
        fields = {name: _sentences(faults) for found in by_location.values() for name, faults in found.items()}
        fault = Invalid(fields)
        fault.code = "invalid_parameters" if error_status_code == 400 else "invalid"
        raise fault from error


def _sentences(faults: Any) -> list[str]:
    """Of a field; of a list's items, which have faults of their own, each sentence once."""
    if not isinstance(faults, Mapping):
        return list(faults)
    return list(dict.fromkeys(sentence for each in faults.values() for sentence in _sentences(each)))


def read_object(request: Request) -> dict[str, Any]:
    return object_in(request, ("application/json",), LARGEST_BODY)


def object_in(request: Request, media_types: Collection[str], largest: int) -> dict[str, Any]:
    """The body as an object; an empty body is an empty one, so that what is missing is said field by field."""
    data = request.get_data()
    if not data:
        return {}
    if len(data) >= largest:
        # A body sent in chunks has no length beforehand: Werkzeug stops reading at the limit without a word.
        raise DeskError("The body is too large. Send at most %(size)s KB.", code="too_large", size=largest // 1024)
    _require_plain_json(request, media_types)
    try:
        found = json.loads(data.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise DeskError("The body is not valid JSON in UTF-8.", code="malformed_json") from None
    if not isinstance(found, dict):
        raise DeskError("The body must be one JSON object.", code="malformed_json")
    return found


def _require_plain_json(request: Request, media_types: Collection[str]) -> None:
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    encoding = request.headers.get("Content-Encoding", "identity").lower()
    if request.mimetype not in media_types or charset not in ("utf-8", "utf8") or encoding != "identity":
        raise DeskError("Send the body as application/json in UTF-8, not compressed.", code="unsupported_media_type")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
