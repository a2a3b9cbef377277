"""What does not work is told to everybody: on a page, as a feed, in a frame and as data; by those who may, in words for
the public and nothing else."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID
from xml.etree import ElementTree

import pytest
from flask import Flask

from servicedesk.actions.desk import Desk
from servicedesk.actions.disruptions import NewDisruption, declare_disruption, tell_disruption
from servicedesk.core.errors import Invalid, NotFound, Refusal
from tests.support.desk import PLATFORM, START, persona
from tests.support.pages import Page, Visitor
from tests.web.conftest import People

MANAGER = "it_service_manager"
A = "{http://www.w3.org/2005/Atom}"
PUBLIC = ("/driftinfo", "/driftinfo/fragment", "/driftinfo/atom.xml", "/driftinfo.json")


def told(desk: Desk, *places: str, title: str = "Inloggningen går trögt", service: str = PLATFORM) -> str:
    new = NewDisruption(service, places or ("lulea", "pitea"), title, "Vi söker felet. Mer besked kl. 11.")
    return declare_disruption(desk, new, actor=persona(desk, MANAGER))


def feed(visitor: Visitor, query: str = "") -> ElementTree.Element:
    return ElementTree.fromstring(visitor.get(f"/driftinfo/atom.xml{query}").html)


def test_what_goes_on_is_read_by_everybody_in_every_form(visitor: Visitor, desk: Desk) -> None:
    assert "Inga kända driftstörningar" in visitor.get("/driftinfo").text
    told(desk)
    for address in PUBLIC:
        page = visitor.get(address)
        assert page.status == 200 and "Inloggningen går trögt" in page.html
        assert "Set-Cookie" not in page.headers
    text = visitor.get("/driftinfo").text
    assert "Något fungerar inte som det ska" in text and "Luleå kommun, Piteå kommun" in text
    assert "2 mars 2026 kl. 09.00" in text


def test_what_is_over_is_told_for_a_week(visitor: Visitor, desk: Desk) -> None:
    key = told(desk)
    tell_disruption(desk, key, "Det fungerar igen.", actor=persona(desk, MANAGER), ends=True)
    text = visitor.get("/driftinfo").text
    assert "Inga kända driftstörningar" in text and "Det fungerar igen." in text
    assert "Inloggningen" not in visitor.get("/driftinfo/fragment").text
    assert feed(visitor).find(f"{A}entry/{A}title").text == "Avslutad: Inloggningen går trögt"  # type: ignore[union-attr]
    desk.clock.move_to(START + timedelta(days=7))  # type: ignore[attr-defined]
    assert "Inloggningen" not in visitor.get("/driftinfo").text
    with pytest.raises(Refusal):
        tell_disruption(desk, key, "Nu igen.", actor=persona(desk, MANAGER))


@pytest.mark.parametrize("address", PUBLIC)
def test_a_municipality_and_a_service_are_told_apart(visitor: Visitor, desk: Desk, address: str) -> None:
    told(desk, "lulea", title="Bara Luleå")
    told(desk, "pitea", title="Bara arkivet", service="e-arkiv")
    assert "Bara arkivet" not in visitor.get(f"{address}?municipality=lulea").html
    assert "Bara Luleå" not in visitor.get(f"{address}?service=e-arkiv").html
    both = visitor.get(f"{address}?municipality=lulea&service={PLATFORM}").html
    assert "Bara Luleå" in both and "Bara arkivet" not in both
    assert visitor.get(f"{address}?municipality=ingen").status == 404


def test_the_feed_is_atom_with_ids_that_never_change(visitor: Visitor, desk: Desk) -> None:
    key = told(desk)
    root = feed(visitor)
    assert root.tag == f"{A}feed"
    for name in ("id", "title", "updated", "author"):
        assert len(root.findall(f"{A}{name}")) == 1
    (entry,) = root.findall(f"{A}entry")
    for name in ("id", "title", "updated", "published", "content"):
        assert len(entry.findall(f"{A}{name}")) == 1
    assert entry.findtext(f"{A}id") == f"urn:uuid:{key}" and UUID(key)
    rels = {link.get("rel"): link.get("href") for link in root.findall(f"{A}link")}
    assert rels == {"self": "http://localhost/driftinfo/atom.xml", "alternate": "http://localhost/driftinfo"}
    assert {each.get("term") for each in entry.findall(f"{A}category")} > {"Luleå kommun", "Piteå kommun"}
    desk.clock.move_to(START + timedelta(hours=1))  # type: ignore[attr-defined]
    tell_disruption(desk, key, "<b>Snart</b> & klart", actor=persona(desk, MANAGER))
    later = feed(visitor)
    assert later.findtext(f"{A}id") == root.findtext(f"{A}id")
    assert later.findtext(f"{A}entry/{A}id") == f"urn:uuid:{key}"
    assert later.findtext(f"{A}entry/{A}published") == "2026-03-02T08:00:00Z"
    assert later.findtext(f"{A}entry/{A}updated") == later.findtext(f"{A}updated") == "2026-03-02T09:00:00Z"
    assert "<b>Snart</b> & klart" in str(later.findtext(f"{A}entry/{A}content"))
    assert feed(visitor, "?municipality=lulea").findtext(f"{A}id") != root.findtext(f"{A}id")


@pytest.mark.parametrize("address", PUBLIC)
def test_an_answer_is_kept_and_asked_for_again_by_its_mark(app: Flask, desk: Desk, address: str) -> None:
    key, client = told(desk), app.test_client()
    first = client.get(address)
    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert first.last_modified == datetime(2026, 3, 2, 8, tzinfo=UTC)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(address, headers={"If-Modified-Since": first.headers["Last-Modified"]}).status_code == 304
    desk.clock.move_to(START + timedelta(hours=1))  # type: ignore[attr-defined]
    tell_disruption(desk, key, "Snart klart.", actor=persona(desk, MANAGER))
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_only_the_fragment_may_stand_in_anothers_frame_and_only_the_data_be_read_by_their_scripts(
    visitor: Visitor, desk: Desk
) -> None:
    told(desk)
    for address in (*PUBLIC, "/sign-in"):
        headers = visitor.get(address).headers
        framed = "frame-ancestors *" in headers["Content-Security-Policy"]
        assert framed == (address == "/driftinfo/fragment")
        assert not framed or "default-src 'self'" in headers["Content-Security-Policy"]
        assert (headers.get("Access-Control-Allow-Origin") == "*") == (address == "/driftinfo.json")
    assert "no-store" in visitor.get("/driftinfo?service=ingen").headers["Cache-Control"]
    data = json.loads(visitor.get("/driftinfo.json").html)["disruptions"]
    assert data[0]["municipalities"] == ["lulea", "pitea"] and data[0]["ended_at"] is None


def test_the_page_speaks_english_to_those_who_ask_for_it(app: Flask, visitor: Visitor) -> None:
    assert "No known disruptions" in visitor.get("/driftinfo?lang=en").text
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en-GB"
    page = visitor.get("/driftinfo")
    assert "No known disruptions" in page.text and "Accept-Language" in page.headers["Vary"]


def test_the_public_is_told_on_a_page_by_those_who_may(person_at: People, visitor: Visitor, desk: Desk) -> None:
    manager = person_at(MANAGER)
    faulty = manager.send("/disruptions", "/disruptions", title="", text="Vi söker felet.")
    assert faulty.status == 422 and faulty.form("/disruptions")["text"] == "Vi söker felet."
    form = {**manager.get("/disruptions").form("/disruptions"), "municipalities": "kalix", "service": PLATFORM}
    said = {**form, "title": "E-tjänsterna står still", "text": "Vi söker felet."}
    assert [manager.post("/disruptions", said).status for _ in range(2)] == [303, 303]
    (one,) = json.loads(visitor.get("/driftinfo.json").html)["disruptions"]
    address = f"/disruptions/{one['id']}/messages"
    assert manager.send("/disruptions", address, text=" ").status == 422
    assert manager.send("/disruptions", address, text="Nu går det.", ends="1").status == 303
    (one,) = json.loads(visitor.get("/driftinfo.json").html)["disruptions"]
    assert one["ended_at"] and [each["text"] for each in one["messages"]] == ["Nu går det.", "Vi söker felet."]


def test_each_speaks_to_their_own_public_alone(person_at: People, desk: Desk) -> None:
    new = NewDisruption(PLATFORM, ["lulea", "pitea"], "Fel", "Text.")
    with pytest.raises(Refusal):
        declare_disruption(desk, new, actor=persona(desk, "second_line_lulea"))
    mine = NewDisruption(PLATFORM, ["lulea"], "Fel", "Text.")
    key = declare_disruption(desk, mine, actor=persona(desk, "second_line_lulea"))
    with pytest.raises(Refusal):
        tell_disruption(desk, key, "Text.", actor=persona(desk, "second_line_pitea"))
    with pytest.raises(NotFound):
        tell_disruption(desk, "none", "Text.", actor=persona(desk, MANAGER))
    for name in ("first_line_lulea", "supplier_technician", "administrator_lulea"):
        assert person_at(name).get("/disruptions").status == 404
    page: Page = person_at("second_line_pitea").get("/disruptions")
    assert page.status == 200 and not page.has_form("/messages")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"service": "ingen"}, "service"),
        ({"municipalities": ()}, "municipalities"),
        ({"municipalities": ("e-namnden",)}, "municipalities"),
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"text": "\u200b"}, "text"),
        ({"began_at": START + timedelta(hours=1)}, "began_at"),
    ],
)
def test_what_is_wrong_is_named_field_by_field(desk: Desk, changed: dict[str, object], field: str) -> None:
    given = {"service": PLATFORM, "municipalities": ("lulea",), "title": "Fel", "text": "Text.", **changed}
    with pytest.raises(Invalid) as refused:
        declare_disruption(desk, NewDisruption(**given), actor=persona(desk, MANAGER))  # type: ignore[arg-type]
    assert list(refused.value.fields) == [field]
