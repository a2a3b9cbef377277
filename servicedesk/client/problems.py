"""What the desk refuses, as an exception that a program can decide by."""

from collections.abc import Mapping
from typing import Any

RESTORED = "feed_restored"


class Problem(Exception):
    """An RFC 9457 problem. `code` never changes its meaning; `detail` is for a person; `errors` says what each field
    lacks; `request_id` is what to quote to those who run the desk. `status` 0: no answer came at all. `go_on_from`: the
    position in the change feed to go on from, when the desk was restored and all tickets have been read again."""

    def __init__(self, status: int, told: Mapping[str, Any]) -> None:
        self.status = status
        self.told = dict(told)
        self.code = str(told.get("code", "")) or f"http_{status}"
        self.detail = str(told.get("detail", "") or told.get("title", ""))
        self.errors: dict[str, list[str]] = dict(told.get("errors") or {})
        self.request_id = str(told.get("request_id", ""))
        self.go_on_from: int | None = told["last"] if self.code == RESTORED else None
        fields = [f"{field}: {' '.join(sentences)}" for field, sentences in self.errors.items()]
        words = " ".join([self.detail, *fields]).strip()
        super().__init__(f"{self.code} ({status}): {words}" if words else f"{self.code} ({status})")
