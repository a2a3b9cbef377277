"""Does a mapping fit this installation and workflow? Everything that does not is named by its key in the file."""

from collections.abc import Callable, Collection, Iterator, Mapping

from servicedesk.core.errors import Fault, FileFaults, Refusal
from servicedesk.core.facts import Installation, Team
from servicedesk.core.installations.entry import suggestion
from servicedesk.core.routing import KIND_OF_TIER, route
from servicedesk.core.servicenow.mapping import ANY, ImportMap
from servicedesk.core.vocabulary import ROLE_TIERS, Category, OrganisationKind, Tier
from servicedesk.core.workflows.definition import Definition

Finding = tuple[str, str, str]


def check_import_map(
    mapping: ImportMap, installation: Installation, definition: Definition, made: Collection[Team] = ()
) -> None:
    """FileFaults with every reference that leads nowhere, and every state that a group's tier could meet in vain.

    `made` are the teams that stand for groups of the log: somebody may have moved one to another tier since.
    """
    rules: tuple[Callable[[ImportMap, Installation], Iterator[Finding]], ...] = (
        _check_places,
        _check_groups,
        _check_make,
        _check_assignees,
    )
    findings = [finding for rule in rules for finding in rule(mapping, installation)]
    findings += _check_states(mapping, definition, reachable_tiers(mapping, installation, made))
    if findings:
        raise FileFaults([Fault(mapping.file, key, problem, remedy) for key, problem, remedy in findings])


def municipalities(mapping: ImportMap) -> set[str]:
    """Every municipality that a ticket of this log may get."""
    return {mapping.municipality.default, *mapping.municipality.map.values()}


def targets(mapping: ImportMap) -> Iterator[tuple[str, str]]:
    """(key in the file, team or tier) of every group that a table names."""
    if mapping.groups.default:
        yield "group.default", mapping.groups.default
    for group, target in mapping.groups.teams.items():
        yield f'group.teams."{group}"', target


def _check_places(mapping: ImportMap, installation: Installation) -> Iterator[Finding]:
    kinds = installation.organisations
    towns = [key for key, organisation in kinds.items() if organisation.kind is OrganisationKind.MUNICIPALITY]
    yield from _known("municipality", mapping.municipality.default, mapping.municipality.map, towns)
    yield from _known("service", mapping.service.default, mapping.service.map, list(installation.services))


def _known(table: str, default: str, values: Mapping[str, str], known: Collection[str]) -> Iterator[Finding]:
    named = {"default": default, **{f'map."{word}"': key for word, key in values.items()}}
    for key, value in named.items():
        if value not in known:
            yield f"{table}.{key}", f'"{value}" is no {table} of the installation.', suggestion(value, known)


def _check_groups(mapping: ImportMap, installation: Installation) -> Iterator[Finding]:
    for key, target in targets(mapping):
        team = installation.teams.get(target)
        if target in list(Tier):
            yield from _check_routes(mapping, installation, key, Tier(target))
        elif team is None:
            known = [*Tier, *installation.teams]
            yield key, f'"{target}" is neither a team of the installation nor a tier.', suggestion(target, known)
        elif not _is_a_party(mapping, team.organisation, team.tier):
            problem = f"{target} belongs to {team.organisation}, which does not see the tickets of every municipality."
            yield key, problem, f'Write "{team.tier}", and the municipality\'s own team at that tier is meant.'


def _check_routes(mapping: ImportMap, installation: Installation, key: str, tier: Tier) -> Iterator[Finding]:
    for municipality in sorted(municipalities(mapping) & installation.organisations.keys()):
        for service in sorted({mapping.service.default, *mapping.service.map.values()} & installation.services.keys()):
            try:
                route(installation, tier=tier, municipality=municipality, service=service)
            except Refusal as refusal:
                yield key, str(refusal), "Name a team, or add a routing rule to the installation."


def _is_a_party(mapping: ImportMap, organisation: str, tier: Tier) -> bool:
    """A municipality's team can hold its own municipality's tickets only."""
    return KIND_OF_TIER[tier] is not OrganisationKind.MUNICIPALITY or municipalities(mapping) == {organisation}


def _check_make(mapping: ImportMap, installation: Installation) -> Iterator[Finding]:
    make = mapping.groups.make
    if make is None:
        return
    organisation = installation.organisations.get(make.organisation)
    if organisation is None:
        problem = f'"{make.organisation}" is no organisation of the installation.'
        yield "group.make.organisation", problem, suggestion(make.organisation, installation.organisations)
    elif organisation.kind is not KIND_OF_TIER[make.tier]:
        remedy = f"Choose an organisation of kind {KIND_OF_TIER[make.tier]}, or another tier."
        yield "group.make.tier", f"{make.tier} is not a tier of a {organisation.kind} organisation.", remedy
    elif not _is_a_party(mapping, make.organisation, make.tier):
        problem = f"{make.organisation} does not see the tickets of every municipality."
        yield "group.make.organisation", problem, "Give all tickets one municipality, and name it here."
    if ROLE_TIERS.get(make.role) is not make.tier:
        roles = ", ".join(role for role, tier in ROLE_TIERS.items() if tier is make.tier)
        yield "group.make.role", f"{make.role} does not work at tier {make.tier}.", f"Roles there: {roles}."
    if make.calendar not in installation.calendars:
        problem = f'"{make.calendar}" is no calendar of the installation.'
        yield "group.make.calendar", problem, suggestion(make.calendar, installation.calendars)


def reachable_tiers(mapping: ImportMap, installation: Installation, made: Collection[Team] = ()) -> list[Tier]:
    """Every tier at which a group of the log can hold a ticket."""
    found = {team.tier for team in made} | ({mapping.groups.make.tier} if mapping.groups.make else set())
    for _, target in targets(mapping):
        if target in list(Tier):
            found.add(Tier(target))
        elif target in installation.teams:
            found.add(installation.teams[target].tier)
    return [tier for tier in Tier if tier in found]


def _check_states(mapping: ImportMap, definition: Definition, reachable: list[Tier]) -> Iterator[Finding]:
    for state, table in mapping.states.items():
        at = f'state."{mapping.spelt[state]}"'
        for tier, name in table.items():
            yield from _check_state(f"{at}.{tier}", tier, name, definition)
        for tier in reachable:
            if tier not in table and ANY not in table:
                problem = "is missing, and the mapping has groups at that tier."
                yield f"{at}.{tier}", problem, f"Write {tier} = a state of {definition.key} at that tier."
    opening = mapping.states[mapping.initial].values()
    if any(name in definition.states and not _is_open(definition, name) for name in opening):
        yield "log.initial", "is a state in which tickets end.", "Name the state in which incidents begin."


def _is_open(definition: Definition, name: str) -> bool:
    return definition.states[name].category not in (Category.RESOLVED, Category.CLOSED)


def _check_state(key: str, tier: str, name: str, definition: Definition) -> Iterator[Finding]:
    state = definition.states.get(name)
    if state is None:
        yield key, f'"{name}" is no state of {definition.key}.', suggestion(name, definition.states)
    elif state.tier is not None and state.tier != tier:
        yield key, f'"{name}" is a state at tier {state.tier}.', f"Write {state.tier} = it, or choose another state."


def _check_assignees(mapping: ImportMap, installation: Installation) -> Iterator[Finding]:
    for word, person in mapping.assignee.items():
        if person not in installation.people:
            known = suggestion(person, installation.people)
            yield f'assignee.map."{word}"', f'"{person}" is no person of the installation.', known
