"""Everything there is to go to, on a page that needs no script; and the list of keys: what the scripts listen to."""

import re
from pathlib import Path

from servicedesk.actions.desk import Desk
from servicedesk.web.shortcuts import ANYWHERE, GROUPS
from tests.support.desk import new_ticket
from tests.support.pages import Page
from tests.web.conftest import People

STATIC = Path(__file__).parents[2] / "servicedesk/web/static"
# As the scripts and the keyboard call them.
NAMES = {"ArrowDown": "↓", "ArrowUp": "↑", "Escape": "Esc"}
# What these do in a field of choices is the pattern of every combobox, which no list of ours need tell.
OF_A_COMBOBOX = {"Tab"}


def test_every_page_of_the_menu_and_those_behind_it_are_there(person_at: People) -> None:
    visitor = person_at("administrator_lulea")
    page = visitor.get("/commands")
    for address in ("/queue", "/queue?scope=mine", "/notices", "/administration/person", "/away", "/search"):
        assert address in page.links(), address
    assert "/triage" not in page.links(), "which is not this person's"
    for address in (link for link in page.links() if link.startswith("/") and "scope" not in link):
        assert visitor.get(address).status in (200, 303), address


def test_tickets_are_found_without_a_script(person_at: People, desk: Desk) -> None:
    new_ticket(desk, subject="Kvittens saknas")
    new_ticket(desk, "pitea", subject="Kvittens i Piteå")
    page = person_at("first_line_lulea").get("/commands?q=kvittens")
    assert "/tickets/2026-00001" in page.links() and "/tickets/2026-00002" not in page.links()
    assert "Inget ärende som du kan se" in person_at("first_line_lulea").get("/commands?q=pajala").text
    assert person_at("first_line_lulea").get("/commands?q=%00").status == 200


def test_the_palette_asks_for_its_lists_alone(person_at: People, desk: Desk) -> None:
    new_ticket(desk, subject="Kvittens saknas")
    client = person_at("first_line_lulea").client
    for part, wanted in (("places", "/notices"), ("tickets", "/tickets/2026-00001")):
        page = Page(client.get("/commands?q=kvittens", headers={"HX-Request": "true", "HX-Target": part}))
        assert wanted in page.links() and "<html" not in page.html


def listened_to() -> set[str]:
    """Every key that a script of ours compares with, as the keyboard calls it."""
    found: set[str] = set()
    for script in STATIC.glob("*.js"):
        code = script.read_text(encoding="utf-8")
        found |= set(re.findall(r'key(?:\.toLowerCase\(\))? [!=]== "([^"]+)"', code))
        found |= set(re.findall(r"\b(Arrow\w+|F\d+|Home|End|Page\w+): ", code))
        if letters := re.search(r"const letters = \{(.*?)\n  \};", code, re.DOTALL):
            found |= {one.strip('"') for one in re.findall(r"^\s+(\S+):", letters[1], re.MULTILINE)}
    return {NAMES.get(key, key) for key in found} - OF_A_COMBOBOX


def test_the_list_of_keys_says_what_the_scripts_listen_to_and_nothing_else() -> None:
    told = {key.casefold() for group in (ANYWHERE, *GROUPS) for one in group.shortcuts for key in one.keys}
    heard = {key.casefold() for key in listened_to()} | {"ctrl", "shift", "1", "…", "9", "r"}
    assert heard - told - {"g"} == set(), "listened to, and not told"
    assert told - heard == set(), "told, and not listened to"


def test_the_digits_and_letters_of_a_page_are_in_the_list(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    page = person_at("first_line_lulea").get("/tickets/2026-00001")
    keyed = {attributes["data-key"] for _tag, attributes in page.elements if "data-key" in attributes}
    told = {attributes.get("data-key", "") for tag, attributes in page.elements if tag == "a"}
    assert {"1", "r"} <= keyed
    assert all(key.isdigit() or key == "r" or key in told for key in keyed)
    listed = page.html[page.html.index('id="keys" popover') :]
    for key in told - {""}:
        assert all(f"<kbd>{one}</kbd>" in listed for one in key.split() if not one.isdigit()), key
