"""A year of sample tickets, lived through by the same actions under a controlled clock, from a fixed seed."""

import heapq
import random
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select, update

from servicedesk import paths
from servicedesk.actions.desk import Desk
from servicedesk.actions.log import MAY_LOG, NewTicket, log
from servicedesk.actions.outbox import drain
from servicedesk.actions.steps import options_of, step
from servicedesk.actions.sweep import sweep
from servicedesk.actions.work import Open, Work, unit_of_work
from servicedesk.core.actors import actor_of
from servicedesk.core.clock import ControlledClock
from servicedesk.core.codec import stamp
from servicedesk.core.facts import OPERATOR, Actor, Installation
from servicedesk.core.vocabulary import Channel, Fault, Level, Need, OrganisationKind, RequesterKind, Verb
from servicedesk.core.workflows.definition import Step
from servicedesk.store.outbox import Notice
from servicedesk.store.tickets import Ticket

SEED = 2580
STEPS_A_BATCH = 200
MEAN_HOURS = 2.5
UPWARDS = 4
# Some matters drag on; and a share of them is from the last days, so that there is work in hand.
SPREAD = 0.9
RECENT = 0.12
REST_WHEN_RESOLVED = 0.4

# How much likelier than its place in the definition suggests, so that sample lives look like lives.
WEIGHT: dict[Verb, float] = {
    Verb.ACCEPT: 9.0,
    Verb.CANCEL: 0.1,
    Verb.RETURN: 0.35,
    Verb.RECALL: 0.1,
    Verb.REOPEN: 0.08,
    Verb.REJECT: 0.3,
    Verb.RESOLVE: 1.5,
    Verb.WAIT: 0.4,
}

# A sample person answers in these fields with the matter's own words.
WORDS = {
    Need.TRIED: "tried",
    Need.REASON: "tried",
    Need.QUESTION: "question",
    Need.ANSWER: "answer",
    Need.SOLUTION: "solution",
    Need.SUPPLIER_DESCRIPTION: "supplier",
}
CHOICES = {Need.RESOLUTION_CODE: "solved", Need.CANCEL_REASON: "mistaken"}


@dataclass
class Year:
    """The demonstration being lived: whose turn it is, and what each ticket is about."""

    desk: Desk
    clock: ControlledClock
    chance: random.Random
    installation: Installation
    people: list[Actor]
    matters: list[dict[str, Any]]
    about: dict[str, dict[str, Any]]
    pace: dict[str, float]

    @property
    def joint(self) -> list[str]:
        return [o.key for o in self.installation.organisations.values() if o.kind is OrganisationKind.JOINT]


def build_demo(
    desk: Desk, tickets: int, until: datetime, *, seed: int = SEED, tick: Callable[[], object] = lambda: None
) -> int:
    """Log `tickets` tickets over the year before `until` and let them live; how many steps were taken.

    The desk's own clock is not used: the demonstration has one of its own, and ends at `until`. `tick` is called for
    every step, to show progress by.
    """
    clock = ControlledClock(until - timedelta(days=365))
    own = Desk(desk.engine, clock)
    with own.reading() as connection:
        installation = own.book(connection).installation
    people = [actor_of(person, installation) for _, person in sorted(installation.people.items())]
    matters = tomllib.loads((paths.samples() / "demo" / "matters.toml").read_text(encoding="utf-8"))["matter"]
    year = Year(own, clock, random.Random(seed), installation, people, matters, {}, {})
    steps = _live(year, tickets, until, tick)
    clock.move_to(until)
    sweep(own, as_of=until)
    drain(own)
    with own.transaction() as connection:
        old = Notice.created_at <= until, Notice.ticket_id.in_(select(Ticket.id).where(Ticket.is_open.is_(False)))
        connection.execute(update(Notice).where(*old).values(read_at=until))
    return steps


def _live(year: Year, tickets: int, until: datetime, tick: Callable[[], object]) -> int:
    """Everybody's agenda in one heap, oldest first; '' is a ticket still to be logged."""
    order = count()
    agenda = [(moment, next(order), "") for moment in _openings(year, tickets, until)]
    heapq.heapify(agenda)
    steps = 0
    while agenda:
        with unit_of_work(year.desk) as work:
            for _ in range(min(STEPS_A_BATCH, len(agenda))):
                moment, _, number = heapq.heappop(agenda)
                year.clock.move_to(moment)
                held = _advance(year, work, number) if number else _log_one(year, work)
                following = _next_moment(year, work, held) if held else None
                if following is not None and following < until:
                    heapq.heappush(agenda, (following, next(order), held.ticket.number if held else ""))
                steps += 1
                tick()
    return steps


