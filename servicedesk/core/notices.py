"""Whom an event concerns enough to be told, and why. Only people whose organisation may see the ticket are told."""

from collections.abc import Collection
from zoneinfo import ZoneInfo

from servicedesk.core.events import EntryAdded, Event, Moved, PromiseWarned, TicketAssigned
from servicedesk.core.facts import Installation, Person
from servicedesk.core.ladder import people_told
from servicedesk.core.people import organisations_of, stand_in_for
from servicedesk.core.sla import breaks_by
from servicedesk.core.ticket import TicketState
from servicedesk.core.visibility import organisations_reading
from servicedesk.core.vocabulary import Role, Tier, Verb

MENTIONED = "mentioned"
# Who has the ticket, and who answers for what is promised to the requester, between the tiers and by suppliers.
ANSWERING = ("holder", str(Role.BUSINESS_SYSTEM_MANAGER), str(Role.IT_SERVICE_MANAGER))


def notices_of(
    event: Event, ticket: TicketState, installation: Installation, allowed: Collection[str]
) -> list[tuple[str, str]]:
    """(person, why) for an event, given the ticket as it was right after it and the organisations that may see the
    ticket now. Nobody is told what they did themselves. Of who is away the stand-in is told too: what waits for
    somebody until they are back is theirs to read, but nobody is to miss it meanwhile."""
    people = _with_stand_ins(_concerned(event, ticket, installation), event, installation)
    why = _why(event, ticket)
    if why == MENTIONED and isinstance(event.payload, EntryAdded):
        allowed = organisations_reading(ticket, event.payload.audience, event.payload.supplier).intersection(allowed)
    return [
        (person.key, why)
        for person in people
        if event.actor != f"person:{person.key}" and not organisations_of(person, installation).isdisjoint(allowed)
    ]


def _with_stand_ins(people: list[Person], event: Event, installation: Installation) -> list[Person]:
    day = event.recorded_at.astimezone(ZoneInfo(installation.zone)).date()
    stand_ins = (stand_in_for(person, day, installation) for person in people)
    known = {person.key: person for person in (*people, *(found for found in stand_ins if found))}
    return list(known.values())


def _concerned(event: Event, ticket: TicketState, installation: Installation) -> list[Person]:
    data = event.payload
    if event.amends is not None:
        return _concerned_by_correction(event, ticket, installation)
    if isinstance(data, PromiseWarned):
        return people_told(installation, ticket, data.tell)
    if isinstance(data, TicketAssigned):
        return [installation.people[data.assignee]] if data.assignee in installation.people else []
    if isinstance(data, Moved) and data.verb is Verb.ASK and ticket.question is not None:
        return _team_asked(str(ticket.question.of), ticket, installation)
    if isinstance(data, EntryAdded) and data.mentions:
        return [installation.people[key] for key in data.mentions if key in installation.people]
    return people_told(installation, ticket, ["holder"])


def _concerned_by_correction(event: Event, ticket: TicketState, installation: Installation) -> list[Person]:
    """Who has the ticket now, who answers for what was promised, and of a supplier the teams that have had it, if it
    is one that sees the correction."""
    blind = {key for key in ticket.suppliers if ticket.supplier_versions.get(key) != event.seq}
    teams = {
        stretch.holder.team
        for stretch in ticket.custody
        if stretch.holder.tier is Tier.SUPPLIER and stretch.holder.organisation not in blind
    }
    told = {person.key for person in people_told(installation, ticket, ANSWERING)}
    return [
        person
        for key, person in sorted(installation.people.items())
        if (key in told or any(seat.team in teams for seat in person.memberships))
        and not organisations_of(person, installation) <= blind
    ]


def _team_asked(tier: str, ticket: TicketState, installation: Installation) -> list[Person]:
    """The team at the asked tier that last had the ticket; nobody when it is the requester who is asked."""
    team = next((holder.team for holder in reversed(ticket.handed_over_by) if holder.tier == tier), None)
    return [
        person
        for _, person in sorted(installation.people.items())
        if team and any(seat.team == team for seat in person.memberships)
    ]


def _why(event: Event, ticket: TicketState) -> str:
    data = event.payload
    if event.amends is not None:
        return "corrected"
    if isinstance(data, PromiseWarned):
        clock = ticket.clocks.get(data.clock)
        has_broken = breaks_by(clock, data.share) if clock else data.share >= 100
        return "promise_broken" if has_broken else "promise_at_risk"
    if isinstance(data, EntryAdded) and data.mentions:
        return MENTIONED
    return str(data.verb) if isinstance(data, Moved) else event.kind
