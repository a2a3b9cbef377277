"""Pages of the list: what is asked for, and the addresses that lead on."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from servicedesk.api.v1.given import DEFAULT_LIMIT
from servicedesk.core.codec import stamp
from servicedesk.core.errors import Invalid
from servicedesk.core.vocabulary import Category
from servicedesk.store.queries.systems.lists import ENDED, OPEN, Asked, Place, Sort

CURSOR = re.compile(r"(-?[a-z]+)~(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?\+00:00)~(\d{1,18})")
OF_SCOPE = {"open": OPEN, "closed": ENDED, "all": frozenset(Category)}
WIDENING = ("reference", "updated_since")


def asked_for(parameters: Mapping[str, Any]) -> Asked:
    """What the query of an address asks for. Invalid for a cursor that is none of ours, or of another order."""
    usual = "all" if any(name in parameters for name in WIDENING) else "open"
    categories = frozenset(parameters.get("category") or OF_SCOPE[parameters.get("scope", usual)])
    sort = parameters.get("sort") or _usual_sort(parameters, categories)
    if sort.lstrip("-") == Sort.DUE and not categories <= OPEN:
        raise _invalid("sort", "Only of open tickets something runs out: sort others by updated or opened.")
    return Asked(
        categories=categories,
        sort=sort,
        priority=parameters.get("priority", 0),
        service=parameters.get("service", ""),
        reference=parameters.get("reference", ""),
        updated_since=parameters.get("updated_since"),
        after=_place(parameters["after"], sort),
        limit=parameters["limit"],
    )


def _usual_sort(parameters: Mapping[str, Any], categories: frozenset[Category]) -> Sort:
    return Sort.DUE if categories <= OPEN and "updated_since" not in parameters else Sort.LAST_UPDATED


def links(parameters: Mapping[str, Any], after: Place | None) -> dict[str, str]:
    """RFC 8288: the first page, and the next one while there is any."""
    sort = asked_for(parameters).sort
    query = {name: _written(value) for name, value in parameters.items() if name != "after"}
    if query["limit"] == str(DEFAULT_LIMIT):
        del query["limit"]
    first = f'<{_address(query)}>; rel="first"'
    if after is None:
        return {"Link": first}
    return {"Link": f'<{_address({**query, "after": _cursor(after, sort)})}>; rel="next", {first}'}


def _address(query: Mapping[str, str]) -> str:
    return f"/api/v1/tickets?{urlencode(query)}" if query else "/api/v1/tickets"


def _written(value: Any) -> str:
    if isinstance(value, datetime):
        return stamp(value)
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _cursor(place: Place, sort: Sort) -> str:
    told = f"{sort}~{place.moment.isoformat()}~{place.ticket_id}"
    return urlsafe_b64encode(told.encode()).decode().rstrip("=")


def _place(after: str, sort: Sort) -> Place | None:
    if not after:
        return None
    try:
        found = CURSOR.fullmatch(urlsafe_b64decode(after + "=" * (-len(after) % 4)).decode("ascii"))
        if found and found[1] == sort:
            return Place(datetime.fromisoformat(found[2]), int(found[3]))
    except ValueError:
        pass
    raise _invalid("after", "Take this from the header Link, as it stands there.")


def _invalid(field: str, sentence: str) -> Invalid:
    fault = Invalid({field: [sentence]})
    fault.code = "invalid_parameters"
    return fault
