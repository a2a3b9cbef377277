"""Random lives of tickets, over weekends and the nights the clock changes: nothing is lost, nothing counted twice."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.pool import StaticPool

from servicedesk.actions import changes, corrections, entries, relations
from servicedesk.actions.desk import Desk
from servicedesk.actions.erase import erase_texts
from servicedesk.actions.installation import load_installation
from servicedesk.actions.log import NewTicket, log_ticket
from servicedesk.actions.migrating import migrate, plan_migration
from servicedesk.actions.steps import options_of, perform
from servicedesk.actions.sweep import sweep
from servicedesk.actions.work import unit_of_work
from servicedesk.core.clock import ControlledClock
from servicedesk.core.codec import stamp
from servicedesk.core.corrections import can_be_moved
from servicedesk.core.errors import DeskError, NotFound
from servicedesk.core.facts import OPERATOR, Actor
from servicedesk.core.sla import is_broken, spent_at
from servicedesk.core.vocabulary import Channel, Fault, Level, Need, RequesterKind, Verb
from servicedesk.store.engine import make_engine
from servicedesk.store.queries.tickets import view_ticket
from servicedesk.store.rulebook import RuleBook
from servicedesk.store.search.analysis import words_of, words_of_number
from servicedesk.store.search.document import SearchDocument
from servicedesk.store.tickets import Ticket
from tests.actions.life import at, by_people, journal, proved, state, wait
from tests.actions.slow_clocks import slow_reading
from tests.actions.versions import RENAMED, put_in_force, second_version
from tests.support.desk import PLATFORM, WRITTEN, Template, persona
from tests.support.promises import WORKFLOWS, promise_everything

Deed = Callable[[Desk, str], object]
# Of the kinds of deed: 0 something beside the steps, 1 to 3 a step, and this.
CORRECTING = 4
SECOND_VERSION = second_version()
BEGINNINGS = (
    at("2026-03-27", "15:40"),  # the Friday before the clock goes forward
    at("2026-10-23", "11:59"),  # the Friday before it goes back
    at("2026-12-22", "16:20"),  # into Christmas
    at("2026-05-13", "07:31"),
)
MUNICIPAL = ("first_line_lulea", "second_line_lulea", "local_it_lulea", "developer_lulea", "administrator_lulea")
PITEA = ("first_line_pitea", "second_line_pitea")
OUTSIDE = ("it_service_manager", "supplier_technician", "other_supplier_technician")
SAID = WRITTEN | {"cancel_reason": "mistaken"}
MINUTES = st.one_of(
    st.sampled_from([0, 1, 30, 60, 240, 16 * 60, 24 * 60, 62 * 60, 7 * 24 * 60]), st.integers(0, 12_000)
)


def people(desk: Desk) -> list[Actor]:
    return [persona(desk, name) for name in (*MUNICIPAL, *PITEA, *OUTSIDE)]


def steps_now(desk: Desk, number: str) -> list[Deed]:
    """Every step that somebody may take now."""
    everybody = people(desk)
    with unit_of_work(desk) as work:
        held = work.open_ticket(number, actor=OPERATOR, fire=False)
        possible = [
            (actor, option.step)
            for actor in everybody
            for option in options_of(work, held, actor)
            if option.refusal is None
        ]
        beside = [team.key for team in work.book.parties.beside(held.ticket.holder)]
    deeds: list[Deed] = []
    for actor, step in possible:
        for team in beside if Need.TEAM in step.needs else [""]:
            given = {need: SAID.get(need, "") for need in step.needs} | ({"team": team} if team else {})
            deeds.append(lambda d, n, a=actor, s=step.step, g=given: take(d, n, a, s, g))  # type: ignore[misc]
    return deeds


def take(desk: Desk, number: str, actor: Actor, step: str, given: dict[str, str]) -> None:
    if Need.UNTIL in given:
        given = given | {"until": stamp(desk.clock.now() + timedelta(days=3))}
    perform(desk, number, step, actor=actor, given=given)


def other_deeds(desk: Desk) -> list[Deed]:
    """What can be done besides the steps; by whoever of these may."""
    lulea, pitea, joint = (persona(desk, n) for n in ("second_line_lulea", "second_line_pitea", "it_service_manager"))
    deeds: list[Deed] = [lambda d, n: sweep(d)]
    for actor in (lulea, pitea, joint):
        for impact in Level:
            deeds.append(lambda d, n, a=actor, i=impact: changes.change_priority(d, n, i, Level.HIGH, "x", actor=a))  # type: ignore[misc]
        for service in (PLATFORM, "e-arkiv", "datahall"):
            deeds.append(lambda d, n, a=actor, s=service: changes.classify(d, n, Fault.PLATFORM, s, "", "x", actor=a))  # type: ignore[misc]
    for seconds, grace in ((3600, 900), (3 * 3600, 0)):
        deeds.append(lambda d, n, s=seconds, g=grace: promise_everything(d, s, g))  # type: ignore[misc]
    for actor, keys in ((lulea, ("lulea-sla",)), (joint, ("e-namnden-ola", "leverantor-plattform-uc"))):
        for key in keys:
            deeds.append(lambda d, n, a=actor, k=key: changes.change_agreement(d, n, k, "x", actor=a))  # type: ignore[misc]
    deeds.append(lambda d, n: changes.move_municipality(d, n, "pitea", "fel kommun", actor=lulea))
    deeds.append(lambda d, n: changes.move_municipality(d, n, "lulea", "fel kommun", actor=pitea))
    deeds.append(lambda d, n: entries.reply(d, n, "Vi tittar på det.", actor=lulea))
    deeds.append(lambda d, n: entries.note_to_supplier(d, n, "Hur går det?", actor=joint))
    deeds.append(lambda d, n: entries.note(d, n, "Hemligt för andra", actor=lulea))
    deeds.append(lambda d, n: entries.describe_for_supplier(d, n, "Beskrivet", actor=joint))
    deeds.append(lambda d, n: erase_texts(d, n, "Beslut 2026:1", actor=OPERATOR))
    deeds.append(lambda d, n: relations.merge(d, n, log(d, "web").number, "samma fel", actor=lulea))
    deeds.append(to_the_second_version)
    return deeds


def to_the_second_version(desk: Desk, number: str) -> None:
    put_in_force(desk, SECOND_VERSION)
    plan = plan_migration(desk, "citizen_incident", RENAMED, actor=OPERATOR)
    if not plan.in_the_way:
        migrate(desk, plan, "Ny version", actor=OPERATOR)


def corrections_now(desk: Desk, number: str) -> list[Deed]:
    """Everything that somebody might say was otherwise; what cannot have been is refused. One of each sort in turn."""
    events, now, version = journal(desk, number), desk.clock.now(), state(desk, number).workflow_version
    with desk.reading() as connection:
        steps = desk.book(connection).definition(version).transitions.values()
    moments = [event.occurred_at + timedelta(minutes=m) for event in events for m in (0, 1, 20)]
    urgent = [(event.seq, None) for event in events if event.kind in ("TicketLogged", "PriorityChanged")]
    priorities = [
        partial(corrections.correct_priority, event=event, at=since, impact=level, urgency=Level.HIGH)
        for event, since in (*urgent, *((0, moment) for moment in moments))
        for level in Level
    ]
    late = [
        partial(corrections.correct_moment, event=event.seq, at=min(now, event.occurred_at + timedelta(minutes=m)))
        for event in events
        if can_be_moved(event)
        for m in (-600, -61, -20, -1, 7, 90)
    ]
    waits = [
        partial(corrections.tell_wait, step=step.key, at=began, until=min(now, began + timedelta(minutes=13)))
        for event in events
        for step in steps
        if step.verb in (Verb.ASK, Verb.WAIT) and getattr(event.payload, "to_state", "") in step.from_states
        for began in (event.occurred_at, event.occurred_at + timedelta(minutes=5))
    ]
    longest = max(len(priorities), len(late), len(waits))
    told = [sort[place % len(sort)] for place in range(longest) for sort in (priorities, late, waits) if sort]
    return [partial(by_whoever_may, act=act) for act in told]


def by_whoever_may(desk: Desk, number: str, act: Callable[..., object]) -> None:
    for name in ("second_line_lulea", "it_service_manager", "second_line_pitea"):
        try:
            act(desk, number, reason="Det var inte så", actor=persona(desk, name))
            return
        except DeskError as error:
            refused = error
            if error.code not in ("not_found", "not_yours"):
                break
    raise refused


def log(desk: Desk, channel: str, workflow: str = "citizen_incident", impact: Level = Level.MEDIUM):  # type: ignore[no-untyped-def]
    new = NewTicket(
        "lulea",
        PLATFORM,
        "Det går inte att logga in",
        workflow=workflow,
        channel=Channel(channel),
        requester_kind=RequesterKind.EMPLOYEE,
        impact=impact,
        urgency=Level.MEDIUM,
        fault=Fault.PLATFORM,
    )
    who = "first_line_lulea" if workflow == "citizen_incident" else "second_line_lulea"
    return log_ticket(desk, new, actor=persona(desk, who))


@contextmanager
def fresh(template: Template, start: datetime, book: RuleBook | None) -> Iterator[Desk]:
    """A desk in memory, on a copy of the template. A book read before spares reading it again."""
    engine = make_engine("sqlite://", poolclass=StaticPool)
    raw = engine.raw_connection()
    source = sqlite3.connect(template.file)
    source.backup(raw.driver_connection)  # type: ignore[arg-type]
    source.close()
    raw.close()
    try:
        yield Desk(engine, ControlledClock(start), book)
    finally:
        engine.dispose()


def live(desk: Desk, number: str, choices: list[tuple[int, int, int]]) -> None:
    """At each choice: some time, and then a step or another deed. What is refused changes nothing."""
    others = other_deeds(desk)
    for minutes, kind, which in choices:
        wait(desk, minutes=minutes)
        deeds = others if kind == 0 else steps_now(desk, number) or others
        if kind == CORRECTING:
            deeds = corrections_now(desk, number)
        before = by_people(desk, number)
        try:
            deeds[which % len(deeds)](desk, number)
        except DeskError:
            assert by_people(desk, number) == before


def check(desk: Desk, number: str) -> None:
    proved(desk)
    for name in ("first_line_lulea", "first_line_pitea", "first_line_pajala", *OUTSIDE):
        assert found_by(desk, number, name) == read_by(desk, number, name), name
    now, ticket = desk.clock.now(), state(desk, number)
    with desk.reading() as connection:
        book = desk.book(connection)
    slow = slow_reading(journal(desk, number), book, now)
    spent = {key: spent_at(clock, now, book) for key, clock in ticket.clocks.items()}
    assert spent == {key: promise.spent for key, promise in slow.promises.items()}
    targets = {key: clock.target for key, clock in ticket.clocks.items()}
    assert targets == {key: promise.target for key, promise in slow.promises.items()}
    broken = {key: is_broken(clock, now) for key, clock in ticket.clocks.items()}
    assert broken == {key: promise.broken for key, promise in slow.promises.items()}
    for key, clock in ticket.clocks.items():
        whose = key.split("/")[2] if key.startswith(("contract/", "update/supplier/")) else clock.party
        assert clock.party == whose, "a supplier answers for its own contract alone"


def found_by(desk: Desk, number: str, name: str) -> set[str]:
    """The words by which a persona's organisation finds the ticket."""
    (organisation,) = persona(desk, name).organisations
    its_own = (SearchDocument.organisation == organisation, Ticket.number == number)
    with desk.reading() as connection:
        query = select(SearchDocument.words).join(Ticket, Ticket.id == SearchDocument.ticket_id).where(*its_own)
        words = connection.execute(query).scalar()
    return set(words.split()) - {f"o:{organisation}"} if words else set()


