"""What must hold in an installation beyond its spelling. A finding says where (dotted key), what, and what to do."""

import re
from collections.abc import Callable, Iterator
from datetime import time
from itertools import combinations

from servicedesk.core.calendars.calendar import check_calendar
from servicedesk.core.errors import Refusal
from servicedesk.core.facts import Installation, Interval, Organisation, Person, RoutingRule, Service, Team
from servicedesk.core.installations.check_agreements import check_agreements, check_sla_coverage
from servicedesk.core.routing import KIND_OF_TIER, route
from servicedesk.core.templates import NAMES, unknown
from servicedesk.core.vocabulary import ROLE_TIERS, Fault, Language, OrganisationKind, Role, Tier

WHOLE_DAY = (Interval(time(0), time(0)),)

Finding = tuple[str, str, str]


def check_items(installation: Installation) -> list[Finding]:
    """What single items say. References that lead nowhere are passed over: reading the files refuses them."""
    rules: tuple[Callable[[Installation], Iterator[Finding]], ...] = (
        check_organisations,
        check_teams,
        check_people,
        check_services,
        check_known,
        check_calendars,
        check_agreements,
        check_routing_rules,
        check_routing_order,
        check_templates,
    )
    return [finding for rule in rules for finding in rule(installation)]


def check_whole(installation: Installation) -> list[Finding]:
    """What the installation must have altogether, so that no ticket is left without a team or a promise."""
    rules = (check_municipalities, check_routes, check_sla_coverage)
    return [finding for rule in rules for finding in rule(installation)]


def check_organisations(installation: Installation) -> Iterator[Finding]:
    for first, second in combinations(installation.organisations.values(), 2):
        if first.code and first.code == second.code:
            problem = f'"{second.code}" is the code of [organisation.{first.key}] too.'
            yield f"organisation.{second.key}.code", problem, "Give each organisation its own code."


def check_teams(installation: Installation) -> Iterator[Finding]:
    for team in installation.teams.values():
        organisation = installation.organisations.get(team.organisation)
        if organisation and organisation.kind is not KIND_OF_TIER[team.tier]:
            problem = (
                f"{organisation.name} is a {organisation.kind} organisation; tier {team.tier} belongs to another kind."
            )
            remedy = f"Choose an organisation of kind {KIND_OF_TIER[team.tier]}, or another tier."
            yield f"team.{team.key}.organisation", problem, remedy
        yield from _role_at_tier(f"team.{team.key}.role", team.role, team.tier)


def check_people(installation: Installation) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for person in installation.people.values():
        owner = seen.setdefault(person.email.casefold(), person.key)
        if owner != person.key:
            problem = f'"{person.email}" is the address of [person.{owner}] too.'
            remedy = "Give each person their own address; a person may have several memberships."
            yield f"person.{person.key}.email", problem, remedy
        yield from _check_employer(installation, person)
        yield from _check_memberships(installation, person)


def check_services(installation: Installation) -> Iterator[Finding]:
    for service in installation.services.values():
        yield from _check_service(installation, service)
    for e_service in installation.e_services.values():
        organisation = installation.organisations.get(e_service.municipality)
        if organisation and organisation.kind is not OrganisationKind.MUNICIPALITY:
            problem = f"{organisation.name} is not a municipality."
            yield f"e_service.{e_service.key}.municipality", problem, "Name the municipality that owns the e-service."


def check_known(installation: Installation) -> Iterator[Finding]:
    """What narrows an answer must leave somebody to tell it to."""
    for known in installation.known.values():
        organisation = installation.organisations.get(known.municipality)
        if organisation and organisation.kind is not OrganisationKind.MUNICIPALITY:
            problem = f"{organisation.name} is not a municipality."
            yield f"known.{known.key}.municipality", problem, "Name a municipality, or leave it out: for all of them."
        e_service = installation.e_services.get(known.e_service)
        own = {"municipality": e_service.municipality, "service": e_service.service} if e_service else {}
        for name, stated in (("municipality", known.municipality), ("service", known.service)):
            if own and stated and stated != own[name]:
                problem = f"{known.e_service} belongs to {own[name]}."
                yield f"known.{known.key}.{name}", problem, f'Write {name} = "{own[name]}", or another e-service.'


