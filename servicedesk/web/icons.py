"""Icons, by what they stand for here. A new one: its SVG from Aksel into static/vendor/aksel-icons/ and a line here."""

from functools import lru_cache
from pathlib import Path

from markupsafe import Markup

FOLDER = Path(__file__).parent / "static/vendor/aksel-icons"

ICONS: dict[str, str] = {
    "alert": "ExclamationmarkTriangle",
    "arrow": "ArrowRight",
    "bell": "Bell",
    "chart": "BarChart",
    "check": "Checkmark",
    "clock": "Clock",
    "filter": "Funnel",
    "help": "QuestionmarkCircle",
    "hourglass": "Hourglass",
    "information": "Information",
    "joint": "PersonGroup",
    "leave": "Leave",
    "link": "Link",
    "lock": "PadlockLocked",
    "more": "MenuElipsisHorizontal",
    "municipality": "Buildings3",
    "paperclip": "Paperclip",
    "pause": "Pause",
    "pencil": "Pencil",
    "plus": "Plus",
    "queue": "Tasklist",
    "requester": "Person",
    "return": "ArrowUndo",
    "search": "MagnifyingGlass",
    "supplier": "Wrench",
    "take": "PersonPlus",
    "triage": "InboxDown",
    "workflow": "Branching",
    "x": "XMark",
}


@lru_cache
def drawing(name: str) -> Markup:
    """What stands inside the icon's svg element, 24 by 24."""
    text = (FOLDER / f"{ICONS[name]}.svg").read_text(encoding="utf-8")
    return Markup(text.partition(">")[2].rpartition("</svg>")[0].strip())