def _openings(year: Year, tickets: int, until: datetime) -> Iterator[datetime]:
    """Office hours on weekdays, in UTC near enough."""
    for _ in range(tickets):
        back = year.chance.randrange(1, 12) if year.chance.random() < RECENT else year.chance.randrange(1, 366)
        day = until - timedelta(days=back)
        while day.weekday() > 4:
            day -= timedelta(days=1)
        minute = year.chance.randrange(7 * 60, 15 * 60)
        opened = day.replace(hour=minute // 60, minute=minute % 60, second=year.chance.randrange(60))
        yield min(opened, until - timedelta(minutes=1))


def _log_one(year: Year, work: Work) -> Open:
    chance, installation = year.chance, year.installation
    matter = chance.choices(year.matters, [m["weight"] for m in year.matters])[0]
    places = [o for o in installation.organisations.values() if o.kind == "municipality"]
    place = chance.choices(places, [o.population for o in places])[0]
    inside = chance.random() < 0.25
    who = [a for a in year.people if any(s.organisation == place.key and s.role in MAY_LOG for s in a.seats)]
    e_services = [
        e.key
        for e in installation.e_services.values()
        if (e.municipality, e.service) == (place.key, matter["service"]) and matter["fault"] == "e_service"
    ]
    new = NewTicket(
        municipality=place.key,
        service=matter["service"],
        subject=matter["subject"],
        description=matter["description"],
        workflow="internal_incident" if inside else "citizen_incident",
        channel=chance.choice([Channel.PHONE, Channel.PHONE, Channel.PHONE, Channel.MAIL, Channel.WEB, Channel.VISIT]),
        requester_kind=RequesterKind.EMPLOYEE if inside else RequesterKind.CITIZEN,
        requester_name=f"Exempelperson {chance.randrange(1, 400)}" if chance.random() > 0.1 else "",
        requester_contact=f"0920-00 {chance.randrange(10, 99)} {chance.randrange(10, 99)}",
        e_service=chance.choice(e_services) if e_services else "",
        platform_case=str(chance.randrange(100_000, 460_000)) if chance.random() < 0.5 else "",
        impact=Level(matter["impact"]),
        urgency=Level(matter["urgency"]),
        fault=Fault(matter["fault"]),
    )
    held = log(work, new, actor=chance.choice(who), at=year.clock.now())
    year.about[held.ticket.number] = matter
    year.pace[held.ticket.number] = chance.lognormvariate(0, SPREAD)
    return held


def _advance(year: Year, work: Work, number: str) -> Open | None:
    """One step by somebody who may take one; None when nobody has any, or the ticket is left to rest."""
    held = work.open_ticket(number, actor=OPERATOR)
    if not held.ticket.is_open and year.chance.random() < REST_WHEN_RESOLVED:
        return None
    possible = [
        (actor, option.step, _likelihood(year, work, held, option.step, place))
        for actor in year.people
        if actor.organisations & {held.ticket.municipality, held.ticket.holder.organisation, *year.joint}
        for place, option in enumerate(options_of(work, held, actor))
        if option.refusal is None
    ]
    if not possible:
        return None
    actor, taken, _ = year.chance.choices(possible, [weight for _, _, weight in possible])[0]
    step(work, held, taken.step, actor=actor, given=_given(year, work, held, taken.needs))
    return held


def _likelihood(year: Year, work: Work, held: Open, taken: Step, place: int) -> float:
    """Earlier declared, likelier taken; and what the platform has done wrong is sent up the chain."""
    ticket = held.ticket
    tier = work.book.definition(ticket.workflow_version).states[taken.target(ticket.state)].tier or ticket.holder.tier
    is_up = tier.level > ticket.holder.tier.level and year.about[ticket.number]["fault"] == "platform"
    return WEIGHT.get(taken.verb, 1.0) / (1 + place) * (UPWARDS if is_up else 1)


def _given(year: Year, work: Work, held: Open, needs: tuple[Need, ...]) -> dict[str, str]:
    matter = year.about[held.ticket.number]
    given = {str(need): matter[WORDS[need]] for need in needs if need in WORDS}
    given |= {str(need): CHOICES[need] for need in needs if need in CHOICES}
    if Need.TEAM in needs:
        given[Need.TEAM] = year.chance.choice(work.book.parties.beside(held.ticket.holder)).key
    if Need.UNTIL in needs:
        given[Need.UNTIL] = stamp(year.clock.now() + timedelta(days=year.chance.randrange(2, 15)))
    return given


def _next_moment(year: Year, work: Work, held: Open) -> datetime:
    """After so much of the holder's working time: people work when they are open."""
    mean = MEAN_HOURS * 3600 * year.pace[held.ticket.number]
    seconds = int(year.chance.expovariate(1 / mean)) + 60
    calendar = work.book.calendar(held.ticket.holder.calendar)
    return calendar.deadline(year.clock.now(), seconds)
