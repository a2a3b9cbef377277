"""The edges, each driven as those who use it do. All begin on a copy of one database, at one moment."""

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from secrets import token_hex
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from servicedesk.actions.bundle import WORDS
from servicedesk.actions.callers import client_of_token
from servicedesk.actions.desk import Desk
from servicedesk.actions.outbox import drain
from servicedesk.actions.play import Play
from servicedesk.api.tmf.mapping import MOVES
from servicedesk.core.clock import ControlledClock
from servicedesk.core.errors import DeskError, NotFound
from servicedesk.core.facts import Actor
from servicedesk.core.scenarios.file import parse_scenario
from servicedesk.core.scenarios.scenario import LOG
from servicedesk.core.scenarios.time import write_moment
from servicedesk.core.tmf621 import PREFIX
from servicedesk.core.vocabulary import CancelReason, Language, Need
from servicedesk.store.queries.systems.told import version_of
from servicedesk.store.queries.tickets import find_known, view_ticket
from servicedesk.web.preferences import COOKIE
from tests.same_rules.places import workflows
from tests.same_rules.traces import (
    Refused,
    Trace,
    footprint,
    last_event,
    refused_by,
    refused_in,
    refused_on,
    trace_since,
)
from tests.same_rules.verbs import HERE, OTHER, RESOURCE_OF, Given, Known, in_a_scenario
from tests.same_rules.world import CLIENT, LATER, MUNICIPAL_CLIENT, World
from tests.support.desk import PERSONAS, PLATFORM, persona
from tests.support.pages import session_of

UNKNOWN = "2026-99999"
THIS = "A"
LOGGED = {"service": PLATFORM, "subject": "Ett fel"}


@dataclass(frozen=True)
class Attempt:
    """Somebody tries a verb on a ticket. `stale`: having seen the version before the present one."""

    known: Known
    number: str
    who: str
    given: Given
    other: str = ""
    workflow: str = "citizen_incident"
    stale: bool = False


@dataclass
class House:
    """The application on a copy of the world; `fresh` takes a new copy, which every drive that writes needs."""

    app: Flask
    world: World
    copied: Path
    is_clean: bool = False
    codes: dict[str, str] = field(default_factory=dict)
    clients: dict[str, FlaskClient] = field(default_factory=dict)

    @property
    def desk(self) -> Desk:
        found: Desk = self.app.extensions["desk"]
        return found

    def fresh(self) -> None:
        """The engine stays, and with it what it has learnt to say in SQL; only the file is another."""
        self.desk.engine.dispose()
        shutil.copyfile(self.world.file, self.copied)
        self.is_clean = True

    def ensure_clean(self) -> None:
        """Refusals and readers leave nothing, so that a copy lasts until somebody writes on it."""
        if not self.is_clean:
            self.fresh()

    def bearer(self, who: str = CLIENT) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.world.tokens[who]}", "Idempotency-Key": token_hex(8)}

    def actor(self, who: str) -> Actor:
        """In English, as everybody in these drives reads it."""
        token = self.world.tokens.get(who)
        found = client_of_token(self.desk, token) if token else persona(self.desk, who)
        return replace(found, language=Language.ENGLISH)

    def client(self, who: str) -> FlaskClient:
        if who not in self.clients:
            self.clients[who] = self.app.test_client()
            with self.clients[who].session_transaction() as session:
                session.update(session_of(self.desk, who))
            self.clients[who].set_cookie(COOKIE.format("language"), "en")
        return self.clients[who]

    def version(self, attempt: Attempt) -> int:
        """What stands on the page that this actor has before them."""
        with self.desk.reading() as connection:
            try:
                seen = view_ticket(connection, self.desk.book(connection), self.actor(attempt.who), attempt.number)
            except NotFound:
                return 0
        return seen.version - attempt.stale

    def tag(self, attempt: Attempt) -> str:
        """What stands in the ETag of what this system has read; of what is stale the one before there was any."""
        with self.desk.reading() as connection:
            book = self.desk.book(connection)
            try:
                found = find_known(connection, book, self.actor(attempt.who), attempt.number)
            except NotFound:
                return '"0"'
            return f'"{0 if attempt.stale else version_of(found.organisation, found.known.events, book).number}"'


# What the action itself said goes along: a scenario writes down the refusal that it expects.
Drive = Callable[[House, Attempt, Refused | None], Refused | None]


def directly(house: House, attempt: Attempt, expected: Refused | None = None) -> Refused | None:
    version = house.version(attempt) if attempt.number else None
    try:
        attempt.known.act(house.desk, attempt.number, attempt.given, house.actor(attempt.who), version)
    except DeskError as error:
        refused = refused_by(error)
        # One sentence, one code: a page that says the sentence has given the code.
        assert house.codes.setdefault(refused.sentence or refused.code, refused.code) == refused.code
        return refused
    return None


def by_page(house: House, attempt: Attempt, expected: Refused | None = None) -> Refused | None:
    known = attempt.known
    values = {**known.values, **({"number": attempt.number} if attempt.number else {})}
    address = house.app.url_map.bind("").build(known.endpoint, values, method="POST")
    form = {**known.page(attempt.given), "version": str(house.version(attempt))}
    response = house.client(attempt.who).post(address, data=form)
    return None if response.status_code == 303 else refused_on(response, house.codes)