def check_calendars(installation: Installation) -> Iterator[Finding]:
    for calendar in installation.calendars.values():
        if calendar.key == "always" and any(version.week != (WHOLE_DAY,) * 7 for version in calendar.versions):
            yield "calendar.always", "is not open around the clock.", "Write always = true, or choose another key."
        for key, problem, remedy in check_calendar(calendar):
            where = re.sub(r"^versions\.(\d+)", r"version[\1]", key)
            yield f"calendar.{calendar.key}.{where}", f"{problem.rstrip('.')}.", remedy


def check_routing_rules(installation: Installation) -> Iterator[Finding]:
    for rule in installation.routing.values():
        at = f"routing.{rule.key}"
        if bool(rule.team) == bool(rule.role):
            problem = "names both a team and a role." if rule.team else "names neither a team nor a role."
            yield at, problem, "Name the team, or the role whose team in the municipality shall have it."
        elif rule.role:
            yield from _role_at_tier(f"{at}.role", rule.role, rule.tier)
        else:
            yield from _check_named_team(installation, rule)
        municipality = installation.organisations.get(rule.municipality)
        if municipality and municipality.kind is not OrganisationKind.MUNICIPALITY:
            yield f"{at}.municipality", f"{municipality.name} is not a municipality.", "Name a municipality."
        yield from _check_e_service_condition(installation, rule)


def check_routing_order(installation: Installation) -> Iterator[Finding]:
    """Of two rules that may match the same ticket, their order says which applies: it has to differ."""
    for one, other in combinations(installation.routing.values(), 2):
        if (one.tier, one.order) == (other.tier, other.order) and _may_both_match(installation, one, other):
            problem = f"is {other.order}, as in [routing.{one.key}]: both can match the same ticket at {other.tier}."
            remedy = "Give them different orders: the lowest that matches chooses the team."
            yield f"routing.{other.key}.order", problem, remedy


def check_templates(installation: Installation) -> Iterator[Finding]:
    for template in installation.templates.values():
        team = installation.teams.get(template.team)
        if team and team.organisation != template.organisation:
            problem = f"{team.key} belongs to {team.organisation}, the template to {template.organisation}."
            yield f"template.{template.key}.team", problem, "Name one of the organisation's own teams, or leave it out."
        for name in unknown(template.text):
            known = ", ".join(names[Language.ENGLISH] for names in NAMES.values())
            yield f"template.{template.key}.text", f"{{{name}}} is no variable.", f"Variables: {known}."


def check_municipalities(installation: Installation) -> Iterator[Finding]:
    for municipality in municipalities(installation):
        tiers = {team.tier for team in installation.teams.values() if team.organisation == municipality.key}
        for tier in (Tier.FIRST_LINE, Tier.SECOND_LINE):
            if tier not in tiers:
                remedy = f'Add a [team.…] with organisation = "{municipality.key}" and tier = "{tier}".'
                yield f"organisation.{municipality.key}", f"{municipality.name} has no team at tier {tier}.", remedy


def check_routes(installation: Installation) -> Iterator[Finding]:
    """Every municipality, service and tier leads to a team, whatever the process and whosever the fault."""
    for municipality in municipalities(installation):
        for tier in (Tier.FIRST_LINE, Tier.SECOND_LINE, Tier.JOINT):
            lost = [key for key in installation.services if not _is_routed(installation, tier, municipality.key, key)]
            if lost:
                problem = f"no routing rule leads its tickets to a team at tier {tier}, about: {', '.join(lost)}."
                remedy = f'Add a [routing.…] rule with tier = "{tier}" and a team, or a role that exactly one team has.'
                yield f"organisation.{municipality.key}", problem, remedy
    for service in installation.services.values():
        supplier = installation.organisations.get(service.supplier)
        is_supplied = supplier and supplier.kind is OrganisationKind.SUPPLIER
        if is_supplied and not _is_routed(installation, Tier.SUPPLIER, "", service.key):
            problem = f"{service.supplier} has no team, or several and no rule that chooses."
            remedy = f'Add a [team.…] with organisation = "{service.supplier}", or a [routing.…] rule for the service.'
            yield f"service.{service.key}.supplier", problem, remedy


def municipalities(installation: Installation) -> list[Organisation]:
    return [o for o in installation.organisations.values() if o.kind is OrganisationKind.MUNICIPALITY]


def _role_at_tier(key: str, role: Role, tier: Tier) -> Iterator[Finding]:
    if ROLE_TIERS.get(role) is not tier:
        fitting = ", ".join(r for r, t in ROLE_TIERS.items() if t is tier)
        yield key, f"{role} does not work at tier {tier}.", f"Roles there: {fitting}."


