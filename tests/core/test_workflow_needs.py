"""What a step must be given: every field at fault is named at once."""

import pytest

from servicedesk.core.errors import Invalid, Refusal
from servicedesk.core.vocabulary import Need
from servicedesk.core.workflows.engine import attempt
from servicedesk.core.workflows.needs import MISSING
from tests.core.workflow_chain import CHAIN, TO_SECOND_LINE, after, moved
from tests.workflows.cast import (
    PARTIES,
    first_line_lulea,
    holder,
    second_line_lulea,
)


def test_every_missing_field_is_named_at_once() -> None:
    with pytest.raises(Invalid) as caught:
        attempt(CHAIN, after("take"), "escalate_to_second_line", first_line_lulea, {"tried": "  "}, PARTIES)
    assert caught.value.fields == {"reason": ["Say why."], "tried": ["Say what has been tried."]}


def test_a_field_that_the_step_does_not_take_is_not_lost_silently() -> None:
    with pytest.raises(Invalid) as caught:
        attempt(CHAIN, after(), "take", first_line_lulea, {"reason": "because", "tried": ""}, PARTIES)
    assert list(caught.value.fields) == ["reason"]


@pytest.mark.parametrize(
    ("step", "field", "text"),
    [
        ("resolve_in_first_line", "resolution_code", "done"),
        ("cancel_in_first_line", "cancel_reason", "bored"),
    ],
)
def test_a_choice_must_be_one_of_those_offered(step: str, field: str, text: str) -> None:
    with pytest.raises(Invalid) as caught:
        moved(after("take"), step, first_line_lulea, **{field: text})
    assert list(caught.value.fields) == [field]


def test_a_cancelled_duplicate_names_its_original() -> None:
    with pytest.raises(Invalid) as caught:
        moved(after("take"), "cancel_in_first_line", first_line_lulea, cancel_reason="duplicate")
    assert list(caught.value.fields) == ["duplicate_of"]
    move = moved(
        after("take"), "cancel_in_first_line", first_line_lulea, cancel_reason="duplicate", duplicate_of="LUL-2"
    )
    assert move.given["duplicate_of"] == "LUL-2"


@pytest.mark.parametrize("text", ["tomorrow", "2026-12-01", "2026-12-01T08:00:00", "25:00"])
def test_a_moment_has_a_date_a_time_and_a_zone(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        moved(after(*TO_SECOND_LINE), "wait_for_change_in_second_line", second_line_lulea, until=text)
    assert list(caught.value.fields) == ["until"]


def test_a_moment_is_kept_in_one_written_form() -> None:
    move = moved(after(*TO_SECOND_LINE), "wait_for_change_in_second_line", second_line_lulea)
    assert move.given["until"] == "2026-12-01T07:00:00Z"


@pytest.mark.parametrize("team", ["nowhere", "lulea-kundcenter", "pajala-it", "lulea-forvaltning"])
def test_sideways_leads_to_another_team_of_the_same_tier_and_organisation(team: str) -> None:
    ticket = after(*TO_SECOND_LINE)
    assert ticket.holder == holder("lulea-forvaltning")
    with pytest.raises(Invalid) as caught:
        moved(ticket, "hand_over_sideways", second_line_lulea, team=team)
    assert list(caught.value.fields) == ["team"]
    assert moved(ticket, "hand_over_sideways", second_line_lulea, team="lulea-it").given["team"] == "lulea-it"


def test_a_question_says_whom_it_asks() -> None:
    move = moved(after(*TO_SECOND_LINE), "ask_first_line", second_line_lulea)
    assert move.given == {"question": "Which form?", "of": "first_line"}


def test_a_refusal_comes_before_the_form_is_judged() -> None:
    with pytest.raises(Refusal):
        attempt(CHAIN, after(), "escalate_to_second_line", first_line_lulea, {}, PARTIES)


def test_every_need_has_a_question_for_the_field() -> None:
    assert set(MISSING) == set(Need)
