"""Mentions, @Name, in what is written on a ticket: only of people who may read it, and whom whoever writes may know."""

import re
from collections.abc import Iterable, Iterator

from servicedesk.core.facts import Actor, Installation, Person
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


def mentioned(text: str, people: Iterable[Person]) -> list[Person]:
    """Those of these people whose names stand after an @; of several of the same name all."""
    if "@" not in text:
        return []
    named = list(people)
    names = {name for at in _places(text) if (name := _name_at(text, at, named))}
    return [person for person in named if person.name.casefold() in names][:MOST]


def unknown_mentions(text: str, people: Iterable[Person]) -> list[str]:
    """What reads like a mention and is of none of these people."""
    named = list(people)
    found = (each for each in MEANT.finditer(text) if not _name_at(text, each.start(1), named))
    return list(dict.fromkeys(each[1] for each in found))


def _places(text: str) -> Iterator[int]:
    return (found.end() for found in AT.finditer(text))


def _name_at(text: str, place: int, people: list[Person]) -> str:
    """The longest name that stands there whole, in small letters; '' for none."""
    there = text[place : place + 200].casefold()
    names = {person.name.casefold() for person in people}
    found = [name for name in names if there.startswith(name) and not there[len(name) : len(name) + 1].isalnum()]
    return max(found, key=len, default="")
