"""Who takes part in sample lives, what each ticket is about, and how far it is to go."""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from servicedesk.actions.demo.matters import Matter, Phrases, read_matters, read_phrases
from servicedesk.core.actors import actor_of
from servicedesk.core.facts import Actor, Installation, Organisation
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import OrganisationKind

# Some matters drag on: how much slower than the middle one, as the spread of a lognormal.
SPREAD = 0.6


@dataclass(frozen=True, slots=True)
class Story:
    """What one sample ticket is about. `pace`: how many times slower than most."""

    matter: Matter
    pace: float

    def has_come_far_enough(self, ticket: TicketState) -> bool:
        return max(stretch.holder.tier.level for stretch in ticket.custody) >= self.matter.reach.level


@dataclass
class Cast:
    """`chance` decides everything: the same seed gives the same lives. `stories` is by ticket number."""

    installation: Installation
    chance: random.Random
    matters: list[Matter] = field(default_factory=read_matters)
    phrases: Phrases = field(default_factory=read_phrases)
    stories: dict[str, Story] = field(default_factory=dict)
    people: Mapping[str, list[Actor]] = field(init=False)
    places: list[Organisation] = field(init=False)
    _deck: list[Matter] = field(default_factory=list)
    _pack: int = 0

    def __post_init__(self) -> None:
        installation = self.installation
        by_organisation: defaultdict[str, list[Actor]] = defaultdict(list)
        for _, person in sorted(installation.people.items()):
            for organisation in sorted((actor := actor_of(person, installation)).organisations):
                by_organisation[organisation].append(actor)
        self.people = by_organisation
        self.places = [o for o in installation.organisations.values() if o.kind is OrganisationKind.MUNICIPALITY]
        self._joint = [o.key for o in installation.organisations.values() if o.kind is OrganisationKind.JOINT]

    def around(self, ticket: TicketState) -> Iterator[Actor]:
        """The people of those a ticket concerns: its municipality, the joint tier and whoever holds it."""
        yield from dict.fromkeys(
            actor
            for organisation in dict.fromkeys((ticket.municipality, ticket.holder.organisation, *self._joint))
            for actor in self.people[organisation]
        )

    def next_matter(self) -> Matter:
        """Dealt from shuffled packs, each with every matter once, the later ones with the common ones alone: the same
        matter does not come again before the others have."""
        while not self._deck:
            self._pack = self._pack % max(matter.weight for matter in self.matters) + 1
            self._deck = [matter for matter in self.matters if matter.weight >= self._pack]
            self.chance.shuffle(self._deck)
        return self._deck.pop()

    def new_story(self, matter: Matter) -> Story:
        return Story(matter, self.chance.lognormvariate(0, SPREAD))

    def says(self, what: str) -> str:
        return self.chance.choice(self.phrases[what])
