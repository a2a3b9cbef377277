"""Writing at real browsers: templates at the caret, what there is to see to, with scripts and without."""

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from servicedesk.actions.desk import Desk
from servicedesk.actions.entries import note
from tests.browser.conftest import Open
from tests.support.desk import new_ticket, person, persona, ticket_after
from tests.support.hands import arrive

if TYPE_CHECKING:
    from playwright.sync_api import Page

TICKET = "/tickets/2026-00001"
FIELD = ".composer textarea:visible"
RECEIVED = "Vi har tagit emot din anmälan"


def at(page: "Page", path: str = TICKET) -> "Page":
    page.goto(path)
    arrive(page)
    return page


def choose_template(page: "Page") -> None:
    page.locator(".begin:visible > summary").click()
    with page.expect_response("**/writing/**"):
        page.get_by_role("button", name=RECEIVED).locator("visible=true").click()


def test_a_template_comes_at_the_caret_and_can_be_taken_back(open_as: Open, desk: Desk) -> None:
    new_ticket(desk)
    page = at(open_as("first_line_lulea"))
    field = page.locator(FIELD)
    field.fill("Först det här.")
    choose_template(page)
    page.wait_for_function("() => document.activeElement.value.includes('Hej Anna Exempel!')")
    assert field.input_value().startswith("Först det här.\n\nHej Anna Exempel!")
    page.keyboard.press("Control+z")
    assert field.input_value() == "Först det här."
    assert page.url.endswith(TICKET)


def test_what_is_not_filled_in_is_said_while_one_writes_and_asked_about_once(open_as: Open, desk: Desk) -> None:
    ticket_after(desk, "accept_in_joint")
    page = at(open_as("first_line_lulea"))
    page.locator(".whom").get_by_text("Kommunen och e-nämnden").click()
    choose_template(page)
    doubts = page.locator(".doubts:visible")
    doubts.get_by_text("Inget är ifyllt för anmälare.").wait_for()
    page.get_by_label("Jag har sett det").locator("visible=true").check()
    page.locator(FIELD).press("Control+Enter")
    page.locator(".event.written", has_text="Hej [anmälare]!").wait_for()


def test_without_scripts_a_template_is_chosen_on_a_page_of_its_own(open_as: Open, desk: Desk) -> None:
    new_ticket(desk)
    page = open_as("first_line_lulea", java_script_enabled=False)
    page.goto(TICKET)
    page.locator(FIELD).fill("Det här skrev jag.")
    page.locator(".begin:visible > summary").click()
    page.get_by_role("button", name=RECEIVED).locator("visible=true").click()
    expect(page.locator(FIELD)).to_have_value(re.compile(r"Det här skrev jag\.\n\nHej Anna Exempel!"))
    page.get_by_role("button", name="Spara svaret").click()
    page.get_by_role("status").filter(has_text="Svaret är sparat").wait_for()
    assert "Det här skrev jag." in page.locator(".event.written").inner_text()


def test_it_is_seen_as_it_will_look_and_then_stands_so(open_as: Open, desk: Desk) -> None:
    new_ticket(desk)
    page = at(open_as("first_line_lulea"))
    page.locator(FIELD).fill("**Viktigt**\n\n- <img src=x onerror=alert(1)>\n- två")
    button = page.get_by_role("button", name="Förhandsgranska").locator("visible=true")
    button.click()
    seen = page.locator(".preview:visible")
    seen.locator("strong").wait_for()
    assert seen.locator("li").all_inner_texts() == ["<img src=x onerror=alert(1)>", "två"]
    button.click()
    page.locator(".preview:visible").wait_for(state="hidden")
    page.locator(FIELD).press("Control+Enter")
    page.locator(".event.written strong", has_text="Viktigt").wait_for()


