"""What the public is shown of disruptions: of one municipality and one service if they are asked for."""

from dataclasses import dataclass
from datetime import datetime

from flask import request

from servicedesk.core.disruptions import Disruption
from servicedesk.core.errors import NotFound
from servicedesk.core.vocabulary import OrganisationKind
from servicedesk.store.queries.disruptions import told_disruptions
from servicedesk.web import names
from servicedesk.web.reading import Reading


@dataclass(frozen=True, slots=True)
class Told:
    """One disruption with its names."""

    disruption: Disruption
    service: str
    places: list[str]


@dataclass(frozen=True, slots=True)
class News:
    """`municipality`, `service`: what was asked for, '' for all; `municipalities`, `services`: key and name of what can
    be. `updated_at`: None where nothing is told."""

    municipality: str
    service: str
    going_on: list[Told]
    over: list[Told]
    municipalities: list[tuple[str, str]]
    services: list[tuple[str, str]]

    @property
    def all(self) -> list[Told]:
        return [*self.going_on, *self.over]

    @property
    def updated_at(self) -> datetime | None:
        return max((told.disruption.updated_at for told in self.all), default=None)

    @property
    def asked(self) -> dict[str, str]:
        """As an address says it."""
        return {name: key for name, key in (("municipality", self.municipality), ("service", self.service)) if key}

    @property
    def place(self) -> str:
        return dict(self.municipalities).get(self.municipality, "")

    @property
    def about(self) -> str:
        return dict(self.services).get(self.service, "")


def news(reading: Reading) -> News:
    """By the address that is asked for. NotFound for a municipality or service that there is not."""
    installation = reading.installation
    places = [(o.key, o.name) for o in installation.organisations.values() if o.kind is OrganisationKind.MUNICIPALITY]
    services = [(each.key, each.name) for each in installation.services.values()]
    municipality, service = request.args.get("municipality", ""), request.args.get("service", "")
    if (municipality and municipality not in dict(places)) or (service and service not in dict(services)):
        raise NotFound("There is no such municipality or service here.")
    found = [named(each, reading) for each in told_disruptions(reading.connection, reading.now, municipality, service)]
    return News(
        municipality=municipality,
        service=service,
        going_on=[told for told in found if told.disruption.ended_at is None],
        over=[told for told in found if told.disruption.ended_at is not None],
        municipalities=sorted(places, key=lambda pair: pair[1].casefold()),
        services=sorted(services, key=lambda pair: pair[1].casefold()),
    )


def named(each: Disruption, reading: Reading) -> Told:
    places = sorted(names.organisation(reading.installation, key) for key in each.municipalities)
    return Told(each, names.service(reading.installation, each.service), places)
