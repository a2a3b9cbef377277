"""The key to follow-up: behind every figure on the page lie exactly as many as the figure says."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from servicedesk.app import create_app
from servicedesk.config import Settings
from servicedesk.core.clock import ControlledClock
from servicedesk.extensions import db
from servicedesk.store.engine import make_engine
from servicedesk.web.follow_up import behind as management_page_behind
from tests.support.desk import Template
from tests.support.pages import Page, Visitor, signed_in
from tests.support.year import live_a_year

NOW = datetime(2026, 11, 20, 13, 0, tzinfo=UTC)
YEAR = "/management?from=2025-11-01&to=2026-12-31"
QUARTER = "/management?from=2026-09-01&to=2026-11-30"


@pytest.fixture(scope="module")
def year(desk_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("figures")
    engine = make_engine(desk_template.copy_to(folder))
    live_a_year(engine, NOW, samples=24, wild=8)
    engine.dispose()
    return folder / "servicedesk.sqlite"


@pytest.fixture
def app(year: Path, tmp_path: Path) -> Iterator[Flask]:
    copied = shutil.copyfile(year, tmp_path / "servicedesk.sqlite")
    settings = Settings(instance=tmp_path, database_url=f"sqlite:///{copied}", secret_key="only-for-tests-0123456789")
    made = create_app(settings, ControlledClock(NOW))
    yield made
    with made.app_context():
        db.engine.dispose()


def figures(page: Page) -> dict[str, int]:
    """Address -> the figure that stands there."""
    links = [attributes for tag, attributes in page.elements if tag == "a" and "figure" in attributes.get("class", "")]
    found: dict[str, int] = {}
    for link in links:
        assert found.setdefault(link["href"], int(link["data-n"])) == int(link["data-n"]), "one address, two figures"
    return found


def tickets_on(page: Page) -> list[str]:
    return [link for link in page.links() if link.startswith("/tickets/2")]


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("it_service_manager", YEAR),
        ("it_service_manager", f"{YEAR}&municipality=lulea&supplier=leverantor-plattform"),
        ("second_line_lulea", QUARTER),
        ("supplier_technician", YEAR),
    ],
)
def test_behind_every_figure_are_as_many_as_it_says(app: Flask, who: str, address: str) -> None:
    visitor = signed_in(app, who)
    page = visitor.get(address)
    assert page.status == 200
    found = figures(page)
    assert len(found) >= 15
    for href, n in found.items():
        behind = visitor.get(href)
        assert int(behind.element("figure")["data-n"]) == n, href
        check_list(visitor, behind, who)
    narrower = figures(visitor.get(next(href for href in found if "figure=held" in href)))
    for href, n in narrower.items():
        assert int(visitor.get(href).element("figure")["data-n"]) == n, href
    assert narrower or who == "supplier_technician"


def check_list(visitor: Visitor, page: Page, who: str) -> None:
    """Every ticket once, on however many pages; what is not listed is counted, and only for the joint board."""
    tickets = int(page.element("figure")["data-tickets"])
    others = next((int(a["data-n"]) for _, a in page.elements if a.get("id") == "others"), 0)
    seen: list[str] = []
    while page:
        seen += tickets_on(page)
        following = next((link for link in page.links() if "after=" in link), "")
        if not following:
            break
        page = visitor.get(following)
    assert len(seen) == len(set(seen)) == tickets - others
    assert others == 0 or who in ("it_service_manager", "system_owner")


def test_pages_of_a_list_follow_one_another(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(management_page_behind, "PAGE", 3)
    visitor = signed_in(app, "second_line_lulea")
    check_list(visitor, visitor.get("/management/tickets?figure=flow&what=logged&from=2025-11-01&to=2026-11-20"), "")