def test_an_entry_is_quoted_where_those_write_who_have_read_it(open_as: Open, desk: Desk) -> None:
    new_ticket(desk)
    clerk = persona(desk, "first_line_lulea")
    note(desk, "2026-00001", "Bara kommunen vet.\nRad två.", actor=clerk)
    page = at(open_as("first_line_lulea"))
    assert page.locator("#to-reply").is_checked()
    page.locator(".event.written .quote").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.value?.startsWith('> Bara kommunen')")
    assert page.locator("#to-note").is_checked()
    assert page.locator(FIELD).input_value() == "> Bara kommunen vet.\n> Rad två.\n\n"
    page.keyboard.type("Jag med.")
    page.locator(FIELD).press("Control+Enter")
    page.locator(".event.written blockquote", has_text="Rad två.").wait_for()


def test_without_scripts_one_quotes_and_looks_on_pages_of_their_own(open_as: Open, desk: Desk) -> None:
    new_ticket(desk)
    note(desk, "2026-00001", "Bara kommunen vet.", actor=persona(desk, "first_line_lulea"))
    page = open_as("first_line_lulea", java_script_enabled=False)
    page.goto(TICKET)
    page.locator(".event.written .quote").click()
    page.get_by_role("button", name="Förhandsgranska").click()
    assert page.locator(".preview blockquote").inner_text() == "Bara kommunen vet."
    page.get_by_role("button", name="Spara anteckningen").click()
    page.get_by_role("status").filter(has_text="sparad").wait_for()


def test_somebody_is_mentioned_by_an_at_and_a_few_letters(open_as: Open, desk: Desk) -> None:
    new_ticket(desk)
    page = at(open_as("first_line_lulea"))
    page.locator(".whom").get_by_text("Kommunen", exact=True).click()
    field = page.locator(FIELD)
    field.focus()
    page.keyboard.type("Ser du, @förvaltningsl")
    options = page.locator(".mentions [role=option]")
    options.first.wait_for()
    marked = "one => [getComputedStyle(one.parentElement).position, getComputedStyle(one).outlineStyle]"
    assert options.first.evaluate(marked) == ["absolute", "solid"], "it lies over the page, and one sees which is meant"
    wanted = person(desk, "second_line_lulea").name
    assert [each.split("  ")[0] for each in options.all_inner_texts()][0].startswith(wanted)
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.value.endsWith(' ')")
    assert field.input_value() == f"Ser du, @{wanted} "
    page.keyboard.type("?")
    page.keyboard.press("Control+Enter")
    page.locator(".event.written", has_text=f"@{wanted}").wait_for()


# A picture of one point, as a screen would give it.
POINT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
BRING = """([kind, files]) => {
  const field = [...document.querySelectorAll('.composer textarea')].find((one) => one.checkVisibility());
  const held = new DataTransfer();
  for (const [name, type, data, size] of files) {
    const bytes = data ? Uint8Array.from(atob(data), (c) => c.charCodeAt(0)) : new Uint8Array(size);
    held.items.add(new File([bytes], name, { type }));
  }
  const given = { bubbles: true, cancelable: true };
  const pasted = () => new ClipboardEvent(kind, { ...given, clipboardData: held });
  const dropped = () => new DragEvent(kind, { ...given, dataTransfer: held });
  field.dispatchEvent(kind === "paste" ? pasted() : dropped());
}"""


