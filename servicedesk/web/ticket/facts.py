"""The facts of a ticket, label and value, as this reader may know them."""

from servicedesk.core.visibility import Access, references_seen
from servicedesk.core.vocabulary import Rating, Relation
from servicedesk.store.queries.systems.ticket import holder_seen, state_seen
from servicedesk.store.queries.tickets import TicketView
from servicedesk.web import language, names, times
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _
from servicedesk.web.words import (
    CHANNELS,
    FAULTS,
    IMPACTS,
    PRIORITIES,
    RATINGS,
    RELATIONS,
    RELATIONS_BACK,
    REQUESTERS,
    URGENCIES,
)

INVERSE = "inverse:"


def state(view: TicketView, reading: Reading) -> str:
    if view.access is Access.SUPPLIER:
        state = state_seen(view.ticket, view.access, view.organisation, reading.book)
        return state.label[language.current()]
    return view.state.labels[language.current()]


def holder(view: TicketView, reading: Reading) -> str:
    """To a supplier its own team, the joint organisation, or the customer without saying who."""
    if not view.is_outside:
        return names.team(reading.installation, view.ticket.holder.team)
    found = holder_seen(view.ticket, view.access, view.organisation, reading.book)
    return found.organisation.name if found else _("The customer")


def assignee(view: TicketView, reading: Reading) -> str:
    if view.is_outside or not view.ticket.assignee:
        return ""
    return names.person(reading.installation, view.ticket.assignee)


def standing(view: TicketView, reading: Reading) -> dict[str, str]:
    """What a person acts on and another may have changed meanwhile: label -> value, the same labels each time."""
    ticket, installation = view.ticket, reading.installation
    found = {
        _("State"): state(view, reading),
        _("It is with"): holder(view, reading),
        _("Assignee"): assignee(view, reading),
        _("Priority"): str(PRIORITIES[ticket.priority]),
    }
    if view.access is Access.SUPPLIER:
        return found
    return found | {
        _("Whose fault is it?"): str(FAULTS[ticket.fault]),
        _("Service"): names.service(installation, ticket.service),
        _("E-service"): names.e_service(installation, ticket.e_service) if ticket.e_service else "",
        _("Municipality"): names.organisation(installation, ticket.municipality),
    }


def facts(view: TicketView, reading: Reading) -> list[tuple[str, str]]:
    """What is empty is left out."""
    ticket, installation = view.ticket, reading.installation
    found = [
        (_("Municipality"), names.organisation(installation, ticket.municipality)),
        (_("Service"), names.service(installation, ticket.service)),
        (_("Logged"), times.long(ticket.opened_at)),
        *_references(view, reading),
    ]
    if view.access is not Access.SUPPLIER:
        found += _inner(view, reading)
    return [(label, value) for label, value in found if value]


def _references(view: TicketView, reading: Reading) -> list[tuple[str, str]]:
    """What systems call the ticket: one's own, and those of the others that one may know."""
    seen = references_seen(view.ticket, view.access, view.organisation)
    return [
        (
            _("Own reference")
            if organisation == view.organisation
            else _("Reference at %(name)s", name=names.organisation(reading.installation, organisation)),
            reference,
        )
        for organisation, reference in seen.items()
    ]


def links(view: TicketView) -> list[tuple[str, str]]:
    """(relation, number)"""
    return [(_relation(relation), number) for relation, number in view.links]


def _inner(view: TicketView, reading: Reading) -> list[tuple[str, str]]:
    ticket, installation = view.ticket, reading.installation
    who = view.requester
    return [
        (_("Requester"), ", ".join(part for part in (who.name, who.contact) if part) if who else ""),
        (_("Follows it signed in"), names.person(installation, who.person) if who and who.person else ""),
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
        (_("How it went, says the requester"), str(RATINGS[Rating(ticket.rating)]) if ticket.rating else ""),
    ]


def _relation(name: str) -> str:
    """The fold says `inverse:` on the ticket that the link was made to."""
    words = RELATIONS_BACK if name.startswith(INVERSE) else RELATIONS
    return str(words[Relation(name.removeprefix(INVERSE))])


def _times(count: int) -> str:
    if count == 1:
        return _("once")
    return _("%(count)s times", count=count) if count else ""
