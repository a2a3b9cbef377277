"""The official swagger of TMF621 v4.0.0, and whether an answer is one that it allows."""

import json
import re
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator, FormatChecker
from werkzeug.test import TestResponse

FILE = Path(__file__).with_name("TMF621-TroubleTicket-v4.0.0.swagger.json")
SWAGGER: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
ROOT = SWAGGER["basePath"].rstrip("/")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
FORMATS = FormatChecker(formats=())


def is_moment(value: object) -> bool:
    return not isinstance(value, str) or bool(MOMENT.fullmatch(value))


def is_address(value: object) -> bool:
    return not isinstance(value, str) or bool(re.fullmatch(r"https?://[^\s]+", value))


FORMATS.checks("date-time")(is_moment)
FORMATS.checks("uri")(is_address)


def check(method: str, path: str, response: TestResponse) -> None:
    """The answer is one that the standard describes for this operation: status, headers, media type, body. An address
    or a method that it does not know is answered with its error all the same."""
    operation = _operation(method, path)
    about = f"{method} {path}: {response.status_code}"
    documented: Any = operation["responses"].get(str(response.status_code)) if operation else {"schema": ERROR}
    # Of what is no answer to the request itself the standard says nothing.
    documented = documented or ({"schema": ERROR} if response.status_code in (412, 503) else None)
    assert documented is not None, f"{about} is not in the standard"
    for header, said in documented.get("headers", {}).items():
        assert said["type"] == "integer" and response.headers[header].isdigit(), f"{about} lacks {header}"
    if "schema" not in documented:
        assert response.data == b"", about
        return
    assert response.headers["Content-Type"] == "application/json;charset=utf-8", about
    body = json.loads(response.data)
    assert faults_of(body, documented["schema"]) == [], f"{about}: {body}"


def faults_of(body: Any, schema: dict[str, Any]) -> list[str]:
    """Swagger 2.0 writes JSON Schema's fourth draft."""
    whole = {**schema, "definitions": SWAGGER["definitions"]}
    return [fault.message for fault in Draft4Validator(whole, format_checker=FORMATS).iter_errors(body)]


ERROR = {"$ref": "#/definitions/Error"}


def _operation(method: str, path: str) -> dict[str, Any] | None:
    for template, operations in SWAGGER["paths"].items():
        pattern = re.sub(r"\{\w+\}", "[^/]+", template)
        if re.fullmatch(pattern, path) and method.lower() in operations:
            found: dict[str, Any] = operations[method.lower()]
            return found
    return None
