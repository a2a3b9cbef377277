"""A ticket keeps the version it was logged under until somebody who may moves it, with a reason."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from servicedesk.actions import changes
from servicedesk.actions.desk import Desk
from servicedesk.actions.installation import load_installation
from servicedesk.core.canonical import agreement_version
from servicedesk.core.errors import DeskError, Invalid
from servicedesk.core.facts import Agreement
from servicedesk.core.vocabulary import AgreementKind, ClockEffect, Level, Metric
from tests.actions.life import HOUR, at, clock, do, journal, kinds, proved, state, wait
from tests.support.desk import new_ticket, persona, ticket_after

NORMAL = {"impact": Level.MEDIUM, "urgency": Level.MEDIUM}  # 24 hours, by Luleå's SLA
UC, CONTRACT = "leverantor-plattform-uc", "contract/supplier/leverantor-plattform"
SLA = "lulea-sla"


def agreement(desk: Desk, key: str) -> Agreement:
    with desk.reading() as connection:
        return desk.book(connection).installation.agreements[key]


def rewrite(desk: Desk, key: str, hours: int, *metrics: Metric, **more: Any) -> Agreement:
    """The same agreement, but so many hours for these metrics."""
    old = agreement(desk, key)
    targets = tuple(replace(t, seconds=hours * HOUR) if t.metric in metrics else t for t in old.targets)
    return put(desk, replace(old, targets=targets, **more))


def put(desk: Desk, *written: Agreement) -> Agreement:
    with desk.reading() as connection:
        installation = desk.book(connection).installation
    agreements = {**installation.agreements, **{each.key: each for each in written}}
    load_installation(desk, replace(installation, agreements=agreements), [])
    return written[-1]


def move(desk: Desk, number: str, key: str, who: str = "second_line_lulea", reason: str = "Nytt avtal.") -> Any:
    return changes.change_agreement(desk, number, key, reason, actor=persona(desk, who))


def refused(desk: Desk, number: str, key: str, **more: str) -> DeskError:
    before = journal(desk, number)
    with pytest.raises(DeskError) as refusal:
        move(desk, number, key, **more)
    assert journal(desk, number) == before
    return refusal.value


def test_an_agreement_written_anew_leaves_running_tickets_on_their_own_version(desk: Desk) -> None:
    number = new_ticket(desk, **NORMAL).number
    new = rewrite(desk, SLA, 2, Metric.RESOLUTION)
    assert clock(desk, number, "resolution").target == 24 * HOUR
    changes.change_priority(desk, number, Level.HIGH, Level.MEDIUM, "x", actor=persona(desk, "first_line_lulea"))
    assert clock(desk, number, "resolution").target == 8 * HOUR
    later = new_ticket(desk, **NORMAL)
    assert later.clocks["resolution"].target == 2 * HOUR
    assert later.agreements[AgreementKind.SLA] == agreement_version(new)
    proved(desk)


def test_what_is_spent_stays_spent_and_the_rest_follows_the_new_version(desk: Desk) -> None:
    number = ticket_after(desk, "take", **NORMAL).number
    response = clock(desk, number, "response")
    wait(desk, hours=3)
    new = rewrite(desk, SLA, 5, Metric.RESOLUTION, Metric.RESPONSE)
    move(desk, number, SLA)
    resolution = clock(desk, number, "resolution")
    assert (resolution.spent, resolution.target) == (3 * HOUR, 5 * HOUR)
    assert resolution.due_at == at("2026-03-02", "14:00")
    assert resolution.agreement == state(desk, number).agreements[AgreementKind.SLA] == agreement_version(new)
    assert response.state is ClockEffect.STOP and clock(desk, number, "response") == response
    last = journal(desk, number)[-1]
    assert last.kind == "AgreementChanged" and last.texts.keys() == {"reason"}
    proved(desk)


def test_what_was_broken_stays_broken_and_what_has_run_past_the_new_time_breaks_now(desk: Desk) -> None:
    late, in_time = (ticket_after(desk, "take", **given).number for given in ({}, NORMAL))
    changes.change_priority(desk, late, Level.HIGH, Level.HIGH, "x", actor=persona(desk, "first_line_lulea"))
    wait(desk, hours=6)
    rewrite(desk, SLA, 5, Metric.RESOLUTION)
    move(desk, late, SLA)
    move(desk, in_time, SLA)
    assert clock(desk, late, "resolution").broken_at == at("2026-03-02", "13:00")
    assert clock(desk, in_time, "resolution").broken_at == desk.clock.now()
    rewrite(desk, SLA, 500, Metric.RESOLUTION)
    move(desk, late, SLA)
    assert clock(desk, late, "resolution").broken_at == at("2026-03-02", "13:00")
    proved(desk)


def test_hours_of_the_new_version_apply_to_what_remains(desk: Desk) -> None:
    number = ticket_after(desk, "accept_at_supplier", **NORMAL).number
    wait(desk, hours=2)
    old = agreement(desk, UC)
    put(desk, replace(old, targets=tuple(replace(target, calendar="always") for target in old.targets)))
    move(desk, number, UC, who="it_service_manager")
    contract = clock(desk, number, CONTRACT)
    assert (contract.spent, contract.calendar) == (2 * HOUR, "always")
    assert contract.due_at == at("2026-03-02", "17:00")
    proved(desk)


def test_a_promise_that_only_the_new_version_makes_begins_then(desk: Desk) -> None:
    number = ticket_after(desk, "take", **NORMAL).number
    old = agreement(desk, SLA)
    silent = tuple(target for target in old.targets if target.metric is not Metric.UPDATE)
    put(desk, replace(old, targets=silent))
    number = new_ticket(desk, **NORMAL).number
    assert "update/1" not in state(desk, number).clocks
    wait(desk, hours=1)
    update = replace(silent[-1], metric=Metric.UPDATE, seconds=2 * HOUR, priorities=(1, 2, 3, 4))
    put(desk, replace(old, targets=(*silent, update)))
    move(desk, number, SLA)
    assert clock(desk, number, "update/1").started_at == desk.clock.now()
    assert clock(desk, number, "update/1").due_at == at("2026-03-02", "12:00")
    proved(desk)


def test_a_promise_that_the_new_version_does_not_make_measures_on_without_a_target(desk: Desk) -> None:
    number = ticket_after(desk, "take", **NORMAL).number
    old = agreement(desk, SLA)
    put(desk, replace(old, targets=tuple(t for t in old.targets if t.metric is Metric.RESPONSE)))
    move(desk, number, SLA)
    wait(desk, hours=1)
    resolution = clock(desk, number, "resolution")
    assert (resolution.target, resolution.due_at, resolution.state) == (0, None, ClockEffect.RUN)
    proved(desk)


def test_only_the_agreement_of_that_kind_changes(desk: Desk) -> None:
    number = ticket_after(desk, "accept_at_supplier", **NORMAL).number
    before = state(desk, number)
    rewrite(desk, UC, 3, Metric.CONTRACT)
    rewrite(desk, SLA, 3, Metric.RESOLUTION)
    move(desk, number, UC, who="it_service_manager")
    after = state(desk, number)
    changed = {key for key in before.clocks if before.clocks[key].agreement != after.clocks[key].agreement}
    assert CONTRACT in changed and all("/supplier/" in key for key in changed)
    assert {k for k in before.agreements if before.agreements[k] != after.agreements[k]} == {AgreementKind.UC}


@pytest.mark.parametrize(
    ("who", "key", "is_theirs"),
    [
        ("second_line_lulea", SLA, True),
        ("second_line_lulea", "e-namnden-ola", False),
        ("second_line_lulea", UC, False),
        ("it_service_manager", SLA, False),
        ("it_service_manager", "e-namnden-ola", True),
        ("it_service_manager", UC, True),
        ("first_line_lulea", SLA, False),
        ("administrator_lulea", SLA, False),
        ("supplier_technician", UC, False),
    ],
)
def test_each_moves_a_ticket_within_the_agreements_that_are_theirs(
    desk: Desk, who: str, key: str, is_theirs: bool
) -> None:
    number = ticket_after(desk, "accept_at_supplier", **NORMAL).number
    put(desk, replace(agreement(desk, key), name="Ny"))
    if is_theirs:
        move(desk, number, key, who=who)
        assert kinds(desk, number)[-1] == "AgreementChanged"
    else:
        assert refused(desk, number, key, who=who).code == "not_yours"


def test_each_other_version_is_refused_with_what_is_wrong_with_it(desk: Desk) -> None:
    number = new_ticket(desk, **NORMAL).number
    old = agreement(desk, SLA)
    put(
        desk,
        replace(old, valid_to=date(2026, 6, 1)),
        replace(old, key="lulea-past", valid_from=date(2010, 1, 1), valid_to=date(2016, 1, 1)),
        replace(old, key="lulea-future", valid_from=date(2026, 6, 1)),
    )
    assert refused(desk, number, "pitea-sla").code == "other_party"
    assert refused(desk, number, "ingen-sla").code == "invalid"
    past, future = refused(desk, number, "lulea-past"), refused(desk, number, "lulea-future")
    assert (past.code, past.data["day"]) == ("no_longer_valid", date(2016, 1, 1))
    assert (future.code, future.data["day"]) == ("not_yet_valid", date(2026, 6, 1))
    assert isinstance(refused(desk, number, SLA, reason=" "), Invalid)
    move(desk, number, SLA)
    assert refused(desk, number, SLA).code == "nothing_changed"


def test_an_agreement_that_does_not_cover_the_service_is_refused(desk: Desk) -> None:
    number = new_ticket(desk, **NORMAL).number
    old = agreement(desk, SLA)
    others = tuple(service for service in old.services if service != "e-arkiv")
    put(desk, replace(old, key="lulea-others", services=others), replace(old, services=("e-arkiv",)))
    assert refused(desk, number, SLA).code == "other_service"


def test_a_ticket_that_is_solved_keeps_its_version(desk: Desk) -> None:
    number = ticket_after(desk, "take").number
    do(desk, number, "first_line_lulea", "solve_at_once", solution="Klart", resolution_code="solved")
    rewrite(desk, SLA, 5, Metric.RESOLUTION)
    assert refused(desk, number, SLA).code == "not_yours"
