"""Signing in: one answer to everybody who is wrong, a pause after five tries, and passwords that are never kept."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from servicedesk.actions.attempts import ADDRESS as ADDRESS_LIMIT
from servicedesk.actions.attempts import ORIGIN, count_attempt, drop_expired
from servicedesk.actions.desk import Desk
from servicedesk.actions.pulse import Pulse
from servicedesk.actions.signin import person_actor, session_mark, set_password, set_sample_passwords
from servicedesk.actions.signin import sign_in as sign_in_from
from servicedesk.core.errors import Invalid, NotFound, Refusal
from servicedesk.core.facts import OPERATOR, Actor
from servicedesk.scheduler.deliveries import PostOffice
from servicedesk.scheduler.jobs import JOBS
from servicedesk.store.access import Credential, SignInAttempt
from servicedesk.store.engine import make_engine
from servicedesk.store.installation import Part
from tests.actions.life import go_to
from tests.support.desk import PASSWORD, PERSONAS, person, persona

ADDRESS = "forsta.linjen@lulea.example"
UNKNOWN = "ingen.sadan@lulea.example"
WRONG = "fel-lösenord-fel"
HERE, ELSEWHERE = "192.0.2.17", "198.51.100.4"


def sign_in(desk: Desk, email: str, password: str, origin: str = HERE) -> Actor:
    return sign_in_from(desk, email, password, origin=origin)


def refusal(desk: Desk, email: str, password: str, origin: str = HERE) -> Refusal:
    with pytest.raises(Refusal) as refused:
        sign_in(desk, email, password, origin)
    return refused.value


def fail(desk: Desk, times: int, email: str = ADDRESS) -> None:
    for _ in range(times):
        assert refusal(desk, email, WRONG).code == "wrong_password"


def use_up(desk: Desk, origin: str, left: int = 0) -> None:
    """Every try there is from `origin` but `left`, each at another address."""
    for number in range(ORIGIN.attempts - left):
        count_attempt(desk, f"nummer-{number}@lulea.example", origin)


def counted(desk: Desk) -> list[tuple[str, str, int]]:
    with desk.reading() as connection:
        query = select(SignInAttempt.kind, SignInAttempt.mark, SignInAttempt.attempts).order_by(SignInAttempt.kind)
        return [(kind, mark, attempts) for kind, mark, attempts in connection.execute(query)]


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
    fail(desk, ADDRESS_LIMIT.attempts)
    assert refusal(desk, ADDRESS, PASSWORD).code == "locked"
    go_to(desk, desk.clock.now() + ADDRESS_LIMIT.window / 2)
    assert refusal(desk, ADDRESS, PASSWORD).code == "locked"
    go_to(desk, desk.clock.now() + ADDRESS_LIMIT.window / 2)
    assert sign_in(desk, ADDRESS, PASSWORD).key == PERSONAS["first_line_lulea"]


def test_an_address_nobody_has_is_answered_as_one_that_somebody_has(either_desk: Desk) -> None:
    answers = {}
    for email in (ADDRESS, UNKNOWN):
        tries = [refusal(either_desk, email, WRONG) for _ in range(ADDRESS_LIMIT.attempts + 2)]
        answers[email] = [(refused.code, str(refused)) for refused in tries]
    assert answers[ADDRESS] == answers[UNKNOWN]
    assert [code for code, _ in answers[UNKNOWN]] == ["wrong_password"] * ADDRESS_LIMIT.attempts + ["locked"] * 2


@pytest.mark.parametrize("email", [ADDRESS, UNKNOWN])
def test_a_password_is_hashed_once_for_every_answer(desk: Desk, monkeypatch: pytest.MonkeyPatch, email: str) -> None:
    """The slow part, which is what somebody could tell an address by."""
    set_password(desk, ADDRESS, PASSWORD, actor=OPERATOR)  # at the program's own cost
    refusal(desk, email, WRONG)
    hashed = []

    def verify(self: PasswordHasher, password_hash: str, password: str) -> bool:
        hashed.append(password_hash.rpartition("$")[0].rpartition("$")[0])
        return False

    monkeypatch.setattr(PasswordHasher, "verify", verify)
    refusal(desk, email, WRONG)
    assert hashed == ["$argon2id$v=19$m=65536,t=3,p=4"]


def test_a_lock_is_the_same_however_the_address_is_written_and_from_wherever(desk: Desk) -> None:
    for written in (ADDRESS, f" {ADDRESS}", ADDRESS.upper(), ADDRESS.title(), ADDRESS):
        assert refusal(desk, written, WRONG).code == "wrong_password"
    assert refusal(desk, ADDRESS, PASSWORD, ELSEWHERE).code == "locked"


def test_an_origin_has_so_many_tries_whatever_addresses_it_tries(either_desk: Desk) -> None:
    use_up(either_desk, HERE)
    assert refusal(either_desk, ADDRESS, PASSWORD).code == "locked"
    assert sign_in(either_desk, ADDRESS, PASSWORD, ELSEWHERE)
    go_to(either_desk, either_desk.clock.now() + ORIGIN.window)
    assert sign_in(either_desk, ADDRESS, PASSWORD)


def test_what_is_refused_counts_as_no_try(desk: Desk) -> None:
    use_up(desk, HERE)
    before = counted(desk)
    for _ in range(3):
        assert refusal(desk, ADDRESS, WRONG).code == "locked"
    assert counted(desk) == before


def test_signing_in_gives_the_origin_its_own_try_back_and_no_more(desk: Desk) -> None:
    """A whole municipality signs in from one address; one of its passwords buys no guesses at the others'."""
    use_up(desk, HERE, left=2)
    for _ in range(3):
        sign_in(desk, ADDRESS, PASSWORD)
    fail(desk, 1, UNKNOWN)
    fail(desk, 1, UNKNOWN)
    assert refusal(desk, ADDRESS, PASSWORD).code == "locked"


