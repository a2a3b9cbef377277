"""Who has asked before, found again by a name, a telephone number or a mail address, within one municipality.

They are found in the tickets: there is no register of people, and what is erased there is gone from here too. Of
somebody whose identity is protected a ticket holds nothing to be found by.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from sqlalchemy import ColumnElement, Connection, and_, case

from servicedesk.core.facts import Actor
from servicedesk.core.inputs import clean_line
from servicedesk.core.visibility import LANGUAGE
from servicedesk.core.vocabulary import Language
from servicedesk.store.journal import PersonalText
from servicedesk.store.queries.lines import Line, line_of, select_lines
from servicedesk.store.queries.visible import visible_tickets
from servicedesk.store.requesters import RequesterLink
from servicedesk.store.search.analysis import BARE, E_MAIL, bare, plain, runs_of, words_of
from servicedesk.store.search.asked import LONGEST, SHORTEST_BEGINNING, Asked, Term
from servicedesk.store.search.index import newest_with
from servicedesk.store.search.stop_words import STOP_WORDS
from servicedesk.store.tickets import Ticket, Visibility

NAME, CONTACT = "requester_name", "requester_contact"
# However many of a name there are: the newest tickets, and of those a few people. A letter more narrows it.
LOOKED_AT = 80
SHOWN = 6
# As they are called inside a house; the beginning of a number is asked for when all but its end is there.
SHORTEST_NUMBER, NUMBER_BEGUN = 5, 9
MOST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Requester:
    """`ticket`: the newest one that they asked in; `language`: the one that they read by that."""

    name: str
    contact: str
    ticket: str
    language: Language = Language.SWEDISH


@dataclass(frozen=True, slots=True)
class _Told:
    ticket_id: int
    number: str
    name: str
    contact: str
    language: Language


def find_requesters(connection: Connection, viewer: Actor, municipality: str, text: str) -> list[Requester]:
    """People whom the text is of, those who asked last first. None before there is enough of it to tell them by."""
    found: dict[tuple[str, str], Requester] = {}
    for told in _found(connection, viewer, municipality, _wanted(text)):
        found.setdefault((plain(told.name), _reached(told.contact)), _requester(told))
    return list(islice(found.values(), SHOWN))


def _requester(told: _Told) -> Requester:
    return Requester(told.name, told.contact, told.number, told.language)


def requester_of(connection: Connection, viewer: Actor, municipality: str, number: str) -> Requester | None:
    """Who asked in one ticket of the municipality's; None where the viewer may not know."""
    seated = _seated(viewer, municipality)
    if not seated.seats or not number.isprintable():
        return None
    told = next(_people(connection, seated, municipality, Ticket.number == number), None)
    return _requester(told) if told else None


def tickets_of(
    connection: Connection, viewer: Actor, municipality: str, name: str, contact: str, *, limit: int = 3
) -> list[Line]:
    """The same person's latest tickets: by what they are reached by, else by a name of at least two words."""
    wanted = _wanted(contact or (name if len(name.split()) > 1 else ""))
    mine = [
        told.ticket_id
        for told in _told(connection, viewer, municipality, _whole(wanted))
        if (_reached(told.contact) == _reached(contact) if contact else plain(told.name) == plain(name))
    ]
    if not mine:
        return []
    lines = select_lines(_seated(viewer, municipality)).where(Visibility.ticket_id.in_(mine))
    order = (case((Visibility.is_open, 1), else_=0).desc(), Visibility.last_at.desc())
    return [line_of(row) for row in connection.execute(lines.order_by(*order).limit(limit))]


def _wanted(text: str) -> tuple[Term, ...]:
    """Its words, each the beginning of one; a number or an address is one word. None before one of them says enough."""
    text = unicodedata.normalize("NFC", clean_line(text))[:LONGEST]
    told = [plain(mail.group()) for mail in E_MAIL.finditer(text)]
    for run in runs_of(E_MAIL.sub(" ", text)):
        if run.joined.isdecimal():
            told += [run.joined] if len(run.joined) >= SHORTEST_NUMBER else []
        else:
            told += [word for word in (plain(each.group()) for each in run.words) if word not in STOP_WORDS]
    wanted = tuple(map(_term, dict.fromkeys(told[:MOST_WORDS])))
    return wanted if sum(len(term.word) for term in wanted) >= SHORTEST_BEGINNING else ()


