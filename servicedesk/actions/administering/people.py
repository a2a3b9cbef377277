"""People: who works here, as what, and until when. Nobody is deleted: the journals name them for ever."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import delete, select

from servicedesk.actions.administering.changing import ADDED, Changing, changing, found_in, free_key
from servicedesk.actions.desk import Desk
from servicedesk.actions.once import Once
from servicedesk.actions.work import Work
from servicedesk.core.administering import (
    NOT_HERE,
    administers,
    may_change,
    require_may_give,
    seat_of,
    sees_person,
)
from servicedesk.core.errors import Invalid, NotFound, Refusal
from servicedesk.core.events import TicketAssigned
from servicedesk.core.facts import OPERATOR, Actor, Installation, Membership, Person
from servicedesk.core.inputs import LONGEST_LINE, clean_line, clean_text, too_long
from servicedesk.core.installations.entry import LONGEST_NAME
from servicedesk.core.installations.file import slug_of
from servicedesk.core.people import LONGEST_EMAIL, LONGEST_PHONE, is_address
from servicedesk.core.vocabulary import ROLE_TIERS, Language, Role
from servicedesk.store.access import Credential, Invitation
from servicedesk.store.tickets import Ticket, Visibility

Faults = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class PersonGiven:
    """What is said of a person, as it was written."""

    name: str
    email: str
    phone: str = ""
    language: str = str(Language.SWEDISH)


def add_person(
    desk: Desk, given: PersonGiven, seat: Membership | None, *, actor: Actor, once: Once | None = None
) -> str:
    """Somebody new, with their first seat; their key. Invalid names every field that cannot be accepted."""
    with changing(desk, actor=actor, once=once) as change:
        values, faults = _values(given, change.installation, "")
        if seat is None or seat.team not in change.installation.teams:
            faults["seat"] = ["Choose a team and a role."]
        if faults or seat is None:
            raise Invalid(faults)
        require_may_give(actor, [seat_of(seat, change.installation)])
        organisation = change.installation.teams[seat.team].organisation
        key = free_key(f"{organisation}-{slug_of(values['name'])}", change.installation.people)
        change.put("person", Person(key=key, memberships=(seat,), **values), what=ADDED)
        change.result = key
        return key


def change_person(desk: Desk, key: str, given: PersonGiven, *, actor: Actor, seen: str) -> None:
    """Name, address, telephone and language. Refusal `above_yours` where the person has a seat that is not the actor's
    to give; Conflict when somebody has changed the person since."""
    with changing(desk, actor=actor) as change:
        person = _person(change, key)
        _require_may_change(change, person)
        values, faults = _values(given, change.installation, key)
        if faults:
            raise Invalid(faults)
        change.require_same("person", key, seen)
        change.put("person", replace(person, **values))


def give_seat(desk: Desk, key: str, seat: Membership | None, *, actor: Actor, seen: str) -> None:
    """One seat more, or the same one as the team's lead or no longer so. Who had left works here again."""
    with changing(desk, actor=actor) as change:
        person = _person(change, key)
        if seat is None or seat.team not in change.installation.teams:
            raise Invalid({"seat": ["Choose a team and a role."]})
        require_may_give(actor, [seat_of(seat, change.installation)])
        if person.ended:
            _require_may_change(change, person)
        _require_not_own(change, person, [seat])
        same = [own for own in person.memberships if (own.team, own.role) == (seat.team, seat.role)]
        require_may_give(actor, [seat_of(own, change.installation) for own in same])
        if seat in same:
            raise Invalid({"seat": ["The person has this role already. Choose another one."]})
        change.require_same("person", key, seen)
        seats = (*(own for own in person.memberships if own not in same), seat)
        change.put("person", replace(person, memberships=seats, ended=None, former=()), what="seat_given")


def take_seat(
    desk: Desk, key: str, team: str, role: Role, reason: str, *, actor: Actor, seen: str, to: str = ""
) -> None:
    """One seat less, and not the last. What the person worked on in that team goes to `to`, or back to the team."""
    with changing(desk, actor=actor) as change:
        person = _person(change, key)
        taken = next((own for own in person.memberships if (own.team, own.role) == (team, role)), None)
        if taken is None:
            raise NotFound("There is no such role to take away.")
        require_may_give(actor, [seat_of(taken, change.installation)])
        _require_not_own(change, person, [taken])
        why = _reason(reason)
        change.require_same("person", key, seen)
        left = tuple(own for own in person.memberships if own != taken)
        if not left:
            raise Refusal("This is the person's only role. Close the account instead.", code="last_seat")
        teams = {team} - {own.team for own in left}
        handed = _hand_on(change, person, teams, to)
        change.put("person", replace(person, memberships=left), what="seat_taken", reason=why, also=handed)


