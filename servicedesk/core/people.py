"""People over time: who is away on a day, and who is told in their place."""

from datetime import date

from servicedesk.core.facts import Absence, Installation, Person

LONGEST_PHONE = 40
LONGEST_EMAIL = 200
# Who stands in may be away too, and so on: further than this nobody looks.
MOST_STAND_INS = 5


def absence_on(person: Person, day: date) -> Absence | None:
    """The absence that covers the civil day; of several the one that lasts longest."""
    found = (each for each in person.absences if each.first <= day <= each.last)
    return max(found, key=lambda each: each.last, default=None)


def absence_from(person: Person, day: date, until: date) -> Absence | None:
    """The one they are on that day; else the first that begins after it and by `until`."""
    ahead = (each for each in person.absences if day < each.first <= until)
    return absence_on(person, day) or min(ahead, key=lambda each: each.first, default=None)


def stand_in_for(person: Person, day: date, installation: Installation) -> Person | None:
    """Who is told in the place of a person who is away that day: the first in the row of stand-ins who is there. None
    while the person is there, or when nobody stands in."""
    met, now = {person.key}, person
    for _ in range(MOST_STAND_INS):
        absence = absence_on(now, day)
        if absence is None:
            return None if now is person else now
        following = installation.people.get(absence.stand_in)
        if following is None or following.ended or following.key in met:
            return None
        met.add(following.key)
        now = following
    return None


def organisations_of(person: Person, installation: Installation) -> set[str]:
    """Of the seats they have; of who has left, those they had."""
    seats = person.former if person.ended else person.memberships
    return {installation.teams[seat.team].organisation for seat in seats}


def is_address(email: str) -> bool:
    """One @ with something on both sides, and no space: who can be written to is for the mail to find out."""
    name, at, domain = email.partition("@")
    return bool(name and at and domain and "@" not in domain and email.split() == [email])
