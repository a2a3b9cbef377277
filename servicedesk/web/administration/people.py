"""The forms about people, and what a person's page offers."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for

from servicedesk.core.administering import (
    administered_by,
    administers,
    givable,
    may_change,
    may_give,
    may_send_away,
    seat_of,
)
from servicedesk.core.facts import Membership, Person
from servicedesk.core.vocabulary import Language
from servicedesk.store.queries.administration import HeldTicket, tickets_of
from servicedesk.web import identity, names
from servicedesk.web.administration.absence_forms import absences_of
from servicedesk.web.administration.seeing import Sight, items_of, sight, the_item
from servicedesk.web.administration.sending import AdminForm, Away, choices_of
from servicedesk.web.administration.words import LABELS, LANGUAGES, ROLES, role_words
from servicedesk.web.forms.fields import Choice, Field, Kind
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _, ngettext


@dataclass(frozen=True, slots=True)
class ShownSeat:
    """`take`: where it is taken away, '' where that is not this reader's to do."""

    team: str
    team_name: str
    words: str
    take: str


@dataclass(frozen=True, slots=True)
class PersonPart:
    """What only a person's page has."""

    seats: list[ShownSeat]
    tickets: list[HeldTicket]
    away: list[Away]
    may_change: bool
    may_give: bool
    may_send_away: bool


def person_part(person: Person, reading: Reading, sight: Sight) -> PersonPart:
    viewer, installation = sight.viewer, reading.installation
    ends = may_send_away(viewer, person, installation)
    away = absences_of(
        person, reading, lambda first: url_for("web.end_absence", key=person.key, first=first) if ends else ""
    )
    changes = may_change(viewer, person, installation)
    return PersonPart(
        seats=[] if person.ended else [_seat(person, seat, sight) for seat in sight.seats(person)],
        tickets=tickets_of(reading.connection, viewer, person.key),
        away=away,
        may_change=changes,
        may_give=bool(seat_choices(sight)) and (changes or not person.ended),
        may_send_away=ends,
    )


def _seat(person: Person, seat: Membership, sight: Sight) -> ShownSeat:
    own = seat_of(seat, sight.installation)
    is_own = person.key == sight.viewer.key and administers(own)
    takes = len(person.memberships) > 1 and not is_own and may_give(sight.viewer, own)
    address = url_for("web.ask_take_seat", key=person.key, team=seat.team, role=seat.role) if takes else ""
    name = names.team(sight.installation, seat.team)
    return ShownSeat(seat.team, name, role_words(seat.role, lead=seat.lead), address)


def seat_choices(sight: Sight) -> list[Choice]:
    """Every role that this person may give, under its team."""
    mine = administered_by(sight.viewer)
    teams = [team for team in items_of("team", sight) if team.organisation in mine]
    return [
        Choice(f"{team.key}/{role}", f"{ROLES[role]}, {team.name}", team.name)
        for team in teams
        for role in givable(sight.viewer, team)
    ]


def new_person(reading: Reading) -> AdminForm:
    seen = sight(reading)
    return AdminForm(
        _("Add a person"),
        url_for("web.create_person"),
        _("Add the person"),
        (*_said_of(None), *_seat_fields(seen)),
        (_("People"), url_for("web.administration_kind", kind="person")),
        lead=_("They get no password by this. Make them a link to set one on the next page."),
    )


def edit_person(key: str, reading: Reading) -> AdminForm:
    person = _person(key, reading)
    return AdminForm(_("Change %(name)s", name=person.name), _at("change_person", key), _("Save"), _said_of(person),
                     _back(person), ("person", key))  # fmt: skip


def seat_form(key: str, reading: Reading) -> AdminForm:
    person, seen = _person(key, reading), sight(reading)
    heading = _("Give %(name)s a role", name=person.name)
    lead = _("The person works here again from now on.") if person.ended else ""
    return AdminForm(heading, _at("give_seat", key), _("Give the role"), _seat_fields(seen), _back(person),
                     ("person", key), lead)  # fmt: skip


