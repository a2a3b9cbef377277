"""The pages whose budget is held, and how a request is measured: a page more is a line more.

At most 11 queries a page. Every page of somebody signed in has three, and each kind adds its own (see PAGES):

1. the revision of the rule book, to know who the person is, and their credential, to see that the session is theirs
2. the revision again: the page reads in a transaction of its own
3. the number of unread notices, in the menu
4. to the IT service manager, at most every five seconds: when a scheduler last swept

A statement counts when it is sent to the database; BEGIN, savepoints and the driver's own do not.
"""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import Connection, Engine, event

from tests.support.pages import Visitor, signed_in

MOST_QUERIES = 11
MOST_MILLISECONDS = 50
# A page that reckons up a whole period and draws it is opened now and then, not all day.
OF_A_PERIOD = 100
# What is fetched after a page, by a search for each word.
AROUND_A_TICKET = 21
ROUNDS = 20
NOBODY = ""


@dataclass(frozen=True)
class Page:
    """`viewer` is a persona, or NOBODY, who has no account. `address` may name a thing: tests/support/things.py."""

    name: str
    viewer: str
    address: str
    milliseconds: int = MOST_MILLISECONDS
    queries: int = MOST_QUERIES


PAGES = (
    # + the page of lines, how many are open and how many closed, saved lists: 7; under a filter the facets of closed
    # ones: 8 to 10
    Page("queue: my team's", "second_line_lulea", "/queue"),
    Page("queue: mine", "second_line_lulea", "/queue?scope=mine"),
    Page("queue: all open, of the joint tier", "it_service_manager", "/queue?scope=open"),
    Page("queue: closed", "first_line_lulea", "/queue?scope=closed"),
    Page("queue: the supplier's", "supplier_technician", "/queue?scope=open"),
    # + the saved lists: 4; the tickets and their lines: 5
    Page("saved lists", "first_line_lulea", "/views"),
    Page("selection", "first_line_lulea", "/selection?ticket={open}"),
    Page("selection: an act", "first_line_lulea", "/selection?ticket={open}&do=note"),
    # + the tickets that wait at the joint tier, the whole page in one
    Page("triage", "it_service_manager", "/triage"),
    # + the ticket's row, its texts, its journal, which of its links may be seen, and to its municipality what the
    # requester has been told: 8
    Page("ticket, to its municipality", "first_line_lulea", "/tickets/{open}"),
    Page("ticket, to the joint tier", "it_service_manager", "/tickets/{open}"),
    Page("ticket, to the supplier", "supplier_technician", "/tickets/{open}"),
    # the ticket: 7; its links, who has asked before by each word: 5, what is alike by three words: 4,
    # disruptions and their words, how many are about the same and the newest: 4. Fetched when somebody comes to it
    Page("what stands beside a ticket", "first_line_lulea", "/tickets/{open}/beside", queries=AROUND_A_TICKET),
    Page(
        "what stands beside a ticket, to the board",
        "it_service_manager",
        "/tickets/{open}/beside",
        queries=AROUND_A_TICKET,
    ),
    # the same, beside a form of its own
    Page("writing", "first_line_lulea", "/tickets/{open}/writing/note"),
    # + which are named by number, how many are open and closed, the page of lines, their texts: 7 or 8
    Page("search: common words", "second_line_lulea", "/search?q=inloggningen+fel"),
    Page("search: one word, of the joint tier", "it_service_manager", "/search?q=inloggning"),
    Page("search: a number", "first_line_lulea", "/search?q=42"),
    Page("search: of the supplier", "supplier_technician", "/search?q=inloggning"),
    # what stands in it is from a file; the name of the joint organisation is from the rule book
    Page("accessibility statement", "first_line_lulea", "/tillganglighet"),
    # + which are named by number, the page of lines, their texts: 6
    Page("all pages", "it_service_manager", "/commands"),
    Page("all pages: tickets", "it_service_manager", "/commands?q=inloggning"),
    # + the notices: 4; the form of a new ticket asks for the drafts of calls: 4
    Page("notices", "it_service_manager", "/notices"),
    # nobody signs in to it: the revision of the rule book, from which all of it is
    Page("the mapping of TMF621", "it_service_manager", "/api/docs/tmf621"),
    Page("new ticket", "first_line_lulea", "/tickets/new"),
    # + at most every minute: what ends soon; the clients, their tokens, what ends soon: 7;
    # the form of a new one asks for nothing more: 4
    Page("clients", "it_service_manager", "/clients"),
    # + the webhooks, how many of their deliveries wait or were given up: 7
    Page("webhooks", "it_service_manager", "/webhooks"),
    Page("client: new", "it_service_manager", "/clients/new?organisation=lulea"),
    # all of it stands in memory: 3 and, at most every minute, what ends soon; a thing: + its journal, and of a person
    # what they work on; a form: + how the thing is and its last change
    Page("administration: search", "it_service_manager", "/administration?q=a"),
    Page("administration: a search that finds nothing", "it_service_manager", "/administration?q=finns+inte"),
    Page("administration: people", "it_service_manager", "/administration/person"),
    Page("administration: a person", "administrator_lulea", "/administration/person/lulea-forsta-linjen"),
    Page("administration: a municipality", "it_service_manager", "/administration/organisation/lulea"),
    Page("administration: opening hours", "administrator_lulea", "/administration/calendar/lulea-kundcenter"),
    Page("absence", "first_line_lulea", "/away"),
    # + what is asked, what runs out, what has changed, open and closed: 8
    Page("supplier: start", "supplier_technician", "/supplier"),
    # + the page of lines: 4; the form asks for nothing more: 3
    Page("own tickets", "developer_lulea", "/mina-arenden"),
    Page("own report", "developer_lulea", "/mina-arenden/nytt"),
    Page("administration: a form", "administrator_lulea", "/administration/person/lulea-forsta-linjen/end"),
    # + what has been told, where, and in which words: 6
    Page("disruptions", "it_service_manager", "/disruptions"),
    # + how many in each column, the first of each, their lines, the whole tickets: 7; one column: 5
    *(Page(f"triage by {by}", "it_service_manager", f"/triage?by={by}") for by in ("municipality", "service", "age")),
    Page("triage by tier", "second_line_lulea", "/triage?by=tier"),
    Page("triage by tier: a column", "second_line_lulea", "/triage?by=tier&column=first_line"),
    # + the promises, their tickets' lines, how many there are: 6; of each team and person, in one: 4, tickets: 5
    Page("promises at risk", "it_service_manager", "/promises"),
    Page("load by team", "it_service_manager", "/load"),
    Page("load: a team's tickets", "it_service_manager", "/load?team=e-namnden-forvaltning"),
    # + those that go on, those that are over, and of each where: 5; the form asks for nothing more: 3
    Page("major incidents", "it_service_manager", "/major-incidents"),
    Page("major incident: declare", "it_service_manager", "/major-incidents/new"),
    # + how many tickets are in which state: 4; of one state, the page of lines as well: 5
    Page("workflows", "it_service_manager", "/workflows"),
    Page("workflow", "it_service_manager", "/workflows/citizen_incident"),
    Page("workflow: tickets in a state", "first_line_lulea", "/workflows/citizen_incident/first_active"),
    # + states of cancelled tickets, promises, open tickets, time, what happened, the first line: 9; to a supplier not
    # the last two: 7; behind a figure the states, the figure, how many one may open, the page of lines, shares: 8
    Page("follow-up, to the joint tier", "it_service_manager", "/management", OF_A_PERIOD),
    Page("follow-up, to a municipality", "second_line_lulea", "/management", OF_A_PERIOD),
    Page("follow-up, to the supplier", "supplier_technician", "/management", OF_A_PERIOD),
    Page(
        "follow-up: tickets behind a figure",
        "it_service_manager",
        "/management/tickets?figure=held&tier=first_line",
        OF_A_PERIOD,
    ),
    # + the states of cancelled tickets: 4; what it reckons again is bounded apart
    Page("what if: the form", "it_service_manager", "/management/what-if?agreement=e-namnden-ola"),
    # + the ticket: 7, and what has been told of it
    Page("receipt", "first_line_lulea", "/tickets/{logged}/receipt"),
    Page("a step", "second_line_lulea", "/tickets/{held}/steps/escalate_to_joint"),
    Page("a card that is moved", "second_line_lulea", "/triage/move/{held}?by=tier&to=joint"),
    Page("selection: what has been done", "first_line_lulea", "/selection/{batch}"),
    # + its tickets, its places, what has been told and done: 9
    Page("a major incident", "it_service_manager", "/major-incidents/{major}"),
    Page("a major incident, to a municipality", "first_line_lulea", "/major-incidents/{major}"),
    Page("a client", "it_service_manager", "/clients/{client}"),
    Page("client: change", "it_service_manager", "/clients/{client}/change"),
    Page("a webhook", "it_service_manager", "/webhooks/{webhook}"),
    Page("administration: priority and warnings", "administrator_lulea", "/administration/rules"),
    Page("administration: a new person", "administrator_lulea", "/administration/new/person"),
    Page("administration: a new template", "administrator_lulea", "/administration/new/template"),
    Page("administration: a new answer", "administrator_lulea", "/administration/new/known"),
    *(
        Page(f"administration: {what}", "administrator_lulea", f"/administration/{path}")
        for what, path in (
            ("a person's facts", "person/lulea-forsta-linjen/change"),
            ("a person's absence", "person/lulea-forsta-linjen/absence"),
            ("a person's roles", "person/lulea-forsta-linjen/seats"),
            ("taking a role", "person/lulea-forsta-linjen/seats/lulea-kundcenter/first_line_staff"),
            ("a team", "team/lulea-kundcenter/change"),
            ("a team's own hours", "team/lulea-it/own-hours"),
            ("days", "calendar/lulea-kundcenter/days"),
            ("a week", "calendar/lulea-kundcenter/week"),
            ("a template", "template/lulea-vi-har-tagit-emot/change"),
        )
    ),
    Page("administration: an answer", "it_service_manager", "/administration/known/bankid-snurrar/change"),
    # nobody signs in to these: what they ask for themselves
    Page("signing in", NOBODY, "/sign-in"),
    Page("invitation", NOBODY, "/invitations/{invitation}"),
    Page("a requester's ticket", NOBODY, "/arende/{link}"),
    Page("disruptions, to everybody", NOBODY, "/driftinfo"),
    Page("disruptions, in another's page", NOBODY, "/driftinfo/fragment"),
    Page("personal data", NOBODY, "/dina-uppgifter/lulea"),
    Page("own ticket", "developer_lulea", "/mina-arenden/{own}"),
    Page("documentation", NOBODY, "/api/docs"),
    Page("documentation: a text", NOBODY, "/api/docs/guide"),
    Page("documentation: problems", NOBODY, "/api/docs/problems"),
)


def visitor_of(app: Flask, page: Page) -> Visitor:
    return signed_in(app, page.viewer) if page.viewer else Visitor(app)


@dataclass
class Measured:
    """Of one page: statements of one request, and milliseconds of processor time of each."""

    queries: list[str]
    times: list[float]

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        return sorted(self.times)[round(len(self.times) * 0.95) - 1]


def measure(app: Flask, visitor: Visitor, address: str, rounds: int) -> Measured:
    """Processor time of this thread, in which page and embedded database both answer: what others do to the machine
    meanwhile does not count."""
    assert visitor.get(address).status == 200, address
    with statements(app) as queries:
        visitor.client.get(address).close()
    times = []
    for _ in range(rounds):
        began = time.thread_time()
        visitor.client.get(address).get_data()
        times.append((time.thread_time() - began) * 1000)
    return Measured(queries, times)


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """What is sent to the database meanwhile."""
    engine: Engine = app.extensions["desk"].engine
    sent: list[str] = []

    def note(connection: Connection, cursor: Any, statement: str, *rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
