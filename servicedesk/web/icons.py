"""Icons, by what they stand for here. A new one: its SVG from Aksel into static/vendor/aksel-icons/ and a line here."""

from functools import cache
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
    "cog": "Cog",
    "eye": "Eye",
    "filter": "Funnel",
    "help": "QuestionmarkCircle",
    "hourglass": "Hourglass",
    "information": "Information",
    "joint": "PersonGroup",
    "key": "KeyHorizontal",
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
    "template": "FileText",
    "triage": "InboxDown",
    "workflow": "Branching",
    "x": "XMark",
}


# The mark is our own.
CHAIN = Markup(
    '<g stroke="currentColor" stroke-width="1.8" stroke-linecap="round"><circle cx="4.5" cy="12" r="2.7"/>'
    '<circle cx="19.5" cy="12" r="2.7"/><circle cx="12" cy="12" r="2.7" fill="currentColor"/>'
    '<path d="M7.2 12h2.1M14.7 12h2.1"/></g>'
)


@cache
def icon(name: str) -> Markup:
    """The whole element: one of these, or the mark, `chain`."""
    inside = CHAIN if name == "chain" else drawing(name)
    attributes = Markup('class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false" fill="none"')
    return Markup("<svg {}>{}</svg>").format(attributes, inside)


@cache
def use(name: str) -> Markup:
    """One that is drawn elsewhere on the page, as the symbol `i-…`."""
    return Markup('<svg class="icon" aria-hidden="true" focusable="false"><use href="#i-{}"/></svg>').format(name)


@cache
def drawing(name: str) -> Markup:
    """What stands inside the icon's svg element, 24 by 24."""
    text = (FOLDER / f"{ICONS[name]}.svg").read_text(encoding="utf-8")
    return Markup(text.partition(">")[2].rpartition("</svg>")[0].strip())
