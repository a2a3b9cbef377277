"""The application as tests/web has it, and its log as an operator's machine collects it."""

import io
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from servicedesk.watch.logs import AT_LEAST, write_logs
from tests.web.conftest import app, desk, person_at, visitor

__all__ = ["app", "desk", "log", "person_at", "visitor"]


@dataclass
class Collected:
    stream: io.StringIO = field(default_factory=io.StringIO)

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    def lines(self, event: str = "") -> list[dict[str, Any]]:
        """Each line is one JSON object, or this fails."""
        found = [json.loads(line) for line in self.text.splitlines()]
        return [line for line in found if not event or line["event"] == event]


@pytest.fixture
def log() -> Iterator[Collected]:
    root = logging.getLogger()
    handlers = list(root.handlers)
    levels = {name: logging.getLogger(name).level for name in AT_LEAST}
    collected = Collected()
    write_logs("json", stream=collected.stream)
    yield collected
    root.handlers[:] = handlers
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
