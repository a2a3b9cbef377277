"""What an operation has answered."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from servicedesk.client.transport import Answer

Data = TypeVar("Data")


class Told(Generic[Data]):
    """`data` as the document describes it, `etag` for If-Match, `next_page` the address of what follows ('' if nothing
    does). `was_replayed`: it had been carried out before, under the same Idempotency-Key."""

    def __init__(self, answer: Answer, read: Callable[[Answer], Any]) -> None:
        self.answer = answer
        self.data: Data = read(answer)

    @property
    def etag(self) -> str:
        return self.answer.etag

    @property
    def next_page(self) -> str:
        return self.answer.next_page

    @property
    def was_replayed(self) -> bool:
        return self.answer.headers.get("Idempotency-Replayed") == "true"

    @staticmethod
    def from_json(answer: Answer) -> Any:
        return answer.json

    @staticmethod
    def as_bytes(answer: Answer) -> Any:
        return answer.body

    @staticmethod
    def nothing(answer: Answer) -> Any:
        return None
