"""Requests that are asked for by turns, so that whatever else the machine does strikes all of them alike.

A far page is the hundredth, or the last where there are fewer. Pages are compared row for row: where a small
installation's page has fewer rows, a large one's is asked for with as many.
"""

import re
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient

from servicedesk.web.lists import queue

HUNDREDTH, API_ROWS = 100, 50
NEXT_PAGE = re.compile(r'href="(/queue[^"]*after=[^"]*)"')
NEXT_IN_API = re.compile(r'<([^>]*)>; rel="next"')
ROW = re.compile(r"<a [^>]*\bdata-row\b")
WHOLE = queue.PAGE
Headers = Mapping[str, str]


@dataclass
class Asked:
    """One request. `rows`: how many a page of it holds at most, for a list in pages; `answered`: in milliseconds."""

    client: FlaskClient
    address: str
    headers: Headers | None = None
    rows: int = WHOLE
    send: Callable[[], Mapping[str, Any]] | None = None
    answered: list[float] = field(default_factory=list)

    def ask(self) -> str:
        queue.PAGE = self.rows
        given = {"method": "POST", **self.send()} if self.send else {"headers": self.headers}
        began = time.perf_counter()
        response = self.client.open(self.address, **given)
        text = response.get_data(as_text=True)
        self.answered.append((time.perf_counter() - began) * 1000)
        queue.PAGE = WHOLE
        assert response.status_code in (200, 201), (self.address, response.status_code, text[:500])
        return text

    @property
    def p95(self) -> float:
        return sorted(self.answered)[max(0, round(len(self.answered) * 0.95) - 1)]

    @property
    def median(self) -> float:
        return statistics.median(self.answered)


def by_turns(asked: Sequence[Asked], rounds: int) -> None:
    """The first time is not counted."""
    for round_ in range(rounds + 1):
        for one in asked:
            one.ask()
            if not round_:
                one.answered.clear()


def page_of(client: FlaskClient, address: str, far: bool, rows: int = WHOLE) -> tuple[Asked, int]:
    """A page of the queue, and how many rows it has."""
    asked = Asked(client, address, rows=rows)
    text = asked.ask()
    for _ in range(HUNDREDTH - 1 if far else 0):
        found = NEXT_PAGE.search(text)
        if found is None:
            break
        asked.address = found[1].replace("&amp;", "&")
        text = asked.ask()
    return asked, len(ROW.findall(text))


def page_in_api(
    client: FlaskClient, address: str, headers: Headers, far: bool, rows: int = API_ROWS
) -> tuple[Asked, int]:
    """The same of the API's list."""
    asked = Asked(client, f"{address}&limit={rows}", headers)
    for _ in range(HUNDREDTH - 1 if far else 0):
        found = NEXT_IN_API.search(client.get(asked.address, headers=headers).headers.get("Link", ""))
        if found is None:
            break
        asked.address = found[1]
    told = client.get(asked.address, headers=headers).get_json()
    return asked, len(told["tickets"])
