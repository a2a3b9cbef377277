"""The ticket's page: what may be shown of it, in the order in which people look for it."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from servicedesk.core.ticket import Custody
from servicedesk.core.visibility import Access
from servicedesk.core.vocabulary import Relation, Verb
from servicedesk.core.workflows.engine import Option
from servicedesk.core.workflows.needs import takes
from servicedesk.store.queries.supplier import shown_ticket
from servicedesk.store.queries.tickets import TicketView
from servicedesk.web import language, names, times
from servicedesk.web.chain import Station, stations
from servicedesk.web.changing import CHANGES
from servicedesk.web.clocks import ClockLine, clock_lines, next_line
from servicedesk.web.forms import Form, offered
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _, said
from servicedesk.web.timeline import Told, told
from servicedesk.web.words import (
    CHANNELS,
    FAULTS,
    IMPACTS,
    PRIORITIES,
    RELATIONS,
    RELATIONS_BACK,
    REQUESTERS,
    URGENCIES,
)
from servicedesk.web.writing import COMPOSERS

INVERSE = "inverse:"


@dataclass(frozen=True, slots=True)
class Action:
    """A step the workflow offers: a button when it asks for nothing, else a link to its form; or why not now."""

    label: str
    address: str
    asks: bool
    is_first: bool
    is_destructive: bool
    refusal: str


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay with a team in the ledger. `ended_at` is None for the present one."""

    team: str
    started_at: datetime
    ended_at: datetime | None
    span: str


@dataclass(frozen=True, slots=True)
class TicketPage:
    view: TicketView
    workflow: str
    state: str
    priority: str
    holder: str
    assignee: str
    stations: list[Station]
    clocks: list[ClockLine]
    next_clock: ClockLine | None
    actions: list[Action]
    entries: list[Told]
    composers: list[Form]
    changes: list[Form]
    facts: list[tuple[str, str]]
    links: list[tuple[str, str]]
    stays: list[Stay]


def ticket_page(view: TicketView, reading: Reading) -> TicketPage:
    clocks = clock_lines(view, reading)
    spoken = language.current()
    definition = reading.book.definition(view.ticket.workflow_version)
    return TicketPage(
        view=view,
        workflow=definition.labels[spoken],
        state=_state(view, reading),
        priority=str(PRIORITIES[view.ticket.priority]),
        holder=_holder(view, reading),
        assignee=_assignee(view, reading),
        stations=stations(view, reading),
        clocks=clocks,
        next_clock=next_line(clocks) if view.ticket.is_open else None,
        actions=actions(view),
        entries=[told(entry, view, reading) for entry in view.entries],
        composers=offered(COMPOSERS, view, reading),
        changes=offered(CHANGES, view, reading),
        facts=_facts(view, reading),
        links=[(_relation(relation), number) for relation, number in view.links],
        stays=_stays(view, reading),
    )


def actions(view: TicketView) -> list[Action]:
    """In declared order, which is that of likelihood; the first that can be taken is the one that stands out."""
    first = next((option for option in view.options if not option.refusal), None)
    return [_action(option, option is first, view) for option in view.options]


def _action(option: Option, is_first: bool, view: TicketView) -> Action:
    return Action(
        label=option.step.labels[language.current()],
        address=url_for("web.show_step", number=view.number, transition=option.step.step),
        asks=bool(takes(option.step)),
        is_first=is_first,
        is_destructive=option.step.verb is Verb.CANCEL,
        refusal=said(option.refusal) if option.refusal else "",
    )


def _state(view: TicketView, reading: Reading) -> str:
    if view.access is Access.SUPPLIER:
        return shown_ticket(view, reading.book, reading.now).state.label[language.current()]
    return view.state.labels[language.current()]


def _holder(view: TicketView, reading: Reading) -> str:
    """To a supplier its own team, the joint organisation, or the customer without saying who."""
    if not view.is_outside:
        return names.team(reading.installation, view.ticket.holder.team)
    holder = shown_ticket(view, reading.book, reading.now).holder
    return holder.organisation.name if holder else _("The customer")


def _assignee(view: TicketView, reading: Reading) -> str:
    if view.is_outside or not view.ticket.assignee:
        return ""
    return names.person(reading.installation, view.ticket.assignee)


def _facts(view: TicketView, reading: Reading) -> list[tuple[str, str]]:
    """Label and value; what is empty is left out."""
    ticket, installation = view.ticket, reading.installation
    facts = [
        (_("Municipality"), names.organisation(installation, ticket.municipality)),
        (_("Service"), names.service(installation, ticket.service)),
        (_("Logged"), times.long(ticket.opened_at)),
    ]
    if view.access is not Access.SUPPLIER:
        facts += _inner_facts(view, reading)
    return [(label, value) for label, value in facts if value]


def _inner_facts(view: TicketView, reading: Reading) -> list[tuple[str, str]]:
    ticket, installation = view.ticket, reading.installation
    who = view.requester
    return [
        (_("Requester"), ", ".join(part for part in (who.name, who.contact) if part) if who else ""),
        (_("Kind of requester"), str(REQUESTERS[ticket.requester_kind])),
        (_("Channel"), str(CHANNELS[ticket.channel])),
        (_("E-service"), names.e_service(installation, ticket.e_service) if ticket.e_service else ""),
        (_("The platform's case number"), ticket.platform_case),
        (_("Whose fault is it?"), str(FAULTS[ticket.fault])),
        (_("Impact"), str(IMPACTS[ticket.impact])),
        (_("Urgency"), str(URGENCIES[ticket.urgency])),
        (_("Merged into"), ticket.merged_into),
        (_("Handed over"), _times(ticket.handovers)),
        (_("Returned"), _times(ticket.returns)),
        (_("Reopened"), _times(ticket.reopenings)),
    ]


def _relation(name: str) -> str:
    """The fold says `inverse:` on the ticket that the link was made to."""
    words = RELATIONS_BACK if name.startswith(INVERSE) else RELATIONS
    return str(words[Relation(name.removeprefix(INVERSE))])


def _times(count: int) -> str:
    if count == 1:
        return _("once")
    return _("%(count)s times", count=count) if count else ""


def _stays(view: TicketView, reading: Reading) -> list[Stay]:
    """The stretches of one stay together, by the number that they share; closed time is nobody's."""
    stays: dict[tuple[int, bool], list[Custody]] = {}
    for stretch in view.custody:
        stays.setdefault((stretch.number, stretch.counted), []).append(stretch)
    return [_stay(stretches, view, reading) for stretches in stays.values()]


def _stay(stretches: list[Custody], view: TicketView, reading: Reading) -> Stay:
    first, ended = stretches[0], stretches[-1].ended_at
    team = names.team(reading.installation, first.holder.team) if first.counted else _("Closed: nobody's time")
    seconds = sum(((s.ended_at or reading.now) - s.started_at).total_seconds() for s in stretches)
    return Stay(team, first.started_at, ended, times.span(seconds))
