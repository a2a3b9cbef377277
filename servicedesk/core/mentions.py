"""Mentions, @Name, in what is written on a ticket: only of people who may read it, and whom whoever writes may know."""

import re
from collections.abc import Iterable, Iterator, Mapping

from servicedesk.core.facts import Actor, Installation, Person, Team
from servicedesk.core.people import organisations_of
from servicedesk.core.ticket import TicketState
from servicedesk.core.visibility import Access, access_of, organisations_reading
from servicedesk.core.vocabulary import Audience

MOST = 20
AT = re.compile(r"(?<![\w@.])@(?=\w)")
# What was meant as a name: words that begin with a capital.
MEANT = re.compile(r"(?<![\w@.])@([^\W\d_a-zåäö][\w’'-]*(?: [^\W\d_a-zåäö][\w’'-]*){0,3})")


def mentionable(
    actor: Actor, ticket: TicketState, audience: Audience, supplier: str, installation: Installation
) -> list[Person]:
    """By name. A supplier's people know no others than their own; a requester nobody."""
    seen = access_of(ticket, actor)
    if seen is None or seen[0] is Access.REQUESTER:
        return []
    reading = organisations_reading(ticket, audience, supplier)
    if seen[0] is Access.SUPPLIER:
        reading &= actor.organisations
    found = (
        person
        for person in installation.people.values()
        if not person.ended and not organisations_of(person, installation).isdisjoint(reading)
    )
    return sorted(found, key=lambda person: (person.name.casefold(), person.key))


def handles(people: Iterable[Person], teams: Mapping[str, Team]) -> dict[str, str]:
    """key -> what stands after the @ for this person alone: the name; where several have the same, with a team that no
    other of them is in, or else the key, in brackets."""
    of_name: dict[str, list[Person]] = {}
    for person in people:
        of_name.setdefault(person.name.casefold(), []).append(person)
    return {person.key: _handle(person, same, teams) for same in of_name.values() for person in same}


def mentioned(text: str, people: Iterable[Person], teams: Mapping[str, Team]) -> list[Person]:
    """Those of these people whose handles stand after an @; of a name that several have, and nothing else, all."""
    if "@" not in text:
        return []
    named = list(people)
    labels = _labels(named, teams)
    keys = {key for at in _places(text) for key in labels.get(_label_at(text, at, labels), ())}
    return [person for person in named if person.key in keys][:MOST]


def unknown_mentions(text: str, people: Iterable[Person]) -> list[str]:
    """What reads like a mention and is of none of these people."""
    names = {person.name.casefold() for person in people}
    found = (each for each in MEANT.finditer(text) if not _label_at(text, each.start(1), names))
    return list(dict.fromkeys(each[1] for each in found))


def shared_mentions(text: str, people: Iterable[Person], teams: Mapping[str, Team]) -> dict[str, list[str]]:
    """name -> the handles of all who have it, for each mention by a name that several have."""
    if "@" not in text:
        return {}
    named = list(people)
    labels, each = _labels(named, teams), handles(named, teams)
    found = (labels.get(_label_at(text, at, labels), []) for at in _places(text))
    names = {person.key: person.name for person in named}
    return {names[keys[0]]: [each[key] for key in keys] for keys in found if len(keys) > 1}


def _handle(person: Person, same: list[Person], teams: Mapping[str, Team]) -> str:
    if len(same) == 1:
        return person.name
    of_others = {seat.team for other in same if other is not person for seat in other.memberships}
    own = next((seat.team for seat in person.memberships if seat.team not in of_others and seat.team in teams), "")
    return f"{person.name} ({teams[own].name if own else person.key})"


def _labels(people: list[Person], teams: Mapping[str, Team]) -> dict[str, list[str]]:
    """What may stand after an @, in small letters -> the keys of those whom it means."""
    labels: dict[str, list[str]] = {}
    for person in people:
        labels.setdefault(person.name.casefold(), []).append(person.key)
    for key, handle in handles(people, teams).items():
        labels.setdefault(handle.casefold(), [key])
    return labels


def _places(text: str) -> Iterator[int]:
    return (found.end() for found in AT.finditer(text))


def _label_at(text: str, place: int, labels: Iterable[str]) -> str:
    """The longest of them that stands there whole, in small letters; '' for none."""
    there = text[place : place + 200].casefold()
    found = [each for each in labels if there.startswith(each) and not there[len(each) : len(each) + 1].isalnum()]
    return max(found, key=len, default="")
