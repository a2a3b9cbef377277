"""Every write that a system can send, each with what prepares it and how its effect is counted."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import Any

from flask import Flask
from sqlalchemy import Connection, func, insert, select

from servicedesk.actions import webhooks as hooks
from servicedesk.actions.desk import Desk
from servicedesk.actions.faces import PING, TMF621
from servicedesk.actions.faces import V1 as V1_FACE
from servicedesk.actions.installation import load_installation
from servicedesk.actions.tokens import create_token
from servicedesk.api.v1.examples import GIVEN
from servicedesk.core.actors import client_actor
from servicedesk.core.codec import stamp
from servicedesk.core.facts import OPERATOR, Actor, RoutingRule
from servicedesk.core.tmf621 import PREFIX
from servicedesk.core.vocabulary import OrganisationKind, Tier
from servicedesk.core.workflows.file import parse_workflow
from servicedesk.paths import workflows
from servicedesk.store.journal import JournalRow, PersonalText
from servicedesk.store.tickets import Ticket
from servicedesk.store.webhooks import DELIVERED, WAITING, Delivery, Webhook
from tests.api.test_every_step import MORE_STEPS
from tests.api.test_examples import MUNICIPALITIES, SUPPLIERS, ticket_for
from tests.api.tmf.conftest import LEAST
from tests.support.desk import PLATFORM, ticket_after

V1 = "/api/v1"
SUPPLIER, MUNICIPALITY = "leverantor-plattform", "lulea"
# What the shipped processes keep for people, given to a supplier's system here.
KEPT_FOR_PEOPLE = {"verify": "tried", "reject": "reason", "recall": "reason", "close": "reason"}
STEP = """
[transition.{verb}_by_supplier]
verb = "{verb}"
from = ["supplier_active"]
to = "supplier_received"
sv = "{verb}"
en = "{verb}"
who = ["supplier_agent@supplier"]
needs = ["{needs}"]
"""
WORDS = ("question", "answer", "solution", "reason", "body", "tried")
# Nothing of anybody's is written by these: the desk's own listener is none, and each access token is a new one.
NOT_WRITES = {("POST", f"{PREFIX}/listener/{{event}}"), ("POST", "/oauth/token")}

Count = Callable[[Connection], int]


@dataclass(frozen=True)
class Race:
    """One write: where it goes, and how often its effect is seen. `keyed`: it carries an Idempotency-Key; else what it
    asks for is the same however often, and after it has been done it may be answered `afterwards`."""

    mark: str
    method: str
    path: str
    token: str
    effects: Count
    body: Any = None
    raw: bytes | None = None
    keyed: bool = True
    afterwards: int = 200


@dataclass
class Ground:
    """An installation to write in. `place`: where webhooks may be sent."""

    desk: Desk
    place: str
    tokens: dict[str, str] = field(default_factory=dict)
    clients: dict[str, Actor] = field(default_factory=dict)
    shared: list[str] = field(default_factory=list)
    _hooks: Iterator[int] = field(default_factory=count)

    def prepare(self) -> None:
        self.desk.callable_inside = frozenset({self.place})
        _let_systems_do_everything(self.desk)
        with self.desk.reading() as connection:
            installation = self.desk.book(connection).installation
        kinds = (OrganisationKind.SUPPLIER, OrganisationKind.MUNICIPALITY)
        for key in (key for key, each in sorted(installation.organisations.items()) if each.kind in kinds):
            made = create_token(self.desk, key, "races", actor=OPERATOR)
            self.tokens[key] = made.text
            self.clients[key] = client_actor(made.client.key, "races", key, (), installation)
        self.shared = [ticket_after(self.desk, "accept_at_supplier").number for _ in range(4)]

    def somebody(self) -> str:
        """Whose next webhook it is: nobody may have very many."""
        return sorted(self.tokens)[next(self._hooks) // hooks.MOST]

    def hook(self, mark: str, face: str = V1_FACE) -> tuple[str, int]:
        """(whose, id)"""
        whose = self.somebody()
        url = f"http://{self.place}/{mark}"
        return whose, hooks.create_webhook(self.desk, url, actor=self.clients[whose], face=face).id

    def ticket(self, last: str) -> str:
        return ticket_for(self.desk, last)


Write = Callable[[Ground, str], Race]


def every_write(app: Flask) -> set[tuple[str, str]]:
    """What can be sent to either face, by the addresses that the program has."""
    return {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}
        if rule.rule.startswith((V1, PREFIX, "/oauth"))
    }


def said(mark: str) -> Count:
    of_it = select(func.count()).select_from(PersonalText).where(PersonalText.text.contains(mark))
    return lambda connection: connection.execute(of_it).scalar_one()


def happened(ground: Ground, number: str, kind: str) -> Count:
    """How often it has from now on."""
    of_it = select(func.count()).select_from(JournalRow).join(Ticket, Ticket.id == JournalRow.ticket_id)
    query = of_it.where(Ticket.number == number, JournalRow.kind == kind)
    with ground.desk.reading() as connection:
        before = connection.execute(query).scalar_one()
    return lambda connection: connection.execute(query).scalar_one() - before


def counted(table: Any, *where: Any) -> Count:
    return lambda connection: connection.execute(select(func.count()).select_from(table).where(*where)).scalar_one()


WITHOUT_WORDS = {
    "acknowledgements": "TicketAccepted",
    "takeovers": "TicketTaken",
    "confirmations": "SolutionConfirmed",
}


def _act(name: str) -> Write:
    def race(ground: Ground, mark: str) -> Race:
        whose = MUNICIPALITY if name in MUNICIPALITIES else SUPPLIER
        is_shared = name in ("notes", "updates")
        last = {**SUPPLIERS, **MUNICIPALITIES}.get(name, "accept_at_supplier")
        number = ground.shared[sum(map(ord, mark)) % 4] if is_shared else ground.ticket(last)
        kind = WITHOUT_WORDS.get(name)
        effects = happened(ground, number, kind) if kind else said(mark)
        body = dict(GIVEN[name])
        body |= dict.fromkeys(list(filter(WORDS.__contains__, body))[:1], mark)
        body |= {"team": "jour"} if name == "handovers" else {}
        body |= {"until": _tomorrow(ground)} if name == "waits" else {}
        body |= {"step": "look_again_at_supplier"} if name == "steps" else {}
        return Race(mark, "POST", f"{V1}/tickets/{number}/{name}", ground.tokens[whose], effects, body or None)

    return race


def _tomorrow(ground: Ground) -> str:
    return stamp(ground.desk.clock.now() + timedelta(days=1))


def _log(ground: Ground, mark: str) -> Race:
    body = {"subject": mark, "service": PLATFORM}
    return Race(mark, "POST", f"{V1}/tickets", ground.tokens[MUNICIPALITY], said(mark), body)


def _attach(ground: Ground, mark: str) -> Race:
    path = f"{V1}/tickets/{ground.shared[0]}/attachments?name={mark}.txt"
    return Race(mark, "POST", path, ground.tokens[SUPPLIER], said(mark), raw=mark.encode())


def _refer(ground: Ground, mark: str) -> Race:
    number = ground.ticket("accept_at_supplier")
    effects = happened(ground, number, "ReferenceGiven")
    path = f"{V1}/tickets/{number}/reference"
    return Race(mark, "PUT", path, ground.tokens[SUPPLIER], effects, {"reference": mark}, keyed=False)


def _subscribe(ground: Ground, mark: str) -> Race:
    url = f"http://{ground.place}/{mark}"
    token = ground.tokens[ground.somebody()]
    return Race(mark, "POST", f"{V1}/webhooks", token, counted(Webhook, Webhook.url == url), {"url": url})


def _change_hook(ground: Ground, mark: str) -> Race:
    whose, its = ground.hook(mark)
    effects = counted(Webhook, Webhook.description == mark)
    body = {"description": mark}
    return Race(mark, "PATCH", f"{V1}/webhooks/{its}", ground.tokens[whose], effects, body, keyed=False)


def _remove_hook(ground: Ground, mark: str) -> Race:
    whose, its = ground.hook(mark)
    return replace(_removed(f"{V1}/webhooks/{its}", mark, its), token=ground.tokens[whose])


def _removed(path: str, mark: str, its: int) -> Race:
    still = counted(Webhook, Webhook.id == its)
    return Race(mark, "DELETE", path, "", lambda connection: 1 - still(connection), keyed=False, afterwards=404)


def _rotate(ground: Ground, mark: str) -> Race:
    """Rotated twice, the former secret would be one that nobody was ever shown."""
    whose, its = ground.hook(mark)
    with ground.desk.reading() as connection:
        first = connection.execute(select(Webhook.secret).where(Webhook.id == its)).scalar_one()
    effects = counted(Webhook, Webhook.id == its, Webhook.former_secret == first)
    return Race(mark, "POST", f"{V1}/webhooks/{its}/secrets", ground.tokens[whose], effects)


def _ping(ground: Ground, mark: str) -> Race:
    whose, its = ground.hook(mark)
    effects = counted(Delivery, Delivery.webhook_id == its, Delivery.event_type == PING)
    return Race(mark, "POST", f"{V1}/webhooks/{its}/pings", ground.tokens[whose], effects)


def _resend(ground: Ground, mark: str) -> Race:
    whose, its = ground.hook(mark)
    with ground.desk.transaction() as connection:
        row = {**hooks.new_delivery(its, PING, ground.desk.now(connection)), "state": DELIVERED, "attempts": 1}
        delivery = connection.execute(insert(Delivery).values(row).returning(Delivery.id)).scalar_one()
    effects = counted(Delivery, Delivery.webhook_id == its, Delivery.state == WAITING)
    path = f"{V1}/webhooks/{its}/deliveries/{delivery}/resends"
    return Race(mark, "POST", path, ground.tokens[whose], effects)


def _create(ground: Ground, mark: str) -> Race:
    body = {**LEAST, "name": mark}
    return Race(mark, "POST", f"{PREFIX}/troubleTicket", ground.tokens[MUNICIPALITY], said(mark), body)


def _patch(ground: Ground, mark: str) -> Race:
    body = {"status": "resolved", "statusChangeReason": mark}
    path = f"{PREFIX}/troubleTicket/{ground.ticket('accept_at_supplier')}"
    return Race(mark, "PATCH", path, ground.tokens[SUPPLIER], said(mark), body)


def _cancel(ground: Ground, mark: str) -> Race:
    number = ground.ticket("take")
    effects = happened(ground, number, "TicketCancelled")
    return Race(mark, "DELETE", f"{PREFIX}/troubleTicket/{number}", ground.tokens[MUNICIPALITY], effects)


def _register(ground: Ground, mark: str) -> Race:
    url = f"http://{ground.place}/{mark}"
    token = ground.tokens[ground.somebody()]
    return Race(mark, "POST", f"{PREFIX}/hub", token, counted(Webhook, Webhook.url == url), {"callback": url})


def _unregister(ground: Ground, mark: str) -> Race:
    whose, its = ground.hook(mark, TMF621)
    return replace(_removed(f"{PREFIX}/hub/{its}", mark, its), token=ground.tokens[whose])


TICKET, HOOK = f"{V1}/tickets/{{number}}", f"{V1}/webhooks/{{webhook_id}}"
WRITES: dict[tuple[str, str], Write] = {
    ("POST", f"{V1}/tickets"): _log,
    **{("POST", f"{TICKET}/{name}"): _act(name) for name in GIVEN},
    ("POST", f"{TICKET}/attachments"): _attach,
    ("PUT", f"{TICKET}/reference"): _refer,
    ("POST", f"{V1}/webhooks"): _subscribe,
    ("PATCH", HOOK): _change_hook,
    ("DELETE", HOOK): _remove_hook,
    ("POST", f"{HOOK}/secrets"): _rotate,
    ("POST", f"{HOOK}/pings"): _ping,
    ("POST", f"{HOOK}/deliveries/{{delivery_id}}/resends"): _resend,
    ("POST", f"{PREFIX}/troubleTicket"): _create,
    ("PATCH", f"{PREFIX}/troubleTicket/{{number}}"): _patch,
    ("DELETE", f"{PREFIX}/troubleTicket/{{number}}"): _cancel,
    ("POST", f"{PREFIX}/hub"): _register,
    ("DELETE", f"{PREFIX}/hub/{{listener}}"): _unregister,
}


def _let_systems_do_everything(desk: Desk) -> None:
    """The citizen's process, in a version in which a supplier's system has a step of every kind."""
    text = (workflows() / "citizen_incident.toml").read_text(encoding="utf-8") + MORE_STEPS
    text += "".join(STEP.format(verb=verb, needs=needs) for verb, needs in KEPT_FOR_PEOPLE.items())
    with desk.reading() as connection:
        book = desk.book(connection)
    rest = [each for each in book.workflows() if each.key != "citizen_incident"]
    first = next(team for _, team in sorted(book.installation.teams.items()) if team.organisation == SUPPLIER)
    teams = {**book.installation.teams, "jour": replace(first, key="jour", name="Jouren")}
    rule = RoutingRule("to-the-supplier", 0, Tier.SUPPLIER, team=first.key, service=PLATFORM)
    routing = {**book.installation.routing, rule.key: rule}
    installation = replace(book.installation, teams=teams, routing=routing)
    load_installation(desk, installation, [*rest, parse_workflow(text, "citizen_incident.toml")])
