"""Signing in: one answer to everybody who is wrong, a pause after five tries, and passwords that are never kept."""

import pytest
from sqlalchemy import select, update

from servicedesk.actions.desk import Desk
from servicedesk.actions.signin import (
    FAILURES_BEFORE_LOCK,
    LOCKED_FOR,
    person_actor,
    session_mark,
    set_password,
    set_sample_passwords,
    sign_in,
)
from servicedesk.core.errors import Invalid, NotFound, Refusal
from servicedesk.core.facts import OPERATOR
from servicedesk.store.access import Credential
from servicedesk.store.installation import Part
from tests.actions.life import go_to
from tests.support.desk import PASSWORD, PERSONAS, person, persona

ADDRESS = "forsta.linjen@lulea.example"
WRONG = "fel-lösenord-fel"


def refusal(desk: Desk, email: str, password: str) -> Refusal:
    with pytest.raises(Refusal) as refused:
        sign_in(desk, email, password)
    return refused.value


def fail(desk: Desk, times: int) -> None:
    for _ in range(times):
        assert refusal(desk, ADDRESS, WRONG).code == "wrong_password"


def test_the_right_password_gives_the_person_with_their_seats(either_desk: Desk) -> None:
    actor = sign_in(either_desk, ADDRESS, PASSWORD)
    assert actor == persona(either_desk, "first_line_lulea")
    assert actor == person_actor(either_desk, actor.key, session_mark(either_desk, actor.key))


@pytest.mark.parametrize("written", [ADDRESS.upper(), f"  {ADDRESS} "])
def test_an_address_is_the_same_however_it_is_written(desk: Desk, written: str) -> None:
    assert sign_in(desk, written, PASSWORD).key == PERSONAS["first_line_lulea"]


@pytest.mark.parametrize("email", [ADDRESS, "ingen@lulea.example", "", "' OR 1=1 --"])
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(desk: Desk, email: str) -> None:
    refused = refusal(desk, email, WRONG)
    assert (refused.code, str(refused)) == ("wrong_password", "The e-mail address or the password is wrong.")


def test_an_empty_password_is_wrong_and_somebody_without_one_cannot_sign_in(desk: Desk) -> None:
    assert refusal(desk, ADDRESS, "").code == "wrong_password"
    with desk.transaction() as connection:
        connection.execute(Credential.__table__.delete())  # type: ignore[attr-defined]
    assert refusal(desk, ADDRESS, PASSWORD).code == "wrong_password"


def test_after_five_failures_the_account_waits_five_minutes_even_for_the_right_password(desk: Desk) -> None:
    fail(desk, FAILURES_BEFORE_LOCK)
    assert refusal(desk, ADDRESS, PASSWORD).code == "locked"
    go_to(desk, desk.clock.now() + LOCKED_FOR / 2)
    assert refusal(desk, ADDRESS, PASSWORD).code == "locked"
    go_to(desk, desk.clock.now() + LOCKED_FOR / 2)
    assert sign_in(desk, ADDRESS, PASSWORD).key == PERSONAS["first_line_lulea"]


def test_a_lock_is_on_one_account_alone(desk: Desk) -> None:
    fail(desk, FAILURES_BEFORE_LOCK)
    sign_in(desk, person(desk, "second_line_lulea").email, PASSWORD)


def test_signing_in_forgets_earlier_failures(desk: Desk) -> None:
    for _ in range(3):
        fail(desk, FAILURES_BEFORE_LOCK - 1)
        sign_in(desk, ADDRESS, PASSWORD)


def test_after_the_pause_there_are_five_more_tries_and_another_pause(desk: Desk) -> None:
    for _ in range(2):
        fail(desk, FAILURES_BEFORE_LOCK)
        assert refusal(desk, ADDRESS, WRONG).code == "locked"
        go_to(desk, desk.clock.now() + LOCKED_FOR)


def test_sample_passwords_are_given_to_people_marked_as_samples_and_to_nobody_else(desk: Desk) -> None:
    with desk.transaction() as connection:
        mine = (Part.kind == "person", Part.key == PERSONAS["first_line_lulea"])
        content = connection.execute(select(Part.content).where(*mine)).scalar_one()
        real = content.replace('"sample":true', '"sample":false')
        connection.execute(update(Part).where(*mine).values(content=real))
    other = Desk(desk.engine, desk.clock)
    addresses = set_sample_passwords(other, "ett-annat-lösenord")
    assert ADDRESS not in addresses and len(addresses) > 50
    assert sign_in(other, ADDRESS, PASSWORD).key == PERSONAS["first_line_lulea"]
    assert sign_in(other, person(other, "second_line_lulea").email, "ett-annat-lösenord")


def test_only_hashes_are_kept(desk: Desk) -> None:
    with desk.reading() as connection:
        kept = connection.execute(select(Credential.password_hash)).scalars().all()
    assert all(each.startswith("$argon2id$") and PASSWORD not in each for each in kept)


def test_one_may_change_ones_own_password_and_an_operator_anybodys(desk: Desk) -> None:
    set_password(desk, ADDRESS, "mitt-nya-lösenord", actor=persona(desk, "first_line_lulea"))
    sign_in(desk, ADDRESS, "mitt-nya-lösenord")
    set_password(desk, ADDRESS, "ett-till-lösenord", actor=OPERATOR)
    assert refusal(desk, ADDRESS, "mitt-nya-lösenord").code == "wrong_password"
    with pytest.raises(Refusal) as refused:
        set_password(desk, ADDRESS, "någon-annans-val", actor=persona(desk, "second_line_lulea"))
    assert refused.value.code == "not_yours"


def test_a_new_password_ends_a_lock(desk: Desk) -> None:
    fail(desk, FAILURES_BEFORE_LOCK)
    set_password(desk, ADDRESS, "mitt-nya-lösenord", actor=OPERATOR)
    sign_in(desk, ADDRESS, "mitt-nya-lösenord")


def test_a_short_password_and_a_person_who_is_not_there_are_refused(desk: Desk) -> None:
    with pytest.raises(Invalid) as refused:
        set_password(desk, ADDRESS, "kort", actor=OPERATOR)
    assert list(refused.value.fields) == ["password"]
    with pytest.raises(NotFound):
        set_password(desk, "ingen@lulea.example", "ett-långt-lösenord", actor=OPERATOR)


def test_a_session_of_somebody_who_is_gone_is_nobodys(desk: Desk) -> None:
    mark = session_mark(desk, PERSONAS["first_line_lulea"])
    for each in ("", mark):
        assert person_actor(desk, "slutade-i-fjol", each) is None


def test_a_session_is_of_one_password_of_one_person(desk: Desk) -> None:
    key = PERSONAS["first_line_lulea"]
    mark = session_mark(desk, key)
    assert person_actor(desk, key, mark)
    assert person_actor(desk, key, "") is None
    assert person_actor(desk, PERSONAS["second_line_lulea"], "") is None
    set_password(desk, ADDRESS, PASSWORD, actor=OPERATOR)
    assert person_actor(desk, key, mark) is None
    assert person_actor(desk, key, session_mark(desk, key))