def _check_employer(installation: Installation, person: Person) -> Iterator[Finding]:
    employer = installation.organisations.get(person.employer)
    if employer and employer.kind is not OrganisationKind.MUNICIPALITY:
        problem = f"{employer.name} is not a municipality: an employee of it reports nothing."
        yield f"person.{person.key}.employer", problem, "Name the municipality that they work in."
    elif employer and person.memberships:
        problem = "is said of somebody who has memberships: those say where they work."
        yield f"person.{person.key}.employer", problem, "Leave it out."


def _check_memberships(installation: Installation, person: Person) -> Iterator[Finding]:
    for number, membership in enumerate(person.memberships, start=1):
        at = f"person.{person.key}.memberships[{number}]"
        team = installation.teams.get(membership.team)
        if team:
            yield from _role_at_tier(f"{at}.role", membership.role, team.tier)
        earlier = person.memberships[: number - 1]
        if any(m.team == membership.team and m.role is membership.role for m in earlier):
            yield at, f"says again that the person is {membership.role} in {membership.team}.", "Keep one of them."


def _check_service(installation: Installation, service: Service) -> Iterator[Finding]:
    owner = installation.organisations.get(service.owner)
    supplier = installation.organisations.get(service.supplier)
    if owner and owner.kind is OrganisationKind.SUPPLIER:
        remedy = "Name the joint organisation or the municipality that owns the service; the supplier runs it."
        yield f"service.{service.key}.owner", f"{owner.name} is a supplier.", remedy
    if supplier and supplier.kind is not OrganisationKind.SUPPLIER:
        remedy = 'Name an organisation with kind = "supplier", or leave supplier out.'
        yield f"service.{service.key}.supplier", f"{supplier.name} is not a supplier.", remedy


def _check_named_team(installation: Installation, rule: RoutingRule) -> Iterator[Finding]:
    team, at = installation.teams.get(rule.team), f"routing.{rule.key}.team"
    if not team:
        return
    if team.tier is not rule.tier:
        yield at, f"{team.key} is at tier {team.tier}, the rule at {rule.tier}.", "Name a team of the rule's tier."
        return
    entitled = _organisation_entitled(installation, rule, team)
    if team.organisation != entitled:
        problem = f"{team.key} belongs to {team.organisation}, but the rule covers {entitled or 'others too'}."
        yield at, problem, "Narrow the rule to the team's own municipality or service, or name a role instead."


def _organisation_entitled(installation: Installation, rule: RoutingRule, team: Team) -> str:
    """Whose team the rule may name; '' when its conditions cover several organisations."""
    if KIND_OF_TIER[rule.tier] is OrganisationKind.JOINT:
        return team.organisation
    if KIND_OF_TIER[rule.tier] is OrganisationKind.SUPPLIER:
        service = installation.services.get(rule.service)
        return service.supplier if service else ""
    e_service = installation.e_services.get(rule.e_service)
    return rule.municipality or (e_service.municipality if e_service else "")


def _check_e_service_condition(installation: Installation, rule: RoutingRule) -> Iterator[Finding]:
    """A rule whose conditions exclude each other could never match."""
    e_service = installation.e_services.get(rule.e_service)
    if not e_service:
        return
    own = {"municipality": e_service.municipality, "service": e_service.service}
    for name, stated in (("municipality", rule.municipality), ("service", rule.service)):
        if stated and stated != own[name]:
            problem = f"{rule.e_service} belongs to {own[name]}, so the rule never matches."
            yield f"routing.{rule.key}.{name}", problem, f'Write {name} = "{own[name]}", or leave it out.'


def _may_both_match(installation: Installation, one: RoutingRule, other: RoutingRule) -> bool:
    """No condition of the one excludes the other's."""
    pairs = zip(_conditions(installation, one), _conditions(installation, other), strict=True)
    return all(not ours or not theirs or ours == theirs for ours, theirs in pairs)


def _conditions(installation: Installation, rule: RoutingRule) -> tuple[str | None, ...]:
    """What a ticket must be about; an e-service is of one municipality and one service."""
    e_service = installation.e_services.get(rule.e_service)
    municipality = rule.municipality or (e_service.municipality if e_service else "")
    service = rule.service or (e_service.service if e_service else "")
    return municipality, service, rule.e_service, rule.workflow, rule.fault


def _is_routed(installation: Installation, tier: Tier, municipality: str, service: str) -> bool:
    try:
        for fault in Fault:
            route(installation, tier=tier, municipality=municipality, service=service, fault=fault)
    except Refusal:
        return False
    return True
