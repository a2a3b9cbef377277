"""The log of a whole journey, faults included: what an operator needs, and nothing about a person."""

import io
import logging
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from servicedesk.actions.desk import Desk
from servicedesk.actions.pulse import Pulse
from servicedesk.actions.tokens import create_token
from servicedesk.core.clock import ControlledClock
from servicedesk.core.errors import Refusal
from servicedesk.core.facts import OPERATOR
from servicedesk.scheduler import jobs
from servicedesk.scheduler.deliveries import PostOffice
from servicedesk.watch.logs import message, write_logs
from servicedesk.web.views import tickets
from tests.support.desk import PASSWORD, new_ticket, person, ticket_after
from tests.support.pages import Visitor
from tests.watch.conftest import Collected
from tests.web.conftest import People

NAME, CALLS, SUBJECT = "Gunhild Påhittad", "070-123 45 67", "Bygglovet för Storgatan försvann"
ORIGIN, BROWSER = "203.0.113.77", "Curious/1.0 (Gunhilds dator)"
REFUSED = "The database refused: %(reason)s. Nothing was saved."
ID = "8d3f0b6e2c9a4417b1f5d2a7c3e90846"


def journey(app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody signs in, logs, reads, searches, gets lost and meets every kind of fault; a supplier's system too."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    visitor = Visitor(app)
    visitor.client.environ_base.update(REMOTE_ADDR=ORIGIN, HTTP_USER_AGENT=BROWSER)
    email = person(desk, "first_line_lulea").email
    visitor.sign_in(email, "fel lösenord")
    visitor.sign_in(email)
    said = {"subject": SUBJECT, "description": SUBJECT, "requester_name": NAME, "requester_contact": CALLS}
    visitor.send("/tickets/new", "/tickets/new", **said)
    number = new_ticket(desk, subject=SUBJECT, requester_name=NAME).number
    for address in (f"/tickets/{number}", f"/search?q={NAME}", f"/{NAME}", f"/tickets/{NAME}", "/readyz", "/metrics"):
        visitor.get(address)
    visitor.client.open("/queue", method="GUNHILD")
    token = create_token(desk, "leverantor-plattform", NAME, actor=OPERATOR).text
    supplied = ticket_after(desk, "accept_at_supplier").number
    asked = f"/api/v1/tickets/{supplied}/information-requests"
    for given in (token, "sd_wrong"):
        client = {"Authorization": f"Bearer {given}", "Idempotency-Key": given}
        visitor.client.post(asked, json={"question": SUBJECT, NAME: NAME}, headers=client)
        visitor.client.get(f"/api/v1/{NAME}", headers=client)
    with desk.transaction() as connection:
        refusing = f"SELECT RAISE(ABORT, 'not {NAME}')"
        connection.exec_driver_sql(f"CREATE TRIGGER odd BEFORE INSERT ON seal BEGIN {refusing}; END")
    client = {"Authorization": f"Bearer {token}", "Idempotency-Key": supplied}
    visitor.client.post(asked, json={"question": SUBJECT}, headers=client)
    visitor.send(f"/tickets/{number}", "/notes", body=SUBJECT, audience="municipality")

    def fail(*_: object) -> None:
        raise RuntimeError(f"{NAME} {CALLS} {email}") from ValueError(SUBJECT)

    monkeypatch.setattr(tickets, "ticket_page", fail)
    visitor.get(f"/tickets/{number}")


def test_a_whole_journey_tells_what_went_wrong_and_nothing_about_anybody(
    app: Flask, desk: Desk, log: Collected, monkeypatch: pytest.MonkeyPatch
) -> None:
    journey(app, desk, monkeypatch)
    with desk.reading() as connection:
        people = desk.book(connection).installation.people.values()
    private = {text for one in people for text in (one.key, one.name, one.email)}
    private |= {NAME, "Gunhild", CALLS, SUBJECT, "Bygglov", ORIGIN, "127.0.0.1", BROWSER, PASSWORD, "sd_", "@", "?q="}
    assert [text for text in sorted(private) if text in log.text] == []
    assert "2026-0000" not in log.text

    wrong = [line for line in log.lines() if line["level"] == "error"]
    requests = {line["request_id"]: line for line in log.lines("request")}
    assert [requests[line["request_id"]]["status"] for line in wrong] == [503, 503, 500]
    assert wrong[0]["event"] == f"unavailable: Unavailable unavailable {REFUSED}"
    fault = wrong[-1]
    assert (fault["error"], fault["cause"]) == ("RuntimeError", {"error": "ValueError"})
    assert fault["where"][-1].startswith("tests/watch/test_logs.py:") and fault["where"][-1].endswith(" fail")


def test_each_request_is_one_line_with_the_template_of_its_route(app: Flask, log: Collected, person_at: People) -> None:
    visitor = person_at("first_line_lulea")
    log.stream.truncate(0)
    log.stream.seek(0)
    visitor.get("/tickets/2026-00001?x=1")
    [line] = log.lines()
    assert line["milliseconds"] > 0
    known = {name: line[name] for name in ("event", "method", "route", "status", "actor", "level")}
    assert known == {
        "event": "request",
        "method": "GET",
        "route": "/tickets/<number>",
        "status": 404,
        "actor": "person",
        "level": "info",
    }
    visitor.client.open("/no/such", method="BREW")
    assert {name: log.lines()[1][name] for name in ("method", "route")} == {"method": "(other)", "route": "(none)"}


def test_what_is_polled_is_told_only_when_something_is_wrong(app: Flask, log: Collected) -> None:
    client = app.test_client()
    client.get("/healthz")
    assert log.lines() == []
    client.get("/readyz")
    assert [(line["route"], line["status"]) for line in log.lines()] == [("/readyz", 503)]


@pytest.mark.parametrize("given", [ID, "8d3f0b6e-2c9a-4417-b1f5-d2a7c3e90846", "0123456789abcdef"])
def test_a_proxys_id_is_taken_over(visitor: Visitor, log: Collected, given: str) -> None:
    answer = visitor.client.get("/sign-in", headers={"X-Request-ID": given})
    assert answer.headers["X-Request-ID"] == given
    assert log.lines()[-1]["request_id"] == given


@pytest.mark.parametrize("given", ["", "Gunhild-Pahittad-1", "191212121212", "0" * 65, f"{ID}\t", "-" * 32, "abc"])
def test_no_other_is(visitor: Visitor, log: Collected, given: str) -> None:
    answer = visitor.client.get("/sign-in", headers={"X-Request-ID": given})
    assert re.fullmatch("[0-9a-f]{16}", answer.headers["X-Request-ID"])
    assert log.lines()[-1]["request_id"] == answer.headers["X-Request-ID"]


def test_an_error_page_and_a_problem_name_the_id(visitor: Visitor, person_at: People) -> None:
    signed_in = person_at("first_line_lulea")
    page = signed_in.client.get("/tickets/2026-09999", headers={"X-Request-ID": ID})
    assert f"Händelse-id {ID}." in page.get_data(as_text=True)
    problem = visitor.client.get("/api/v1/tickets", headers={"X-Request-ID": ID})
    assert problem.get_json()["request_id"] == problem.headers["X-Request-ID"] == ID


def test_what_happens_outside_a_request_carries_no_requests_id(visitor: Visitor, log: Collected) -> None:
    visitor.get("/sign-in")
    logging.getLogger("servicedesk.elsewhere").info("something")
    assert "request_id" not in log.lines("something")[0]


FILL: dict[str, Callable[[logging.Logger], None]] = {
    "gunicorn.error": lambda log: log.warning(f"Invalid request from ip={ORIGIN}: Invalid Header '{NAME}'"),
    "gunicorn.error.2": lambda log: log.error("Error handling request %s %s", "GET", f"/search?q={NAME}"),
    "sqlalchemy.pool": lambda log: log.error("Exception for %(who)s", {"who": NAME}),
    "apscheduler.executors.default": lambda log: log.error('Job "%s" raised an exception', NAME),
    "werkzeug": lambda log: log.error(RuntimeError(NAME)),
}


@pytest.mark.parametrize("name", FILL)
def test_libraries_tell_what_they_do_and_not_with_whom(log: Collected, name: str) -> None:
    FILL[name](logging.getLogger(name))
    [line] = log.lines()
    assert line["logger"] == name
    assert not re.search(f"{NAME}|{ORIGIN}|q=", log.text)


def test_a_message_that_cannot_be_filled_in_stays_as_it_was_written() -> None:
    record = logging.LogRecord("x", logging.ERROR, "", 0, "%d of %s", (NAME, NAME), None)
    assert message(record) == "%d of %s"


def test_our_own_sentence_stands_without_its_data(log: Collected) -> None:
    error = Refusal("%(who)s may not do this.", code="not_yours", who=NAME)
    logging.getLogger("servicedesk.x").warning("%s failed after %d tries", error, 3)
    assert log.lines()[0]["event"] == "Refusal not_yours %(who)s may not do this. failed after 3 tries"


def test_a_terminal_gets_words_and_a_file_gets_json(log: Collected) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    cases = (Terminal(), "auto", False), (io.StringIO(), "auto", True), (Terminal(), "json", True)
    for stream, form, is_json in cases:
        write_logs(form, stream=stream)
        logging.getLogger("servicedesk.x").info("request", extra={"told": {"route": "/queue", "status": 200}})
        assert stream.getvalue().startswith("{") == is_json
        assert ("route=/queue status=200" in stream.getvalue()) != is_json


def test_debug_alone_tells_the_whole_of_a_fault(log: Collected) -> None:
    stream = io.StringIO()
    write_logs("text", debug=True, stream=stream)
    try:
        raise RuntimeError(NAME)
    except RuntimeError:
        logging.getLogger("servicedesk.x").exception("failed")
    assert NAME in stream.getvalue() and "Traceback" in stream.getvalue()
    assert log.text == ""


def test_a_sweep_that_fired_is_told_and_one_that_did_nothing_is_not(desk: Desk, log: Collected) -> None:
    new_ticket(desk, requester_name=NAME)
    run = {job.name: job for job in jobs.JOBS}
    pulse, office = Pulse("here:1", "here"), PostOffice(desk)
    jobs._run(run["sweep"], desk, pulse, office)
    assert log.lines() == []
    assert isinstance(desk.clock, ControlledClock)
    desk.clock.move_to(desk.clock.now() + timedelta(days=2))
    jobs._run(run["sweep"], desk, pulse, office)
    [line] = log.lines()
    assert (line["job"], line["fired"] > 0, line["set_aside"]) == ("sweep", True, 0)


def test_a_job_whose_database_is_away_is_told_by_its_name(desk: Desk, log: Collected) -> None:
    with desk.transaction() as connection:
        connection.exec_driver_sql("DROP TABLE heartbeat")
    jobs._run(jobs.JOBS[0], desk, Pulse("here:1", "here"), PostOffice(desk))
    [line] = log.lines()
    assert (line["level"], line["job"], line["error"]) == ("warning", "sweep", "Unavailable")