def take_form(key: str, team: str, role: str, reading: Reading) -> AdminForm:
    person = _person(key, reading)
    where = names.team(reading.installation, team)
    held = [ticket for ticket in _held(person, reading) if ticket.team == team]
    return AdminForm(
        _("Take a role away from %(name)s", name=person.name),
        url_for("web.take_seat", key=key, team=team, role=role),
        _("Take it away"),
        (_reason(), *_followers(person, {team}, reading)),
        _back(person),
        ("person", key),
        f"{next((str(words) for each, words in ROLES.items() if each == role), role)}, {where}. {_handed(held)}",
        danger=True,
        facts=[ticket.number for ticket in held],
    )


def end_form(key: str, reading: Reading) -> AdminForm:
    person, held = _person(key, reading), _held(_person(key, reading), reading)
    lead = _(
        "The person is signed out at once, can no longer sign in, and is told of nothing. What they have done stays in "
        "the tickets under their name."
    )
    teams = {seat.team for seat in person.memberships}
    return AdminForm(
        _("Close the account of %(name)s", name=person.name),
        _at("end_person", key),
        _("Close the account"),
        (_reason(), *_followers(person, teams, reading)),
        _back(person),
        ("person", key),
        f"{lead} {_handed(held)}",
        danger=True,
        facts=[ticket.number for ticket in held],
    )


def _held(person: Person, reading: Reading) -> list[HeldTicket]:
    return tickets_of(reading.connection, identity.viewer(), person.key)


def _handed(held: list[HeldTicket]) -> str:
    if not held:
        return _("The person works on no open ticket there.")
    return ngettext(
        "One open ticket goes to whoever you choose, or back to its team:",
        "%(count)s open tickets go to whoever you choose, or back to their team:",
        len(held),
        count=len(held),
    )


def _followers(person: Person, teams: Iterable[str], reading: Reading) -> tuple[Field, ...]:
    """Colleagues in the same teams."""
    wanted = set(teams)
    others = [
        (other.key, other.name)
        for other in items_of("person", sight(reading))
        if other.key != person.key and any(seat.team in wanted for seat in other.memberships)
    ]
    options = choices_of(others, _("Nobody: back to the team"))
    return (Field("to", str(LABELS["to"]), Kind.SELECT, choices=options, required=False),)


def _reason() -> Field:
    return Field("reason", str(LABELS["reason"]), Kind.LINE, _("It is written down with your name."))


def _said_of(person: Person | None) -> tuple[Field, ...]:
    return (
        Field("name", str(LABELS["name"]), Kind.LINE, value=person.name if person else ""),
        Field(
            "email",
            str(LABELS["email"]),
            Kind.LINE,
            _("The person signs in with it."),
            value=person.email if person else "",
        ),
        Field("phone", str(LABELS["phone"]), Kind.LINE, value=person.phone if person else "", required=False),
        Field(
            "language",
            str(LABELS["language"]),
            Kind.RADIO,
            choices=tuple(Choice(str(each), str(words)) for each, words in LANGUAGES.items()),
            value=str(person.language if person else Language.SWEDISH),
        ),
    )


def _seat_fields(sight: Sight) -> tuple[Field, ...]:
    options = (Choice("", _("Choose")), *seat_choices(sight))
    leads = (Choice("lead", _("Leads the team")),)
    return (
        Field("seat", _("Role and team"), Kind.SELECT, _("Those that you may give."), options),
        Field("lead", _("More"), Kind.CHECKS, choices=leads, required=False),
    )


def _person(key: str, reading: Reading) -> Person:
    person: Person = the_item("person", key, sight(reading))
    return person


def _at(endpoint: str, key: str) -> str:
    return url_for(f"web.{endpoint}", key=key)


def _back(person: Person) -> tuple[str, str]:
    return person.name, url_for("web.show_part", kind="person", key=person.key)
