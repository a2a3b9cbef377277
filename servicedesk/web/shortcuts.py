"""The keys that the scripts listen to, for the list that "?" opens. A key more there is a line more here: a test reads
the scripts and compares."""

from collections.abc import Callable
from dataclasses import dataclass

from servicedesk.core.facts import Actor
from servicedesk.web.menu import Item, logs_tickets, menu_of
from servicedesk.web.speech import Words, _l


@dataclass(frozen=True, slots=True)
class Shortcut:
    """`keys`: as they stand on the keyboard; those of one `chord` are held together, others are each enough or, in a
    menu's, follow one another."""

    keys: tuple[str, ...]
    label: Words
    is_chord: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    label: Words
    shortcuts: tuple[Shortcut, ...]
    is_for: Callable[[Actor], bool] = lambda viewer: True


ANYWHERE = Group(
    _l("Anywhere"),
    (
        Shortcut(("Ctrl", "K"), _l("find a page, a ticket or a command"), is_chord=True),
        Shortcut(("/",), _l("search")),
        Shortcut(("?",), _l("this list")),
        Shortcut(("Esc",), _l("close what lies over the page")),
    ),
)
GROUPS = (
    Group(
        _l("In a list"),
        (
            Shortcut(("j", "↓"), _l("next ticket in the list")),
            Shortcut(("k", "↑"), _l("the ticket before it")),
            Shortcut(("Enter",), _l("open it")),
            Shortcut(("x",), _l("select the ticket, or not")),
            Shortcut(("Shift", "↓"), _l("select this one and the next"), is_chord=True),
            Shortcut(("b",), _l("do something with the selected")),
        ),
    ),
    Group(
        _l("On a ticket"),
        (
            Shortcut(("1", "…", "9"), _l("the steps, in the order in which they stand")),
            Shortcut(("r",), _l("write")),
            Shortcut(("j", "k"), _l("what happened next in the list, and before it")),
            Shortcut(("q",), _l("quote the entry that you stand on, or else the first")),
        ),
    ),
    Group(
        _l("In a form"),
        (
            Shortcut(("Ctrl", "Enter"), _l("send it"), is_chord=True),
            Shortcut(("1", "…", "9"), _l("choose among the answers")),
            Shortcut(("↓", "↑"), _l("from a field to its suggestions")),
        ),
    ),
    Group(
        _l("While logging a call"),
        (
            Shortcut(("F2",), _l("take the first known answer")),
            Shortcut(("F8",), _l("attach to the first open ticket")),
        ),
        logs_tickets,
    ),
)


def shortcuts_for(viewer: Actor) -> list[Group]:
    """What this person can press, their own menu's keys with it."""
    pages = tuple(_of_menu(item) for item in menu_of(viewer) if item.key)
    return [ANYWHERE, Group(_l("Pages"), pages), *(group for group in GROUPS if group.is_for(viewer))]


def _of_menu(item: Item) -> Shortcut:
    return Shortcut(tuple(item.key.split()), item.label)
