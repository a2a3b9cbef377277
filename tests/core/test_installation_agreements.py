"""Which agreement and which target a ticket gets."""

from dataclasses import replace
from datetime import date

import pytest

from servicedesk.core.agreements import agreement_for, target_for
from servicedesk.core.facts import Agreement, Installation, Target
from servicedesk.core.vocabulary import AgreementKind, Metric, Tier

FIRST, SECOND = date(2026, 1, 1), date(2026, 7, 1)
URGENT = Target(Metric.RESPONSE, 1800, "always", (1, 2))
USUAL = Target(Metric.RESPONSE, 7200, "office", (3,))
JOINT = Target(Metric.HOLDING, 3600, "office", tier=Tier.JOINT)


def sla(key: str, valid_from: date, valid_to: date | None = None, party: str = "boden") -> Agreement:
    return Agreement(key, AgreementKind.SLA, party, ("platform",), (URGENT, USUAL), valid_from, valid_to)


INSTALLATION = Installation(
    agreements={a.key: a for a in (sla("old", FIRST, SECOND), sla("new", SECOND), sla("theirs", FIRST, party="kiruna"))}
)


@pytest.mark.parametrize(
    ("day", "key"),
    [
        (date(2025, 12, 31), None),
        (FIRST, "old"),
        (date(2026, 6, 30), "old"),
        (SECOND, "new"),
        (date(2040, 1, 1), "new"),
    ],
)
def test_the_agreement_of_the_day_applies(day: date, key: str | None) -> None:
    found = agreement_for(INSTALLATION, AgreementKind.SLA, "boden", "platform", day)
    assert (found.key if found else None) == key


@pytest.mark.parametrize(
    ("kind", "party", "service"),
    [
        (AgreementKind.OLA, "boden", "platform"),
        (AgreementKind.SLA, "lulea", "platform"),
        (AgreementKind.SLA, "boden", "archive"),
    ],
)
def test_kind_party_and_service_must_all_be_right(kind: AgreementKind, party: str, service: str) -> None:
    assert agreement_for(INSTALLATION, kind, party, service, FIRST) is None


def test_the_target_of_the_priority_applies() -> None:
    agreement = sla("x", FIRST)
    assert target_for(agreement, Metric.RESPONSE, 2) == URGENT
    assert target_for(agreement, Metric.RESPONSE, 3) == USUAL
    assert target_for(agreement, Metric.RESPONSE, 4) is None
    assert target_for(agreement, Metric.RESOLUTION, 1) is None


def test_a_target_for_a_tier_binds_that_tier_and_one_without_binds_all() -> None:
    agreement = Agreement("ola", AgreementKind.OLA, "board", ("platform",), (JOINT, URGENT), FIRST)
    assert target_for(agreement, Metric.HOLDING, 1, Tier.JOINT) == JOINT
    assert target_for(agreement, Metric.HOLDING, 1, Tier.SECOND_LINE) is None
    assert target_for(agreement, Metric.HOLDING, 1) is None
    assert target_for(agreement, Metric.RESPONSE, 1, Tier.SUPPLIER) == URGENT


def test_a_target_that_names_the_request_type_goes_before_one_for_all_wherever_it_stands() -> None:
    orders = replace(USUAL, seconds=86400, workflows=("order",))
    only = Target(Metric.UPDATE, 3600, "office", workflows=("order",))
    for targets in ((orders, USUAL, only), (USUAL, only, orders)):
        agreement = replace(sla("x", FIRST), targets=targets)
        assert target_for(agreement, Metric.RESPONSE, 3, workflow="order") == orders
        assert target_for(agreement, Metric.RESPONSE, 3, workflow="incident") == USUAL
        assert target_for(agreement, Metric.RESPONSE, 3) == USUAL
        assert target_for(agreement, Metric.RESPONSE, 1, workflow="order") is None
        assert target_for(agreement, Metric.UPDATE, 3, workflow="incident") is None
        assert target_for(agreement, Metric.UPDATE, 3, workflow="order") == only
