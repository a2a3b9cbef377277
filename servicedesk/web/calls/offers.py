"""What may be the same matter, while it is being written: what is known of it, and tickets that it could belong to."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from servicedesk.core.disruptions import Disruption
from servicedesk.core.errors import Invalid
from servicedesk.core.facts import Actor, Known
from servicedesk.core.majors import Major
from servicedesk.store.queries.asked_before import tickets_of
from servicedesk.store.queries.disruptions import told_disruptions
from servicedesk.store.queries.known import known_for, known_matches
from servicedesk.store.queries.lines import Line
from servicedesk.store.queries.majors import majors
from servicedesk.store.queries.similar import line_numbered, similar_tickets, springing_from
from servicedesk.store.search.analysis import words_of
from servicedesk.store.search.asked import LONGEST, MOST_WORDS, Ways, read_asked
from servicedesk.web import names, times
from servicedesk.web.administration.words import KNOWN_KINDS
from servicedesk.web.forms import e_services
from servicedesk.web.lists.rows import ENDED, Row, row_of, rows_of
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _

CRITICAL = 1
MOST_DISRUPTIONS = 3


@dataclass(frozen=True, slots=True)
class Offer:
    """A ticket to attach to. `is_open`: only such a one can take in another."""

    row: Row
    is_open: bool


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    offers: list[Offer]


@dataclass(frozen=True, slots=True)
class Disrupted:
    """What the public has been told does not work here: the newest words, and `since` when. `number`: the ticket that
    it springs from, where the reader may see it."""

    title: str
    service: str
    since: str
    words: str
    number: str


@dataclass(frozen=True, slots=True)
class Offered:
    """A major incident that goes on here. `is_meant`: the service is its, or a word of what is said."""

    key: str
    title: str
    service: str
    since: str
    is_meant: bool


@dataclass(frozen=True, slots=True)
class Offers:
    """`known` with the word for its kind; `said`: how much there is, to be read out."""

    disruptions: list[Disrupted]
    known: list[tuple[Known, str]]
    groups: list[Group]
    said: str
    majors: list[Offered]

    @property
    def first_open(self) -> str:
        """The ticket that one key attaches to, or the major incident."""
        numbers = [each.key for each in self.majors if each.is_meant]
        numbers += [each.number for each in self.disruptions]
        numbers += [each.row.number for group in self.groups for each in group.offers if each.is_open]
        return next(filter(None, numbers), "")


def offers(values: Mapping[str, str], viewer: Actor, reading: Reading) -> Offers:
    """What is critical first, then the caller's own tickets, then what others have asked about."""
    wanted, municipality = wanted_in(values), values.get("municipality", "")
    is_here = bool(wanted) and municipality in viewer.organisations
    known = known_matches(reading.book, municipality, wanted) if is_here else []
    found = _majors(values, viewer, reading) if is_here else []
    disruptions = _disruptions(values, wanted, {each.disruption for each in found}, viewer, reading) if is_here else []
    alike = similar_tickets(reading.connection, viewer, municipality, wanted)
    name, contact = values.get("requester_name", ""), values.get("requester_contact", "")
    own = tickets_of(reading.connection, viewer, municipality, name, contact) if name or contact else []
    theirs = {line.number for line in own}
    critical = [line for line in alike if line.priority == CRITICAL]
    others = [line for line in alike if line.priority != CRITICAL and line.number not in theirs]
    groups = [
        Group(_("Critical, and open now"), _offered(critical, reading)),
        Group(_("The same person's tickets"), _offered([line for line in own if line not in critical], reading)),
        Group(_("Open tickets that may be about the same"), _offered(others, reading)),
    ]
    groups = [group for group in groups if group.offers]
    kinds = [(each, str(KNOWN_KINDS[each.kind])) for each in known]
    first = [_major(each, values, wanted, reading) for each in found]
    first.sort(key=lambda each: not each.is_meant)
    return Offers(disruptions, kinds, groups, _said(len(first), disruptions, known, groups), first)


def attached_major(key: str, viewer: Actor, reading: Reading) -> Major | None:
    """The major incident that the call is attached to, if it is one that goes on and concerns them."""
    found = majors(reading.connection, viewer, reading.installation) if key else []
    return next((each for each in found if each.key == key), None)


