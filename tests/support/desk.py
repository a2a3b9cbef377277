"""A real desk for tests: the sample installation in an embedded database, made once a run and copied for each test.

def test_something(desk_factory):
    desk = desk_factory()
    log_ticket(desk, …, actor=persona(desk, "first_line_lulea"))
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from argon2 import PasswordHasher
from sqlalchemy import update

from servicedesk import paths
from servicedesk.actions.desk import Desk
from servicedesk.actions.installation import load_installation
from servicedesk.actions.log import NewTicket, log_ticket
from servicedesk.actions.signin import set_sample_passwords
from servicedesk.actions.steps import perform
from servicedesk.core.actors import actor_of
from servicedesk.core.clock import ControlledClock
from servicedesk.core.facts import Actor, Person
from servicedesk.core.installations.file import read_installation
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Fault
from servicedesk.core.workflows.file import parse_workflow
from servicedesk.store.access import Credential
from servicedesk.store.engine import make_engine
from servicedesk.store.schema import upgrade

PASSWORD = "ett-lösenord-för-prov"
# A Monday morning with everybody at work: 09.00 in Sweden.
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

PERSONAS = {
    "first_line_lulea": "lulea-forsta-linjen",
    "first_line_colleague_lulea": "lulea-forsta-linjen-2",
    "second_line_lulea": "lulea-forvaltningsledare",
    "administrator_lulea": "lulea-administrator",
    "developer_lulea": "lulea-utvecklare",
    "local_it_lulea": "lulea-lokal-it",
    "first_line_pitea": "pitea-forsta-linjen",
    "second_line_pitea": "pitea-forvaltningsledare",
    "first_line_pajala": "pajala-forsta-linjen",
    "second_line_pajala": "pajala-forvaltningsledare",
    "first_line_kalix": "kalix-forsta-linjen",
    "developer_kalix_haparanda": "kalix-haparanda-utvecklare",
    "it_service_manager": "e-namnden-forvaltningsledare-it",
    "it_service_manager_deputy": "e-namnden-forvaltningsledare-it-2",
    "system_owner": "e-namnden-systemagare",
    "supplier_technician": "leverantor-plattform-tekniker",
    "other_supplier_technician": "leverantor-arkiv-tekniker",
}

PLATFORM = "e-tjansteplattform"
WRITTEN = {
    "reason": "Felet ligger högre upp i kedjan.",
    "tried": "Vi har startat om och provat en annan webbläsare.",
    "solution": "Certifikatet är bytt.",
    "resolution_code": "solved",
    "supplier_description": "Inloggningen ger fel 500 sedan klockan åtta.",
    "question": "Vilken webbläsare gäller det?",
    "answer": "Den senaste Firefox.",
}

# The way of a citizen's ticket to the supplier and back: (who, step, what they give).
CHAIN: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("first_line", "take", ()),
    ("first_line", "escalate_to_second_line", ("reason", "tried")),
    ("second_line", "accept_in_second_line", ()),
    ("second_line", "escalate_to_joint", ("reason", "tried")),
    ("it_service_manager", "accept_in_joint", ()),
    ("it_service_manager", "order_from_supplier", ("supplier_description", "reason", "tried")),
    ("supplier_technician", "accept_at_supplier", ()),
    ("supplier_technician", "propose_solution", ("solution", "resolution_code")),
    ("it_service_manager", "verify", ("tried",)),
    ("second_line", "accept_in_second_line", ()),
    ("second_line", "resolve_in_second_line", ("solution", "resolution_code")),
    ("first_line", "confirm", ()),
)

DeskFactory = Callable[..., Desk]


@dataclass(frozen=True)
class Template:
    """A loaded embedded database that nobody writes to."""

    file: Path

    def copy_to(self, folder: Path) -> str:
        """The address of a copy in this folder, by the name an instance folder gives it."""
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / "servicedesk.sqlite"
        shutil.copyfile(self.file, target)
        return f"sqlite:///{target}"


def make_template(folder: Path) -> Template:
    """Migrate, load the sample and give every sample person PASSWORD."""
    file = folder / "template.sqlite"
    desk = Desk(make_engine(f"sqlite:///{file}"), ControlledClock(START))
    fill(desk)
    desk.engine.dispose()  # the last connection folds the write-ahead log into the file
    return Template(file)


def fill(desk: Desk) -> None:
    """The sample installation on an empty database of either kind."""
    upgrade(desk.engine)
    files = sorted(paths.workflows().glob("*.toml"))
    definitions = [parse_workflow(file.read_text(encoding="utf-8"), file.name) for file in files]
    installation = read_installation(paths.samples() / "norrbotten", [definition.key for definition in definitions])
    load_installation(desk, installation, definitions)
    set_sample_passwords(desk, PASSWORD)
    # A stored hash carries its own cost: at the least one, signing in takes no time.
    hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with desk.transaction() as connection:
        connection.execute(update(Credential).values(password_hash=hashed))


def person(desk: Desk, name: str) -> Person:
    """The sample person who plays a persona."""
    with desk.reading() as connection:
        return desk.book(connection).installation.people[PERSONAS[name]]


def persona(desk: Desk, name: str) -> Actor:
    with desk.reading() as connection:
        installation = desk.book(connection).installation
    return actor_of(installation.people[PERSONAS[name]], installation)


def new_ticket(desk: Desk, municipality: str = "lulea", **given: object) -> TicketState:
    """A platform fault of a citizen, logged by the municipality's first line."""
    values: dict[str, object] = {
        "subject": "Det går inte att logga in",
        "description": "Sidan blir vit efter inloggningen.",
        "requester_name": "Anna Exempel",
        "requester_contact": "070-000 00 00",
        "fault": Fault.PLATFORM,
        **given,
    }
    new = NewTicket(municipality, PLATFORM, **values)  # type: ignore[arg-type]
    return log_ticket(desk, new, actor=persona(desk, f"first_line_{municipality}"))


def ticket_after(desk: Desk, last: str, municipality: str = "lulea", **given: object) -> TicketState:
    """A ticket that has come along the chain until and with this step ('' for one just logged)."""
    ticket = new_ticket(desk, municipality, **given)
    return along_the_chain(desk, ticket.number, last, municipality) if last else ticket


def along_the_chain(desk: Desk, number: str, last: str, municipality: str = "lulea") -> TicketState:
    """One that has just been logged, until and with this step."""
    for who, step, needs in CHAIN:
        name = f"{who}_{municipality}" if who in ("first_line", "second_line") else who
        said = {need: WRITTEN[need] for need in needs}
        ticket = perform(desk, number, step, actor=persona(desk, name), given=said)
        if step == last:
            return ticket
    raise ValueError(f"{last} is no step of the chain")
