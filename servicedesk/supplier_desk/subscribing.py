"""The supplier's webhook at the desk: one, wherever it listens now, and whatever happened while it was asked for."""

from uuid import uuid4

from servicedesk.client import Client, Problem
from servicedesk.supplier_desk.book import Book

NOT_FOUND = 404


def subscribe(book: Book, desk: Client, address: str) -> None:
    """That there is one, enabled and at this address. Its secret is kept in the book, since it is shown this once."""
    if book.kept("webhook"):
        try:
            desk.change_webhook(int(book.kept("webhook")), body={"url": address, "enabled": True})
            return
        except Problem as problem:
            if problem.status != NOT_FOUND:
                raise
    if book.kept("asked_for") != address:
        book.keep(asked_for=address, key=uuid4().hex)
    # Asked for again under the same key, it is told again, and none is made beside it.
    made = desk.create_webhook({"url": address}, idempotency_key=book.kept("key")).data
    book.keep(webhook=str(made["id"]), secret=made["secret"], asked_for="", key="")
