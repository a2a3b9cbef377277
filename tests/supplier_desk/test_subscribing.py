"""One webhook, whatever happens while it is asked for and wherever the supplier listens next."""

from pathlib import Path

import pytest

from servicedesk.client import Problem
from servicedesk.supplier_desk.book import Book
from servicedesk.supplier_desk.subscribing import subscribe


class Told:
    def __init__(self, data: dict[str, object]) -> None:
        self.data = data


class Desk:
    """Remembers what was asked for under which key, as the real one does."""

    def __init__(self) -> None:
        self.hooks: dict[int, dict[str, object]] = {}
        self.keys: dict[str, int] = {}

    def create_webhook(self, body: dict[str, object], *, idempotency_key: str) -> Told:
        made = self.keys.setdefault(idempotency_key, len(self.hooks) + 1)
        self.hooks[made] = {**body, "enabled": True}
        return Told({"id": made, "secret": f"whsec_{made}"})

    def change_webhook(self, webhook_id: int, *, body: dict[str, object]) -> Told:
        if webhook_id not in self.hooks:
            raise Problem(404, {"code": "not_found"})
        self.hooks[webhook_id] |= body
        return Told(self.hooks[webhook_id])


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path / "book.sqlite")


@pytest.fixture
def desk() -> Desk:
    return Desk()


def ask(book: Book, desk: Desk, address: str = "http://127.0.0.1:1/") -> None:
    subscribe(book, desk, address)  # type: ignore[arg-type]


def test_killed_before_the_answer_was_kept_it_gets_the_same_one(
    book: Book, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = Book.keep

    def dies(self: Book, **values: str) -> None:
        if "secret" in values:
            raise RuntimeError("killed")
        keep(self, **values)

    monkeypatch.setattr(Book, "keep", dies)
    with pytest.raises(RuntimeError):
        ask(book, desk)
    monkeypatch.undo()
    ask(book, desk)
    assert (list(desk.hooks), book.kept("secret")) == ([1], "whsec_1")


def test_at_another_address_the_same_one_is_moved_and_enabled(book: Book, desk: Desk) -> None:
    ask(book, desk)
    desk.hooks[1]["enabled"] = False
    ask(book, desk, "http://127.0.0.1:2/")
    assert desk.hooks == {1: {"url": "http://127.0.0.1:2/", "enabled": True}}
    assert book.kept("secret") == "whsec_1"


def test_one_that_was_deleted_is_asked_for_anew(book: Book, desk: Desk) -> None:
    ask(book, desk)
    desk.hooks.clear()
    desk.hooks[7] = {}
    ask(book, desk)
    assert book.kept("webhook") == "2"
