"""Two people on one ticket: each sees the other, and what the one does comes into the other's page by itself, without
taking anything from under their hands."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from servicedesk.actions.changes import change_priority
from servicedesk.actions.desk import Desk
from servicedesk.actions.entries import note, reply
from servicedesk.actions.steps import perform
from servicedesk.core.vocabulary import Level
from tests.actions.life import kinds
from tests.browser.conftest import Open
from tests.support.axe import findings
from tests.support.desk import WRITTEN, new_ticket, person, persona, ticket_after
from tests.support.hands import arrive

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

NUMBER = "2026-00001"
TICKET = f"/tickets/{NUMBER}"
FIELD = ".composer textarea:visible"
COLLEAGUE = "first_line_colleague_lulea"


def renew(page: "Page") -> None:
    """As the clock does every 25 seconds."""
    with page.expect_response(lambda answer: answer.request.headers.get("hx-target") == "news"):
        page.evaluate("htmx.trigger('#news', 'renew')")


def colleague_writes(desk: Desk, words: str = "Kollegan skrev.") -> None:
    note(desk, NUMBER, words, actor=persona(desk, COLLEAGUE))


def at(open_as: Open, who: str, **options: object) -> "Page":
    page = open_as(who, **options)
    page.goto(TICKET)
    arrive(page)
    return page


def test_each_sees_that_the_other_reads_and_then_writes(open_as: Open, desk: Desk) -> None:
    new_ticket(desk)
    mine, theirs = at(open_as, "first_line_lulea"), at(open_as, COLLEAGUE)
    me, colleague = person(desk, "first_line_lulea").name, person(desk, COLLEAGUE).name
    theirs.get_by_text(f"Läser nu: {me}").wait_for()
    renew(mine)
    mine.get_by_text(f"Läser nu: {colleague}").wait_for()
    with theirs.expect_response(lambda answer: "x-writes" in answer.request.headers):
        theirs.locator(FIELD).fill("Jag tar den här.")  # told at once
    renew(mine)
    mine.get_by_text(f"Skriver nu: {colleague}").wait_for()


def test_that_somebody_is_here_is_said_once(open_as: Open, desk: Desk) -> None:
    """A live region speaks when something in it changes: between two polls with the same people nothing does."""
    new_ticket(desk)
    mine = at(open_as, "first_line_lulea")
    at(open_as, COLLEAGUE)
    renew(mine)
    mine.get_by_text("Läser nu:").wait_for()
    mine.evaluate(
        """() => {
          window.said = 0;
          const all = { childList: true, characterData: true, attributes: true, subtree: true };
          new MutationObserver((changes) => (window.said += changes.length)).observe(
            document.getElementById("ticket-presence"), all);
        }"""
    )
    renew(mine)
    colleague_writes(desk)
    renew(mine)
    mine.locator("#happened").get_by_text("Kollegan skrev.").wait_for()
    assert mine.evaluate("window.said") == 0


def test_a_change_comes_in_beside_a_draft_with_the_caret_where_it_was_and_says_by_whom(
    open_as: Open, desk: Desk
) -> None:
    new_ticket(desk)
    page = at(open_as, "first_line_lulea")
    page.locator(FIELD).fill("Ett halvt svar")
    page.locator(FIELD).evaluate("field => field.setSelectionRange(3, 8)")
    colleague_writes(desk)
    renew(page)
    page.locator("#happened").get_by_text("Kollegan skrev.").wait_for()
    field = page.locator(FIELD)
    assert field.input_value() == "Ett halvt svar"
    assert field.evaluate("it => [it === document.activeElement, it.selectionStart, it.selectionEnd]") == [True, 3, 8]
    bar = page.locator("#news-bar")
    assert person(desk, COLLEAGUE).name in bar.inner_text()
    assert bar.get_attribute("role") == "status"
    bar.get_by_role("button", name="Dölj").click()
    assert bar.inner_text() == ""
    assert field.input_value() == "Ett halvt svar"


def test_news_that_comes_while_it_is_sent_is_not_taken_for_read(open_as: Open, desk: Desk) -> None:
    ticket_after(desk, "take")
    page = at(open_as, "first_line_lulea")
    with page.expect_response(lambda answer: "x-writes" in answer.request.headers):
        page.locator(FIELD).fill("Mitt svar")
    clerk = persona(desk, COLLEAGUE)
    change_priority(desk, NUMBER, Level.HIGH, Level.HIGH, reason="Alla drabbas.", actor=clerk)
    told = kinds(desk, NUMBER)
    held: list[Route] = []
    page.route("**/replies", lambda route: held.append(route), times=1)
    with page.expect_request("**/replies"):
        page.get_by_role("button", name="Spara svaret").click()
    renew(page)
    page.locator("#news-bar p").wait_for()
    held[0].continue_()
    page.locator(".changed").wait_for()
    assert kinds(desk, NUMBER) == told


def test_the_bar_leads_to_what_is_new(open_as: Open, desk: Desk) -> None:
    new_ticket(desk)
    page = at(open_as, "first_line_lulea")
    colleague_writes(desk)
    renew(page)
    page.locator("#news-bar").get_by_role("link", name="Visa").click()
    assert page.locator(":focus").get_attribute("id") == "event-2"
    assert page.url.endswith(TICKET)


def test_what_is_unfolded_stays_so_and_so_does_the_place(open_as: Open, desk: Desk) -> None:
    ticket_after(desk, "accept_at_supplier")
    page = at(open_as, "first_line_lulea", viewport={"width": 1440, "height": 500})
    page.locator("#ticket-chain .ledger > summary").click()
    first = page.locator("#event-1 .sees > summary")
    first.click()
    first.scroll_into_view_if_needed()
    before = first.bounding_box()
    for n in range(3):
        colleague_writes(desk, f"Nummer {n}")
    renew(page)
    page.locator("#happened").get_by_text("Nummer 2").wait_for()
    after = first.bounding_box()
    assert before and after
    assert abs(before["y"] - after["y"]) <= 1
    assert page.locator("#event-1 .sees[open]").count() == 1
    assert page.locator("#ticket-chain .ledger[open]").count() == 1
    assert first.evaluate("it => it === document.activeElement")


def test_a_step_that_is_gone_cannot_be_pressed_by_who_was_about_to(open_as: Open, desk: Desk) -> None:
    new_ticket(desk)
    page = at(open_as, "first_line_lulea")
    page.locator("#act-take button").focus()
    perform(desk, NUMBER, "take", actor=persona(desk, COLLEAGUE), given={})
    renew(page)
    page.locator("#act-take").wait_for(state="detached")
    assert page.locator(":focus").get_attribute("id") == "actions"


def test_the_steps_change_in_a_menu_that_is_open(open_as: Open, desk: Desk) -> None:
    new_ticket(desk)
    page = at(open_as, "first_line_lulea", viewport={"width": 390, "height": 844})
    page.locator(".more-button").click()
    page.locator("#more-actions:popover-open").wait_for()
    perform(desk, NUMBER, "take", actor=persona(desk, COLLEAGUE), given={})
    renew(page)
    page.locator("#act-take").wait_for(state="detached")
    assert page.locator("#more-actions:popover-open").count() == 1


def test_a_form_that_somebody_is_in_is_left_as_it_is_and_the_others_follow(open_as: Open, desk: Desk) -> None:
    new_ticket(desk)
    page = at(open_as, "first_line_lulea")
    page.locator("#change-priority > summary").click()
    reason = page.locator("#change-priority [name=reason]")
    reason.fill("Alla är drabbade.")
    version = page.locator("#change-priority [name=version]").input_value()
    colleague_writes(desk)
    renew(page)
    page.locator("#happened").get_by_text("Kollegan skrev.").wait_for()
    assert reason.input_value() == "Alla är drabbade."
    assert page.locator("#change-priority [name=version]").input_value() == version
    reason.fill("")
    page.locator("#happened-title").evaluate("title => title.focus()")
    colleague_writes(desk, "En gång till.")
    renew(page)
    page.locator("#happened").get_by_text("En gång till.").wait_for()
    assert int(page.locator("#change-priority [name=version]").input_value()) == int(version) + 2
    assert page.locator("#change-priority[open]").count() == 1


def test_a_filter_stays_when_something_new_comes_in(open_as: Open, desk: Desk) -> None:
    ticket_after(desk, "take")
    page = at(open_as, "first_line_lulea")
    page.locator(".filters").get_by_role("link", name="Skrivet").click()
    page.get_by_text("Inget sådant ännu.").wait_for()
    colleague_writes(desk)
    renew(page)
    page.locator("#happened").get_by_text("Kollegan skrev.").wait_for()
    assert page.locator(".filters [aria-current]").get_attribute("id") == "show-written"
    assert page.locator("#happened").get_by_text("tog ärendet").count() == 0


def test_who_reads_it_and_to_whom_one_may_write_follow_the_ticket_and_the_draft_stays(
    open_as: Open, desk: Desk
) -> None:
    """Handed on to the board, which reads from then on what is replied, and can be written to."""
    ticket_after(desk, "accept_in_second_line")
    page = at(open_as, "second_line_lulea")
    page.locator("label", has=page.locator("#to-reply")).click()
    page.locator("#reply-body").fill("Ett halvt svar")
    page.locator("#reply-body").evaluate("field => field.setSelectionRange(3, 8)")
    readers = page.locator("#reply-readers")
    assert "e-nämnd" not in readers.inner_text()
    given = {need: WRITTEN[need] for need in ("reason", "tried")}
    perform(desk, NUMBER, "escalate_to_joint", actor=persona(desk, "second_line_lulea"), given=given)
    renew(page)
    readers.filter(has_text="e-nämnd").wait_for()
    field = page.locator("#reply-body")
    assert field.input_value() == "Ett halvt svar"
    assert field.evaluate("it => [it === document.activeElement, it.selectionStart, it.selectionEnd]") == [True, 3, 8]
    assert page.locator("#to-reply").is_checked()
    page.get_by_role("button", name="Spara svaret").click()
    page.get_by_role("status").filter(has_text="Svaret är sparat").wait_for()


def test_what_can_no_longer_be_written_stays_until_one_has_seen_why(open_as: Open, desk: Desk) -> None:
    """The second line describes it for the supplier as long as it has the ticket."""
    ticket_after(desk, "accept_in_second_line")
    page = at(open_as, "second_line_lulea")
    page.locator("label", has=page.locator("#to-supplier-description")).click()
    field = page.locator("#supplier-description-body")
    field.fill("Fel 500 sedan klockan åtta.")
    given = {need: WRITTEN[need] for need in ("reason", "tried")}
    perform(desk, NUMBER, "escalate_to_joint", actor=persona(desk, "second_line_lulea"), given=given)
    renew(page)
    page.locator("#news-bar p").wait_for()
    assert field.is_visible() and field.input_value() == "Fel 500 sedan klockan åtta."
    page.locator(".write-supplier-description .send-now").click()
    page.locator("main .trouble").wait_for()
    assert "Fel 500 sedan klockan åtta." in page.locator(".kept textarea").input_value()


def test_on_a_steps_own_page_news_are_told_and_what_is_written_stays(open_as: Open, desk: Desk) -> None:
    ticket_after(desk, "take")
    mine, theirs = open_as("first_line_lulea"), at(open_as, COLLEAGUE)
    mine.goto(f"{TICKET}/steps/escalate_to_second_line")
    arrive(mine)
    with mine.expect_response(lambda answer: "x-writes" in answer.request.headers):
        mine.locator("[name=reason]").fill("Mitt skäl.")
    renew(theirs)
    theirs.get_by_text(f"Skriver nu: {person(desk, 'first_line_lulea').name}").wait_for()
    mine.get_by_text(f"Läser nu: {person(desk, COLLEAGUE).name}").wait_for()
    reply(desk, NUMBER, "Kollegan svarade.", actor=persona(desk, COLLEAGUE))
    renew(mine)
    bar = mine.locator("#news-bar p")
    bar.wait_for()
    assert person(desk, COLLEAGUE).name in bar.inner_text()
    assert "Det du skriver står kvar" in bar.inner_text()
    renew(mine)
    assert bar.count() == 1  # said once, and not taken away
    assert mine.locator("[name=reason]").input_value() == "Mitt skäl."
    assert mine.locator("[name=reason]").evaluate("it => it === document.activeElement")
    mine.locator("[name=tried]").fill("Allt.")
    mine.locator("main form.stack button[type=submit]").click()
    mine.locator(".theirs").get_by_text("Kollegan svarade.").wait_for()
    assert mine.locator(".yours [name=reason]").input_value() == "Mitt skäl."
    mine.locator(".yours button[type=submit]").click()
    mine.get_by_role("status").filter(has_text="Klart.").wait_for()
    assert kinds(desk, NUMBER)[-2:] == ["EntryAdded", "TicketHandedOver"]


def test_the_bar_on_a_steps_page_leads_to_the_ticket_and_the_draft_waits(open_as: Open, desk: Desk) -> None:
    ticket_after(desk, "take")
    page = open_as("first_line_lulea")
    page.goto(f"{TICKET}/steps/escalate_to_second_line")
    arrive(page)
    page.locator("[name=reason]").fill("Mitt skäl.")
    page.locator("[data-draft-line]").filter(has_text="Utkast sparat").wait_for()
    colleague_writes(desk)
    renew(page)
    page.locator("#news-bar").get_by_role("link", name="Visa").click()
    page.wait_for_url(f"**{TICKET}#event-3")
    page.locator("#event-3", has_text="Kollegan skrev.").wait_for()
    page.goto(f"{TICKET}/steps/escalate_to_second_line")
    arrive(page)
    assert page.locator("[name=reason]").input_value() == "Mitt skäl."


def test_an_entry_is_walked_to_and_quoted_by_keys(open_as: Open, desk: Desk) -> None:
    ticket_after(desk, "take")
    for words in ("Det första.", "Det andra."):
        colleague_writes(desk, words)
    page = at(open_as, "first_line_lulea")
    for expected in ("> Det andra.\n\n", "> Det första.\n\n"):
        page.locator("#happened-title").focus()
        walked = 0
        while expected[2:-2] not in page.locator(":focus").inner_text() or not page.locator(".event:focus").count():
            page.keyboard.press("j")
            walked += 1
            assert walked < 6
        page.keyboard.press("q")
        field = page.locator("#note-body")
        expect(field).to_be_focused()
        assert expected in field.input_value()
        field.fill("")


def test_axe_finds_nothing_while_others_are_here_write_and_are_faster(open_as: Open, desk: Desk) -> None:
    ticket_after(desk, "take")
    page, theirs = open_as("first_line_lulea", reduced_motion="reduce"), at(open_as, COLLEAGUE)
    page.goto(TICKET)
    arrive(page)
    page.locator(FIELD).fill("Mitt svar")
    with theirs.expect_response(lambda answer: "x-writes" in answer.request.headers):
        theirs.locator(FIELD).fill("Jag också.")
    reply(desk, NUMBER, "Kollegan svarade.", actor=persona(desk, COLLEAGUE))
    renew(page)
    page.locator("#news-bar p").wait_for()
    page.get_by_text("Skriver nu:").wait_for()
    found = findings(page)
    reply(desk, NUMBER, "Kollegan igen.", actor=persona(desk, COLLEAGUE))
    page.get_by_role("button", name="Spara svaret").click()
    page.locator(".conflict").wait_for()
    found += findings(page)
    page.goto(f"{TICKET}/steps/escalate_to_second_line")
    arrive(page)
    colleague_writes(desk)
    renew(page)
    page.locator("#news-bar p").wait_for()
    assert found + findings(page) == []


def test_after_the_change_has_come_in_a_reply_goes_through(open_as: Open, desk: Desk) -> None:
    new_ticket(desk)
    page = at(open_as, "first_line_lulea")
    colleague_writes(desk)
    renew(page)
    page.locator("#happened").get_by_text("Kollegan skrev.").wait_for()
    page.locator(FIELD).fill("Jag har läst det.")
    page.get_by_role("button", name="Spara svaret").click()
    page.get_by_role("status").filter(has_text="Svaret är sparat").wait_for()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("size", [(390, 844), (1440, 900)], ids=["phone", "desktop"])
def test_one_writes_while_the_other_hands_over_and_nothing_is_lost(
    open_as: Open, desk: Desk, size: tuple[int, int], scripts: bool
) -> None:
    ticket_after(desk, "take")
    given = {"viewport": {"width": size[0], "height": size[1]}, "java_script_enabled": scripts}
    mine, theirs = open_as("first_line_lulea", **given), open_as(COLLEAGUE, **given)
    mine.goto(TICKET)
    theirs.goto(f"{TICKET}/steps/escalate_to_second_line")
    mine.locator("#reply-body").fill("Vi återkommer.")
    for need in ("reason", "tried"):
        theirs.locator(f"[name={need}]").fill(WRITTEN[need])
    theirs.locator("main form button[type=submit]").click()
    theirs.get_by_role("status").filter(has_text="Klart.").wait_for()
    assert person(desk, "first_line_lulea").name in theirs.locator("#ticket-presence").inner_text()
    mine.get_by_role("button", name="Spara svaret").click()
    mine.get_by_text("Någon hann före").wait_for()
    assert mine.locator(".yours textarea").input_value() == "Vi återkommer."
    assert mine.locator(".theirs").get_by_text(WRITTEN["reason"]).is_visible()
    assert mine.locator(".changed del").first.is_visible()
    mine.locator(".yours button[type=submit]").click()
    mine.get_by_role("status").filter(has_text="Svaret är sparat").wait_for()
    assert kinds(desk, NUMBER) == ["TicketLogged", "TicketTaken", "TicketHandedOver", "EntryAdded"]
