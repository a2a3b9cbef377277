"""How data is handled is told to everybody, in both languages; an installation, or one municipality, says it itself."""

from pathlib import Path

import pytest
from flask import Flask

from servicedesk.actions.desk import Desk
from servicedesk.actions.links import give_link
from tests.support.desk import new_ticket, persona
from tests.support.pages import Visitor


@pytest.fixture
def texts(app: Flask) -> Path:
    folder = Path(app.config["INSTANCE"]) / "texts"
    folder.mkdir()
    return folder


def test_it_is_linked_from_the_requesters_page_and_told_in_both_languages(visitor: Visitor, desk: Desk) -> None:
    token = give_link(desk, new_ticket(desk).number, actor=persona(desk, "first_line_lulea"))
    [address] = [link for link in visitor.get(f"/arende/{token}").links() if "dina-uppgifter" in link]
    page = visitor.get(address)
    assert "Luleå" in page.text and "ansvarar för personuppgifterna" in page.text and "Set-Cookie" not in page.headers
    english = visitor.get("/dina-uppgifter/lulea?lang=en")
    assert "is responsible for the personal data" in english.text and 'lang="en"' in english.html


def test_an_installation_says_it_in_its_own_words_and_a_municipality_in_its(visitor: Visitor, texts: Path) -> None:
    (texts / "personal-data.sv.md").write_text("## Hos oss\n\nSå gör {municipality}.", encoding="utf-8")
    (texts / "personal-data.pitea.sv.md").write_text("Piteås egen text.", encoding="utf-8")
    assert "Hos oss" in visitor.get("/dina-uppgifter/lulea").text
    assert "Så gör Luleå" in visitor.get("/dina-uppgifter/lulea").text
    assert "Piteås egen text." in visitor.get("/dina-uppgifter/pitea").text
    assert "task in the public interest" in visitor.get("/dina-uppgifter/pitea?lang=en").text


@pytest.mark.parametrize("content", [b"\xff\xfe", b"x" * 200_001, b"  \n"])
def test_a_text_that_cannot_be_shown_gives_way_to_the_shipped_one(
    visitor: Visitor, texts: Path, content: bytes
) -> None:
    (texts / "personal-data.sv.md").write_bytes(content)
    assert "ansvarar för personuppgifterna" in visitor.get("/dina-uppgifter/lulea").text


def test_nothing_in_a_text_can_do_anything(visitor: Visitor, texts: Path) -> None:
    bad = "<script>x()</script>\n\n[länk](javascript:x()) ![bild](https://elsewhere.example/a.png)\n\n<b onclick=x()>"
    (texts / "personal-data.sv.md").write_text(bad, encoding="utf-8")
    html = visitor.get("/dina-uppgifter/lulea").html
    assert (
        "<script>x" not in html and "<img" not in html and 'href="javascript' not in html and "<b onclick" not in html
    )


@pytest.mark.parametrize("key", ["nowhere", "e-namnden", "lulea.sv"])
def test_there_is_a_page_only_of_a_municipality(visitor: Visitor, key: str) -> None:
    assert visitor.get(f"/dina-uppgifter/{key}").status == 404
