import pytest

from servicedesk.web.icons import FOLDER, ICONS, drawing
from servicedesk.web.menu import MENU
from tests.architecture.source import TOP


@pytest.mark.parametrize("name", ICONS)
def test_every_icon_is_drawn_in_the_colour_of_the_words_beside_it(name: str) -> None:
    drawn = drawing(name)
    assert drawn.startswith("<path")
    assert "currentColor" in drawn
    assert "style=" not in drawn
    assert "<script" not in drawn


def test_the_vendored_icons_are_those_that_are_named() -> None:
    assert {file.stem for file in FOLDER.glob("*.svg")} == set(ICONS.values())


def test_every_icon_of_the_menu_is_there() -> None:
    assert {item.icon for item in MENU} <= set(ICONS)


def test_no_icon_is_kept_that_nobody_shows() -> None:
    """By its name in a template, or in the code beside it."""
    pages = TOP / "servicedesk/web"
    files = [*pages.rglob("*.html"), *pages.rglob("*.py")]
    said = "".join(file.read_text(encoding="utf-8") for file in files if file.name != "icons.py")
    assert [name for name in ICONS if f'"{name}"' not in said] == []
