"""Absence: from which day to which somebody is away, and who is told in their place meanwhile."""

from dataclasses import replace
from datetime import date, timedelta

from servicedesk.actions.administering.changing import Changing, changing, found_in
from servicedesk.actions.desk import Desk
from servicedesk.core.administering import NOT_HERE, may_send_away, sees_person
from servicedesk.core.errors import Invalid, NotFound, Refusal
from servicedesk.core.facts import Absence, Actor, Person
from servicedesk.core.people import organisations_of

LONGEST = timedelta(days=731)


def add_absence(desk: Desk, key: str, first: date, last: date, stand_in: str, *, actor: Actor, seen: str) -> None:
    """Of oneself, or of somebody whose role one may give. Who stands in works in the same organisation, so that they
    may see what they are told of."""
    with changing(desk, actor=actor, by_all=True) as change:
        person = _person(change, key)
        if faults := _faults(change, person, first, last, stand_in):
            raise Invalid(faults)
        change.require_same("person", key, seen)
        away = sorted((*_not_over(change, person), Absence(first, last, stand_in)), key=lambda each: each.first)
        change.put("person", replace(person, absences=tuple(away)), what="away")


def end_absence(desk: Desk, key: str, first: date, *, actor: Actor) -> None:
    """The person is back today, or does not go at all."""
    with changing(desk, actor=actor, by_all=True) as change:
        person = _person(change, key)
        if all(each.first != first for each in person.absences):
            raise NotFound("There is no such absence.")
        yesterday = change.today - timedelta(days=1)
        left = [
            each if each.first != first else replace(each, last=yesterday)
            for each in person.absences
            if each.first != first or each.first <= yesterday
        ]
        change.put("person", replace(person, absences=tuple(left)), what="back")


def _person(change: Changing, key: str) -> Person:
    person: Person = found_in(change.installation.people, key)
    if change.actor.key != key and not sees_person(change.actor, person, change.installation):
        raise NotFound(NOT_HERE)
    if not may_send_away(change.actor, person, change.installation):
        raise Refusal("Only the person, or who looks after their role, can say when they are away.", code="not_yours")
    return person


def _not_over(change: Changing, person: Person) -> tuple[Absence, ...]:
    """What is over stands in the journal."""
    return tuple(each for each in person.absences if each.last >= change.today)


def _faults(change: Changing, person: Person, first: date, last: date, stand_in: str) -> dict[str, list[str]]:
    faults: dict[str, list[str]] = {}
    if not first <= last <= first + LONGEST:
        faults["last"] = ["Choose a last day that is not before the first, and at most two years after it."]
    elif last < change.today:
        faults["last"] = ["Choose a last day that is today or later."]
    elif any(each.first <= last and first <= each.last for each in person.absences):
        faults["first"] = ["The person is away then already. End that absence first, or choose other days."]
    other = change.installation.people.get(stand_in)
    if stand_in and (other is None or other.ended or other.key == person.key or not _meet(change, person, other)):
        faults["stand_in"] = ["Choose a colleague in the same organisation, or nobody."]
    elif other and any(each.first <= last and first <= each.last for each in other.absences):
        faults["stand_in"] = ["This colleague is away then too. Choose another one, or nobody."]
    return faults


def _meet(change: Changing, one: Person, other: Person) -> bool:
    mine, theirs = (organisations_of(each, change.installation) for each in (one, other))
    return bool(mine & theirs)
