"""Frozen facts the rules read: who acts, and what the installation consists of.

Keys are lower-case slugs (`lulea`, `lulea-kundcenter`) unique per kind; journal and files speak of things by key.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from servicedesk.core.vocabulary import (
    AgreementKind,
    Channel,
    Fault,
    KnownKind,
    Language,
    Level,
    Metric,
    OrganisationKind,
    ResolutionCode,
    Role,
    Tier,
)


@dataclass(frozen=True, slots=True)
class Organisation:
    key: str
    kind: OrganisationKind
    name: str
    code: str = ""
    population: int = 0


@dataclass(frozen=True, slots=True)
class Team:
    """A holder. `calendar` is its opening hours; `sample` marks values that are examples, not facts. An `observed` team
    is known from another system's log alone: it holds imported tickets, and routing never chooses it by its role."""

    key: str
    organisation: str
    tier: Tier
    name: str
    calendar: str
    role: Role
    channels: tuple[Channel, ...] = ()
    sample: bool = False
    observed: bool = False


@dataclass(frozen=True, slots=True)
class Membership:
    """A person's role in a team; `lead` marks the team lead."""

    team: str
    role: Role
    lead: bool = False


@dataclass(frozen=True, slots=True)
class Absence:
    """Away on the civil days `first` to `last`, both of them too. `stand_in`: the person who is told in their place,
    '' for nobody."""

    first: date
    last: date
    stand_in: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Sign-in name is `email`. `memberships` may span organisations.

    Nobody is ever deleted, since journals name them: who has left is `ended` on a day, has no memberships, and had
    those in `former` until then. `employer`: the municipality of an employee who has no seat, and asks about their own
    matters alone; '' for everybody else.
    """

    key: str
    name: str
    email: str
    memberships: tuple[Membership, ...]
    language: Language = Language.SWEDISH
    sample: bool = False
    phone: str = ""
    absences: tuple[Absence, ...] = ()
    ended: date | None = None
    former: tuple[Membership, ...] = ()
    employer: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """A shared service: the organisation that owns it and the supplier that runs it ('' when none)."""

    key: str
    name: str
    owner: str
    supplier: str = ""


@dataclass(frozen=True, slots=True)
class EService:
    """A municipality's own e-service on a shared service."""

    key: str
    municipality: str
    service: str
    name: str


@dataclass(frozen=True, slots=True)
class Known:
    """A known error with its workaround, or an answer: what a first line can tell who asks. Found by its title and by
    `symptoms`, in the words of those who ask. `municipality` and `e_service` narrow whom it is for; '' for all.
    `withdrawn`: offered to nobody any more."""

    key: str
    kind: KnownKind
    title: str
    answer: str
    service: str
    symptoms: tuple[str, ...] = ()
    municipality: str = ""
    e_service: str = ""
    resolution_code: ResolutionCode = ResolutionCode.INFORMATION_GIVEN
    withdrawn: bool = False


# A target on this calendar counts on the opening hours of the team that holds the ticket.
HOLDERS_CALENDAR = "holder"


@dataclass(frozen=True, slots=True)
class Target:
    """A promise: `seconds` of open time on `calendar` for `metric`, for these priorities (no tier for SLA and UC).

    `workflows`: the request types it is for, by their workflows' keys; none is all. Only when `grace` seconds of open
    time more have passed is it broken.
    """

    metric: Metric
    seconds: int
    calendar: str
    priorities: tuple[int, ...] = (1, 2, 3, 4)
    tier: Tier | None = None
    workflows: tuple[str, ...] = ()
    grace: int = 0


@dataclass(frozen=True, slots=True)
class Agreement:
    """SLA: `party` is the municipality promised; OLA: the joint organisation; UC: the supplier that promises.

    Valid on civil days `valid_from` <= day < `valid_to` (None: open) in the installation's zone. Its clocks warn at the
    shares in `warn`, in percent of the target; none means those of the installation's ladder. `ends`: it is meant that
    nothing follows on it at once.
    """

    key: str
    kind: AgreementKind
    party: str
    services: tuple[str, ...]
    targets: tuple[Target, ...]
    valid_from: date
    valid_to: date | None = None
    name: str = ""
    warn: tuple[int, ...] = ()
    ends: bool = False

    def __hash__(self) -> int:
        """Of all its targets it would cost more than what is remembered by it."""
        return hash((self.key, self.valid_from))


