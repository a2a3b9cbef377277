"""Files come with what one writes, by a plain form, and are saved from the ticket's page: never opened in it."""

from io import BytesIO

import pytest
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from servicedesk.actions.desk import Desk
from servicedesk.actions.erase import erase_texts
from servicedesk.core.attachments import LARGEST
from servicedesk.core.facts import OPERATOR
from tests.support.desk import new_ticket, ticket_after
from tests.support.pages import Page, Visitor
from tests.web.conftest import People

NUMBER = "2026-00001"
TICKET = f"/tickets/{NUMBER}"
PNG = b"\x89PNG\r\n\x1a\n and more"
PAGE = b"<!doctype html><script>alert(document.cookie)</script>"


def send(visitor: Visitor, action: str, *files: tuple[bytes, str], body: str = "") -> Page:
    form = {**visitor.get(TICKET).form(action), "body": body}
    sent = [FileStorage(BytesIO(content), name, "file") for content, name in files]
    boundary, data = encode_multipart(MultiDict([*form.items(), *(("file", each) for each in sent)]))
    kind = f"multipart/form-data; boundary={boundary}"
    return Page(visitor.client.post(TICKET + action, data=data, content_type=kind))


def saved(visitor: Visitor) -> list[str]:
    return [link for link in visitor.get(TICKET).links() if "/attachments/" in link]


@pytest.mark.parametrize("action", ["/replies", "/notes"])
def test_a_file_that_was_sent_stands_in_the_timeline_and_is_saved_as_it_was(
    person_at: People, desk: Desk, action: str
) -> None:
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    page = visitor.follow(send(visitor, action, (PAGE, "Skärmbild å.html"), (b"%PDF-1.7", "b.pdf"), body="Två filer."))
    assert "bifogade en fil" in page.text and "Skärmbild å.html" in page.text and "54 B" in page.text
    second, first = (visitor.get(link) for link in saved(visitor))
    assert (first.html.encode(), second.html) == (PAGE, "%PDF-1.7")
    assert first.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert first.headers["Content-Disposition"].startswith("attachment; ")
    assert "filename*=UTF-8''Sk%C3%A4rmbild%20%C3%A5.html" in first.headers["Content-Disposition"]
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    assert first.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert first.headers["Content-Length"] == str(len(PAGE))
    assert first.headers["Cache-Control"] == "no-store"


def test_a_file_needs_no_words_and_a_field_left_empty_is_no_file(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    assert send(visitor, "/notes", (b"hej", "hej.txt")).status == 303
    assert send(visitor, "/notes", (b"", "")).status == 422
    assert len(saved(visitor)) == 1


def test_a_file_of_the_municipality_is_not_there_for_others(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "accept_at_supplier")
    send(person_at("first_line_lulea"), "/notes", (b"hej", "bara-vi.txt"))
    (link,) = saved(person_at("first_line_lulea"))
    for other in ("it_service_manager", "supplier_technician", "first_line_pitea"):
        assert person_at(other).get(link).status == 404
    assert person_at("second_line_lulea").get(link).status == 200
    assert person_at("first_line_lulea").get(f"{TICKET}/attachments/1").status == 404


def test_what_is_refused_comes_back_with_its_words_and_says_why(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    page = send(person_at("first_line_lulea"), "/replies", (b"", "tom.txt"), body="Se filen.")
    assert page.status == 422
    assert "tom.txt är tom." in page.text
    assert page.form("/replies")["body"] == "Se filen."


def test_a_file_that_is_too_large_is_refused_beside_its_field(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    page = send(person_at("first_line_lulea"), "/notes", (b"x" * (2 * LARGEST), "stor.bin"), body="Se bilden.")
    assert page.status == 422
    assert "stor.bin är större än 10 MB" in page.text
    assert page.form("/notes")["body"] == "Se bilden."


def test_only_forms_for_files_may_be_that_large(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    kind = "multipart/form-data; boundary=x"
    for action, size, most in (("/priority", 3_000_000, "2 MB"), ("/notes", 60_000_000, "52 MB")):
        said = {"CONTENT_LENGTH": str(size)}
        page = Page(visitor.client.post(TICKET + action, content_type=kind, environ_overrides=said))
        assert page.status == 413
        assert most in page.text


def test_a_file_that_was_destroyed_says_so(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "confirm")
    visitor = person_at("second_line_lulea")
    send(visitor, "/notes", (b"hej", "hemlig.txt"))
    (link,) = saved(visitor)
    erase_texts(desk, NUMBER, "Beslut 2026:7", actor=OPERATOR)
    page = visitor.get(TICKET)
    assert "Filen är gallrad enligt beslut." in page.text and "hemlig.txt" not in page.text
    assert visitor.get(link).status == 404


def test_a_picture_is_looked_at_where_it_stands_and_nothing_else_is(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    files = (
        (PNG, "a.html"),
        (PAGE, "b.png"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "c.svg"),
        (b"%PDF-1.7", "d.png"),
    )
    page = visitor.follow(send(visitor, "/notes", *files))
    (address,) = [attributes["src"] for tag, attributes in page.elements if tag == "img"]
    picture = visitor.client.get(address)
    assert (picture.status_code, picture.mimetype, picture.data) == (200, "image/png", PNG)
    assert picture.headers["Content-Disposition"].startswith("inline; ")
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert picture.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    others = [link for link in saved(visitor) if not link.endswith("/picture") and f"{link}/picture" != address]
    assert len(others) == 3
    for link in others:
        assert visitor.get(f"{link}/picture").status == 404
    assert person_at("it_service_manager").get(address).status == 404
