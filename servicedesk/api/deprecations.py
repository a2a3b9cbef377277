"""What is on its way out, and how its answers say so: Deprecation (RFC 9745) and Sunset (RFC 8594).

The promise about versions stands in docs/texts/versions: at least twelve months between the two days.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from flask import Response, request
from werkzeug.http import http_date

NOTICE = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Deprecation:
    """`since` it is discouraged, on `sunset` it ends; `instead` is where one reads what replaces it."""

    since: date
    sunset: date
    instead: str

    def __post_init__(self) -> None:
        if self.sunset - self.since < NOTICE:
            raise ValueError("What is deprecated lives on for at least twelve months.")

    @property
    def headers(self) -> dict[str, str]:
        return {
            "Deprecation": f"@{int(_midnight(self.since).timestamp())}",
            "Sunset": http_date(_midnight(self.sunset)),
            "Link": f'<{self.instead}>; rel="deprecation"',
        }


# By endpoint, as `tickets.tickets`. None so far.
DEPRECATED: dict[str, Deprecation] = {}


def announce(response: Response) -> Response:
    """After every request of the API. A Link that is there already stays beside."""
    found = DEPRECATED.get(request.endpoint or "")
    for name, value in (found.headers if found else {}).items():
        response.headers.add(name, value)
    return response


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
