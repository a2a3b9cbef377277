"""The ticket's page: what may be shown of it, in the order in which people look for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from servicedesk.actions.drafts import Draft
from servicedesk.core.requesters import may_give_link
from servicedesk.core.vocabulary import Audience, Verb
from servicedesk.core.workflows.engine import Option
from servicedesk.core.workflows.needs import takes
from servicedesk.store.queries.tickets import TicketView
from servicedesk.web import identity, language
from servicedesk.web.forms.form import Form, offered
from servicedesk.web.majors.page import OfTicket, of_ticket
from servicedesk.web.managing.reach import suppliers_followed
from servicedesk.web.reading import Reading
from servicedesk.web.requester.contact import form_beside
from servicedesk.web.requester.told import RequesterTold, requester_told
from servicedesk.web.speech import said
from servicedesk.web.ticket import facts
from servicedesk.web.ticket.chain import Station, stations
from servicedesk.web.ticket.changing import CHANGES
from servicedesk.web.ticket.clocks import ClockLine, Promises, promises
from servicedesk.web.ticket.correcting import CORRECTIONS
from servicedesk.web.ticket.drafts import going_on
from servicedesk.web.ticket.ledger import Ledger, ledger
from servicedesk.web.ticket.quoting import Quoting, quotings
from servicedesk.web.ticket.supplying import supplying
from servicedesk.web.ticket.telling import tell
from servicedesk.web.ticket.texts import split
from servicedesk.web.ticket.timeline import Show, Timeline, timeline
from servicedesk.web.ticket.writing import To, composer
from servicedesk.web.words import PRIORITIES


@dataclass(frozen=True, slots=True)
class Action:
    """A step the workflow offers: a button when it asks for nothing, else a link to its form; or why not now."""

    step: str
    label: str
    address: str
    asks: bool
    refusal: str


@dataclass(frozen=True, slots=True)
class Actions:
    """In order of likelihood: `first` stands out; what destroys comes last of all."""

    first: Action | None
    others: list[Action]
    refused: list[Action]
    destructive: list[Action]


@dataclass(frozen=True, slots=True)
class TicketPage:
    """`next_clock`: what runs out first of an open ticket. `description`: its beginning, and the rest. `gives_link`:
    whether the reader may give the requester their own link. `requester_told`: what has been sent to them, for the same
    readers."""

    view: TicketView
    workflow: str
    state: str
    priority: str
    holder: str
    assignee: str
    description: tuple[str, str]
    stations: list[Station]
    ledger: Ledger
    clocks: Promises
    next_clock: ClockLine | None
    actions: Actions
    timeline: Timeline
    composer: list[To]
    quotings: dict[Audience, Quoting]
    changes: list[Form]
    corrections: list[Form]
    facts: list[tuple[str, str]]
    links: list[tuple[str, str]]
    gives_link: bool
    requester_told: RequesterTold | None
    major: OfTicket | None
    suppliers: list[tuple[str, str]]


def ticket_page(view: TicketView, reading: Reading, show: Show = Show.ALL, drafts: Sequence[Draft] = ()) -> TicketPage:
    clocks, gives_link = promises(view, reading), may_give_link(view.ticket, identity.viewer())
    definition = reading.book.definition(view.ticket.workflow_version)
    written = composer(view, drafts, reading)
    told = requester_told(view, reading) if gives_link else None
    changes = [*supplying(view, reading), *offered(CHANGES, view, reading)]
    if told and (contact := form_beside(told, view)):
        changes.append(contact)
    return TicketPage(
        view=view,
        workflow=definition.labels[language.current()],
        state=facts.state(view, reading),
        priority=str(PRIORITIES[view.ticket.priority]),
        holder=facts.holder(view, reading),
        assignee=facts.assignee(view, reading),
        description=split(view.description),
        stations=stations(view, reading),
        ledger=ledger(view, reading),
        clocks=clocks,
        next_clock=clocks.next if view.ticket.is_open else None,
        actions=actions(view),
        timeline=timeline(tell(view.entries, view, reading), show, reading),
        composer=written,
        quotings=quotings(written),
        changes=[going_on(form, drafts, view, reading) for form in changes],
        corrections=[going_on(form, drafts, view, reading) for form in offered(CORRECTIONS, view, reading)],
        facts=facts.facts(view, reading),
        links=facts.links(view),
        gives_link=gives_link,
        requester_told=told,
        suppliers=_suppliers(view, reading),
        major=of_ticket(view.ticket, identity.viewer(), reading),
    )


def _suppliers(view: TicketView, reading: Reading) -> list[tuple[str, str]]:
    """Those that have it, had it or are to have it, whose figures the reader may ask for."""
    concerned = {*view.ticket.suppliers, view.ticket.supplier}
    return [each for each in suppliers_followed(identity.viewer(), reading) if each[0] in concerned]


def actions(view: TicketView) -> Actions:
    """In declared order, which is that of likelihood; the first that can be taken and destroys nothing stands out."""
    possible = [option for option in view.options if not option.refusal]
    safe = [_action(option, view) for option in possible if option.step.verb is not Verb.CANCEL]
    return Actions(
        first=safe[0] if safe else None,
        others=safe[1:],
        refused=[_action(option, view) for option in view.options if option.refusal],
        destructive=[_action(option, view) for option in possible if option.step.verb is Verb.CANCEL],
    )


def _action(option: Option, view: TicketView) -> Action:
    return Action(
        step=option.step.step,
        label=option.step.labels[language.current()],
        address=url_for("web.show_step", number=view.number, transition=option.step.step),
        asks=bool(takes(option.step)),
        refusal=said(option.refusal) if option.refusal else "",
    )
