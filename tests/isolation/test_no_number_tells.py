"""No number on a supplier's pages counts what it may not see: of two tickets that are alike to it, one with twelve
hidden notes, each page is the same to the byte."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from servicedesk.actions import entries
from servicedesk.actions.attachments import Upload
from servicedesk.actions.desk import Desk
from servicedesk.actions.steps import perform
from servicedesk.app import create_app
from servicedesk.config import Settings
from servicedesk.core.clock import ControlledClock
from tests.support.desk import CHAIN, START, WRITTEN, Template, new_ticket, persona
from tests.support.pages import Page, Visitor, signed_in

NUMBER = "2026-00001"
TICKET = f"/tickets/{NUMBER}"
LISTS = ("/queue", "/queue?scope=closed", "/triage", "/notices", "/search?q=Fr%C3%A5n")
# What no two pages have alike, whatever they show.
ONCE = re.compile(r'(name="(?:csrf_token|nonce)" value=|content=)"[^"]*"|nonce-[\w-]+')


@pytest.fixture(scope="module")
def twins(desk_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Visitor, Visitor]]:
    """The supplier's technician at two desks that differ in what is hidden from them."""
    folders = [tmp_path_factory.mktemp(name) for name in ("open", "hidden")]
    apps = [made(desk_template, folder) for folder in folders]
    for app, hides in zip(apps, (False, True), strict=True):
        live(app.extensions["desk"], hides=hides)
    yield signed_in(apps[0], "supplier_technician"), signed_in(apps[1], "supplier_technician")
    for app in apps:
        app.extensions["desk"].engine.dispose()


def made(template: Template, folder: Path) -> Flask:
    settings = Settings(instance=folder, database_url=template.copy_to(folder), secret_key="x" * 32)
    return create_app(settings, ControlledClock(START))


def live(desk: Desk, *, hides: bool) -> None:
    """To the supplier and along with it, with three hidden notes at each of four moments."""
    new_ticket(desk)
    supplier, joint = persona(desk, "supplier_technician"), persona(desk, "it_service_manager")
    for who, step, needs in CHAIN[:7]:
        if hides and step in ("take", "order_from_supplier", "accept_at_supplier"):
            hide(desk)
        name = f"{who}_lulea" if who in ("first_line", "second_line") else who
        perform(desk, NUMBER, step, actor=persona(desk, name), given={need: WRITTEN[need] for need in needs})
    entries.note_to_supplier(desk, NUMBER, "Till er.", actor=joint, files=[Upload("till-er.txt", BytesIO(b"hej"))])
    if hides:
        hide(desk)
    entries.note_to_supplier(
        desk, NUMBER, "Från oss.", actor=supplier, files=[Upload("fran-oss.txt", BytesIO(b"hopp"))]
    )


def hide(desk: Desk) -> None:
    first = persona(desk, "first_line_lulea")
    entries.note(desk, NUMBER, "Bara för kommunen.", actor=first)
    entries.note(desk, NUMBER, "Bara för kommunen.", actor=first, files=[Upload("bara-vi.txt", BytesIO(b"hej"))])
    entries.note(desk, NUMBER, "För kommunen och nämnden.", actor=first, to_joint=True)


def alike(page: Page) -> str:
    return ONCE.sub("", f"{page.status} {page.location}\n{page.html}")


def news(visitor: Visitor, seen: str) -> Page:
    headers = {"HX-Request": "true", "HX-Target": "news", "X-Seen": seen}
    return Page(visitor.client.get(TICKET, headers=headers))


def addresses(visitor: Visitor) -> list[str]:
    """Of the lists, and of everything about the ticket that its page leads to."""
    linked = {link for link in visitor.get(TICKET).links() if link.startswith(TICKET)}
    return [*LISTS, TICKET, *sorted(linked)]


def test_every_page_is_the_same_to_the_byte(twins: tuple[Visitor, Visitor]) -> None:
    plain, hiding = twins
    found = addresses(plain)
    assert len([address for address in found if "/attachments/" in address]) == 2
    for address in found:
        assert alike(hiding.get(address)) == alike(plain.get(address)), address


def test_what_a_page_renews_itself_by_is_the_same(twins: tuple[Visitor, Visitor]) -> None:
    plain, hiding = twins
    seen = re.search(r'"X-Seen": "(\d+)"', plain.get(TICKET).html)
    assert seen is not None
    for version in (seen[1], "0", str(int(seen[1]) - 1)):
        assert alike(news(hiding, version)) == alike(news(plain, version))
    assert news(hiding, seen[1]).status == 204


@pytest.mark.parametrize("version", ["0", "3", "999"])
def test_a_conflict_and_a_fault_are_told_alike(twins: tuple[Visitor, Visitor], version: str) -> None:
    sent = []
    for visitor in twins:
        form = next(form for form in visitor.get(TICKET).forms if form.action.endswith("/supplier-notes"))
        said = [{**form.fields, "version": version, "body": "Hej."}, {**form.fields, "body": ""}]
        sent.append([alike(visitor.post(form.action, each)) for each in said])
    assert sent[0] == sent[1]
    assert sent[0][0].startswith("409") and sent[0][1].startswith("422")


def test_what_one_writes_on_an_old_page_is_checked_against_what_one_may_see(twins: tuple[Visitor, Visitor]) -> None:
    """The last test here: it writes."""
    answers = []
    for visitor in twins:
        page = visitor.get(TICKET)
        form = next(form for form in page.forms if form.action.endswith("/supplier-notes"))
        first = visitor.post(form.action, {**form.fields, "body": "En."})
        again = {**visitor.get(TICKET).form("/supplier-notes"), "version": form.fields["version"], "body": "Två."}
        answers.append([alike(first), alike(visitor.post(form.action, again)), alike(visitor.get(TICKET))])
    assert answers[0] == answers[1]
    assert answers[0][0].startswith("303") and answers[0][1].startswith("409")
