"""Which things of the installation a person is shown: their own organisation's, and all to the IT service manager."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from servicedesk.core.administering import (
    NOT_HERE,
    administered_by,
    is_administrator,
    seen_organisations,
    sees_all,
    sees_person,
    users_of,
)
from servicedesk.core.errors import NotFound
from servicedesk.core.facts import (
    Actor,
    Agreement,
    CalendarFacts,
    EService,
    Installation,
    Known,
    Membership,
    Organisation,
    Person,
    RoutingRule,
    Service,
    Team,
    Template,
)
from servicedesk.core.vocabulary import AgreementKind, OrganisationKind
from servicedesk.web import identity
from servicedesk.web.administration.words import KINDS
from servicedesk.web.reading import Reading

FIELD: dict[str, str] = {
    "person": "people",
    "team": "teams",
    "template": "templates",
    "calendar": "calendars",
    "organisation": "organisations",
    "service": "services",
    "e_service": "e_services",
    "known": "known",
    "agreement": "agreements",
    "routing": "routing",
}


@dataclass(frozen=True)
class Sight:
    """One viewer's. A supplier is shown its own part, and nothing of how the chain before it is made up."""

    viewer: Actor
    installation: Installation
    mine: frozenset[str]
    is_supplier: bool

    def sees(self, kind: str, item: Any) -> bool:
        return sees_all(self.viewer) or _SEES[kind](self, item)

    def seats(self, person: Person) -> list[Membership]:
        """Where else somebody works is no business of this organisation's."""
        seats, teams = person.memberships or person.former, self.installation.teams
        return [seat for seat in seats if sees_all(self.viewer) or teams[seat.team].organisation in self.mine]

    def person(self, person: Person) -> bool:
        return sees_person(self.viewer, person, self.installation)

    def team(self, team: Team) -> bool:
        return team.organisation in self.mine

    def template(self, template: Template) -> bool:
        return template.organisation in self.mine

    def calendar(self, calendar: CalendarFacts) -> bool:
        return not self.mine.isdisjoint(users_of(calendar, self.installation))

    def organisation(self, organisation: Organisation) -> bool:
        return organisation.key in self.mine

    def service(self, service: Service) -> bool:
        return service.supplier in self.mine if self.is_supplier else True

    def e_service(self, e_service: EService) -> bool:
        return e_service.municipality in self.mine

    def known(self, known: Known) -> bool:
        return not self.is_supplier and (not known.municipality or known.municipality in self.mine)

    def agreement(self, agreement: Agreement) -> bool:
        """The promises between the tiers bind every municipality."""
        return agreement.party in self.mine or (agreement.kind is AgreementKind.OLA and not self.is_supplier)

    def routing(self, rule: RoutingRule) -> bool:
        own = self.installation.e_services.get(rule.e_service)
        team = self.installation.teams.get(rule.team)
        whose = {rule.municipality, own.municipality if own else "", team.organisation if team else ""}
        return not self.mine.isdisjoint(whose)


_SEES: Mapping[str, Callable[[Sight, Any], bool]] = {
    "person": Sight.person,
    "team": Sight.team,
    "template": Sight.template,
    "calendar": Sight.calendar,
    "organisation": Sight.organisation,
    "service": Sight.service,
    "e_service": Sight.e_service,
    "known": Sight.known,
    "agreement": Sight.agreement,
    "routing": Sight.routing,
}


def require_administration() -> None:
    """To everybody else there are no such pages."""
    if not is_administrator(identity.viewer()):
        raise NotFound(NOT_HERE)


def sight(reading: Reading) -> Sight:
    viewer, installation = identity.viewer(), reading.installation
    kinds = {installation.organisations[key].kind for key in administered_by(viewer)}
    return Sight(viewer, installation, seen_organisations(viewer, installation), kinds <= {OrganisationKind.SUPPLIER})


def items_of(kind: str, sight: Sight) -> list[Any]:
    """Those of a kind that the viewer is shown, by name."""
    if kind not in KINDS:
        raise NotFound(NOT_HERE)
    found = [item for item in getattr(sight.installation, FIELD[kind]).values() if sight.sees(kind, item)]
    return sorted(found, key=lambda item: (name_of(item).casefold(), item.key))


def the_item(kind: str, key: str, sight: Sight) -> Any:
    item = getattr(sight.installation, FIELD[kind]).get(key) if kind in KINDS else None
    if item is None or not sight.sees(kind, item):
        raise NotFound(NOT_HERE)
    return item


def name_of(item: Any) -> str:
    if isinstance(item, Template | Known):
        return item.title
    name: str = getattr(item, "name", "") or item.key
    return name
