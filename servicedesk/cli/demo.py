"""`servicedesk demo`: a sample installation with a year behind it, ready to click in."""

import json
import os
import secrets
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click

from servicedesk import paths
from servicedesk.actions.demo.year import build_demo
from servicedesk.actions.desk import Desk
from servicedesk.actions.installation import load_installation
from servicedesk.actions.signin import set_sample_passwords
from servicedesk.actions.tokens import create_token
from servicedesk.cli import demo_supplier
from servicedesk.cli.living import start_living
from servicedesk.cli.load import read_workflows
from servicedesk.cli.opening import open_desk
from servicedesk.cli.options import server_options
from servicedesk.cli.progress import progress
from servicedesk.config import Settings, start_settings
from servicedesk.core.errors import Refusal
from servicedesk.core.facts import OPERATOR, Installation
from servicedesk.core.installations.file import read_installation
from servicedesk.core.vocabulary import OrganisationKind, Role
from servicedesk.store.queries.lists import has_tickets

SAMPLE = "norrbotten"
LIVELY = 30
# What the demonstration made here and how to get in. Whoever can read it can read the database beside it.
MARK = "demo.json"


@click.command("demo")
@server_options
@click.option("--fresh", is_flag=True, help="Start over: remove what an earlier demo made first.")
@click.option("--no-serve", is_flag=True, help="Build it and stop.")
@click.option(
    "--live",
    is_flag=False,
    flag_value=LIVELY,
    type=click.FloatRange(min=1),
    metavar="[SECONDS]",
    help=f"Let something happen about every so many seconds while it is served ({LIVELY} unless given).",
)
@click.option("--tickets", default=600, show_default=True, type=click.IntRange(1, 5000), help="How many tickets.")
def command(host: str, port: int, fresh: bool, no_serve: bool, live: float | None, tickets: int) -> None:
    """Build a sample installation with a year of tickets on the embedded database, and serve it.

    Touches no database that a demo did not make. With --live new tickets arrive and are worked on, by sample people and
    suppliers; those you work on yourself are left to you. One supplier has a desk of its own, which works by the API as
    long as the demo is served.
    """
    if live and no_serve:
        raise click.UsageError("A demo lives only while it is served. Leave out --live or --no-serve.")
    settings = start_settings()
    mark = settings.instance / MARK
    if not settings.embedded:
        raise Refusal("The demo uses an embedded database only. Unset SERVICEDESK_DATABASE_URL.", code="not_embedded")
    if mark.exists() and (fresh or not read_mark(mark)["whole"]):
        remove(settings)
    desk = open_desk(settings)
    if not mark.exists():
        build(desk, settings, tickets)
    describe(desk, read_mark(mark))
    if not no_serve:
        settings, supplier, start = with_supplier(desk, settings)
        desk.engine.dispose()
        click.echo(f"\nLook at http://{f'[{host}]' if ':' in host else host}:{port}/   (Ctrl-C stops it)\n")
        from servicedesk.cli.serving import serve

        # One worker, so that only one keeps the demonstration living.
        living = partial(start_living, seconds=live, but=supplier) if live else None
        serve(host, port, 1, with_scheduler=True, settings=settings, inside=living, beside=start, quiet=True)


def with_supplier(desk: Desk, settings: Settings) -> tuple[Settings, str, Callable[[str], Callable[[], None]] | None]:
    """(the settings to serve by, the supplier that has a desk of its own, what starts that desk)"""
    with desk.reading() as connection:
        installation = desk.book(connection).installation
    supplier = demo_supplier.supplier_with_desk(installation, but=first_supplier(installation))
    if not supplier:
        return settings, "", None
    token = demo_supplier.supplier_token(desk, settings, supplier)
    click.echo(f"  {installation.organisations[supplier].name} has a desk of its own and works by the API.")
    told, start = demo_supplier.beside(settings, token)
    return told, supplier, start


def build(desk: Desk, settings: Settings, tickets: int) -> None:
    """The sample, its sign-ins, a supplier's token, and the year. The mark is written before anything is made, so that
    a demo that was cut short is known as one and started over."""
    with desk.reading() as connection:
        if has_tickets(connection):
            raise Refusal(
                "The database in %(instance)s holds tickets of its own. Choose another folder by SERVICEDESK_INSTANCE.",
                code="not_a_demo",
                instance=str(settings.instance),
            )
        now = desk.now(connection)
    made: dict[str, Any] = {"password": f"prova-{secrets.token_hex(5)}", "token": "", "whole": False}
    write_mark(settings.instance / MARK, made)
    definitions = read_workflows()
    folder = paths.samples() / SAMPLE
    load_installation(desk, read_installation(folder, [d.key for d in definitions]), definitions)
    set_sample_passwords(desk, made["password"])
    with desk.reading() as connection:
        supplier = first_supplier(desk.book(connection).installation)
    made["token"] = create_token(desk, supplier, "demo", actor=OPERATOR).text
    with progress(None, "Living a year of tickets") as shown:
        build_demo(desk, tickets, now, tick=lambda: shown.advance(1))
    write_mark(settings.instance / MARK, made | {"whole": True})


def write_mark(file: Path, made: dict[str, Any]) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        json.dump(made, opened)


def read_mark(file: Path) -> dict[str, Any]:
    """Refusal when it is not as it was written: by a hand, or a disk that was full."""
    try:
        mark: dict[str, Any] = json.loads(file.read_bytes())
        return {key: mark[key] for key in ("password", "token", "whole")}
    except (ValueError, KeyError, TypeError) as error:
        raise Refusal("%(file)s is damaged. Start over with --fresh.", code="mark_damaged", file=str(file)) from error


def remove(settings: Settings) -> None:
    """The demo's own database and mark, nothing else in the folder."""
    database = settings.instance / Path(settings.database_url.removeprefix("sqlite:///")).name
    for file in (database, *(database.with_name(database.name + end) for end in ("-wal", "-shm"))):
        file.unlink(missing_ok=True)
    demo_supplier.remove(settings)
    (settings.instance / MARK).unlink()


def describe(desk: Desk, made: dict[str, Any]) -> None:
    """One sign-in for each role."""
    with desk.reading() as connection:
        installation = desk.book(connection).installation
    click.echo("\nA sample installation of servicedesk. Every person, supplier and ticket in it is an example.\n")
    for role, email, place in sign_ins(installation):
        click.echo(f"  {role:26}{email:46}{place}")
    click.echo(f"\n  password for all of them: {made['password']}")
    click.echo(f"  API token of {first_supplier(installation)}: {made['token']}")


def sign_ins(installation: Installation) -> list[tuple[str, str, str]]:
    """(role, address, organisation): one sample person of each role, as far as can be along one and the same chain."""
    largest = max(installation.organisations.values(), key=lambda organisation: organisation.population)
    chain = {largest.key, first_supplier(installation)}
    found: dict[Role, tuple[bool, int, str, str, str]] = {}
    for person in installation.people.values():
        for seat in person.memberships if person.sample else ():
            organisation = installation.organisations[installation.teams[seat.team].organisation]
            far = organisation.key not in chain
            candidate = (far, len(person.memberships), person.key, person.email, organisation.name)
            found[seat.role] = min(candidate, found.get(seat.role, candidate))
    return [(role, found[role][3], found[role][4]) for role in Role if role in found]


def first_supplier(installation: Installation) -> str:
    """Whoever runs the first shared service, the e-service platform."""
    return next(
        service.supplier
        for service in installation.services.values()
        if installation.organisations[service.supplier].kind is OrganisationKind.SUPPLIER
    )
