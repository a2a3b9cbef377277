import pytest

from servicedesk.web.icons import FOLDER, ICONS, drawing
from servicedesk.web.menu import MENU


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
