"""Follow-up's figures are those that the journals give, on both databases, for every reach and any period."""

import math
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, event, insert, select, text

from servicedesk.actions.desk import Desk
from servicedesk.core.clock import ControlledClock
from servicedesk.core.events import event_from
from servicedesk.core.fold import fold
from servicedesk.core.follow_up import follower
from servicedesk.core.period import Period, period_of
from servicedesk.core.replay.rules import WhatIf
from servicedesk.core.replay.substitutes import Substitutes
from servicedesk.core.replay.tally import Tally
from servicedesk.store.base import Base
from servicedesk.store.engine import make_engine
from servicedesk.store.journal import JournalRow
from servicedesk.store.queries.follow_up.counted import SPREAD_FROM, Asked, Scope
from servicedesk.store.queries.follow_up.figures import (
    DIMENSIONS,
    ROWS,
    Family,
    Figure,
    behind,
    tally,
    withdrawn_states,
)
from servicedesk.store.queries.follow_up.held import Part, shares
from servicedesk.store.queries.follow_up.promises import COUNTED
from servicedesk.store.queries.replay import replay
from servicedesk.store.schema import upgrade
from servicedesk.store.tickets import Ticket
from tests.store import follow_up_oracle as oracle
from tests.store.follow_up_oracle import Life
from tests.support.desk import Template, persona
from tests.support.postgres import Cluster
from tests.support.year import live_a_year

SAMPLES, WILD = 60, 25
NOW = datetime(2026, 11, 20, 13, 0, tzinfo=UTC)
SWEDEN = ZoneInfo("Europe/Stockholm")
PERIODS = {
    "the year": (date(2025, 11, 1), date(2026, 12, 31)),
    "a month that is over": (date(2026, 3, 1), date(2026, 3, 31)),  # the clock goes forward on the 29th
    "the day the clock goes back": (date(2026, 10, 25), date(2026, 10, 25)),
    "this month": (date(2026, 11, 1), date(2026, 11, 30)),
    "before anything happened": (date(2020, 1, 1), date(2020, 12, 31)),
}
HISTORY = ("ticket", "ticket_custody", "ticket_clock", "before", "after", "other", "journal")
VIEWERS = {"it_service_manager": "all", "second_line_lulea": "municipality", "supplier_technician": "contract"}


