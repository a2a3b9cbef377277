"""The part of an installation that a step asks about: the teams a ticket can go to."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from servicedesk.core.facts import Installation, Team
from servicedesk.core.ticket import Holder


@dataclass(frozen=True, slots=True)
class Parties:
    teams: Mapping[str, Team] = field(default_factory=dict)

    @classmethod
    def of(cls, installation: Installation) -> "Parties":
        return cls(installation.teams)

    def beside(self, holder: Holder) -> list[Team]:
        """Where a ticket can go sideways: the other teams of the holder's tier in the holder's organisation. A team
        known from another system's log alone gets none: nobody may be there to take it."""
        return [
            team
            for team in self.teams.values()
            if (team.tier, team.organisation) == (holder.tier, holder.organisation)
            and team.key != holder.team
            and not team.observed
        ]
