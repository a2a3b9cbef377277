"""What it means to move a card to another column: the step or the change of the ticket by which it comes there."""

from dataclasses import replace

from flask import url_for

from servicedesk.core.facts import Actor
from servicedesk.core.grouping import By
from servicedesk.core.rights import SENTENCES, Right, has_right
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import OrganisationKind, Tier
from servicedesk.core.workflows.engine import Option, options
from servicedesk.store.queries.tickets import TicketView
from servicedesk.web import language
from servicedesk.web.forms.fields import Choice
from servicedesk.web.forms.form import Form, step_form
from servicedesk.web.forms.submission import Trouble
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _, said, sentence
from servicedesk.web.ticket import changing
from servicedesk.web.words import TIERS


def targets(ticket: TicketState, by: By, viewer: Actor, reading: Reading) -> list[Choice]:
    """The columns to which this person can move the ticket now, in the order in which they stand."""
    installation = reading.installation
    if by is By.TIER:
        there = {_tier_after(each, ticket, reading) for each in _options(ticket, viewer, reading) if not each.refusal}
        return [Choice(str(tier), str(TIERS[tier])) for tier in Tier if str(tier) in there]
    if by is By.MUNICIPALITY and has_right(Right.MOVE_MUNICIPALITY, ticket, viewer):
        found = [o for o in installation.organisations.values() if o.kind is OrganisationKind.MUNICIPALITY]
        others = [Choice(o.key, o.name) for o in found if o.key != ticket.municipality]
        return sorted(others, key=lambda choice: choice.label)
    if by is By.SERVICE and has_right(Right.CLASSIFY, ticket, viewer):
        return [Choice(s.key, s.name) for s in installation.services.values() if s.key != ticket.service]
    return []


def moving(view: TicketView, by: By, to: str, viewer: Actor, reading: Reading) -> Form | Trouble:
    """The form of what moving it there means, filled in with where to; or why it cannot be, and what can."""
    ticket = view.ticket
    if by is By.TIER:
        return _to_tier(view, to, viewer, reading)
    if by is By.AGE:
        return _refused(view, _("How old a ticket is cannot be changed."))
    right, kind, field = {
        By.MUNICIPALITY: (Right.MOVE_MUNICIPALITY, changing.MUNICIPALITY, "municipality"),
        By.SERVICE: (Right.CLASSIFY, changing.CLASSIFICATION, "service"),
    }[by]
    form = kind.if_allowed(view, reading)
    if form is None or to not in {choice.value for choice in targets(ticket, by, viewer, reading)}:
        why = _("The ticket is there already, or there is no such column.") if form else sentence(SENTENCES[right])
        return _refused(view, why)
    return replace(form, fields=tuple(replace(f, value=to) if f.name == field else f for f in form.fields))


def _to_tier(view: TicketView, to: str, viewer: Actor, reading: Reading) -> Form | Trouble:
    """By the likeliest step that leads there; one that is refused says why."""
    found = [each for each in view.options if _tier_after(each, view.ticket, reading) == to]
    possible = next((each for each in found if not each.refusal), None)
    if possible is not None:
        return step_form(possible.step, view, reading)
    refusal = next((each.refusal for each in found if each.refusal), None)
    if refusal is not None:
        return _refused(view, said(refusal))
    where = str(TIERS[to]) if to in list(Tier) else to
    return _refused(view, _("No step that you have leads from where the ticket is now to: %(where)s.", where=where))


def _refused(view: TicketView, why: str) -> Trouble:
    instead = [
        (
            option.step.labels[language.current()],
            url_for("web.show_step", number=view.number, transition=option.step.step),
        )
        for option in view.options
        if not option.refusal
    ]
    return Trouble(_("The ticket cannot be moved there now"), why, instead=instead)


def _options(ticket: TicketState, viewer: Actor, reading: Reading) -> list[Option]:
    definition = reading.book.definition(ticket.workflow_version)
    return options(definition, ticket, viewer, reading.book.parties)


def _tier_after(option: Option, ticket: TicketState, reading: Reading) -> str:
    """Who has it after a step, '' where nobody else gets it by that."""
    definition = reading.book.definition(ticket.workflow_version)
    there = definition.states[option.step.target(ticket.state)].tier
    return str(there) if there is not None and there is not ticket.holder.tier else ""