@pytest.fixture(scope="module")
def year(desk_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A year in the embedded database: of the demonstration, and among it tickets that live at random."""
    folder = tmp_path_factory.mktemp("follow-up")
    engine = make_engine(desk_template.copy_to(folder))
    live_a_year(engine, NOW, SAMPLES, WILD)
    engine.dispose()
    return folder / "servicedesk.sqlite"


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def desk(request: pytest.FixtureRequest, year: Path) -> Iterator[Desk]:
    if request.param == "sqlite":
        made = Desk(make_engine(f"sqlite:///{year}"), ControlledClock(NOW))
        yield made
        made.engine.dispose()
        return
    cluster: Cluster = request.getfixturevalue("postgres_cluster")
    with cluster.fresh() as url:
        made = Desk(make_engine(url), ControlledClock(NOW))
        upgrade(made.engine)
        move_over(f"sqlite:///{year}", made)
        yield made
        made.engine.dispose()


def move_over(source: str, desk: Desk) -> None:
    """Every row, as it is, from the one database to the other."""
    engine = make_engine(source)
    with engine.connect() as old, desk.transaction() as new:
        for table in Base.metadata.sorted_tables:
            rows = [dict(row) for row in old.execute(select(table)).mappings()]
            if rows:
                new.execute(insert(table), rows)
    engine.dispose()


@pytest.fixture(scope="module")
def lives(desk: Desk) -> list[Life]:
    with desk.reading() as connection:
        book = desk.book(connection)
        bodies = connection.execute(select(JournalRow.ticket_id, JournalRow.body).order_by(JournalRow.seq)).all()
    journals: dict[int, list[Any]] = {}
    for ticket_id, body in bodies:
        journals.setdefault(ticket_id, []).append(event_from(body))
    return [Life(events, fold(events, book), book) for events in journals.values()]


@pytest.fixture
def connection(desk: Desk) -> Iterator[Connection]:
    with desk.reading() as opened:
        yield opened


def asked_by(desk: Desk, connection: Connection, who: str, days: str, **chosen: str) -> Asked:
    found = follower(persona(desk, who))
    assert found is not None
    reach, viewer = found
    scope = Scope(viewer, reach, withdrawn_states(connection, desk.book(connection)), **chosen)
    return Asked(scope, period(days), NOW)


def period(days: str) -> Period:
    return period_of(*PERIODS[days], SWEDEN)


def told(connection: Connection, asked: Asked, family: Family, *by: str, what: str = "n") -> Counter[Any]:
    rows = tally(connection, asked, family, *by)
    return Counter({tuple(row[: len(by)]): getattr(row, what) for row in rows})


def own(who: str, asked: Asked) -> str:
    """The supplier whose contract it is; '' for others."""
    return asked.scope.own[0] if VIEWERS[who] == "contract" else ""


@pytest.mark.parametrize("days", PERIODS)
@pytest.mark.parametrize("who", VIEWERS)
def test_every_figure_is_the_one_that_the_journals_give(
    desk: Desk, connection: Connection, lives: list[Life], who: str, days: str
) -> None:
    asked = asked_by(desk, connection, who, days)
    mine, contract = oracle.mine(lives, VIEWERS[who], asked.scope.viewer), own(who, asked)
    by = DIMENSIONS[Family.PROMISES]
    assert told(connection, asked, Family.PROMISES, *by) == oracle.promises(mine, asked.period, NOW, contract)
    seconds = told(connection, asked, Family.HELD, "tier", "part", what="seconds")
    assert seconds == oracle.held(mine, asked.period, NOW, contract) == shares(connection, asked).seconds
    open_now = told(connection, asked, Family.OPEN, "tier", "priority", "age", "overdue")
    assert open_now == oracle.unsolved(mine, asked.period, NOW, contract)
    happened = told(connection, asked, Family.FLOW, "what", "quarter", "from_tier", "to_tier")
    assert happened == oracle.flow(mine, asked.period)
    assert told(connection, asked, Family.FIRST_LINE, "solved_there") == oracle.at_first_line(mine, asked.period)


@pytest.mark.parametrize("who", VIEWERS)
def test_no_figure_reads_more_than_the_tickets_of_its_period(year: Path, who: str) -> None:
    """From the index of tickets by period, and from each of those by its key: what there has ever been is not read."""
    desk = Desk(make_engine(f"sqlite:///{year}"), ControlledClock(NOW))
    with desk.reading() as connection:
        asked = asked_by(desk, connection, who, "this month")
        plans = [plan_of(connection, asked, family) for family in Family]
    desk.engine.dispose()
    for plan in plans:
        assert any("ix_ticket_follow_up" in step for step in plan)
        read = [step for step in plan if step.split()[1] in HISTORY]
        assert all(step.startswith("SEARCH") for step in read), plan
        of_ticket = [step for step in read if step.split()[1] not in ("ticket", "journal")]
        assert all("(ticket_id=?" in step for step in of_ticket), plan


def plan_of(connection: Connection, asked: Asked, family: Family) -> list[str]:
    """As SQLite tells it: "SEARCH table USING ...", "SCAN table"."""

    def explain(conn: Any, cursor: Any, statement: str, parameters: Any, *more: Any) -> tuple[str, Any]:
        return f"EXPLAIN QUERY PLAN {statement}", parameters

    query = select(text("*")).select_from(ROWS[family](asked.scope).subquery())
    event.listen(connection, "before_cursor_execute", explain, retval=True)
    try:
        return [row[3] for row in connection.execute(query, asked.moments).cursor.fetchall()]
    finally:
        event.remove(connection, "before_cursor_execute", explain)


def test_the_year_has_something_of_everything(desk: Desk, connection: Connection) -> None:
    """Or the comparison above would prove little."""
    asked = asked_by(desk, connection, "it_service_manager", "the year")
    outcomes = told(connection, asked, Family.PROMISES, "metric", "outcome")
    assert len(outcomes) >= 12
    parts = told(connection, asked, Family.HELD, "part")
    assert set(parts) >= {(str(part),) for part in Part} - {("paused",)}
    assert len(told(connection, asked, Family.FLOW, "what")) == 4
    assert len(told(connection, asked, Family.OPEN, "tier")) >= 2


@pytest.mark.parametrize("days", PERIODS)
@pytest.mark.parametrize("who", ["it_service_manager", "second_line_lulea"])
def test_the_tiers_shares_add_up_to_the_tickets_life_in_the_period_to_the_second(
    desk: Desk, connection: Connection, lives: list[Life], who: str, days: str
) -> None:
    asked = asked_by(desk, connection, who, days)
    mine = oracle.mine(lives, VIEWERS[who], asked.scope.viewer)
    shares = told(connection, asked, Family.HELD, "tier", "part", what="seconds")
    assert sum(shares.values()) == oracle.whole(mine, asked.period, NOW)


def test_periods_that_follow_one_another_add_up_to_the_whole(desk: Desk, connection: Connection) -> None:
    """No second and no decided promise is in two periods, or in none."""
    months = [period_of(date(2026, m, 1), date(2026, m + 1, 1), SWEDEN) for m in range(1, 10)]
    months = [Period(p.first, p.last, p.start, q.start) for p, q in zip(months, months[1:], strict=False)]
    base = asked_by(desk, connection, "it_service_manager", "the year")
    whole = Period(months[0].first, months[-1].last, months[0].start, months[-1].end)
    for family, by, what in ((Family.HELD, ("tier", "part"), "seconds"), (Family.PROMISES, ("metric", "tier"), "n")):
        figure = Figure(family, {"outcome": ("kept", "broken")} if family is Family.PROMISES else {})
        sums = [figures(connection, base, each, figure, by, what) for each in (*months, whole)]
        assert sum(sums[:-1], Counter()) == sums[-1]


def figures(
    connection: Connection, base: Asked, one: Period, figure: Figure, by: tuple[str, ...], what: str
) -> Counter[Any]:
    asked = Asked(base.scope, one, NOW)
    rows = tally(connection, asked, figure.family, *by, figure=figure)
    return Counter({tuple(row[: len(by)]): getattr(row, what) for row in rows})


@pytest.mark.parametrize("who", VIEWERS)
def test_half_of_the_tickets_took_at_most_the_median_and_of_a_few_nothing_is_told(
    desk: Desk, connection: Connection, lives: list[Life], who: str
) -> None:
    for days in PERIODS:
        asked = asked_by(desk, connection, who, days)
        mine = oracle.mine(lives, VIEWERS[who], asked.scope.viewer)
        expected = oracle.per_ticket(mine, asked.period, NOW, own(who, asked))
        found = shares(connection, asked).spread
        assert {tier: one.tickets for tier, one in found.items()} == {t: len(s) for t, s in expected.items()}
        for tier, seconds in expected.items():
            few = len(seconds) < SPREAD_FROM
            assert found[tier].median == (None if few else seconds[math.ceil(len(seconds) / 2) - 1])
            assert found[tier].ninetieth == (None if few else seconds[math.ceil(len(seconds) * 0.9) - 1])


@pytest.mark.parametrize("who", VIEWERS)
@pytest.mark.parametrize("family", Family)
def test_behind_every_figure_are_exactly_its_tickets_and_a_list_of_those_one_may_open(
    desk: Desk, connection: Connection, lives: list[Life], who: str, family: Family
) -> None:
    asked = asked_by(desk, connection, who, "the year")
    mine = oracle.mine(lives, VIEWERS[who], asked.scope.viewer)
    theirs = {life.ticket.number for life in mine if may_open(life, VIEWERS[who])}
    by = DIMENSIONS[family]
    for row in tally(connection, asked, family, *by, tickets=True)[:40]:
        figure = Figure(family, dict(zip(by, ((value,) for value in row), strict=False)))
        found = behind(connection, asked, figure, limit=1000)
        assert (found.n, found.seconds, found.tickets) == (row.n, row.seconds, row.tickets)
        numbers = {line.number for line in found.lines}
        assert numbers <= theirs
        assert len(numbers) == len(found.lines) == found.open_to_viewer <= found.tickets
        if VIEWERS[who] != "all":
            assert found.open_to_viewer == found.tickets


def may_open(life: Life, reach: str) -> bool:
    return reach != "all" or bool(life.ticket.joint)


def test_pages_of_a_list_follow_one_another_without_loss(desk: Desk, connection: Connection) -> None:
    asked = asked_by(desk, connection, "second_line_lulea", "the year")
    figure, seen, after = Figure(Family.FLOW, {"what": ("logged",)}), [], 0
    while page := behind(connection, asked, figure, after=after, limit=7):
        seen += [line.number for line in page.lines]
        after = page.after
        if not after:
            break
    assert len(seen) == len(set(seen)) == page.tickets
    assert seen == [line.number for line in behind(connection, asked, figure, limit=1000).lines]


def test_a_choice_of_municipality_service_or_supplier_narrows_every_figure(
    desk: Desk, connection: Connection, lives: list[Life]
) -> None:
    chosen = {
        "municipality": ("lulea", [life for life in lives if life.ticket.municipality == "lulea"]),
        "service": ("e-arkiv", [life for life in lives if life.ticket.service == "e-arkiv"]),
    }
    for name, (value, mine) in chosen.items():
        asked = asked_by(desk, connection, "it_service_manager", "the year", **{name: value})
        by = DIMENSIONS[Family.PROMISES]
        assert told(connection, asked, Family.PROMISES, *by) == oracle.promises(mine, asked.period, NOW)
        assert told(connection, asked, Family.HELD, "tier", "part", what="seconds") == oracle.held(
            mine, asked.period, NOW
        )
    asked = asked_by(desk, connection, "it_service_manager", "the year", supplier="leverantor-plattform")
    mine = oracle.mine(lives, "all", asked.scope.viewer, "leverantor-plattform")
    seconds = told(connection, asked, Family.HELD, "tier", "part", what="seconds")
    assert seconds == oracle.held(mine, asked.period, NOW)
    parties = told(connection, asked, Family.PROMISES, "tier", "party")
    assert {party for tier, party in parties if tier == "supplier"} == {"leverantor-plattform"}


def test_another_municipality_adds_nothing_to_a_municipalitys_figures(desk: Desk, connection: Connection) -> None:
    asked = asked_by(desk, connection, "second_line_lulea", "the year", municipality="pitea")
    assert [tally(connection, asked, family) for family in Family] == [[(0, 0)]] * len(Family)


def test_who_has_no_role_in_the_table_follows_up_nothing(desk: Desk) -> None:
    for who in ("first_line_lulea", "administrator_lulea", "developer_lulea", "local_it_lulea"):
        assert follower(persona(desk, who)) is None


def test_statistics_name_the_teams_of_ones_own_organisation_alone(desk: Desk, connection: Connection) -> None:
    for who in VIEWERS:
        asked = asked_by(desk, connection, who, "the year")
        for organisation, team in told(connection, asked, Family.HELD, "organisation", "team"):
            assert bool(team) == (organisation in asked.scope.own)


def test_a_cancelled_tickets_kept_promises_lapse(desk: Desk, connection: Connection, lives: list[Life]) -> None:
    cancelled = [life for life in lives if life.is_cancelled]
    assert cancelled
    asked = asked_by(desk, connection, "it_service_manager", "the year")
    rows = connection.execute(select(Ticket.id).where(Ticket.number.in_([life.ticket.number for life in cancelled])))
    kept = behind(connection, asked, Figure(Family.PROMISES, {"outcome": ("kept",)}), limit=10_000)
    assert not {line.ticket_id for line in kept.lines} & set(rows.scalars())


@pytest.mark.parametrize("days", PERIODS)
@pytest.mark.parametrize("who", VIEWERS)
def test_a_replay_with_nothing_in_place_of_anything_comes_to_the_same_promises(
    desk: Desk, connection: Connection, who: str, days: str
) -> None:
    """The pure rule, over tickets folded anew, is the one that the database counts by; before and after alike."""
    asked = asked_by(desk, connection, who, days)
    done = replay(connection, asked, desk.book(connection), WhatIf(desk.book(connection), Substitutes()), Tally())
    expected = told(connection, asked, Family.PROMISES, "metric", "tier", "outcome")
    for side in ("before", "after"):
        found: Counter[Any] = Counter()
        for line in done.tally.lines("metric", "tier"):
            figure = getattr(line, side)
            found += Counter({(*line.of, outcome): getattr(figure, outcome) for outcome in COUNTED})
        assert found == expected
    assert (done.tally.changed, done.unfit) == (0, 0)
