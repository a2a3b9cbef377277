"""Names of people, teams and organisations by their keys. A key that is gone from the installation names itself."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from servicedesk.core.facts import Installation, Person
from servicedesk.core.people import absence_on, stand_in_for
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Audience, OrganisationKind, Role
from servicedesk.store.queries.clients import clients_by_keys
from servicedesk.store.queries.tickets import Entry
from servicedesk.web import times
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _

A_SYSTEM = "client:"


def person(installation: Installation, key: str) -> str:
    found = installation.people.get(key)
    return found.name if found else key


def with_absence(who: Person, reading: Reading) -> str:
    """Anna (borta till och med 4 december, Bo ersätter)"""
    today = times.local(reading.now).date()
    absence = absence_on(who, today)
    if absence is None:
        return who.name
    last, instead = times.day(absence.last, reading.now), stand_in_for(who, today, reading.installation)
    if instead is None:
        return _("%(name)s (away until %(day)s)", name=who.name, day=last)
    return _("%(name)s (away until %(day)s, %(other)s stands in)", name=who.name, day=last, other=instead.name)


def team(installation: Installation, key: str) -> str:
    found = installation.teams.get(key)
    return found.name if found else key


def organisation(installation: Installation, key: str) -> str:
    found = installation.organisations.get(key)
    return found.name if found else key


def service(installation: Installation, key: str) -> str:
    found = installation.services.get(key)
    return found.name if found else key


def e_service(installation: Installation, key: str) -> str:
    found = installation.e_services.get(key)
    return found.name if found else key


def systems(connection: Connection, entries: Iterable[Entry]) -> dict[str, str]:
    """Actor -> name, of the systems that have done some of this and may be named to the reader."""
    actors = {entry.actor for entry in entries if entry.actor.startswith(A_SYSTEM)}
    found = clients_by_keys(connection, [actor.removeprefix(A_SYSTEM) for actor in actors]) if actors else {}
    return {f"{A_SYSTEM}{key}": name for key, name in found.items()}


def actor(installation: Installation, entry: Entry, systems: Mapping[str, str], supplier: str = "") -> str:
    """Who did it; the organisation only, where the reader may not know who it was. To a `supplier` everybody but
    itself and the joint organisation is the customer."""
    name, whose = systems.get(entry.actor, ""), _actor(installation, entry, supplier)
    return f"{name}, {whose}" if name else whose


def _actor(installation: Installation, entry: Entry, supplier: str) -> str:
    kind, _colon, key = entry.event.actor.partition(":")
    if kind == "import":
        # Somebody did it in another system, whose log says what but not to us who.
        return _("Somebody (imported)")
    if kind in ("scheduler", "operator"):
        return _("The system")
    if kind == Role.REQUESTER:
        return _("The requester")
    if entry.actor and kind == "person":
        return person(installation, key)
    key = _organisation_of(installation, kind, key) or entry.supplier or entry.organisation
    return (
        organisation(installation, key) if not supplier or _is_near(installation, key, supplier) else _("The customer")
    )


def _is_near(installation: Installation, key: str, supplier: str) -> bool:
    found = installation.organisations.get(key)
    return key == supplier or (found is not None and found.kind is OrganisationKind.JOINT)


def _organisation_of(installation: Installation, kind: str, key: str) -> str:
    """A person's first organisation. A client is a supplier's system, whatever it is called."""
    found = installation.people.get(key) if kind == "person" else None
    seats = (found.memberships or found.former) if found else ()
    return installation.teams[seats[0].team].organisation if seats else ""


def readers(audience: Audience, ticket: TicketState, installation: Installation, supplier: str = "") -> list[str]:
    """Who sees what is written to an audience, by name: said before writing and beside what was written."""
    municipality = organisation(installation, ticket.municipality)
    joint = [organisation(installation, ticket.joint)] if ticket.joint else []
    if audience is Audience.REQUESTER:
        return [_("the requester"), municipality, *joint]
    if audience is Audience.MUNICIPALITY:
        return [municipality]
    if audience is Audience.JOINT:
        return [municipality, *(joint or [_("the board, if the ticket is handed over to it")])]
    return [municipality, *joint, organisation(installation, supplier or ticket.supplier)]


def listed(names: list[str]) -> str:
    """A, B och C"""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s", first=", ".join(names[:-1]), last=names[-1])
