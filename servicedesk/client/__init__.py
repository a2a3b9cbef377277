"""The service desk from a program's side: its public API, typed.

    desk = Client("https://desk.example", Token("sd_…"))
    for ticket in desk.every_ticket(category=["new"]):
        desk.acknowledge_ticket(ticket["number"])

Problem is raised for what is refused. Requests are tried again where that is safe; see transport. This package needs
urllib3 and nothing else of servicedesk.
"""

from collections.abc import Iterator
from typing import Any

from servicedesk.client import shapes
from servicedesk.client.operations import Operations
from servicedesk.client.problems import Problem
from servicedesk.client.signing_in import Authorization, ClientCredentials, Token
from servicedesk.client.told import Told
from servicedesk.client.transport import Patience, Transport
from servicedesk.client.webhooks import Message, NotGenuine, verify_webhook

__all__ = [
    "Client",
    "ClientCredentials",
    "Message",
    "NotGenuine",
    "Patience",
    "Problem",
    "Token",
    "verify_webhook",
]


class Client(Operations):
    """Every operation of the API as a method, and what most clients make of them."""

    def __init__(self, url: str, authorization: Authorization, patience: Patience | None = None) -> None:
        super().__init__(Transport(url, authorization, patience or Patience()))

    def every_ticket(self, **filters: Any) -> Iterator[shapes.Line]:
        """From page to page, in the order that is asked for. Takes what `list_tickets` takes."""
        page: Told[shapes.Page] = self.list_tickets(**filters)
        yield from page.data["tickets"]
        while page.next_page:
            page = Told(self.transport.send("GET", page.next_page), Told.from_json)
            yield from page.data["tickets"]

    def follow(self, after: int = 0, *, wait: int = 0) -> Iterator[tuple[int, list[shapes.Change]]]:
        """What has happened since the position `after`: (the position to go on from, changes), until nothing is left.
        Keep the position once the changes are dealt with, not before. `wait`: seconds to hold on when there is nothing.
        A Problem with a position in `go_on_from` says that the desk was restored from a backup: read every ticket
        again, then go on from there.
        """
        while True:
            page = self.list_changes(after=after, wait=wait).data
            after, wait = page["after"], 0
            yield after, page["changes"]
            if not page["more"]:
                return
