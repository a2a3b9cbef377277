"""Quoting what stands in the timeline: only to those who have read it already."""

from dataclasses import dataclass

from servicedesk.core.events import EntryAdded, TicketLogged
from servicedesk.core.vocabulary import Audience, Role
from servicedesk.store.queries.tickets import Entry, TicketView
from servicedesk.web.ticket.writing import To

# Whom one may quote to what was said to an audience: nobody who is not among its readers. By the keys of the ways of
# writing, the nearest circle first.
QUOTED_IN: dict[Audience, tuple[str, ...]] = {
    Audience.REQUESTER: ("reply", "joint-note", "note"),
    Audience.JOINT: ("joint-note", "note"),
    Audience.MUNICIPALITY: ("note",),
    Audience.SUPPLIER: ("supplier-note", "joint-note", "note"),
}


@dataclass(frozen=True, slots=True)
class Quoting:
    """`begins`: the address of a form that begins with a quotation, but for the number of what is quoted. `ways`: the
    keys of all forms that may, separated by spaces."""

    begins: str
    ways: str


def quotings(composer: list[To]) -> dict[Audience, Quoting]:
    """Of the forms that somebody has: none for what they may quote in no form."""
    found = {}
    for audience, keys in QUOTED_IN.items():
        mine = {to.form.key: to for to in composer if to.form.key in keys}
        ways = [key for key in keys if key in mine]
        if ways:
            likely = next((key for key in ways if mine[key].is_likely), ways[0])
            found[audience] = Quoting(f"{mine[likely].aside}?quote=", " ".join(ways))
    return found


def said_to(entry: Entry) -> Audience | None:
    """Whom all that would be quoted of an entry was said to; None where there is nothing to quote."""
    if isinstance(entry.event.payload, TicketLogged) or not _words(entry):
        return None
    if isinstance(entry.event.payload, EntryAdded):
        return entry.audience
    if entry.event.actor.startswith(f"{Role.REQUESTER}:"):
        return Audience.REQUESTER
    return Audience.SUPPLIER if entry.supplier else Audience.JOINT


def quoted(view: TicketView, position: int, key: str) -> str:
    """The entry as a quotation in the form of this key; '' where there is no such entry, or it may not be there."""
    entry = next((entry for entry in view.entries if entry.position == position), None)
    audience = said_to(entry) if entry else None
    if entry is None or audience is None or key not in QUOTED_IN[audience]:
        return ""
    lines = "\n\n".join(_words(entry)).split("\n")
    return "\n".join(f"> {line}".rstrip() for line in lines) + "\n\n"


def _words(entry: Entry) -> list[str]:
    """Of what a supplier reads only a part, that part."""
    seen = entry.supplier_texts if entry.supplier else entry.texts.keys()
    return [text for name, text in entry.texts.items() if text and name in seen and name != "file_name"]
