"""The demonstration's supplier that has a desk of its own: another process, which does its work through the API."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from servicedesk.actions.desk import Desk
from servicedesk.actions.tokens import create_token
from servicedesk.cli.serving import free_port
from servicedesk.config import Settings
from servicedesk.core.facts import OPERATOR, Installation
from servicedesk.core.vocabulary import OrganisationKind

FOLDER, KEPT = "supplier-desk", "client.json"
NAME = "Eget ärendesystem"
PROGRAM = (sys.executable, "-c", "from servicedesk.cli import main; main()")
# Of its hours: who looks on sees a prompt answer within a minute, and a slow one within half an hour.
HOUR_SECONDS = 20
# Not down for a day: whoever tries the demonstration would take it for broken.
BEHAVIOURS = ("prompt", "asks-first", "answers-twice", "slow", "sends-back", "goes-silent")
ENDS_WITHIN = 5


def supplier_with_desk(installation: Installation, but: str) -> str:
    """Whoever supplies most of the shared services, apart from the one that visitors are to act for themselves."""
    suppliers = [service.supplier for _, service in sorted(installation.services.items())]
    others = [
        key for key in suppliers if key != but and installation.organisations[key].kind is OrganisationKind.SUPPLIER
    ]
    return max(others, key=others.count, default="")


def supplier_token(desk: Desk, settings: Settings, organisation: str) -> str:
    """Its way in, made the first time that it is asked for. Whoever can read it can read the database beside it."""
    folder = settings.instance / FOLDER
    with suppress(OSError, ValueError, KeyError, TypeError):
        return str(json.loads((folder / KEPT).read_bytes())["token"])
    folder.mkdir(mode=0o700, exist_ok=True)
    token = create_token(desk, organisation, NAME, actor=OPERATOR).text
    descriptor = os.open(folder / KEPT, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        json.dump({"token": token}, opened)
    return token


def beside(settings: Settings, token: str) -> tuple[Settings, Callable[[str], Callable[[], None]]]:
    """(the settings by which it can be told by webhooks, what starts it for the desk at an address and gives what stops
    it). That one place on this machine may be called, as no other internal one."""
    port = free_port()
    places = sorted({*settings.callable_inside, f"127.0.0.1:{port}"})
    told = replace(settings, webhooks_insecure=",".join(places))

    def start(url: str) -> Callable[[], None]:
        return started(url, token, settings.instance / FOLDER, port)

    return told, start


def started(url: str, token: str, folder: Path, port: int) -> Callable[[], None]:
    """What stops it. However this process ends, it ends too: its standard input does."""
    arguments = ["supplier-desk", url, "--folder", str(folder), "--port", str(port), "--hour", str(HOUR_SECONDS)]
    arguments += [part for name in BEHAVIOURS for part in ("--behaviour", name)]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [*PROGRAM, *arguments, "--from-now", "--attached"],
            env={**os.environ, "SUPPLIER_DESK_TOKEN": token},
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
        )

    def stop() -> None:
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    return stop


def remove(settings: Settings) -> None:
    shutil.rmtree(settings.instance / FOLDER, ignore_errors=True)
