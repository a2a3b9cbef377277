"""The OpenAPI document as a list: for readers without scripts, and for whoever looks for one operation."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Operation:
    method: str
    path: str
    summary: str


def operations_of(document: Mapping[str, Any]) -> list[Operation]:
    """In the document's order."""
    return list(_operations(document["paths"]))


def _operations(paths: Mapping[str, Mapping[str, Any]]) -> Iterator[Operation]:
    for path, item in paths.items():
        for method in METHODS:
            if method in item:
                yield Operation(method.upper(), path, item[method].get("summary", ""))
