"""What stands beside a ticket: what it is linked to, what may be about the same, what its requester has asked before,
and how it is with the e-service. Each by a query of its own, which starts from what the reader may see."""

from dataclasses import dataclass

from servicedesk.core.disruptions import Disruption
from servicedesk.core.visibility import Access
from servicedesk.core.vocabulary import Relation
from servicedesk.store.queries.around import lines_numbered, open_about
from servicedesk.store.queries.asked_before import tickets_of
from servicedesk.store.queries.disruptions import told_disruptions
from servicedesk.store.queries.lines import Line
from servicedesk.store.queries.lists import COUNT_CAP
from servicedesk.store.queries.similar import similar_tickets
from servicedesk.store.queries.tickets import TicketView
from servicedesk.web import identity, names, numbers
from servicedesk.web.calls.offers import wanted_in
from servicedesk.web.lists.rows import Row, rows_of
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _
from servicedesk.web.ticket.facts import links

EARLIER = 5


@dataclass(frozen=True, slots=True)
class Near:
    """One ticket, and in a few words what it is to this one."""

    row: Row
    relation: str


@dataclass(frozen=True, slots=True)
class Group:
    """`empty`: said where there are none."""

    title: str
    tickets: list[Near]
    empty: str


@dataclass(frozen=True, slots=True)
class Health:
    """Of the e-service, or of the service where there is none. `count` in words, "1 000+" beyond what is counted."""

    name: str
    disruptions: list[Disruption]
    count: str
    newest: list[Near]


@dataclass(frozen=True, slots=True)
class Beside:
    groups: list[Group]
    health: Health


def beside(view: TicketView, reading: Reading) -> Beside:
    shown = {view.number, *(number for _relation, number in view.links)}
    groups = [_linked(view, reading)]
    if view.requester:
        earlier = _earlier(view, reading)
        shown |= {each.row.number for each in earlier.tickets}
        groups.append(earlier)
    groups.append(_similar(view, shown, reading))
    return Beside(groups, _health(view, reading))


def _linked(view: TicketView, reading: Reading) -> Group:
    lines = lines_numbered(reading.connection, identity.viewer(), {number for _relation, number in view.links})
    order = sorted(zip(links(view), view.links, strict=True), key=lambda each: each[1][0] not in (Relation.CHILD_OF,))
    found = [(lines[number], words) for (words, number), _link in order if number in lines]
    rows = rows_of([line for line, _words in found], reading)
    near = [Near(row, words) for row, (_line, words) in zip(rows, found, strict=True)]
    return Group(_("Linked tickets"), near, _("It is linked to no other ticket that you can see."))


def _earlier(view: TicketView, reading: Reading) -> Group:
    who = view.requester
    assert who is not None
    lines: list[Line] = []
    if who.name or who.contact:
        viewer, municipality = identity.viewer(), view.ticket.municipality
        lines = tickets_of(reading.connection, viewer, municipality, who.name, who.contact, limit=EARLIER + 1)
    others = [line for line in lines if line.number != view.number][:EARLIER]
    return Group(_("The requester's other tickets"), _near(others, reading), _("None that we know of."))


def _similar(view: TicketView, shown: set[str], reading: Reading) -> Group:
    wanted = wanted_in({"subject": view.title, "description": view.description})
    lines = similar_tickets(reading.connection, identity.viewer(), view.organisation, wanted)
    others = [line for line in lines if line.number not in shown]
    return Group(_("Open tickets that may be about the same"), _near(others, reading), _("None that we know of."))


def _health(view: TicketView, reading: Reading) -> Health:
    """A supplier is not told which e-service it is."""
    ticket, installation, viewer = view.ticket, reading.installation, identity.viewer()
    e_service = "" if view.access is Access.SUPPLIER else ticket.e_service
    told = told_disruptions(reading.connection, reading.now, ticket.municipality, ticket.service)
    alike = open_about(reading.connection, viewer, view.number, e_service=e_service, service=ticket.service)
    return Health(
        name=names.e_service(installation, e_service) if e_service else names.service(installation, ticket.service),
        disruptions=[each for each in told if each.ended_at is None],
        count=f"{numbers.whole(COUNT_CAP)}+" if alike.count > COUNT_CAP else numbers.whole(alike.count),
        newest=_near(alike.newest, reading),
    )


def _near(lines: list[Line], reading: Reading) -> list[Near]:
    return [Near(row, "") for row in rows_of(lines, reading)]
