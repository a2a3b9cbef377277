"""Whatever happens to a form on a ticket between the first letter and the answer: a second click, the way back, another
window, no network. Nothing is lost, and nothing is done twice."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from servicedesk.actions.desk import Desk
from servicedesk.actions.links import give_link
from servicedesk.store.drafts import KeptDraft
from tests.actions.life import kinds
from tests.browser.conftest import Open
from tests.support.desk import WRITTEN, persona, ticket_after
from tests.support.hands import arrive

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

NUMBER = "2026-00001"
TICKET = f"/tickets/{NUMBER}"
STEP = f"{TICKET}/steps/escalate_to_second_line"
CLERK = "first_line_lulea"

Fill = Callable[["Page"], "Locator"]


def reply(page: "Page", words: str = "Vi återkommer.") -> "Locator":
    page.locator("#reply-body").fill(words)
    return page.locator(".write-reply .send-now")


def step(page: "Page") -> "Locator":
    for need in ("reason", "tried"):
        page.locator(f"[name={need}]").fill(WRITTEN[need])
    return page.locator("main form.stack button[type=submit]")


def unfolded(page: "Page", key: str) -> "Locator":
    form = page.locator(f"#change-{key}")
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    return form


def priority(page: "Page") -> "Locator":
    form = unfolded(page, "priority")
    form.locator("[name=impact]").first.check()
    form.locator("[name=reason]").fill("Alla är drabbade.")
    return form.locator("button[type=submit]")


def correction(page: "Page") -> "Locator":
    form = unfolded(page, "correct-priority")
    form.locator("[name=impact]").first.check()
    form.locator("[name=reason]").fill("Fel från början.")
    return form.locator("button[type=submit]").last


def message(page: "Page") -> "Locator":
    if page.locator("#message").is_hidden():
        page.locator("summary", has_text="Skriv till oss").click()
    page.locator("#message-body").fill("Det blinkar.")
    return page.locator("#message button[type=submit]")


def link(desk: Desk) -> str:
    return f"/arende/{give_link(desk, NUMBER, actor=persona(desk, CLERK))}"


# What is written where, and what comes of it once.
FORMS: dict[str, tuple[str, Fill, str]] = {
    "reply": (TICKET, reply, "EntryAdded"),
    "reply on its own page": (f"{TICKET}/writing/reply", reply, "EntryAdded"),
    "step": (STEP, step, "TicketHandedOver"),
    "priority": (TICKET, priority, "PriorityChanged"),
    "correction": (TICKET, correction, "PriorityChanged"),
    "requester": ("", message, "EntryAdded"),
}
# With scripts, and without.
WITH, WITHOUT = True, False
CLICKED = [("reply", WITH), ("reply", WITHOUT), ("step", WITH), ("priority", WITHOUT), ("requester", WITH)]
GONE_BACK = [
    ("reply", WITHOUT),
    ("reply on its own page", WITH),
    ("step", WITH),
    ("correction", WITH),
    ("requester", WITH),
]


def at(open_as: Open, desk: Desk, path: str, scripts: bool = True) -> "Page":
    ticket_after(desk, "take")
    page = open_as(CLERK, java_script_enabled=scripts)
    page.goto(path or link(desk))
    if scripts:
        arrive(page)
    return page


def written(open_as: Open, desk: Desk, form: str, scripts: bool) -> "tuple[Page, Locator]":
    """The page with the form filled in, and what sends it."""
    path, fill, _ = FORMS[form]
    page = at(open_as, desk, path, scripts)
    return page, fill(page)


def done(page: "Page") -> None:
    page.locator(".flash, .public-done").wait_for()


def times_done(desk: Desk, form: str) -> int:
    return kinds(desk, NUMBER).count(FORMS[form][2])


@pytest.mark.parametrize(("form", "scripts"), CLICKED)
def test_a_double_click_does_it_once(open_as: Open, desk: Desk, form: str, scripts: bool) -> None:
    page, button = written(open_as, desk, form, scripts)
    button.dblclick()
    done(page)
    assert times_done(desk, form) == 1


@pytest.mark.parametrize(("form", "scripts"), GONE_BACK)
def test_the_way_back_does_nothing_twice(open_as: Open, desk: Desk, form: str, scripts: bool) -> None:
    """Whatever the browser fills in again: sent once more it has been done, or it is asked about."""
    path, fill, _ = FORMS[form]
    page, button = written(open_as, desk, form, scripts)
    button.click()
    done(page)
    page.go_back()
    if page.url.endswith(path) and page.locator("form.stack, form.write").count():
        fill(page).click()
        page.locator("main .trouble, main .doubts li").first.wait_for()
    assert times_done(desk, form) == 1


def test_what_was_sent_stands_in_no_draft_after_the_way_back(open_as: Open, desk: Desk) -> None:
    page, button = written(open_as, desk, "reply on its own page", WITH)
    page.locator("[data-draft-line]").filter(has_text="Utkast sparat").wait_for()
    button.click()
    done(page)
    page.wait_for_load_state("networkidle")  # what was kept of it has been let go
    page.go_back()
    arrive(page)
    expect(page.locator("#reply-body")).to_have_value("")
    page.goto(TICKET)
    expect(page.locator("#reply-body")).to_have_value("")
    assert times_done(desk, "reply on its own page") == 1
    with desk.reading() as connection:
        assert connection.execute(select(func.count()).select_from(KeptDraft)).scalar_one() == 0


def test_without_a_network_a_form_that_keeps_no_draft_stays_and_is_sent_once_it_is_back(open_as: Open) -> None:
    page = open_as("second_line_lulea")
    page.goto("/administration/new/template")
    arrive(page)
    page.locator("[name=title]").fill("Hälsning")
    words, send = page.locator("main [name=text]"), page.locator("main form.stack button[type=submit]")
    words.fill("Hej {anmälare}!")
    page.context.set_offline(True)
    page.wait_for_function("() => !navigator.onLine")
    send.click()
    alert = page.get_by_role("alert").filter(has_text="Det finns inget nät")
    alert.wait_for()
    expect(words).to_have_value("Hej {anmälare}!")
    page.context.set_offline(False)
    alert.wait_for(state="detached")
    send.click()
    page.locator(".flash").wait_for()