@dataclass(frozen=True, slots=True)
class Rung:
    """At `share` percent of a target these roles are told; `holder` and `team_lead` are the holder's own."""

    share: int
    tell: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """Chooses the team of a tier. Empty conditions match anything; the lowest `order` that matches wins.

    `team` is a team's key, or '' with `role` set: the municipality's team that has that role.
    """

    key: str
    order: int
    tier: Tier
    team: str = ""
    role: Role | None = None
    municipality: str = ""
    service: str = ""
    e_service: str = ""
    workflow: str = ""
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """A text to begin a reply with, for an organisation or ('team' set) one of its teams. `text` may name variables:
    see core.templates. One that is `withdrawn` is offered to nobody."""

    key: str
    organisation: str
    title: str
    text: str
    team: str = ""
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Interval:
    """Open from `start` to `end` on a civil day; `end` of 00:00 means the end of that day."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class CalendarVersion:
    """Opening hours from civil day `valid_from` on (None: since always).

    `week`: Monday first, seven tuples of intervals. `exceptions`: intervals of named days, empty when closed;
    an exception replaces the week's hours and wins over a holiday. `holidays`: a country code of the `holidays`
    library ('' for none) with categories; such days are closed. `frozen`: the hash of the list of these days that was
    stored with the version ('' in files: then the library is asked).
    """

    week: tuple[tuple[Interval, ...], ...]
    zone: str = "Europe/Stockholm"
    holidays: str = ""
    holiday_categories: tuple[str, ...] = ("public", "de_facto")
    exceptions: Mapping[date, tuple[Interval, ...]] = field(default_factory=dict)
    valid_from: date | None = None
    frozen: str = ""


@dataclass(frozen=True, slots=True)
class CalendarFacts:
    """A working calendar: its versions in order of validity; each applies until the next begins."""

    key: str
    name: str
    versions: tuple[CalendarVersion, ...]


@dataclass(frozen=True, slots=True)
class Installation:
    """Everything `load` reads, keyed. `priorities` is the matrix (impact, urgency) -> 1..4."""

    organisations: Mapping[str, Organisation] = field(default_factory=dict)
    teams: Mapping[str, Team] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)
    services: Mapping[str, Service] = field(default_factory=dict)
    e_services: Mapping[str, EService] = field(default_factory=dict)
    calendars: Mapping[str, CalendarFacts] = field(default_factory=dict)
    agreements: Mapping[str, Agreement] = field(default_factory=dict)
    routing: Mapping[str, RoutingRule] = field(default_factory=dict)
    known: Mapping[str, Known] = field(default_factory=dict)
    templates: Mapping[str, Template] = field(default_factory=dict)
    priorities: Mapping[tuple[Level, Level], int] = field(default_factory=dict)
    ladder: tuple[Rung, ...] = ()
    zone: str = "Europe/Stockholm"


@dataclass(frozen=True, slots=True)
class Seat:
    """One membership resolved: which role, in which team, at which tier of which organisation."""

    role: Role
    team: str
    tier: Tier
    organisation: str
    lead: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts or looks. `kind`: person, client (API), scheduler, operator (command line), import.

    A viewer is an actor: reads take one too.
    """

    kind: str
    key: str
    name: str
    seats: tuple[Seat, ...] = ()
    language: Language = Language.SWEDISH
    scopes: tuple[str, ...] = ()

    @property
    def organisations(self) -> frozenset[str]:
        return frozenset(seat.organisation for seat in self.seats)

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(seat.role for seat in self.seats)


SCHEDULER = Actor(kind="scheduler", key="scheduler", name="scheduler")
OPERATOR = Actor(kind="operator", key="operator", name="operator")
IMPORTER = Actor(kind="import", key="import", name="import")
