"""The guide that a vendor's developer follows, command by command, in both languages."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from servicedesk.actions.desk import Desk
from servicedesk.actions.sequencing import sequence
from servicedesk.actions.tokens import create_token
from servicedesk.api.docs.texts import FOLDER
from servicedesk.app import create_app
from servicedesk.config import Settings
from servicedesk.core.clock import ControlledClock
from servicedesk.core.facts import OPERATOR
from tests.conftest import missing
from tests.support.desk import START, Template, ticket_after
from tests.support.front import open_front


@pytest.fixture
def app(desk_template: Template, tmp_path: Path) -> Iterator[Flask]:
    url = desk_template.copy_to(tmp_path)
    settings = Settings(instance=tmp_path, database_url=url, secret_key="only-for-tests-01")
    made = create_app(settings, ControlledClock(START))
    yield made
    made.extensions["desk"].engine.dispose()


def steps(language: str) -> list[str]:
    return re.findall(r"```sh\n(.*?)```", (FOLDER / f"guide.{language}.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_command_of_the_guide_does_what_it_says(app: Flask, language: str) -> None:
    if shutil.which("curl") is None:
        missing("curl")
    desk: Desk = app.extensions["desk"]
    number = ticket_after(desk, "order_from_supplier").number
    sequence(desk)
    token = create_token(desk, "leverantor-plattform", "The guide", actor=OPERATOR).text
    # What is said between two commands shows which of them failed.
    script = "\n".join(f"echo '== {n}'\n{step}" for n, step in enumerate(steps(language)))
    with open_front() as front, front.serving(app) as address:
        environ = {"PATH": os.environ["PATH"], "TOKEN": token, "API": f"{address}/api/v1"}
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script], env=environ, capture_output=True, text=True, timeout=120
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f'"number": "{number}"' in done.stdout or f'"number":"{number}"' in done.stdout
    assert "resolved" in done.stdout.rpartition("== 6")[2]
