"""Whose team a group of the log is here, and the teams made for groups that no table names."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from servicedesk.core.facts import Installation, Team
from servicedesk.core.installations.file import slug_of
from servicedesk.core.routing import route
from servicedesk.core.servicenow.mapping import GROUP, ImportMap, Make, folded
from servicedesk.core.vocabulary import Tier

LONGEST_SLUG = 48


def made_teams(mapping: ImportMap, installation: Installation, groups: Iterable[str]) -> dict[str, Team]:
    """Folded group -> the team made for it, now or by an earlier import; empty unless the mapping makes teams."""
    make = mapping.groups.make
    if make is None:
        return {}
    spelt = {folded(group): group for group in [*groups, *([] if mapping.groups.default else [make.unknown])]}
    unnamed = {group: name for group, name in spelt.items() if group not in mapping.groups.teams}
    made = {group: _made(make, name) for group, name in sorted(unnamed.items())}
    return {group: installation.teams.get(team.key, team) for group, team in made.items()}


def _made(make: Make, group: str) -> Team:
    return Team(
        key=make.prefix + key_of(group),
        organisation=make.organisation,
        tier=make.tier,
        name=make.name.replace(GROUP, group),
        calendar=make.calendar,
        role=make.role,
        observed=True,
    )


def key_of(group: str) -> str:
    """`Group 70` is `group-70`. A name that a key can't say whole gets a mark of its own, so that no two share one."""
    slug = slug_of(group)[:LONGEST_SLUG].strip("-")
    if slug.replace("-", " ") == folded(group):
        return slug
    mark = hashlib.sha256(folded(group).encode()).hexdigest()[:8]
    return f"{slug}-{mark}" if slug else mark


@dataclass(slots=True)
class Holders:
    """Finds the team of a group for a ticket of a municipality, about a service."""

    mapping: ImportMap
    installation: Installation
    made: Mapping[str, Team]
    _routed: dict[tuple[str, str, str], Team] = field(default_factory=dict)

    def of(self, group: str, municipality: str, service: str) -> Team | None:
        """None when the mapping says nothing of this group; `unknown` then has the ticket, if it is with nobody yet."""
        target = self.mapping.groups.teams.get(folded(group))
        if target is not None:
            return self._team(target, municipality, service)
        return self.made.get(folded(group))

    def unknown(self, municipality: str, service: str) -> Team:
        """The team of rows that name no group, or none that the mapping knows."""
        if self.mapping.groups.default:
            return self._team(self.mapping.groups.default, municipality, service)
        make = self.mapping.groups.make
        assert make is not None
        team = self.of(make.unknown, municipality, service)
        assert team is not None
        return team

    def _team(self, target: str, municipality: str, service: str) -> Team:
        """A team's key, or a tier at which routing chooses. Refusal `no_route`."""
        if target in self.installation.teams:
            return self.installation.teams[target]
        asked = (target, municipality, service)
        if asked not in self._routed:
            team, _ = route(self.installation, tier=Tier(target), municipality=municipality, service=service)
            self._routed[asked] = team
        return self._routed[asked]
