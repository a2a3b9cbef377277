"""What a thing says of itself, and what refers to it; each leads to a page of its own where the reader may see that."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from servicedesk.core.facts import (
    Agreement,
    CalendarFacts,
    EService,
    Known,
    Organisation,
    Person,
    RoutingRule,
    Service,
    Target,
    Team,
    Template,
)
from servicedesk.core.people import organisations_of
from servicedesk.web import names, numbers, times
from servicedesk.web.administration.seeing import FIELD, Sight, items_of, name_of
from servicedesk.web.administration.words import KINDS, KNOWN_KINDS, LABELS, LANGUAGES, ORGANISATIONS, ROLES, role_words
from servicedesk.web.speech import _
from servicedesk.web.words import AGREEMENTS, FAULTS, METRICS, RESOLUTIONS, TIERS

MOST = 40


@dataclass(frozen=True, slots=True)
class Linked:
    """`kind` is '' for what is only said."""

    text: str
    kind: str = ""
    key: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """`more`: how many beyond those that are shown."""

    label: str
    values: list[Linked]
    more: int = 0


def facts_of(kind: str, item: Any, sight: Sight) -> list[Fact]:
    return [fact for fact in _FACTS[kind](item, sight) if fact.values]


def references_to(kind: str, item: Any, sight: Sight) -> list[Fact]:
    """Of every other kind the things that name this one, those the reader may see."""
    refers = _REFERS.get(kind)
    if refers is None:
        return []
    found = []
    for other, label in KINDS.items():
        lines = [
            Linked(name_of(each), other, each.key)
            for each in items_of(other, sight)
            if refers(other, each, item.key, sight)
        ]
        if lines:
            found.append(Fact(str(label), lines[:MOST], max(0, len(lines) - MOST)))
    return found


def link(kind: str, key: str, sight: Sight, note: str = "") -> list[Linked]:
    item = getattr(sight.installation, FIELD[kind]).get(key)
    if item is None:
        return [Linked(key, note=note)] if key else []
    return [Linked(name_of(item), kind, key, note) if sight.sees(kind, item) else Linked(name_of(item), note=note)]


def _plain(label: Any, text: object) -> Fact:
    return Fact(str(label), [Linked(str(text))] if text else [])


def _person(person: Person, sight: Sight) -> Iterator[Fact]:
    yield _plain(LABELS["email"], person.email)
    yield _plain(LABELS["phone"], person.phone)
    yield _plain(LABELS["language"], LANGUAGES[person.language])
    if person.employer:
        yield Fact(str(LABELS["employer"]), link("organisation", person.employer, sight))
    yield _plain(LABELS["ended"], person.ended)
    if person.ended:
        seats = [
            Linked(names.team(sight.installation, seat.team), note=role_words(seat.role, lead=seat.lead))
            for seat in sight.seats(person)
        ]
        yield Fact(str(LABELS["former"]), seats)
    if len(organisations_of(person, sight.installation)) > 1 and len(sight.seats(person)) < len(person.memberships):
        yield _plain(_("Also works"), _("in another organisation"))


def _team(team: Team, sight: Sight) -> Iterator[Fact]:
    yield Fact(str(LABELS["organisation"]), link("organisation", team.organisation, sight))
    yield _plain(_("Where in the chain"), TIERS[team.tier])
    yield _plain(_("Its role"), ROLES.get(team.role, team.role))
    yield Fact(str(LABELS["calendar"]), link("calendar", team.calendar, sight))
    members = [
        Linked(person.name, "person", person.key, role_words(seat.role, lead=seat.lead))
        for person in items_of("person", sight)
        for seat in person.memberships
        if seat.team == team.key
    ]
    yield Fact(_("Members"), members)


def _template(template: Template, sight: Sight) -> Iterator[Fact]:
    yield Fact(str(LABELS["organisation"]), link("organisation", template.organisation, sight))
    yield Fact(str(LABELS["team"]), link("team", template.team, sight))


def _calendar(calendar: CalendarFacts, sight: Sight) -> Iterator[Fact]:
    yield _plain(_("Time zone"), calendar.versions[-1].zone)


def _organisation(organisation: Organisation, sight: Sight) -> Iterator[Fact]:
    yield _plain(_("Kind"), ORGANISATIONS[organisation.kind])
    yield _plain(_("Municipal code"), organisation.code)
    yield _plain(_("Population"), organisation.population and numbers.whole(organisation.population))


def _service(service: Service, sight: Sight) -> Iterator[Fact]:
    yield Fact(_("Owned by"), link("organisation", service.owner, sight))
    yield Fact(_("Run by"), link("organisation", service.supplier, sight))


def _e_service(e_service: EService, sight: Sight) -> Iterator[Fact]:
    yield Fact(str(ORGANISATIONS[sight.installation.organisations[e_service.municipality].kind]), _of(e_service, sight))
    yield Fact(_("Service"), link("service", e_service.service, sight))


def _of(e_service: EService, sight: Sight) -> list[Linked]:
    return link("organisation", e_service.municipality, sight)


def _known(known: Known, sight: Sight) -> Iterator[Fact]:
    yield _plain(LABELS["kind"], KNOWN_KINDS[known.kind])
    yield Fact(_("Service"), link("service", known.service, sight))
    yield Fact(_("E-service"), link("e_service", known.e_service, sight))
    yield Fact(str(LABELS["organisation"]), link("organisation", known.municipality, sight))
    yield Fact(_("Found by"), [Linked(words) for words in known.symptoms])
    yield _plain(LABELS["answer"], known.answer)
    yield _plain(LABELS["resolution_code"], RESOLUTIONS[known.resolution_code])


def _agreement(agreement: Agreement, sight: Sight) -> Iterator[Fact]:
    yield _plain(_("Kind"), AGREEMENTS[agreement.kind])
    yield Fact(_("With"), link("organisation", agreement.party, sight))
    yield Fact(str(KINDS["service"]), [each for key in agreement.services for each in link("service", key, sight)])
    until = _("until %(day)s", day=agreement.valid_to) if agreement.valid_to else _("until further notice")
    yield _plain(_("Applies"), _("from %(day)s", day=agreement.valid_from) + f", {until}")
    yield _plain(_("Warns at"), ", ".join(f"{share} %" for share in agreement.warn))
    for target in agreement.targets:
        whose = f"{METRICS[target.metric]}{f', {TIERS[target.tier]}' if target.tier else ''}"
        hours = link("calendar", target.calendar, sight)
        yield Fact(whose, [Linked(times.hours(target.seconds), note=_only_for(target)), *hours])


def _only_for(target: Target) -> str:
    parts = [_("priority %(priorities)s", priorities=", ".join(map(str, target.priorities)))]
    if target.workflows:
        parts.append(_("only %(processes)s", processes=names.listed(list(target.workflows))))
    if target.grace:
        parts.append(_("broken when %(grace)s more have passed", grace=times.hours(target.grace)))
    return ", ".join(parts)


def _routing(rule: RoutingRule, sight: Sight) -> Iterator[Fact]:
    yield _plain(_("Order"), rule.order)
    yield _plain(_("Where in the chain"), TIERS[rule.tier])
    yield Fact(str(LABELS["team"]), link("team", rule.team, sight))
    yield _plain(_("The team with the role"), ROLES[rule.role] if rule.role else "")
    yield Fact(str(LABELS["organisation"]), link("organisation", rule.municipality, sight))
    yield Fact(_("Service"), link("service", rule.service, sight))
    yield Fact(_("E-service"), link("e_service", rule.e_service, sight))
    yield _plain(_("Which process"), rule.workflow)
    yield _plain(_("Whose fault"), FAULTS[rule.fault] if rule.fault else "")


_FACTS: Mapping[str, Callable[[Any, Sight], Iterable[Fact]]] = {
    "person": _person,
    "team": _team,
    "template": _template,
    "calendar": _calendar,
    "organisation": _organisation,
    "service": _service,
    "e_service": _e_service,
    "known": _known,
    "agreement": _agreement,
    "routing": _routing,
}


def _to_organisation(kind: str, item: Any, key: str, sight: Sight) -> bool:
    if isinstance(item, Person):
        return any(sight.installation.teams[seat.team].organisation == key for seat in item.memberships)
    fields = ("organisation", "municipality", "party", "owner", "supplier")
    return any(getattr(item, name, None) == key for name in fields)


def _to_team(kind: str, item: Any, key: str, sight: Sight) -> bool:
    return kind != "person" and getattr(item, "team", None) == key


def _to_calendar(kind: str, item: Any, key: str, sight: Sight) -> bool:
    targets = item.targets if isinstance(item, Agreement) else ()
    return getattr(item, "calendar", None) == key or any(target.calendar == key for target in targets)


def _to_service(kind: str, item: Any, key: str, sight: Sight) -> bool:
    return getattr(item, "service", None) == key or key in getattr(item, "services", ())


def _to_e_service(kind: str, item: Any, key: str, sight: Sight) -> bool:
    return getattr(item, "e_service", None) == key


def _to_person(kind: str, item: Any, key: str, sight: Sight) -> bool:
    """Those they stand in for."""
    return isinstance(item, Person) and any(absence.stand_in == key for absence in item.absences)


_REFERS: Mapping[str, Callable[[str, Any, str, Sight], bool]] = {
    "organisation": _to_organisation,
    "team": _to_team,
    "calendar": _to_calendar,
    "service": _to_service,
    "e_service": _to_e_service,
    "person": _to_person,
}
