"""The forms that change a ticket outside its workflow."""

from collections.abc import Iterator

from flask import url_for

from servicedesk.core.agreements import versions_in_force
from servicedesk.core.facts import Agreement
from servicedesk.core.rights import TO_CHANGE_AGREEMENT, Right
from servicedesk.core.vocabulary import AgreementKind, Fault, Level, OrganisationKind, Relation
from servicedesk.store.queries.tickets import TicketView
from servicedesk.web import names, times
from servicedesk.web.forms.fields import Choice, Field, choices
from servicedesk.web.forms.fields import Kind as FieldKind
from servicedesk.web.forms.form import Form, Kind
from servicedesk.web.reading import Reading
from servicedesk.web.speech import Words, _
from servicedesk.web.words import AGREEMENTS, FAULTS, FIELD_NAMES, IMPACTS, RELATIONS, URGENCIES


def assignment(view: TicketView, reading: Reading) -> Form:
    team = view.ticket.holder.team
    people = [p for p in reading.installation.people.values() if any(seat.team == team for seat in p.memberships)]
    options = (
        Choice("", _("Nobody")),
        *(Choice(p.key, names.with_absence(p, reading)) for p in sorted(people, key=lambda p: p.name)),
    )
    field = Field("assignee", _("Assignee"), FieldKind.SELECT, choices=options, value=view.ticket.assignee)
    return form("assign", _("Say who works on it"), "assign_ticket", _("Assign"), view, field)


def priority(view: TicketView, reading: Reading) -> Form:
    return form(
        "priority",
        _("Change priority"),
        "set_priority",
        _("Change priority"),
        view,
        level("impact", _("How many are affected?"), IMPACTS, view.ticket.impact),
        level("urgency", _("How urgent is it?"), URGENCIES, view.ticket.urgency),
        reason(),
    )


def classification(view: TicketView, reading: Reading) -> Form:
    ticket, installation = view.ticket, reading.installation
    services = tuple(Choice(s.key, s.name) for s in installation.services.values())
    own = (Choice("", _("None")), *e_services(reading, [ticket.municipality]))
    return form(
        "classify",
        _("Classify the fault"),
        "set_classification",
        _("Save the classification"),
        view,
        Field("fault", _("Whose fault is it?"), FieldKind.RADIO, choices=faults(), value=str(ticket.fault)),
        Field("service", _("Service"), FieldKind.SELECT, choices=services, value=ticket.service),
        Field("e_service", _("E-service"), FieldKind.SELECT, choices=own, value=ticket.e_service, required=False),
        reason(),
    )


def agreement(view: TicketView, reading: Reading) -> Form | None:
    """The versions in force today, of the agreements that this person may move the ticket within."""
    ticket, book = view.ticket, reading.book
    pinned = [
        book.agreement(version)
        for kind, version in ticket.agreements.items()
        if TO_CHANGE_AGREEMENT[AgreementKind(kind)] in view.rights
    ]
    today = times.local(reading.now).date()
    found = versions_in_force(reading.installation, pinned, ticket.service, today)
    if not found:
        return None
    field = Field("agreement", _("To which version?"), FieldKind.SELECT, choices=tuple(map(_version, found)))
    title = _("Move to another version of an agreement")
    return form("agreement", title, "set_agreement", _("Move the ticket"), view, field, reason())


def _version(agreement: Agreement) -> Choice:
    """Named as in its file, with the day from which it applies: two versions often have the same name."""
    name, since = agreement.name or agreement.key, agreement.valid_from.isoformat()
    return Choice(agreement.key, _("%(name)s, from %(day)s", name=name, day=since), str(AGREEMENTS[agreement.kind]))


def municipality(view: TicketView, reading: Reading) -> Form:
    others = [
        Choice(o.key, o.name)
        for o in sorted(reading.installation.organisations.values(), key=lambda o: o.name)
        if o.kind is OrganisationKind.MUNICIPALITY and o.key != view.ticket.municipality
    ]
    to = Field("municipality", _("To which municipality?"), FieldKind.SELECT, choices=(_choose(), *others))
    why = reason(_("Also say how the requester knows. You will no longer see the ticket."))
    return form("move", _("Move to the right municipality"), "set_municipality", _("Move the ticket"), view, to, why)


def link(view: TicketView, reading: Reading) -> Form:
    relations = choices({relation: RELATIONS[relation] for relation in Relation})
    relation = Field("relation", _("This ticket"), FieldKind.SELECT, choices=relations)
    return form("link", _("Link to another ticket"), "add_link", _("Link"), view, relation, _number())


def merge(view: TicketView, reading: Reading) -> Form:
    title = _("Merge into another ticket")
    return form("merge", title, "add_merge", _("Merge and close this ticket"), view, _number(), reason())


ASSIGNMENT = Kind(frozenset({Right.ASSIGN}), assignment)
PRIORITY = Kind(frozenset({Right.CHANGE_PRIORITY}), priority)
CLASSIFICATION = Kind(frozenset({Right.CLASSIFY}), classification)
AGREEMENT = Kind(frozenset(TO_CHANGE_AGREEMENT.values()), agreement)
MUNICIPALITY = Kind(frozenset({Right.MOVE_MUNICIPALITY}), municipality)
LINK = Kind(frozenset({Right.LINK}), link)
MERGE = Kind(frozenset({Right.MERGE}), merge)

CHANGES = (CLASSIFICATION, PRIORITY, ASSIGNMENT, LINK, MERGE, AGREEMENT, MUNICIPALITY)


def level(name: str, label: str, words: dict[Level, Words], value: Level) -> Field:
    return Field(name, label, FieldKind.RADIO, choices=choices({each: words[each] for each in Level}), value=str(value))


def faults() -> tuple[Choice, ...]:
    return choices({fault: FAULTS[fault] for fault in Fault})


def e_services(reading: Reading, municipalities: list[str]) -> Iterator[Choice]:
    """The municipalities' own e-services, under the names of their services; with several, under those of both."""
    for own in reading.installation.e_services.values():
        if own.municipality in municipalities:
            service = names.service(reading.installation, own.service)
            municipality = names.organisation(reading.installation, own.municipality)
            group = f"{municipality}: {service}" if len(municipalities) > 1 else service
            yield Choice(own.key, own.name, group)


def form(key: str, title: str, endpoint: str, submit: str, view: TicketView, *fields: Field, look: str = "") -> Form:
    action = url_for(f"web.{endpoint}", number=view.number)
    return Form(key, title, action, submit, fields, view.version, look=look)


def reason(help: str = "") -> Field:
    return Field("reason", str(FIELD_NAMES["reason"]), help=help)


def _number() -> Field:
    return Field("number", _("Number of the other ticket"), FieldKind.LINE, help=_("For example 2026-00042."))


def _choose() -> Choice:
    return Choice("", _("Choose"))
