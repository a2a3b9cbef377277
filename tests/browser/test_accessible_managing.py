"""axe-core finds nothing on the pages of those who manage: what they share out, watch and lead, and what they set."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from servicedesk.actions.administering.absences import add_absence
from servicedesk.actions.clients import suspend_client
from servicedesk.actions.desk import Desk
from servicedesk.actions.majors.belonging import attach
from servicedesk.actions.majors.leading import resolve_all
from servicedesk.actions.tokens import create_token, revoke_token
from servicedesk.actions.webhooks import ping
from servicedesk.core.facts import OPERATOR
from servicedesk.core.grouping import By
from servicedesk.store.queries.administration import state_of
from tests.actions.delivering import carry as actions_carry
from tests.actions.delivering import hook
from tests.browser.test_accessible import told_in_full
from tests.support.axe import all_findings, findings
from tests.support.desk import persona, ticket_after
from tests.support.receiver import receiver

if TYPE_CHECKING:
    from playwright.sync_api import Page

MANAGER = "it_service_manager"
AWAY = "e-namnden-forvaltningsledare-it-2"


def test_what_if(reader: Callable[[str], "Page"], desk: Desk) -> None:
    ticket_after(desk, "confirm")
    page = reader("it_service_manager")
    form = "/management/what-if?period=this-month&agreement=leverantor-plattform-uc"
    assert all_findings(page, f"{form}&time-4-2=&time-5-3=&time-6-4=&try=1") == []


def test_administration(reader: Callable[[str], "Page"], desk: Desk) -> None:
    page, person = reader("administrator_lulea"), "/administration/person/lulea-forsta-linjen"
    page.goto("/administration/new/person")
    page.get_by_role("button", name="Lägg till personen").click()
    page.locator(".trouble").wait_for()
    found = findings(page)
    page.goto(person)
    page.get_by_role("button", name="Gör en länk").click()
    page.locator("#invitation-link").wait_for()
    found += findings(page)
    assert found + all_findings(page, "/administration", "/administration/team/lulea-it") == []


def test_clients(reader: Callable[[str], "Page"], desk: Desk) -> None:
    soon = desk.clock.now() + timedelta(days=3)
    token = create_token(desk, "leverantor-plattform", "Ärendesystem", actor=OPERATOR, expires_at=soon)
    revoke_token(desk, create_token(desk, "lulea", "Gammalt", actor=OPERATOR).id, actor=OPERATOR)
    suspend_client(desk, "lulea-2", actor=OPERATOR)
    page, here = reader("it_service_manager"), f"/clients/{token.client.key}"
    found = all_findings(page, "/clients", here, "/clients/lulea-2", "/clients/new")
    page.goto("/clients/new?organisation=lulea")
    page.get_by_role("button", name="Lägg till systemet").click()
    page.locator(".trouble").wait_for()
    found += findings(page)
    page.goto("/clients/lulea-2")
    page.locator("#token-name").fill("Prov")
    page.locator("#token-kind-2").check()
    page.locator("details.client-new button").click()
    page.locator("#token-text").wait_for()
    assert found + findings(page) == []


def test_triage(reader: Callable[[str], "Page"], desk: Desk) -> None:
    page = reader("it_service_manager")
    found = all_findings(page, "/triage")
    told_in_full(desk)
    for municipality in ("lulea", "pitea", "pajala"):
        ticket_after(desk, "escalate_to_joint", municipality)
        ticket_after(desk, "accept_in_joint", municipality)
        ticket_after(desk, "propose_solution", municipality)
    assert found + all_findings(page, "/triage", "/triage?lane=accept&municipality=lulea") == []


def test_webhooks(reader: Callable[[str], "Page"], desk: Desk) -> None:
    with receiver(lambda there, heard: (410, {})) as there:
        who, new = hook(desk, there, event_types=["ticket.shared", "ticket.closed"], description="Eget system")
        ping(desk, new.id, actor=who)
        _, other = hook(desk, there)
        ping(desk, other.id, actor=who)
        actions_carry(desk)
        page = reader("it_service_manager")
        assert all_findings(page, "/notices", "/webhooks", f"/webhooks/{new.id}") == []


def test_major_incidents_from_the_first_to_what_could_not_be_solved(
    reader: Callable[[str], "Page"], desk: Desk
) -> None:
    led = ticket_after(desk, "accept_in_joint").number
    held = ticket_after(desk, "accept_at_supplier").number
    ticket_after(desk, "escalate_to_joint")
    page = reader("it_service_manager")
    found = all_findings(page, "/major-incidents", f"/major-incidents/new?ticket={led}")
    page.get_by_role("button", name="Utlys den allvarliga incidenten").click()
    page.locator(".trouble").wait_for()
    found += findings(page)
    page.locator("#major-title").fill("Ingen kan logga in")
    page.locator("#major-text").fill("Vi söker felet.")
    page.get_by_role("button", name="Utlys den allvarliga incidenten").click()
    page.wait_for_url("**/major-incidents/*-*")
    found += findings(page)
    address = page.url.removeprefix(page.url.partition("/major-incidents/")[0])
    attach(desk, held, address.rpartition("/")[2], actor=persona(desk, "first_line_lulea"))
    page.goto(address)
    page.get_by_role("button", name="Skriv i alla ärenden").click()
    page.locator(".trouble").wait_for()
    found += findings(page)
    page.goto(address)
    page.locator(".major-offered input").uncheck()
    page.get_by_role("button", name="Koppla de ikryssade").click()
    page.locator(".trouble").wait_for()
    found += findings(page)
    found += all_findings(reader("first_line_lulea"), "/queue", address, f"/tickets/{held}", "/major-incidents")
    resolve_all(desk, address.rpartition("/")[2], "Certifikatet är bytt.", "solved", actor=persona(desk, MANAGER))
    found += all_findings(page, "/major-incidents", address)
    assert page.locator(".major-refused").is_visible()
    page.goto(address)
    page.locator(".major-lead form button").click()
    page.locator(".trouble").wait_for()
    found += findings(page)
    page.locator("#learn-happened").fill("Certifikatet gick ut.")
    page.locator("#learn-prevents").fill("Vi bevakar alla certifikat.")
    page.locator(".major-lead form button").click()
    page.locator(".major-learned").wait_for()
    assert found + findings(page) == []


def test_what_whoever_shares_work_out_watches(reader: Callable[[str], "Page"], desk: Desk) -> None:
    page = reader("it_service_manager")
    found = all_findings(page, "/promises", "/load", *(f"/triage?by={by}" for by in By))
    told_in_full(desk)
    with desk.reading() as connection:
        seen = state_of(connection, "person", AWAY)
    today = desk.clock.now().date()
    add_absence(desk, AWAY, today, today, "", actor=persona(desk, MANAGER), seen=seen)
    found += all_findings(page, "/load", "/load?team=leverantor-plattform-support")
    moving = "/triage/move/2026-00001"
    assert found + all_findings(page, f"{moving}?by=age&to=new", f"{moving}?by=tier&to=first_line") == []
