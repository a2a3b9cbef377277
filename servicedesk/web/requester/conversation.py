"""What was said and what has happened, to whoever asked: newest first, by us or by them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from servicedesk.core.events import (
    AttachmentAdded,
    EntryAdded,
    Event,
    Moved,
    MunicipalityChanged,
    Payload,
    RatingGiven,
    TicketLogged,
    TicketMerged,
)
from servicedesk.core.vocabulary import Verb
from servicedesk.store.queries.requesters import Line, RequesterView
from servicedesk.web import names, numbers, words
from servicedesk.web.marked import marked
from servicedesk.web.reading import Reading
from servicedesk.web.requester.doors import Door
from servicedesk.web.speech import _

A_PERSON = "person:"


@dataclass(frozen=True, slots=True)
class SentFile:
    """`name` is None where it has been erased; `address` is '' when the file is gone."""

    name: str | None
    size: str
    address: str


@dataclass(frozen=True, slots=True)
class Said:
    """`texts`: what was written, Markup where with Markdown, None where it has been erased."""

    at: datetime
    what: str
    is_own: bool
    texts: list[str | None]
    file: SentFile | None


def conversation(view: RequesterView, door: Door, reading: Reading) -> list[Said]:
    ours = names.organisation(reading.installation, view.ticket.municipality)
    return [_said(line, ours, door, reading) for line in reversed(view.lines)]


def _said(line: Line, ours: str, door: Door, reading: Reading) -> Said:
    event, data = line.event, line.event.payload
    who = names.organisation(reading.installation, event.party) if event.party else ours
    return Said(
        at=event.occurred_at,
        what=_TOLD[type(data)](data, line.is_own or isinstance(data, TicketLogged), who, reading),
        is_own=line.is_own or isinstance(data, TicketLogged),
        texts=[_shown(text, event) for name, text in line.texts.items() if name not in ("subject", "file_name")],
        file=_file(line, door) if isinstance(data, AttachmentAdded) else None,
    )


def _shown(text: str | None, event: Event) -> str | None:
    """What people of the desk wrote, with its Markdown; numbers of tickets lead a requester nowhere."""
    found = marked(text) if text and event.actor.startswith(A_PERSON) else None
    return found[0] if found else text


def _file(line: Line, door: Door) -> SentFile:
    if line.file_size is None:
        return SentFile(line.texts.get("file_name"), "", "")
    address = door.to("attachment", seq=line.event.seq)
    return SentFile(line.texts.get("file_name"), numbers.size(line.file_size), address)


def _logged(data: TicketLogged, is_own: bool, who: str, reading: Reading) -> str:
    return _("You told us")


def _written(data: EntryAdded, is_own: bool, who: str, reading: Reading) -> str:
    return _("You wrote") if is_own else _("%(who)s wrote", who=who)


def _attached(data: AttachmentAdded, is_own: bool, who: str, reading: Reading) -> str:
    return _("You attached a file") if is_own else _("%(who)s attached a file", who=who)


def _rated(data: RatingGiven, is_own: bool, who: str, reading: Reading) -> str:
    return _("You said how it went: %(rating)s", rating=words.RATINGS[data.rating])


def _elsewhere(data: MunicipalityChanged, is_own: bool, who: str, reading: Reading) -> str:
    there = names.organisation(reading.installation, data.municipality)
    return _("The ticket was moved to %(municipality)s", municipality=there)


def _merged(data: TicketMerged, is_own: bool, who: str, reading: Reading) -> str:
    return _("The ticket is handled together with another one")


def _moved(data: Moved, is_own: bool, who: str, reading: Reading) -> str:
    return (_own_steps if is_own else _our_steps)(who)[data.verb]


def _own_steps(who: str) -> dict[Verb, str]:
    return {
        **_our_steps(who),
        Verb.ANSWER: _("You answered"),
        Verb.CONFIRM: _("You confirmed that it is solved"),
        Verb.REOPEN: _("You opened the ticket again"),
    }


def _our_steps(who: str) -> dict[Verb, str]:
    return {
        Verb.ASK: _("%(who)s asked you", who=who),
        Verb.RESOLVE: _("%(who)s solved the ticket", who=who),
        Verb.CONFIRM: _("It was confirmed that the ticket is solved"),
        Verb.REOPEN: _("The ticket was opened again"),
        Verb.CLOSE: _("The ticket was closed"),
        Verb.CANCEL: _("The ticket was closed, and nothing was done"),
        Verb.REMIND: _("We reminded you of the question"),
    }


_TOLD: dict[type[Payload], Callable[..., str]] = {
    TicketLogged: _logged,
    EntryAdded: _written,
    AttachmentAdded: _attached,
    RatingGiven: _rated,
    MunicipalityChanged: _elsewhere,
    TicketMerged: _merged,
    Moved: _moved,
}
