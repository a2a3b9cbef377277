"""The README's clock table, row by row, on real tickets: what a cell says is what happens, and nothing else is."""

from collections.abc import Mapping

import pytest

from servicedesk.actions.desk import Desk
from servicedesk.core.clock import ControlledClock
from servicedesk.core.vocabulary import Metric
from servicedesk.store.engine import make_engine
from tests.actions.clock_happenings import HAPPENINGS, Evidence, World, with_own_terms
from tests.actions.clock_table import COLUMNS, Table, happened_to, read_phrases, read_table, section
from tests.actions.life import differences
from tests.support.desk import START, Template

TABLE = read_table(section())
PHRASES = read_phrases(section())


@pytest.fixture(scope="module")
def world(desk_template: Template, tmp_path_factory: pytest.TempPathFactory) -> World:
    desk = Desk(make_engine(desk_template.copy_to(tmp_path_factory.mktemp("clocks"))), ControlledClock(START))
    with_own_terms(desk)
    return World(desk)


@pytest.fixture(scope="module")
def evidence(world: World) -> Mapping[str, Evidence]:
    """Everything brought about once, each on a day of its own."""
    found = {}
    for happening, bring_about in HAPPENINGS.items():
        world.begin()
        found[happening] = bring_about(world)
    return found


def faults(table: Table, evidence: Mapping[str, Evidence]) -> list[str]:
    """Every row, column and cell that is not what happens."""
    found = [f"no such happening: {row}" for row in table.keys() - HAPPENINGS.keys()]
    found += [f"no row: {row}" for row in HAPPENINGS.keys() - table.keys()]
    for row in table.keys() & HAPPENINGS.keys():
        found += faults_of(row, table[row], evidence[row])
    return found


def faults_of(row: str, cells: Mapping[str, str], evidence: Evidence) -> list[str]:
    found = [f"{row}: no such clock: {column}" for column in cells.keys() - COLUMNS.keys()]
    found += [f"{row}: no column: {column}" for column in COLUMNS.keys() - cells.keys()]
    for column in cells.keys() & COLUMNS.keys():
        happened = happened_to(column, evidence[column])
        if cells[column] != happened:
            found.append(f"{row}: {column}: {cells[column]!r}, but it {happened}")
    return found


@pytest.mark.parametrize("row", HAPPENINGS)
def test_a_row_says_what_happens_to_every_clock(row: str, evidence: Mapping[str, Evidence]) -> None:
    assert faults_of(row, TABLE[row], evidence[row]) == []


def test_the_table_has_every_happening_and_every_kind_of_clock(evidence: Mapping[str, Evidence]) -> None:
    assert faults(TABLE, evidence) == []
    assert {metric for metric, _ in COLUMNS.values()} == set(Metric)


def test_every_phrase_is_explained_once_and_used() -> None:
    assert len(PHRASES) == len(set(PHRASES))
    assert {cell for row in TABLE.values() for cell in row.values()} == set(PHRASES)


def test_any_other_phrase_in_any_cell_is_found_out(evidence: Mapping[str, Evidence]) -> None:
    for row, cells in TABLE.items():
        for column, said in cells.items():
            for phrase in (*PHRASES, "does something else", ""):
                if phrase != said:
                    [fault] = faults_of(row, {**cells, column: phrase}, evidence[row])
                    assert fault.startswith(f"{row}: {column}: ")


def test_a_row_or_a_column_more_or_less_is_found_out(evidence: Mapping[str, Evidence]) -> None:
    first, *rest = TABLE
    assert faults({row: TABLE[row] for row in rest}, evidence) == [f"no row: {first}"]
    assert faults({**TABLE, "eaten by a dog": TABLE[first]}, evidence) == ["no such happening: eaten by a dog"]
    shorter = {
        row: {column: cell for column, cell in cells.items() if column != "holding"} for row, cells in TABLE.items()
    }
    assert f"{first}: no column: holding" in faults(shorter, evidence)
    assert faults({**TABLE, first: {**TABLE[first], "tea": "starts"}}, evidence) == [f"{first}: no such clock: tea"]


def test_every_ticket_that_went_through_it_is_proved(world: World, evidence: Mapping[str, Evidence]) -> None:
    assert evidence and differences(world.desk) == []
