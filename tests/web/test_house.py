"""What an installation says of itself by its own files: its look, and how accessible it is."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from servicedesk.actions.links import give_link
from servicedesk.app import create_app
from servicedesk.config import SettingFault, Settings
from servicedesk.core.clock import ControlledClock
from servicedesk.extensions import db
from servicedesk.web.assets import STATIC
from servicedesk.web.house.brand import GROUND, OURS, read_brand
from servicedesk.web.house.contrast import ratio
from servicedesk.web.house.statement import read_statement
from servicedesk.web.requester.doors import ADDRESS
from tests.performance.pages import PAGES
from tests.support.desk import START, Template, persona, ticket_after
from tests.support.pages import Page, Visitor, signed_in
from tests.support.things import Things
from tests.web.conftest import People

Built = Callable[..., Flask]
COUNTY = """
name = "Ärendet Västerbotten"
mark = "county.svg"
[light]
base = "#7a1f5c"
hover = "#611548"
active = "#4a1238"
text = "#7a1f5c"
tint = "#f7e9f2"
[dark]
base = "#e59ccb"
on = "#2b0a20"
[front]
panel = "#4a1238"
"""


@pytest.fixture
def built(desk_template: Template, tmp_path: Path) -> Built:  # type: ignore[misc]
    made: list[Flask] = []

    def build(**files: str) -> Flask:
        url = desk_template.copy_to(tmp_path)
        for name, text in files.items():
            (tmp_path / name.replace("_", ".")).write_text(text, encoding="utf-8")
        settings = Settings(instance=tmp_path, database_url=url, secret_key="only-for-tests-0123456789")
        made.append(create_app(settings, ControlledClock(START)))
        return made[-1]

    yield build
    for app in made:
        with app.app_context():
            db.engine.dispose()


# What is the program's own name wherever it goes: what is typed at a command line, a setting, a module.
PROGRAM = re.compile(r"<(code|pre|kbd)[ >].*?</\1>|[“”]servicedesk [a-z]+”", re.DOTALL)


def test_another_county_needs_one_file(built: Built) -> None:
    app = built(brand_toml=COUNTY, county_svg="<svg xmlns='http://www.w3.org/2000/svg'/>")
    for page in (
        signed_in(app, "first_line_lulea").get("/notices"),
        signed_in(app, "first_line_lulea").get("/no-such-page"),
        *map(Visitor(app).get, ("/sign-in", "/tillganglighet", "/api/docs", "/api/docs/guide", "/api/docs/tmf621")),
    ):
        assert "Ärendet Västerbotten" in page.text
        assert len(own_files(app, page)) == 2, "its colours and its mark"
    style = app.test_client().get("/assets/brand.css").text
    assert "--brand-base: light-dark(#7a1f5c, #e59ccb);" in style and "--brand-panel: #4a1238;" in style
    assert f"--brand-line: light-dark({OURS['light']['line']}, {OURS['dark']['line']});" in style, (
        "what is not given stays"
    )


def test_its_colours_and_its_mark_are_on_pages_without_its_name(built: Built) -> None:
    """What a municipality shows its citizens says the municipality's name."""
    app = built(brand_toml=COUNTY, county_svg="<svg xmlns='http://www.w3.org/2000/svg'/>")
    desk = app.extensions["desk"]
    ticket_after(desk, "take")
    link = ADDRESS.replace("<link>", give_link(desk, "2026-00001", actor=persona(desk, "first_line_lulea")))
    for address in (link, "/driftinfo", "/driftinfo/fragment", "/dina-uppgifter/lulea"):
        page = Visitor(app).get(address)
        assert len(own_files(app, page)) == 2, address
    feed = app.test_client().get("/driftinfo/atom.xml").text
    assert "<generator>Ärendet Västerbotten</generator>" in feed
    mark = re.search(r"<icon>http://localhost(/assets/brand\.svg[^<]*)</icon>", feed)
    assert mark and app.test_client().get(mark[1]).status_code == 200


def test_the_old_name_is_nowhere(built: Built) -> None:
    app = built(brand_toml=COUNTY, county_svg="<svg xmlns='http://www.w3.org/2000/svg'/>")
    desk = app.extensions["desk"]
    ticket_after(desk, "accept_at_supplier")
    things = Things(desk)
    seen: dict[str, str] = {}
    for name in ("first_line_lulea", "it_service_manager", "supplier_technician"):
        visitor = signed_in(app, name)
        addresses = [things.address(page.address, name) for page in PAGES if page.viewer == name]
        seen |= {address: visitor.get(address).html for address in addresses}
    docs = ("/api/docs", *(f"/api/docs/{each}" for each in ("problems", "guide", "webhooks", "versions", "tmf621")))
    for address in ("/sign-in", "/driftinfo", "/driftinfo/fragment", "/driftinfo/atom.xml", "/tillganglighet", *docs):
        for language in ("sv", "en"):
            answer = app.test_client().get(address, headers={"Accept-Language": language})
            seen[f"{address} {language}"] = answer.get_data(as_text=True)
    seen["the API's description"] = app.test_client().get("/api/openapi.json").get_json()["info"]["title"]
    assert {where for where, text in seen.items() if "servicedesk" in PROGRAM.sub("", text).lower()} == set()
    assert len(seen) > 40


def own_files(app: Flask, page: Page) -> set[str]:
    own = {a["href"] for tag, a in page.elements if tag == "link" and "/brand." in a["href"]}
    for address in own:
        answer = app.test_client().get(address)
        assert answer.status_code == 200 and "max-age=31536000" in answer.headers["Cache-Control"]
    return own