def by_api(house: House, attempt: Attempt, expected: Refused | None = None) -> Refused | None:
    headers = {**house.bearer(attempt.who), "If-Match": house.tag(attempt)}
    address = f"/api/v1/tickets/{attempt.number}/{attempt.known.resource}"
    response = house.app.test_client().post(address, json=attempt.known.page(attempt.given), headers=headers)
    return None if response.status_code == 200 else refused_in(response)


def by_tmf621(house: House, attempt: Attempt, expected: Refused | None = None) -> Refused | None:
    """A PATCH of status, in the standard's words; for what `move_of` says that it can ask for."""
    given = attempt.given
    words = next((given[need] for need in WORDS if need in given), "")
    asked = {"status": move_of(house, attempt), "statusChangeReason": words}
    code = {"resolutionCode": given[Need.RESOLUTION_CODE]} if Need.RESOLUTION_CODE in given else {}
    headers = {**house.bearer(attempt.who), "If-Match": house.tag(attempt)}
    response = house.app.test_client().patch(_in_tmf621(attempt), json=asked | code, headers=headers)
    said = response.get_json()
    return None if response.status_code == 200 else Refused(said["code"], said["reason"])


def move_of(house: House, attempt: Attempt) -> str:
    """The status that asks for this verb; '' where none does, or the ticket has it already: the standard's words are
    fewer than ours."""
    if attempt.given.get(Need.CANCEL_REASON) == CancelReason.DUPLICATE:
        return ""
    verb = next((verb for verb, resource in RESOURCE_OF.items() if resource == attempt.known.resource), None)
    status = next((str(status) for status, verbs in MOVES.items() if verb in verbs), "")
    response = house.app.test_client().get(_in_tmf621(attempt), headers=house.bearer(attempt.who))
    return "" if response.get_json()["status"] == status else status


def _in_tmf621(attempt: Attempt) -> str:
    return f"{PREFIX}/troubleTicket/{attempt.number}"


def by_play(house: House, attempt: Attempt, expected: Refused | None = None) -> Refused | None:
    """A scenario is read with the tickets logged in it; only its last step is played, on the world's own tickets."""
    with house.desk.reading() as connection:
        installation = house.desk.book(connection).installation
    scenario = parse_scenario(_scenario(attempt, expected), "drive.toml", installation, workflows())
    step = replace(scenario.steps[-1], actor=house.actor(attempt.who))
    numbers = {label: number for label, number in ((THIS, attempt.number), (OTHER, attempt.other)) if number}
    clock = house.desk.clock
    assert isinstance(clock, ControlledClock)
    play = Play(house.desk, clock, replace(scenario, steps=(step,)), numbers if attempt.number != UNKNOWN else {})
    [played] = play.steps()
    assert played.unmet == []
    return refused_by(played.refusal) if played.refusal else None


def _scenario(attempt: Attempt, expected: Refused | None) -> str:
    """Two tickets logged, unless logging is the verb, and the step. What is no ticket's label is taken for a number."""
    person, name, given = PERSONAS[attempt.who], attempt.known.name, in_a_scenario(attempt.given)
    this = UNKNOWN if attempt.number == UNKNOWN else THIS
    labels = [] if name == LOG else [this, OTHER]
    logged = [_step(PERSONAS["second_line_lulea"], LOG, label, LOGGED) for label in labels]
    expect = {"refused": expected.code, "fields": sorted(expected.fields)} if expected else {}
    head = f'[scenario]\nkey = "drive"\nsv = "Ett steg."\nworkflow = "{attempt.workflow}"\n'
    return "\n".join((head, *logged, _step(person, name, this, given, expect)))


def _step(who: str, do: str, ticket: str, given: Given, expect: Given | None = None) -> str:
    """JSON's strings, numbers and lists are TOML's as well."""
    own = {"at": write_moment(LATER, HERE), "who": who, "do": do, "ticket": ticket}
    tables = {"step.with": given, "step.expect": expect or {}}
    lines = [f"[[step]]\n{_pairs(own)}", *(f"[{name}]\n{_pairs(table)}" for name, table in tables.items() if table)]
    return "\n".join(lines)


def _pairs(table: Mapping[str, Any]) -> str:
    return "".join(f"{name} = {json.dumps(value)}\n" for name, value in table.items())


def done(house: House, drive: Drive, attempt: Attempt) -> Trace:
    """What a drive that must succeed leaves on a fresh copy."""
    house.fresh()
    last, house.is_clean = last_event(house.desk), False
    refused = drive(house, attempt, None)
    assert refused is None, f"{drive.__name__}: {refused}"
    drain(house.desk)
    return trace_since(house.desk, last)


def refused(house: House, drive: Drive, attempt: Attempt, expected: Refused | None = None) -> Refused:
    """Why a drive that must be refused was, having written nothing."""
    before = footprint(house.desk)
    found = drive(house, attempt, expected)
    assert found is not None, f"{drive.__name__}: it was done"
    assert footprint(house.desk) == before, f"{drive.__name__}: {found.code}, and yet something was written"
    return found


def drives(known: Known, who: str) -> list[Drive]:
    """The edges that offer this verb to this person, beside the action itself."""
    if who in (CLIENT, MUNICIPAL_CLIENT):
        return [by_api] if known.resource else []
    return [by_page, by_play]
