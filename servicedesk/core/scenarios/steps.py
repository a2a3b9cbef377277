"""One step of a scenario read from its table: when, who, on which ticket, what, and what must then be true."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from servicedesk.core.actors import actor_of
from servicedesk.core.facts import SCHEDULER, Actor, Installation, Person
from servicedesk.core.installations.entry import Entry, suggestion
from servicedesk.core.scenarios.expect import duration_of, moment_of, read_expected
from servicedesk.core.scenarios.given import ACTIONS, Context, Given, read_transition
from servicedesk.core.scenarios.scenario import LOG, PASS_TIME, ScenarioStep
from servicedesk.core.vocabulary import ROLE_TIERS, OrganisationKind, Role
from servicedesk.core.workflows.definition import Definition, Transition

USUAL_TICKET = "A"
TIME = "scheduler"
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)  # stands for a moment that could not be read


@dataclass(slots=True)
class StepReader:
    """Carries from step to step what a later one is read against: the moment before, and the tickets logged (in
    `context`)."""

    installation: Installation
    context: Context
    last: datetime | None = None
    nobody: Actor = field(default_factory=lambda: Actor("person", "", ""))

    def read(self, number: int, entry: Entry) -> ScenarioStep:
        """The step; where there are faults, with harmless values in their place."""
        at = self._moment(entry)
        who = entry.text("who", remedy='Write who = "role@organisation", such as "first_line_staff@pitea".')
        actor = self._actor(entry, who) if who else self.nobody
        expect = table(entry, "expect")
        refused, fields = expect.text("refused", ""), expect.texts("fields", ())
        self.context.home, self.context.refused = self._home(who, actor), bool(refused)
        ticket = entry.text("ticket", USUAL_TICKET)
        do = self._do(entry, actor)
        given = self._given(entry, do, ticket)
        wanted = read_expected(expect, self.context.zone)
        self._require_state(expect, wanted.get("state", ""), ticket)
        expect.finish()
        entry.finish()
        return ScenarioStep(number, at, who, actor, ticket, do, given, refused, fields, wanted)

    def _moment(self, entry: Entry) -> datetime:
        at = self._after(entry) if "after" in entry else self._at(entry)
        before = self.last or at
        if at < before:
            entry.fault("at", "is before the step above.", "Write the steps in the order in which they happen.")
        self.last = max(at, before)
        return at

    def _at(self, entry: Entry) -> datetime:
        entry.text("after", "")
        text = entry.text("at", remedy='Write at = "2026-03-12 08:30", or after = "2h".')
        at = moment_of(entry, "at", text, self.context.zone) if text else None
        return at or self.last or BEGINNING

    def _after(self, entry: Entry) -> datetime:
        if "at" in entry:
            entry.fault("after", "stands beside at.", "Keep one of them.")
            return self._at(entry)
        seconds = duration_of(entry, "after")
        if self.last is None:
            entry.fault("after", "has no step before it.", 'Give the first step at = "2026-03-12 08:30".')
            return BEGINNING
        return self.last + timedelta(seconds=seconds)

    def _actor(self, entry: Entry, who: str) -> Actor:
        if who == TIME:
            return SCHEDULER
        role, at, organisation = who.partition("@")
        person = self._holder_of(entry, role, organisation) if at else self.installation.people.get(who)
        if person is None and not at:
            entry.fault("who", f'"{who}" is nobody.', 'Write "role@organisation", "scheduler", or a person\'s key.')
        return actor_of(person, self.installation) if person else self.nobody

    def _holder_of(self, entry: Entry, role: str, organisation: str) -> Person | None:
        """The first person, by key, with the role in one of the organisation's teams."""
        if role not in ROLE_TIERS:
            entry.fault("who", f'"{role}" is not a role.', suggestion(role, [str(known) for known in ROLE_TIERS]))
        elif organisation not in self.installation.organisations:
            remedy = suggestion(organisation, self.installation.organisations)
            entry.fault("who", f'"{organisation}" is not an organisation.', remedy)
        else:
            there = people_by_role(self.installation, organisation)
            if role not in there:
                entry.fault("who", f'nobody is "{role}" in "{organisation}".', suggestion(role, there))
            return there.get(Role(role))
        return None

    def _home(self, who: str, actor: Actor) -> str:
        """The municipality that `who` names, or the person's only one."""
        named = who.partition("@")[2]
        organisations = self.installation.organisations
        own = [key for key in ([named] if named else sorted(actor.organisations)) if key in organisations]
        own = [key for key in own if organisations[key].kind is OrganisationKind.MUNICIPALITY]
        return own[0] if len(own) == 1 else ""

    def _do(self, entry: Entry, actor: Actor) -> str:
        if actor is not SCHEDULER:
            return entry.text("do", remedy='Write do = "log", another action, or a step of the workflow.')
        if "do" in entry:
            entry.fault("do", "cannot stand here.", "Leave it out: the scheduler only lets time pass.")
        return entry.text("do", PASS_TIME)

    def _given(self, entry: Entry, do: str, ticket: str) -> Given:
        values = table(entry, "with")
        if do == LOG:
            given = self._log(entry, values, ticket)
        elif ticket not in self.context.labels:
            known = self.context.labels
            remedy = suggestion(ticket, known) if known else 'Begin with do = "log".'
            entry.fault("ticket", f'no ticket "{ticket}" has been logged before this step.', remedy)
            return {}
        elif do in ACTIONS:
            given = ACTIONS[do](values, self.context)
        elif do:
            transition = self._transition(entry, do, self.context.labels[ticket])
            if transition is None:
                return {}
            given = read_transition(values, transition, self.context)
        else:
            given = {}
        values.finish()
        return given

    def _log(self, entry: Entry, values: Entry, ticket: str) -> Given:
        if ticket in self.context.labels:
            remedy = 'Write another, such as ticket = "B".'
            entry.fault("ticket", f'a ticket "{ticket}" has been logged already.', remedy)
        given = ACTIONS[LOG](values, self.context)
        definition = self.context.workflows.get(given["workflow"])
        if definition and not self.context.refused:
            self.context.labels[ticket] = definition
        return given

    def _transition(self, entry: Entry, do: str, definition: Definition) -> Transition | None:
        if do not in definition.transitions:
            problem = f'"{do}" is no action, and no step of the workflow {definition.key}.'
            entry.fault("do", problem, suggestion(do, [*definition.transitions, *ACTIONS]))
        return definition.transitions.get(do)

    def _require_state(self, expect: Entry, state: str, ticket: str) -> None:
        definition = self.context.labels.get(ticket)
        if state and definition and state not in definition.states:
            problem = f'"{state}" is no state of the workflow {definition.key}.'
            expect.fault("state", problem, suggestion(state, definition.states))


def table(entry: Entry, name: str) -> Entry:
    """A table within the step; an empty one when it is not written."""
    return entry.entry(name) or Entry(entry.reading, entry.file, f"{entry.key}.{name}", {})


def people_by_role(installation: Installation, organisation: str) -> dict[str, Person]:
    found: dict[str, Person] = {}
    for _, person in sorted(installation.people.items()):
        for seat in person.memberships:
            if installation.teams[seat.team].organisation == organisation:
                found.setdefault(str(seat.role), person)
    return found
