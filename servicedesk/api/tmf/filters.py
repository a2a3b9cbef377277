"""The query of a list: which attributes, which page, and equality on what can be asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from werkzeug.datastructures import MultiDict

from servicedesk.api.tmf.creating import ticket_types
from servicedesk.core import tmf621
from servicedesk.core.errors import Invalid, Sentence
from servicedesk.core.facts import Actor
from servicedesk.core.vocabulary import Tier, TmfStatus
from servicedesk.store.queries.trouble.listing import LARGEST_OFFSET, Wanted
from servicedesk.store.queries.trouble.resource import href_of
from servicedesk.store.rulebook import RuleBook

DEFAULT_LIMIT, LARGEST_LIMIT = 20, 100
FIELDS, OFFSET, LIMIT = "fields", "offset", "limit"
WHOLE_NUMBER = "Give a whole number, 0 or more."
CANNOT = "Tickets cannot be filtered by this. They can be by: %(names)s."
TOO_FAR = "Nobody pages so far by offset: at most %(largest)s. Narrow the list by a filter, or read /api/v1/changes."


@dataclass(frozen=True, slots=True)
class Asked:
    """`fields`: the attributes to show; None for all."""

    wanted: Wanted
    fields: frozenset[str] | None
    offset: int
    limit: int


def asked_for(query: MultiDict[str, str], viewer: Actor, book: RuleBook) -> Asked:
    """Invalid names every parameter that cannot be accepted."""
    faults: dict[str, list[str]] = {}
    wanted = Wanted()
    for name in query:
        if name in (FIELDS, OFFSET, LIMIT):
            continue
        narrow = FILTERS.get(name)
        if narrow is None:
            faults[name] = [Sentence(CANNOT, names=", ".join(FILTERS))]
        else:
            wanted = narrow(wanted, _values(query.getlist(name)), Known(viewer, book))
    offset, limit = (_number(query, name, default, faults) for name, default in ((OFFSET, 0), (LIMIT, DEFAULT_LIMIT)))
    if faults:
        raise _invalid(faults)
    return Asked(wanted, fields_of(query), offset, min(limit, LARGEST_LIMIT))


def fields_of(query: MultiDict[str, str]) -> frozenset[str] | None:
    """The attributes that are asked for; `none` means id and href alone. None where none is named."""
    named = frozenset(_values(query.getlist(FIELDS)))
    return frozenset({"id", "href"}) if named == {"none"} else named or None


def require_reach(asked: Asked, total: int) -> None:
    """Invalid for a page that is there, and too far to go for."""
    if asked.offset > LARGEST_OFFSET and total > LARGEST_OFFSET:
        raise _invalid({OFFSET: [Sentence(TOO_FAR, largest=LARGEST_OFFSET)]})


def _invalid(faults: Mapping[str, list[str]]) -> Invalid:
    fault = Invalid(faults)
    fault.code = "invalid_parameters"
    return fault


def _values(given: list[str]) -> list[str]:
    """Several, whether in one parameter with commas or in several, are alternatives."""
    return [value for each in given for value in map(str.strip, each.split(",")) if value]


def _number(query: MultiDict[str, str], name: str, default: int, faults: dict[str, list[str]]) -> int:
    text = query.get(name, str(default)).strip()
    if not (text.isascii() and text.isdigit()):
        faults[name] = [WHOLE_NUMBER]
        return default
    # No list is longer, and no database counts further than 18 digits.
    return int(text) if len(text) <= 18 else 10**18


@dataclass(frozen=True, slots=True)
class Known:
    viewer: Actor
    book: RuleBook

    @property
    def is_supplier(self) -> bool:
        return any(seat.tier is Tier.SUPPLIER for seat in self.viewer.seats)


Narrow = Callable[[Wanted, list[str], Known], Wanted]


def _by_id(wanted: Wanted, values: list[str], known: Known) -> Wanted:
    return replace(wanted, numbers=_printable(values))


def _by_href(wanted: Wanted, values: list[str], known: Known) -> Wanted:
    start = href_of("")
    return _by_id(wanted, [value.removeprefix(start) for value in values if value.startswith(start)], known)


def _by_status(wanted: Wanted, values: list[str], known: Known) -> Wanted:
    return replace(wanted, statuses=[each for each in TmfStatus if each in values])


def _by_priority(wanted: Wanted, values: list[str], known: Known) -> Wanted:
    return _with_priorities(wanted, [number for number, said in tmf621.PRIORITIES.items() if said in values])


def _by_severity(wanted: Wanted, values: list[str], known: Known) -> Wanted:
    return _with_priorities(wanted, [number for number, said in tmf621.SEVERITIES.items() if said in values])


def _with_priorities(wanted: Wanted, numbers: list[int]) -> Wanted:
    """Both priority and severity may ask for some."""
    both = numbers if wanted.priorities is None else [n for n in numbers if n in wanted.priorities]
    return replace(wanted, priorities=both)


def _by_type(wanted: Wanted, values: list[str], known: Known) -> Wanted:
    keys = {each.key for each in known.book.workflows()}
    named = {key for key in keys if tmf621.type_of(key) in values}
    if not known.is_supplier:
        named |= {key for word, key in ticket_types(known.book).items() if word == key and word in values}
    return replace(wanted, workflows=sorted(named))


def _by_entity(wanted: Wanted, values: list[str], known: Known) -> Wanted:
    return replace(wanted, entities=_printable(values))


def _by_party(wanted: Wanted, values: list[str], known: Known) -> Wanted:
    there = known.book.installation.organisations
    return replace(wanted, parties=[value for value in values if value in there])


def _by_creation(wanted: Wanted, values: list[str], known: Known) -> Wanted:
    return replace(wanted, opened=[moment for value in values if (moment := _moment(value))])


def _by_reference(wanted: Wanted, values: list[str], known: Known) -> Wanted:
    return replace(wanted, references=_printable(values))


def _moment(value: str) -> datetime | None:
    """A plus sign in an address is a space."""
    try:
        moment = datetime.fromisoformat(value.replace(" ", "+"))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _printable(values: list[str]) -> list[str]:
    """Such characters as no database takes are in no ticket either."""
    return [value for value in values if value.isprintable()]


FILTERS: dict[str, Narrow] = {
    "id": _by_id,
    "href": _by_href,
    "status": _by_status,
    "priority": _by_priority,
    "severity": _by_severity,
    "ticketType": _by_type,
    "creationDate": _by_creation,
    "externalId": _by_reference,
    "relatedEntity.id": _by_entity,
    "relatedParty.id": _by_party,
}
