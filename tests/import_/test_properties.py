"""Whatever a log is like, no row is lost silently, the tickets are true, and again changes nothing."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servicedesk.actions.desk import Desk
from servicedesk.actions.sweep import sweep
from servicedesk.core.clock import ControlledClock
from servicedesk.core.servicenow.account import Outcome
from servicedesk.core.servicenow.mapping import ImportMap
from servicedesk.store.engine import make_engine
from tests.import_.logs import EXCERPT, bring, differences, is_accounted, mapping, mapping_without_made_teams
from tests.support.desk import Template

HEADINGS, *ROWS = list(csv.reader(EXCERPT.read_text(encoding="utf-8").splitlines()))
PLACE = {name: HEADINGS.index(name) for name in HEADINGS}

WORDS = {
    "number": ["INC0000045", "INC9", "", "?", "INC 7", "inc9"],
    "incident_state": ["New", "Active", "Awaiting User Info", "Awaiting Problem", "Awaiting Vendor", "Resolved",
                       "Closed", "Awaiting Evidence", "-100", "?", "", "Cancelled"],
    "sys_mod_count": ["0", "1", "2", "2", "99", "?", "x", ""],
    "sys_updated_at": ["29-02-2016 09:00", "01-03-2016 00:00", "27-03-2016 02:30", "30-10-2016 02:30", "?", "",
                       "32-01-2016 10:00", "01-01-2106 10:00", "01-01-1900 10:00", "2016-03-01 10:00:00"],
    "opened_at": ["29-02-2016 09:00", "01-04-2016 09:00", "?", "never"],
    "resolved_at": ["?", "29-02-2016 09:30", "01-05-2016 10:00", "01-01-2030 10:00"],
    "closed_at": ["?", "29-02-2016 09:31", "01-06-2016 10:00", "x"],
    "assignment_group": ["Group 70", "Group 1", "?", "", "Nät & drift", "'; DROP"],
    "impact": ["1 - High", "?", "9"],
    "priority": ["1 - Critical", "?", "9"],
    "closed_code": ["code 1", "?", "code 99"],
    "contact_type": ["Phone", "Owl"],
}  # fmt: skip


@st.composite
def changed_rows(draw: st.DrawFn) -> list[list[str]]:
    """A few of the excerpt's rows, shuffled, doubled, cut and with words changed."""
    chosen = draw(st.lists(st.sampled_from(ROWS), min_size=1, max_size=24))
    rows = [list(row) for row in chosen]
    for _ in range(draw(st.integers(0, 14))):
        row = draw(st.sampled_from(rows))
        name = draw(st.sampled_from(sorted(WORDS)))
        if len(row) == len(HEADINGS):
            row[PLACE[name]] = draw(st.sampled_from(WORDS[name]))
    for _ in range(draw(st.integers(0, 3))):
        row = draw(st.sampled_from(rows))
        draw(st.sampled_from([row.pop, lambda row=row: row.append("more"), lambda row=row: row.append("")]))()
    return rows


def written(rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([HEADINGS, *rows])
    return text.getvalue().encode()


@pytest.mark.parametrize("by", [mapping(), mapping_without_made_teams()], ids=["made teams", "default team"])
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=changed_rows())
def test_no_row_is_lost_and_what_is_written_is_true(
    desk_template: Template, by: ImportMap, rows: list[list[str]]
) -> None:
    with TemporaryDirectory() as folder:
        engine = make_engine(desk_template.copy_to(Path(folder)))
        desk = Desk(engine, ControlledClock(datetime(2026, 3, 2, 8, 0, tzinfo=UTC)))
        first = bring(desk, written(rows), by)
        assert is_accounted(first, len(rows))
        assert differences(desk) == []
        again = bring(desk, written(rows), by)
        assert is_accounted(again, len(rows))
        assert again.account.counts()[Outcome.IMPORTED] == again.account.counts()[Outcome.REPAIRED] == 0
        assert again.incidents["unchanged"] == first.incidents["new"]
        sweep(desk)
        assert differences(desk) == []
        engine.dispose()