def end_person(desk: Desk, key: str, reason: str, *, actor: Actor, seen: str, to: str = "") -> None:
    """The person has left: signed out everywhere and for good, in no team, told of nothing. What they worked on goes to
    `to`, where that person is in the team that holds it, or back to its team. What they have done stays theirs."""
    with changing(desk, actor=actor) as change:
        person = _person(change, key)
        if person.ended:
            raise Refusal("The person has already left.", code="nothing_changed")
        _require_may_change(change, person)
        if person.key == actor.key:
            raise Refusal("You cannot close your own account. Ask a colleague who may.", code="own_seat")
        why = _reason(reason)
        change.require_same("person", key, seen)
        handed = _hand_on(change, person, {own.team for own in person.memberships}, to)
        ended = replace(person, memberships=(), former=person.memberships, ended=change.today, absences=())
        change.put("person", ended, what="ended", reason=why, also=handed)
        for table in (Credential, Invitation):
            change.connection.execute(delete(table).where(table.person == key))


def _person(change: Changing, key: str) -> Person:
    person: Person = found_in(change.installation.people, key)
    if not sees_person(change.actor, person, change.installation):
        raise NotFound(NOT_HERE)
    return person


def _require_may_change(change: Changing, person: Person) -> None:
    if not may_change(change.actor, person, change.installation):
        raise Refusal(
            "This person has a role above yours or in another organisation. Whoever looks after that has to do it.",
            code="above_yours",
        )


def _require_not_own(change: Changing, person: Person, taken: list[Membership]) -> None:
    """Nobody locks themselves out."""
    if person.key == change.actor.key and any(administers(seat_of(own, change.installation)) for own in taken):
        raise Refusal("You cannot take away the role that you do this by. Ask a colleague who may.", code="own_seat")


def _hand_on(change: Changing, person: Person, teams: set[str], to: str) -> dict[str, str]:
    """What the person works on in these teams; what is written down of it."""
    follower = change.installation.people.get(to)
    theirs = {own.team for own in follower.memberships} if follower and to != person.key else set()
    if to and not theirs & teams:
        raise Invalid({"to": ["Choose somebody in the same team, or nobody."]})
    query = select(Ticket.number).join(Visibility, Visibility.ticket_id == Ticket.id).distinct()
    mine = query.where(Visibility.is_open, Visibility.assignee == person.key, Visibility.holder_team.in_(teams))
    work = Work(change.desk, change.connection, change.book, change.now)
    numbers = sorted(change.connection.execute(mine).scalars())
    work.lock(numbers)
    handed = []
    for number in numbers:
        held = work.open_ticket(number, actor=OPERATOR)
        if held.ticket.assignee == person.key:
            follows = to if held.ticket.holder.team in theirs else ""
            work.record(held, TicketAssigned(follows), actor=change.actor)
            handed.append(number)
    work.finish()
    return {"handed_on": " ".join(handed)} if handed else {}


def _values(given: PersonGiven, installation: Installation, key: str) -> tuple[dict[str, Any], Faults]:
    name, email, phone = clean_line(given.name), clean_line(given.email).lower(), clean_line(given.phone)
    faults: Faults = {}
    if not name:
        faults["name"] = ["Write the person's name."]
    elif len(name) > LONGEST_NAME:
        faults["name"] = [too_long(name, LONGEST_NAME)]
    if not is_address(email):
        faults["email"] = ["Write an e-mail address, as name@municipality.se."]
    elif len(email) > LONGEST_EMAIL:
        faults["email"] = [too_long(email, LONGEST_EMAIL)]
    elif any(other.email.casefold() == email and other.key != key for other in installation.people.values()):
        # Whose it is may be nothing to this reader.
        faults["email"] = ["Somebody has this address already. Everybody signs in with an address of their own."]
    if len(phone) > LONGEST_PHONE:
        faults["phone"] = [too_long(phone, LONGEST_PHONE)]
    if given.language not in list(Language):
        faults["language"] = ["Choose one of those that are offered."]
    values = {"name": name, "email": email, "phone": phone}
    return ({**values, "language": Language(given.language)} if not faults else values), faults


def _reason(reason: str) -> str:
    text = clean_text(reason)
    if not text:
        raise Invalid({"reason": ["Write why."]})
    if len(text) > LONGEST_LINE:
        raise Invalid({"reason": [too_long(text, LONGEST_LINE)]})
    return text


def membership(installation: Installation, text: str, *, lead: bool = False) -> Membership | None:
    """From `team/role`, as a form says it; None for what is no such seat."""
    team, _slash, role = text.partition("/")
    found = installation.teams.get(team)
    if found is None or role not in list(Role) or ROLE_TIERS.get(Role(role)) is not found.tier or found.observed:
        return None
    return Membership(team, Role(role), lead)