def read_by(desk: Desk, number: str, name: str) -> set[str]:
    """The words that stand on the persona's page of the ticket, and its number; nothing when there is no such page."""
    viewer = persona(desk, name)
    with desk.reading() as connection:
        try:
            view = view_ticket(connection, desk.book(connection), viewer, number)
        except NotFound:
            return set()
    texts = [view.title, view.description, *(text for entry in view.entries for text in entry.texts.values())]
    if view.requester:
        texts += [view.requester.name, view.requester.contact]
    return words_of_number(number).union(*(words_of(text) for text in texts if text))


@pytest.fixture(scope="module")
def template(desk_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The sample, but local IT never closes: a sideways hand-over is then one to other opening hours. The agreements
    promise everything that one may: updates, grace, and times of their own for one request type."""
    url = desk_template.copy_to(tmp_path_factory.mktemp("lives"))
    desk = Desk(make_engine(url), ControlledClock(BEGINNINGS[0]))
    with desk.reading() as connection:
        installation = desk.book(connection).installation
    night_team = replace(installation.teams["lulea-it"], calendar="always")
    load_installation(desk, replace(installation, teams={**installation.teams, night_team.key: night_team}), [])
    promise_everything(desk, seconds=3 * 3600, grace=0)
    desk.engine.dispose()
    return Template(Path(make_url(url).database or ""))


def lives(many: int) -> settings:
    return settings(
        max_examples=many,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


BOOKS: list[RuleBook] = []


LIVES = given(
    st.sampled_from(BEGINNINGS),
    st.sampled_from(WORKFLOWS),
    st.sampled_from(["phone", "mail"]),
    st.sampled_from(Level),
    st.lists(st.tuples(MINUTES, st.integers(0, CORRECTING), st.integers(0, 10_000)), min_size=4, max_size=30),
)


# Moved to another municipality while nothing is promised at its priority: its clocks measure on, by the new hours.
@example(
    BEGINNINGS[0],
    "citizen_incident",
    "phone",
    Level.LOW,
    [(0, 0, 0), (0, 0, 0), (0, 0, 1113), (30, 0, 0)],
)
@lives(30)
@LIVES
def test_every_second_of_a_random_life_is_somebodys_and_every_promise_is_measured_right(
    template: Template,
    start: datetime,
    workflow: str,
    channel: str,
    impact: Level,
    choices: list[tuple[int, int, int]],
) -> None:
    check_life(template, start, workflow, channel, impact, choices)


def check_life(
    template: Template, start: datetime, workflow: str, channel: str, impact: Level, choices: list[tuple[int, int, int]]
) -> None:
    with fresh(template, start, BOOKS[0] if BOOKS else None) as desk:
        number = log(desk, channel, workflow, impact).number
        live(desk, number, choices)
        sweep(desk)
        check(desk, number)
        with desk.reading() as connection:
            BOOKS[:] = [desk.book(connection)]


@pytest.mark.long
@lives(400)
@LIVES
def test_so_it_is_in_a_great_many_lives(
    template: Template,
    start: datetime,
    workflow: str,
    channel: str,
    impact: Level,
    choices: list[tuple[int, int, int]],
) -> None:
    check_life(template, start, workflow, channel, impact, choices)