def _term(word: str) -> Term:
    without_marks = BARE + word if bare(word) == word and word.isalpha() else ""
    return Term(word, not word.isdecimal() or len(word) >= NUMBER_BEGUN, without_marks)


def _found(connection: Connection, viewer: Actor, municipality: str, wanted: tuple[Term, ...]) -> list[_Told]:
    """By the words as they stand, and where that gives too few to choose among, as beginnings: of all that begin alike
    the index takes long to tell the newest."""
    found = list(_told(connection, viewer, municipality, _whole(wanted)))
    people = {(told.name, told.contact) for told in found}
    return found if len(people) >= SHOWN else list(_told(connection, viewer, municipality, wanted))


def _whole(wanted: tuple[Term, ...]) -> tuple[Term, ...]:
    return tuple(replace(term, is_beginning=False) for term in wanted)


def _told(connection: Connection, viewer: Actor, municipality: str, wanted: tuple[Term, ...]) -> Iterator[_Told]:
    """Those of the newest tickets with these words where the words are the requester's own name or contact."""
    seated = _seated(viewer, municipality)
    if not wanted or not seated.seats:
        return
    asked = Asked("", tuple(((term,),) for term in _telling(wanted)), ())
    ids = connection.execute(newest_with(connection, asked, seated.organisations, LOOKED_AT)).scalars().all()
    for told in _people(connection, seated, municipality, Visibility.ticket_id.in_(ids)):
        words = words_of(f"{told.name} {told.contact}")
        if all(any(map(term.matches, words)) for term in wanted):
            yield told


def _telling(wanted: tuple[Term, ...]) -> tuple[Term, ...]:
    """What the index is asked for: a number or an address where there is one, since few share it; else what is long
    enough to begin few words; else short words as they stand."""
    told = tuple(term for term in wanted if term.word.isdecimal() or "@" in term.word)
    long = tuple(term for term in wanted if len(term.word) >= SHORTEST_BEGINNING)
    return told or long or _whole(wanted)


def _people(connection: Connection, seated: Actor, municipality: str, of: ColumnElement[bool]) -> Iterator[_Told]:
    """Who asked in each of these tickets, the newest first; nobody, where nothing is kept or it has been erased."""
    written = and_(PersonalText.ticket_id == Ticket.id, PersonalText.field.in_((NAME, CONTACT, LANGUAGE)))
    columns = (Ticket.id, Ticket.number, PersonalText.field, PersonalText.text, RequesterLink.language)
    query = visible_tickets(seated, *columns).join(PersonalText, written)
    query = query.outerjoin(RequesterLink, RequesterLink.ticket_id == Ticket.id).where(
        Visibility.municipality == municipality, of
    )
    told: dict[tuple[int, str], dict[str, str]] = defaultdict(dict)
    chosen: dict[int, str] = {}
    for row in connection.execute(query.order_by(Ticket.id.desc(), PersonalText.seq)):
        texts = told[row.id, row.number]
        texts[row.field] = row.text or ""
        if row.language:  # chosen by themselves, on their page
            chosen[row.id] = row.language
    for (ticket_id, number), texts in told.items():
        name, contact = texts.get(NAME, ""), texts.get(CONTACT, "")
        if name or contact:
            language = Language(chosen.get(ticket_id) or texts.get(LANGUAGE) or Language.SWEDISH)
            yield _Told(ticket_id, number, name, contact, language)


def _reached(contact: str) -> str:
    """However a number or an address is written."""
    return "".join(run.joined for run in runs_of(contact))


def _seated(viewer: Actor, municipality: str) -> Actor:
    """The viewer as one who works in this municipality, and nowhere else."""
    return replace(viewer, seats=tuple(seat for seat in viewer.seats if seat.organisation == municipality))