def test_without_one_nothing_is_fetched_for_it(person_at: People) -> None:
    page = person_at("first_line_lulea").get("/queue")
    assert "brand." not in page.html
    assert person_at("first_line_lulea").get("/assets/brand.css").status == 404


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            '[light]\nbase = "#ffe14d"',
            "cannot be read on base (#ffe14d): the contrast is 1.3 to 1, and 4.5 is the least",
        ),
        ('[dark]\ntext = "#222222"', "[dark] text (#222222) cannot be read on tint"),
        ('[front]\npanel = "#ffffff"', "[front] on (#ffffff) cannot be read on panel"),
        ('[light]\nbase = "red"', "base in [light] must be a colour such as #14505f"),
        ('[light]\nbasse = "#000000"', "basse means nothing in [light]"),
        ('light = "#000000"', "[light] must be a table of colours"),
        ('colour = "#000000"', "colour means nothing here"),
        ('name = ""', "name must be a text"),
        ('mark = "../elsewhere.svg"', "mark must name an SVG file beside it"),
        ("name = ", "is not valid TOML"),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "brand.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingFault) as refused:
        read_brand(tmp_path)
    assert says in str(refused.value) and "brand.toml" in str(refused.value)


def test_our_own_colours_are_those_of_the_stylesheet_and_can_be_read(tmp_path: Path) -> None:
    style = (STATIC / "css/brand.css").read_text(encoding="utf-8")
    for name, light in OURS["light"].items():
        assert f"--brand-{name}: light-dark({light}, {OURS['dark'][name]});" in style
    theme = (STATIC / "vendor/designsystemet/theme.css").read_text(encoding="utf-8")
    for colour in GROUND.values():
        assert re.search(rf"--ds-color-neutral-(background|surface)-\w+: {colour};", theme)
    (tmp_path / "brand.toml").write_text('[light]\nbase = "#14505f"', encoding="utf-8")
    assert read_brand(tmp_path).style


def test_contrast_is_that_of_wcag() -> None:
    assert round(ratio("#ffffff", "#000000"), 2) == 21
    assert round(ratio("#777777", "#ffffff"), 2) == 4.48, "the well-known grey that just falls short"
    assert ratio("#14505f", "#14505f") == 1


def test_the_statement_says_what_the_law_asks_for_in_both_languages(built: Built) -> None:
    visitor = Visitor(built())
    swedish, english = visitor.get("/tillganglighet?lang=sv"), visitor.get("/tillganglighet?lang=en")
    for said in (
        "Norrbottens e-nämnd står bakom",
        "delvis förenliga med lagen om tillgänglighet till digital offentlig service",
        "rapporterar brister",
        "Kontakta din kommun",
        "Myndigheten för digital förvaltning (Digg) kontrollerar",
        "Innehåll som inte är tillgängligt",
        "axe-core",
        "22 november 2026",
    ):
        assert said in swedish.text, said
    assert "https://www.digg.se/tdosanmalan" in swedish.links()
    assert 'lang="sv"' in swedish.html and "partly meet the law" in english.text and "screen reader" in english.text


def test_an_installation_says_it_of_itself(built: Built) -> None:
    own = 'status = "full"\norganisation = "Region Exempel"\nemail = "tillganglig@region.example"\n'
    own += 'telephone = "0900-123 45"\n'
    page = Visitor(built(accessibility_toml=own)).get("/tillganglighet?lang=sv")
    assert "Region Exempel står bakom" in page.text and "helt förenliga" in page.text
    assert "Innehåll som inte är tillgängligt" not in page.text and "Kontakta din kommun" not in page.text
    assert {"mailto:tillganglig@region.example", "tel:0900-12345"} <= set(page.links())


def test_what_is_excepted_or_outside_the_law_is_told_apart_with_who_supervises(built: Built) -> None:
    own = 'published_on = 2026-12-01\ncomplaints = "https://tillsyn.example/"\n'
    own += '[authority]\nsv = "Tillsynsverket"\nen = "The Authority"\n'
    for name, said in (("lacking", "Filer"), ("burden", "Filmer"), ("exempt", "Kartor")):
        own += f'[[{name}]]\nsv = "{said}"\nen = "{said}"\n'
    page = Visitor(built(accessibility_toml=own)).get("/tillganglighet?lang=sv")
    parts = ("Tillsynsverket", "lagens krav än:", "Filer", "12 §", "Filmer", "omfattas inte", "Kartor", "1 december")
    places = [page.text.index(part) for part in parts]
    assert places == sorted(places)
    assert "https://tillsyn.example/" in page.links() and "Digg" not in page.text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('status = "good"', "status must be full, partial or none"),
        ("lacking = []", "say under [[lacking]]"),
        ('tested_on = "i fjol"', "tested_on must be a date"),
        ('[method]\nsv = "Prövat."', "method must be said in sv and in en"),
        ('mail = "a@b.example"', "mail means nothing here"),
        ("email = 3", "email must be a text"),
    ],
)
def test_a_statement_that_cannot_be_used_is_refused_in_a_sentence(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "accessibility.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingFault) as refused:
        read_statement(tmp_path)
    assert says in str(refused.value)


def test_every_page_leads_to_the_statement(built: Built) -> None:
    app = built()
    visitor, clerk = Visitor(app), signed_in(app, "first_line_lulea")
    for page in (visitor.get("/sign-in"), visitor.get("/driftinfo"), clerk.get("/queue"), clerk.get("/tickets/new")):
        assert [link for link in page.links() if link.startswith("/tillganglighet")]