@pytest.mark.parametrize(
    ("tried", "other", "is_the_same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.17", "192.0.2.17", True),
        ("", "unix:", False),
    ],
)
def test_a_network_is_one_origin(desk: Desk, tried: str, other: str, is_the_same: bool) -> None:
    use_up(desk, tried)
    if is_the_same:
        assert refusal(desk, ADDRESS, PASSWORD, other).code == "locked"
    else:
        assert sign_in(desk, ADDRESS, PASSWORD, other)


def test_many_tries_at_once_are_no_more_than_one_after_another(loaded_url: str, either_desk: Desk) -> None:
    """Counted before the password is looked at, in the database: across threads, processes and machines."""
    other = Desk(make_engine(loaded_url), either_desk.clock)
    with ThreadPoolExecutor(12) as pool:
        tries = list(pool.map(lambda n: refusal((either_desk, other)[n % 2], ADDRESS, WRONG).code, range(12)))
    other.engine.dispose()
    assert sorted(tries) == ["locked"] * (12 - ADDRESS_LIMIT.attempts) + ["wrong_password"] * ADDRESS_LIMIT.attempts


def test_what_is_kept_tells_nobodys_address_and_is_gone_when_it_has_expired(desk: Desk) -> None:
    secret = Desk(desk.engine, desk.clock, secret="nyckeln-som-inte-ligger-i-databasen")
    refusal(desk, UNKNOWN, WRONG)
    refusal(secret, UNKNOWN, WRONG)
    kept = counted(desk)
    assert [(kind, attempts) for kind, _, attempts in kept] == [("address", 1)] * 2 + [("origin", 1)] * 2
    assert all(re.fullmatch("[0-9a-f]{5}", mark) for _, mark, _ in kept)
    assert len({mark for _, mark, _ in kept}) == 4, "another key gives other marks"
    assert drop_expired(desk) == 0
    go_to(desk, desk.clock.now() + ADDRESS_LIMIT.window)
    assert drop_expired(desk) == 2
    go_to(desk, desk.clock.now() + ORIGIN.window)
    assert drop_expired(desk) == 2 and counted(desk) == []


def test_the_scheduler_drops_what_has_expired(desk: Desk) -> None:
    refusal(desk, UNKNOWN, WRONG)
    go_to(desk, desk.clock.now() + ORIGIN.window)
    for job in JOBS:
        job.run(desk, Pulse("en maskin"), PostOffice(desk))
    assert counted(desk) == []


def test_a_lock_is_on_one_account_alone(desk: Desk) -> None:
    fail(desk, ADDRESS_LIMIT.attempts)
    sign_in(desk, person(desk, "second_line_lulea").email, PASSWORD)


def test_signing_in_forgets_earlier_failures(desk: Desk) -> None:
    for _ in range(3):
        fail(desk, ADDRESS_LIMIT.attempts - 1)
        sign_in(desk, ADDRESS, PASSWORD)


def test_after_the_pause_there_are_five_more_tries_and_another_pause(desk: Desk) -> None:
    for _ in range(2):
        fail(desk, ADDRESS_LIMIT.attempts)
        assert refusal(desk, ADDRESS, WRONG).code == "locked"
        go_to(desk, desk.clock.now() + ADDRESS_LIMIT.window)


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
    fail(desk, ADDRESS_LIMIT.attempts)
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