def test_a_pasted_picture_and_dropped_files_go_with_what_is_written_and_are_seen(open_as: Open, desk: Desk) -> None:
    new_ticket(desk)
    page = at(open_as("first_line_lulea"))
    page.locator(FIELD).fill("Se bilden.")
    page.evaluate(BRING, ["paste", [["image.png", "image/png", POINT, 0]]])
    page.evaluate(
        BRING,
        ["drop", [["logg.txt", "text/plain", "aGVq", 0], ["stor.png", "image/png", "", 20 << 20], ["tom", "", "", 0]]],
    )
    files = page.locator(".files:visible")
    assert [each.split("  ")[0] for each in files.locator("bdi").all_inner_texts()][1:] == ["logg.txt"]
    # What is said of the words does not take away what is said of the files.
    with page.expect_response(lambda answer: answer.request.headers.get("hx-target") == "doubts"):
        page.locator(FIELD).press_sequentially(" [[")
    said = page.locator(".doubts[data-of=files]:visible").inner_text()
    assert "stor.png är större än de 10 MB" in said and "tom är tom eller en mapp" in said
    page.locator(FIELD).fill("Se bilden.")
    page.locator(".whom").get_by_text("Kommunen", exact=True).click()
    assert page.locator(".write-note .files li").count() == 2
    page.get_by_role("button", name="Ta bort logg.txt").click()
    page.locator(FIELD).press("Control+Enter")
    page.get_by_role("status").filter(has_text="sparad").wait_for()
    picture = page.locator(".event .picture img")
    picture.scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('.event .picture img').naturalWidth === 1")
    assert page.locator("[data-audience=municipality] .picture").count() == 1
    assert page.locator(".event.written", has_text="Se bilden.").count() == 1


def test_without_a_connection_nothing_that_is_written_or_attached_is_lost(open_as: Open, desk: Desk) -> None:
    new_ticket(desk)
    page = at(open_as("first_line_lulea"))
    page.locator(FIELD).fill("Ord som inte får försvinna.")
    page.evaluate(BRING, ["paste", [["image.png", "image/png", POINT, 0]]])
    page.context.set_offline(True)
    page.locator(FIELD).press("Control+Enter")
    page.locator(".doubts:visible").get_by_text("Det finns ingen anslutning just nu.").wait_for()
    page.context.set_offline(False)
    page.locator(FIELD).press("Control+Enter")
    page.get_by_role("status").filter(has_text="Svaret är sparat").wait_for()
    assert page.locator(".event.written", has_text="Ord som inte får försvinna.").count() == 1
    assert page.locator(".event .picture").count() == 1


def test_what_is_wrong_is_said_where_one_writes_and_the_files_stay(open_as: Open, desk: Desk) -> None:
    new_ticket(desk)
    page = at(open_as("first_line_lulea"))
    page.locator(FIELD).fill("ä" * 20_001)
    page.evaluate(BRING, ["paste", [["image.png", "image/png", POINT, 0]]])
    page.locator(FIELD).press("Control+Enter")
    page.locator(".doubts:visible").get_by_text("Korta ner texten").wait_for()
    assert page.locator(".files:visible li").count() == 1
    page.locator(FIELD).fill("Kort.")
    colleague = persona(desk, "first_line_colleague_lulea")
    note(desk, "2026-00001", "Kollegan hann före.", actor=colleague)
    page.locator(FIELD).press("Control+Enter")
    page.wait_for_function(
        "() => document.querySelector('[role=status].flash')"
        " || /Någon har ändrat/.test(document.querySelector('.write-reply .doubts').textContent)"
    )
    if page.locator(".flash").count() == 0:
        page.get_by_text("Kollegan hann före.").wait_for()
        page.locator(FIELD).press("Control+Enter")
        page.get_by_role("status").filter(has_text="Svaret är sparat").wait_for()
    assert page.locator(".event.written", has_text="Kort.").count() == 1
    assert page.locator(".event .picture").count() == 1


def test_what_stands_around_the_ticket_comes_when_one_comes_to_it(open_as: Open, desk: Desk) -> None:
    new_ticket(desk)
    other = new_ticket(desk).number
    page = at(open_as("first_line_lulea"))
    page.locator("#beside").scroll_into_view_if_needed()
    page.locator("#beside .nearby a", has_text="Det går inte att logga in").first.wait_for()
    assert other in page.locator("#beside").inner_text()


def test_without_scripts_it_is_a_link_away(open_as: Open, desk: Desk) -> None:
    new_ticket(desk)
    page = open_as("first_line_lulea", java_script_enabled=False)
    page.goto(TICKET)
    page.locator("#beside-title a").click()
    page.get_by_role("heading", name="Runt ärendet").wait_for()
