"""What was written with an event, as it is shown: by people of the desk with their Markdown, by others as it stands."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from servicedesk.core.events import AttachmentAdded, TicketLogged
from servicedesk.store.queries.tickets import Entry
from servicedesk.web.marked import marked, numbers_in
from servicedesk.web.words import FIELD_NAMES

LONG, SLACK = 1200, 300
A_PERSON = "person:"


@dataclass(frozen=True, slots=True)
class Text:
    """`words` is None where the text has been erased; of a long one they are the beginning, and `rest` what follows.
    Both are Markup where they were written with Markdown. `is_inner`: the supplier sees the entry without this text."""

    label: str
    words: str | None
    rest: str
    is_inner: bool


def texts_of(entry: Entry, numbers: Collection[str]) -> list[Text]:
    """What the requester said stands above the timeline already; of a file there is its link."""
    if isinstance(entry.event.payload, TicketLogged | AttachmentAdded):
        return []
    seen = entry.supplier_texts if entry.supplier else entry.texts.keys()
    by_person = entry.event.actor.startswith(A_PERSON)
    return [
        Text(str(FIELD_NAMES.get(name, name)), *_shown(text, by_person, numbers), name not in seen)
        for name, text in entry.texts.items()
    ]


def numbers_written(entries: Iterable[Entry]) -> set[str]:
    """What reads like a ticket's number in what people have written."""
    texts = (entry.texts.values() for entry in entries if entry.event.actor.startswith(A_PERSON))
    return {number for each in texts for text in each if text for number in numbers_in(text)}


def split(text: str) -> tuple[str, str]:
    """(what is shown at once, what is folded away) of a text: the cut falls between two words if there are any."""
    if len(text) <= LONG + SLACK:
        return text, ""
    cut = max(text.rfind(" ", LONG - SLACK, LONG), text.rfind("\n", LONG - SLACK, LONG))
    cut = cut if cut > 0 else LONG
    return text[:cut], text[cut:]


def _shown(text: str | None, by_person: bool, numbers: Collection[str]) -> tuple[str | None, str]:
    if text is None:
        return None, ""
    found = marked(text, numbers, LONG if len(text) > LONG + SLACK else 0) if by_person else None
    return found or split(text)
