"""What whoever asked is told by mail: at which occasions, to which address, and whether it is still worth saying."""

import re
from dataclasses import dataclass
from enum import StrEnum

from servicedesk.core.events import EntryAdded, Event, Moved, TicketLogged, TicketMerged
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Category, RequesterKind, Role, Verb, WaitsOn

LONGEST_ADDRESS = 254
LONGEST_LOCAL = 64
_AROUND = re.compile(r"[\s,;<>()\[\]\"]+")
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]", re.IGNORECASE)


class Occasion(StrEnum):
    LOGGED = "logged"
    ASKED = "asked"
    REMINDED = "reminded"
    ANSWERED = "answered"
    SOLVED = "solved"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in one language. `paragraphs` stand before `quote`, the desk's own words to the requester ('' for none),
    and `link`, with its address, after; `foot` says who sends it and why."""

    subject: str
    paragraphs: tuple[str, ...]
    quote: str
    link: tuple[str, str]
    foot: tuple[str, ...]
    language: str


def occasion_of(event: Event, ticket: TicketState) -> Occasion | None:
    """What an event is to the requester, given the ticket right after it; None for what is no news to them. Of what
    they did themselves they are told only that their ticket has been received."""
    data = event.payload
    if isinstance(data, TicketLogged):
        return Occasion.LOGGED
    if event.amends is not None or event.actor.partition(":")[0] == Role.REQUESTER:
        return None
    if isinstance(data, EntryAdded):
        return Occasion.ANSWERED if data.tells_requester else None
    if not isinstance(data, Moved | TicketMerged) or ticket.seq != event.seq:
        return None
    if isinstance(data, Moved) and data.verb in _OF_VERBS and _asks(ticket):
        return _OF_VERBS[data.verb]
    return _OF_CATEGORIES.get(ticket.category) if ticket.state_seq == event.seq else None


_OF_VERBS = {Verb.ASK: Occasion.ASKED, Verb.REMIND: Occasion.REMINDED}
_OF_CATEGORIES = {Category.RESOLVED: Occasion.SOLVED, Category.CLOSED: Occasion.CLOSED}


def _asks(ticket: TicketState) -> bool:
    return ticket.question is not None and ticket.question.of is WaitsOn.REQUESTER


def is_overtaken(occasion: Occasion, seq: int, ticket: TicketState) -> bool:
    """Whether what happened at `seq` is no longer worth a mail, the ticket being what it is now."""
    if occasion is Occasion.ASKED:
        return not _asks(ticket) or (ticket.question is not None and ticket.question.seq != seq)
    if occasion is Occasion.REMINDED:
        return not _asks(ticket)
    if occasion is Occasion.SOLVED:
        return ticket.category is not Category.RESOLVED
    if occasion is Occasion.CLOSED:
        return ticket.category is not Category.CLOSED
    # What came after it says it all.
    return occasion is Occasion.LOGGED and (not ticket.is_open or _asks(ticket))


def may_be_mailed(ticket: TicketState) -> bool:
    """Of somebody whose identity is protected nothing is kept, and nothing is sent out; nor to nobody knows whom."""
    return ticket.requester_kind in (RequesterKind.CITIZEN, RequesterKind.EMPLOYEE)


def address_in(contact: str) -> str:
    """The one mail address in how a requester is reached, its domain as mail carries it; '' for none, or several."""
    found = {address for word in _AROUND.split(contact) if (address := _address(word.rstrip(".:")))}
    return found.pop() if len(found) == 1 else ""


def masked(address: str) -> str:
    """Enough to know it again, too little to be passed on: its first letter and its domain."""
    local, _at, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"


def _address(word: str) -> str:
    """'' for what no mail server takes, or takes for something else."""
    local, _at, domain = word.removeprefix("mailto:").rpartition("@")
    if not _LOCAL.fullmatch(local) or len(local) > LONGEST_LOCAL:
        return ""
    try:
        carried = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    address = f"{local}@{carried}"
    return address if _DOMAIN.fullmatch(carried) and len(address) <= LONGEST_ADDRESS else ""
