"""The canonical form: read back it is the same, and equal facts give equal bytes."""

import json
from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicedesk.core.canonical import (
    agreement_from_json,
    agreement_to_json,
    calendar_from_json,
    calendar_to_json,
    canonical_json,
    content_hash,
)
from servicedesk.core.facts import Agreement, CalendarFacts, CalendarVersion, Interval, Target
from servicedesk.core.vocabulary import AgreementKind, Metric, Tier

TEXTS = st.text(max_size=12)
DAYS = st.dates()
INTERVALS = st.builds(Interval, st.times(), st.times())
HOURS = st.lists(INTERVALS, max_size=2).map(tuple)
VERSIONS = st.builds(
    CalendarVersion,
    week=st.lists(HOURS, min_size=7, max_size=7).map(tuple),
    zone=TEXTS,
    holidays=TEXTS,
    holiday_categories=st.lists(TEXTS, max_size=2).map(tuple),
    exceptions=st.dictionaries(DAYS, HOURS, max_size=2),
    valid_from=st.none() | DAYS,
)
CALENDARS = st.builds(CalendarFacts, TEXTS, TEXTS, st.lists(VERSIONS, max_size=2).map(tuple))
TARGETS = st.builds(
    Target,
    st.sampled_from(Metric),
    st.integers(1, 10**7),
    TEXTS,
    st.lists(st.integers(1, 4), unique=True).map(tuple),
    st.none() | st.sampled_from(Tier),
)
AGREEMENTS = st.builds(
    Agreement,
    key=TEXTS,
    kind=st.sampled_from(AgreementKind),
    party=TEXTS,
    services=st.lists(TEXTS, max_size=3).map(tuple),
    targets=st.lists(TARGETS, max_size=3).map(tuple),
    valid_from=DAYS,
    valid_to=st.none() | DAYS,
    name=TEXTS,
)


@settings(max_examples=40)
@given(AGREEMENTS)
def test_an_agreement_is_read_back_as_it_was(agreement: Agreement) -> None:
    text = agreement_to_json(agreement)
    assert agreement_from_json(text) == agreement
    assert agreement_to_json(agreement_from_json(text)) == text


@settings(max_examples=40)
@given(CALENDARS)
def test_a_calendar_is_read_back_as_it_was(calendar: CalendarFacts) -> None:
    text = calendar_to_json(calendar)
    assert calendar_from_json(text) == calendar
    assert calendar_to_json(calendar_from_json(text)) == text
    assert canonical_json(json.loads(text)) == text


AGREEMENT = Agreement(
    key="boden-sla",
    kind=AgreementKind.SLA,
    party="boden",
    services=("platform",),
    targets=(Target(Metric.RESPONSE, 3600, "öppet", (1,)),),
    valid_from=date(2026, 1, 1),
)


def test_the_form_of_an_agreement_stays_as_it_is() -> None:
    """Stored versions are found by this text's hash: changing the form would lose them."""
    text = (
        '{"key":"boden-sla","kind":"SLA","party":"boden","services":["platform"],'
        '"targets":[{"calendar":"öppet","metric":"response","priorities":[1],"seconds":3600}],'
        '"valid_from":"2026-01-01"}'
    )
    assert agreement_to_json(AGREEMENT) == text
    assert content_hash(text) == "efce8e39c4ff6b871397e4573046cdb9967dd744863fd7a4093147470202ee86"


def test_the_form_of_a_calendar_stays_as_it_is() -> None:
    week = ((Interval(time(8), time(0)),), (), (), (), (), (), ())
    exceptions = {date(2026, 12, 24): (), date(2026, 1, 5): (Interval(time(8), time(12)),)}
    calendar = CalendarFacts("k", "K", (CalendarVersion(week, holidays="SE", exceptions=exceptions),))
    assert calendar_to_json(calendar) == (
        '{"key":"k","name":"K","versions":[{"exceptions":'
        '{"2026-01-05":[{"end":"12:00:00","start":"08:00:00"}],"2026-12-24":[]},"holidays":"SE",'
        '"week":[[{"end":"00:00:00","start":"08:00:00"}],[],[],[],[],[],[]]}]}'
    )


def test_the_order_of_exceptions_does_not_matter() -> None:
    days = {date(2026, 12, 24): (), date(2026, 1, 5): ()}
    one = CalendarFacts("k", "K", (CalendarVersion(((),) * 7, exceptions=days),))
    other = CalendarFacts("k", "K", (CalendarVersion(((),) * 7, exceptions=dict(reversed(days.items()))),))
    assert calendar_to_json(one) == calendar_to_json(other)


@pytest.mark.parametrize(
    "changed",
    [
        replace(AGREEMENT, valid_to=date(2027, 1, 1)),
        replace(AGREEMENT, party="kiruna"),
        replace(AGREEMENT, targets=(replace(AGREEMENT.targets[0], seconds=3601),)),
    ],
)
def test_another_agreement_has_another_hash(changed: Agreement) -> None:
    assert content_hash(agreement_to_json(changed)) != content_hash(agreement_to_json(AGREEMENT))


def test_a_damaged_text_is_not_taken_for_an_agreement() -> None:
    with pytest.raises(ValueError, match="is not a valid AgreementKind"):
        agreement_from_json(agreement_to_json(AGREEMENT).replace('"SLA"', '"XLA"'))
    with pytest.raises(KeyError):
        agreement_from_json(agreement_to_json(AGREEMENT).replace('"party"', '"parti"'))
