"""A sample ticket is logged: by somebody who may, in a municipality where the matter can arise."""

from datetime import datetime

from servicedesk.actions.demo.cast import Cast
from servicedesk.actions.demo.matters import Matter
from servicedesk.actions.log import MAY_LOG, NewTicket, entry_tier, log
from servicedesk.actions.opened import Open
from servicedesk.actions.work import Work
from servicedesk.core.facts import Actor, EService, Organisation
from servicedesk.core.vocabulary import Fault, RequesterKind, Tier

ANONYMOUS = 0.06
WITH_CASE = 0.7
# The platform's cases are numbered as they come: so many there were when the demonstration's calendar begins.
CASES_BEFORE, CASES_A_DAY = 240_000, 110
FIRST_CASE = datetime.fromisoformat("2022-01-01T00:00:00Z")


def log_one(cast: Cast, work: Work, matter: Matter, at: datetime) -> Open:
    e_services = [e for e in cast.installation.e_services.values() if e.key == f"{e.municipality}-{matter.e_service}"]
    having = {e.municipality for e in e_services}
    places = [place for place in cast.places if not matter.e_service or place.key in having]
    place = cast.chance.choices(places, [place.population for place in places])[0]
    told = matter.told_in(place.name)
    own = next((e for e in e_services if e.municipality == place.key), None)
    who = _who_logs(cast, work, matter, place)
    held = log(work, _new(cast, told, place, own, at, work), actor=cast.chance.choice(who), at=at)
    cast.stories[held.ticket.number] = cast.new_story(told)
    return held


def _who_logs(cast: Cast, work: Work, matter: Matter, place: Organisation) -> list[Actor]:
    """Those who may, of the tier where such tickets come in."""
    tier = _entry(work, matter)
    return [
        actor
        for actor in cast.people[place.key]
        if any(s.organisation == place.key and s.role in MAY_LOG and s.tier is tier for s in actor.seats)
    ]


def _entry(work: Work, matter: Matter) -> Tier:
    definition = work.book.workflow(matter.workflow)
    assert definition is not None
    return entry_tier(definition)


def _new(cast: Cast, told: Matter, place: Organisation, own: EService | None, at: datetime, work: Work) -> NewTicket:
    chance = cast.chance
    inside = _entry(work, told) is not Tier.FIRST_LINE
    name = f"{cast.says('first_name')} {cast.says('last_name')}" if inside or chance.random() > ANONYMOUS else ""
    has_case = own is not None and chance.random() < WITH_CASE
    return NewTicket(
        municipality=place.key,
        service=told.service,
        subject=told.subject,
        description=told.description,
        workflow=told.workflow,
        channel=chance.choice(told.channels),
        requester_kind=RequesterKind.EMPLOYEE if inside else RequesterKind.CITIZEN,
        requester_name=name,
        requester_contact=contact(cast, name) if name else "",
        e_service=own.key if own else "",
        platform_case=_case(cast, at) if has_case else "",
        impact=told.impact,
        urgency=told.urgency,
        fault=Fault.UNKNOWN if told.unclear else told.fault,
    )


def contact(cast: Cast, name: str) -> str:
    """A number of those set aside for fiction by the telecommunications authority, or an address nobody can own."""
    if cast.chance.random() < 0.3:
        plain = name.lower().translate(str.maketrans("åäöé", "aaoe")).replace(" ", ".")
        return f"{plain}@brev.example"
    return f"070-174 06 {cast.chance.randrange(5, 100):02d}"


def _case(cast: Cast, at: datetime) -> str:
    return str(CASES_BEFORE + (at - FIRST_CASE).days * CASES_A_DAY + cast.chance.randrange(CASES_A_DAY))
