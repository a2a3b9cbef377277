"""Who is calling: found again among those who have asked before, and among the municipality's own people."""

from collections.abc import Mapping
from dataclasses import dataclass

from servicedesk.core.facts import Actor, Installation, Person
from servicedesk.core.inputs import clean_line
from servicedesk.core.vocabulary import Language, RequesterKind
from servicedesk.store.queries.asked_before import Requester, find_requesters, requester_of
from servicedesk.web.calls.drafts import NAMELESS
from servicedesk.web.reading import Reading

SHORTEST = 3
MOST_OF_ONES_OWN = 3


@dataclass(frozen=True, slots=True)
class Found:
    """`key` is what the button says that picks them: the person's own, or the ticket that they asked in. `language`:
    the one that they read, as far as is known."""

    key: str
    name: str
    contact: str
    kind: RequesterKind | None = None
    language: Language = Language.SWEDISH


def found_people(values: Mapping[str, str], viewer: Actor, reading: Reading) -> list[Found]:
    """By what stands in the two fields. Nobody, where identities are protected or nobody is to be named."""
    if values.get("requester_kind") in NAMELESS:
        return []
    municipality = values.get("municipality", "")
    text = clean_line(f"{values.get('requester_name', '')} {values.get('requester_contact', '')}")
    own = [
        _as_found(person)
        for person in _own_people(reading.installation, viewer, municipality)
        if _is_meant(person, text)
    ]
    before = [_as_known(one) for one in find_requesters(reading.connection, viewer, municipality, text)]
    found = [*own[:MOST_OF_ONES_OWN], *before]
    return [] if len(found) == 1 and _stands_there(found[0], values) else found


def picked_person(key: str, values: Mapping[str, str], viewer: Actor, reading: Reading) -> dict[str, str]:
    """What picking one of them fills in; nothing for somebody who is not theirs to find."""
    kind, _space, which = key.partition(" ")
    municipality = values.get("municipality", "")
    if kind == "staff":
        own = _own_people(reading.installation, viewer, municipality)
        return next((_filled(_as_found(one)) for one in own if one.key == which), {})
    one = requester_of(reading.connection, viewer, municipality, which)
    return _filled(_as_known(one)) if one else {}


def _as_found(person: Person) -> Found:
    return Found(f"staff {person.key}", person.name, person.email, RequesterKind.EMPLOYEE, person.language)


def _as_known(one: Requester) -> Found:
    return Found(f"ticket {one.ticket}", one.name, one.contact, language=one.language)


def _filled(found: Found) -> dict[str, str]:
    filled = {"requester_name": found.name, "requester_contact": found.contact, "language": str(found.language)}
    return filled | ({"requester_kind": str(found.kind)} if found.kind else {})


def _own_people(installation: Installation, viewer: Actor, municipality: str) -> list[Person]:
    if municipality not in viewer.organisations:
        return []
    teams = {key for key, team in installation.teams.items() if team.organisation == municipality}
    return [
        one
        for one in installation.people.values()
        if one.employer == municipality or any(seat.team in teams for seat in one.memberships)
    ]


def _is_meant(person: Person, text: str) -> bool:
    """Every word of the text begins one of theirs."""
    words = text.casefold().split()
    theirs = [*person.name.casefold().split(), person.email.casefold()]
    return len(text) >= SHORTEST and all(any(own.startswith(word) for own in theirs) for word in words)


def _stands_there(found: Found, values: Mapping[str, str]) -> bool:
    """Picked already, or written out: there is nothing to choose."""
    return (found.name, found.contact) == (values.get("requester_name"), values.get("requester_contact"))