def attached(number: str, viewer: Actor, reading: Reading) -> Row | None:
    """The ticket that the call is attached to, if it is one that they may see."""
    line = line_numbered(reading.connection, viewer, number)
    return row_of(line, reading) if line else None


def taken_answer(key: str, values: Mapping[str, str], reading: Reading) -> dict[str, str]:
    """What taking a known answer fills in. Where nobody has said which e-service, the answer says what it is about."""
    municipality = values.get("municipality", "")
    known = known_for(reading.book, municipality, key)
    if known is None:
        return {}
    filled = {"solved": "yes", "solution": known.answer, "resolution_code": str(known.resolution_code)}
    if not e_services.picked(reading.installation, municipality, values.get("e_service", "")):
        own = reading.installation.e_services.get(known.e_service)
        filled |= {"service": known.service, "e_service": own.name if own else ""}
    return filled


def wanted_in(values: Mapping[str, str]) -> tuple[Ways, ...]:
    """The first words of what has been written, which tell most."""
    words = f"{values.get('subject', '')} {values.get('description', '')[:LONGEST]}".split()
    for most in (MOST_WORDS, MOST_WORDS // 3):
        try:
            return read_asked(" ".join(words[:most])[:LONGEST]).wanted
        except Invalid:
            continue
    return ()


def _majors(values: Mapping[str, str], viewer: Actor, reading: Reading) -> list[Major]:
    """Those that go on here, whatever is said: whoever answers the telephone is to know of them."""
    found = majors(reading.connection, viewer, reading.installation)
    return [each for each in found if values.get("municipality", "") in each.municipalities][:MOST_DISRUPTIONS]


def _major(each: Major, values: Mapping[str, str], wanted: tuple[Ways, ...], reading: Reading) -> Offered:
    service = names.service(reading.installation, each.service)
    is_meant = each.service == values.get("service", "") or _meant(f"{each.title} {service}", wanted)
    return Offered(each.key, each.title, service, times.near(each.declared_at, reading.now), is_meant)


def _disruptions(
    values: Mapping[str, str], wanted: tuple[Ways, ...], told_already: Collection[str], viewer: Actor, reading: Reading
) -> list[Disrupted]:
    """Those that go on here, of the service that is chosen or with a word of what is said, save those `told_already` as
    a major incident."""
    municipality, service = values.get("municipality", ""), values.get("service", "")
    told = told_disruptions(reading.connection, reading.now, municipality)
    going_on = [each for each in told if each.ended_at is None and each.key not in told_already]
    meant = [each for each in going_on if each.service == service or _speaks_of(each, wanted, reading)][
        :MOST_DISRUPTIONS
    ]
    numbers = springing_from(reading.connection, viewer, [each.key for each in meant]) if meant else {}
    return [
        Disrupted(
            each.title,
            names.service(reading.installation, each.service),
            times.near(each.began_at, reading.now),
            each.messages[0].text if each.messages else "",
            numbers[each.key].number if each.key in numbers else "",
        )
        for each in meant
    ]


def _speaks_of(each: Disruption, wanted: tuple[Ways, ...], reading: Reading) -> bool:
    service = names.service(reading.installation, each.service)
    return _meant(" ".join([each.title, service, *(message.text for message in each.messages)]), wanted)


def _meant(text: str, wanted: tuple[Ways, ...]) -> bool:
    """Whether a word of what is said is in it."""
    words = words_of(text)
    return any(all(any(map(term.matches, words)) for term in way) for ways in wanted for way in ways)


def _offered(lines: list[Line], reading: Reading) -> list[Offer]:
    rows = rows_of(lines, reading)
    return [Offer(row, line.category not in ENDED) for row, line in zip(rows, lines, strict=True)]


def _said(majors: int, disruptions: list[Disrupted], known: list[Known], groups: list[Group]) -> str:
    tickets = sum(len(group.offers) for group in groups)
    if not majors and not disruptions and not known and not tickets:
        return ""
    said = _(
        "Suggestions: %(disruptions)s disruptions, %(known)s known answers, %(tickets)s tickets. "
        "Arrow down leads to them.",
        disruptions=len(disruptions),
        known=len(known),
        tickets=tickets,
    )
    return f"{_('Major incident right now.')} {said}" if majors else said
