"""The typed half of servicedesk.client, written from the OpenAPI document and nothing else.

`python -m tests.support.client_writing` writes it anew after the API has changed; a test compares.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from servicedesk.app import create_app
from servicedesk.config import Settings
from tests.architecture.source import TOP

FOLDER = TOP / "servicedesk" / "client"
METHODS = ("get", "post", "put", "patch", "delete")
SCALARS = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "null": "None",
    "object": "dict[str, Any]",
}
# flask-smorest's own, of no operation.
UNUSED = ("PaginationMetadata", "Problem")
JSON = "application/json"

SHAPES = '''"""What goes in and comes out. Written from the API's document by tests/support/client_writing."""

from typing import Any, Literal, NotRequired, TypedDict

'''
OPERATIONS = '''"""One method an operation. Written from the API's document by tests/support/client_writing."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from servicedesk.client import shapes
from servicedesk.client.told import Told
from servicedesk.client.transport import Transport


class Operations:
    def __init__(self, transport: Transport) -> None:
        self.transport = transport

'''


def document() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(
            Settings(instance=Path(folder), database_url="sqlite://", secret_key="only-to-read-the-document")
        )
        found: dict[str, Any] = app.test_client().get("/api/openapi.json").get_json()
    return found


def written(told: Mapping[str, Any]) -> dict[str, str]:
    """The modules by name, formatted."""
    shapes = SHAPES + "\n\n".join(_shapes(told["components"]["schemas"]))
    operations = OPERATIONS + "\n".join(_operations(told["paths"]))
    return {"shapes.py": _formatted(shapes), "operations.py": _formatted(operations)}


def _shapes(schemas: Mapping[str, Any]) -> Iterator[str]:
    for name, schema in schemas.items():
        if name in UNUSED:
            continue
        required = set(schema.get("required", ()))
        fields = [
            f"    {field}: {_field(told, field in required)}" for field, told in schema.get("properties", {}).items()
        ]
        yield f"class {name}(TypedDict):\n" + ("\n".join(fields) or "    pass") + "\n"


def _field(schema: Mapping[str, Any], is_required: bool) -> str:
    """What is only ever read is always there."""
    kind = _type(schema, "")
    return kind if is_required or schema.get("readOnly") else f"NotRequired[{kind}]"


def _type(schema: Mapping[str, Any], place: str = "shapes.") -> str:
    """`place`: where the named shapes are, as seen from who asks. Inside their own module a name may come later."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return place + name if place else f'"{name}"'
    if "anyOf" in schema:
        parts = [_type(one, place) for one in schema["anyOf"]]
        joined = " | ".join(part.strip('"') for part in parts)
        return f'"{joined}"' if any(part.startswith('"') for part in parts) else joined
    if "enum" in schema:
        return f"Literal[{', '.join(repr(one) for one in schema['enum'])}]"
    kinds = schema.get("type", "object")
    return " | ".join(_of_kind(kind, schema, place) for kind in ([kinds] if isinstance(kinds, str) else kinds))


def _of_kind(kind: str, schema: Mapping[str, Any], place: str) -> str:
    return f"list[{_type(schema.get('items', {}), place)}]" if kind == "array" else SCALARS[kind]


def _operations(paths: Mapping[str, Any]) -> Iterator[str]:
    for path, item in paths.items():
        for method in METHODS:
            if method in item and path.startswith("/api/v1/"):
                shared = item.get("parameters", [])
                yield _operation(method, path, item[method], [*shared, *item[method].get("parameters", [])])


def _operation(method: str, path: str, told: Mapping[str, Any], parameters: list[dict[str, Any]]) -> str:
    by_place = {place: [one for one in parameters if one.get("in") == place] for place in ("path", "query", "header")}
    takes = [f"{one['name']}: {_type(one['schema'])}" for one in by_place["path"]]
    content = told.get("requestBody", {}).get("content", {})
    body, is_bytes = _body(content)
    takes += [f"body: {body}"] if body and told["requestBody"].get("required") else []
    optional = [f"body: {body} | None = None"] if body and not told["requestBody"].get("required") else []
    for one in by_place["query"]:
        kind = f"{_argument(one['schema'])}"
        optional.append(f"{one['name']}: {kind}" if one.get("required") else f"{one['name']}: {kind} | None = None")
    optional += [f"{_python(one['name'])}: str | None = None" for one in by_place["header"]]
    signature = ", ".join(["self", *takes, *(["*", *optional] if optional else [])])
    answer, reads = _answer(told)
    address = re.sub(r"\{(\w+)\}", r"{\1}", path)
    sent = [repr(method.upper()), f"f{address!r}" if by_place["path"] else repr(address)]
    if by_place["query"]:
        sent.append("query={" + ", ".join(f"{one['name']!r}: {one['name']}" for one in by_place["query"]) + "}")
    if body:
        sent.append("body=body")
    headers = {one["name"]: _python(one["name"]) for one in by_place["header"]}
    if is_bytes:
        sent.append(f"content_type={next(iter(content))!r}")
    if headers:
        sent.append("headers={" + ", ".join(f"{name!r}: {value}" for name, value in headers.items()) + "}")
    words = told.get("summary", "").replace('"', "'")
    return (
        f"    def {_python(told['operationId'])}({signature}) -> Told[{answer}]:\n"
        f'        """{words}"""\n'
        f"        return Told(self.transport.send({', '.join(sent)}), {reads})\n"
    )


def _argument(schema: Mapping[str, Any]) -> str:
    """What is given may be any sequence; with one word it may be that word."""
    if schema.get("type") == "array":
        return f"Sequence[{_type(schema['items'])}]"
    return _type(schema)


def _body(content: Mapping[str, Any]) -> tuple[str, bool]:
    if not content:
        return "", False
    return (_type(content[JSON]["schema"]), False) if JSON in content else ("bytes", True)


def _answer(told: Mapping[str, Any]) -> tuple[str, str]:
    """(its type, how it is read)"""
    [(_, response), *_] = [(code, each) for code, each in told["responses"].items() if code.startswith("2")]
    content = response.get("content", {})
    if JSON in content:
        return _type(content[JSON]["schema"]), "Told.from_json"
    return ("bytes", "Told.as_bytes") if content else ("None", "Told.nothing")


def _python(name: str) -> str:
    """operationId and If-Match alike."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name.replace("-", "_"))
    return re.sub("_+", "_", words).lower()


def _formatted(code: str) -> str:
    for arguments in (["check", "--fix", "--select", "F401", "-q"], ["format", "-q"]):
        command = [sys.executable, "-m", "ruff", *arguments, "--config", str(TOP / "pyproject.toml"), "-"]
        code = subprocess.run(command, input=code, capture_output=True, text=True, check=True, cwd=TOP).stdout
    return code


if __name__ == "__main__":
    for name, code in written(document()).items():
        (FOLDER / name).write_text(code, encoding="utf-8")
