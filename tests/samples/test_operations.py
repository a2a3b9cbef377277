"""What an operator copies from servicedesk/samples/operations: it is accepted by what reads it, and agrees with the
program."""

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from servicedesk import paths
from servicedesk.actions.desk import Desk
from servicedesk.actions.pulse import Pulse
from servicedesk.actions.sweep import sweep
from servicedesk.app import LARGEST_REQUEST
from servicedesk.config import read_settings, unknown_variables
from servicedesk.store.engine import make_engine
from servicedesk.store.schema import upgrade
from servicedesk.watch.counted import counted
from servicedesk.watch.requests import TAKEN_OVER
from tests.architecture.source import TOP
from tests.benchmarks.serving import MOST_SECONDS, free_port, wait_until_up
from tests.web.conftest import app

__all__ = ["app"]

FOLDER = paths.samples() / "operations"
UNITS = sorted(FOLDER.glob("*.service")) + sorted(FOLDER.glob("*.timer"))
PROGRAMS = {"gunicorn", "servicedesk"}


def directives(unit: Path) -> list[tuple[str, str, str]]:
    """(section, name, value) in order; anything else in the file fails."""
    section, found = "", []
    for line in unit.read_text(encoding="utf-8").splitlines():
        if match := re.fullmatch(r"\[(\w+)\]", line):
            section = match[1]
        elif line and not line.startswith("#"):
            name, equals, value = line.partition("=")
            assert section and equals and re.fullmatch("[A-Z][A-Za-z]+", name), line
            found.append((section, name, value))
    return found


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_accepts_each_unit(unit: Path, tmp_path: Path) -> None:
    assert {section for section, _, _ in directives(unit)} <= {"Unit", "Service", "Timer", "Install"}
    if shutil.which("systemd-analyze") is None:
        return
    for each in UNITS:
        text = each.read_text(encoding="utf-8")
        (tmp_path / each.name).write_text(re.sub(r"/opt/servicedesk/\.venv/bin/\w+", "/bin/true", text))
    done = subprocess.run(["systemd-analyze", "verify", tmp_path / unit.name], capture_output=True, text=True)
    # Of other units on this machine it speaks too.
    assert (done.returncode, [line for line in done.stderr.splitlines() if "servicedesk" in line]) == (0, [])


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit.suffix == ".service"], ids=lambda unit: unit.name)
def test_a_unit_runs_a_program_of_ours_without_rights_it_does_not_need(unit: Path) -> None:
    service = [(name, value) for section, name, value in directives(unit) if section == "Service"]
    [start] = [value for name, value in service if name == "ExecStart"]
    assert set(re.findall(r"/opt/servicedesk/\.venv/bin/(\w+)", start)) <= PROGRAMS
    for needed in (
        ("User", "servicedesk"),
        ("NoNewPrivileges", "yes"),
        ("ProtectSystem", "strict"),
        ("CapabilityBoundingSet", ""),
        ("EnvironmentFile", "/etc/servicedesk/servicedesk.env"),
    ):
        assert needed in service


def test_the_environment_names_settings_and_no_others() -> None:
    text = (FOLDER / "servicedesk.env").read_text(encoding="utf-8")
    given = dict(re.findall(r"^#?(SERVICEDESK_\w+)=(.*)$", text, re.MULTILINE))
    assert given
    assert unknown_variables(given) == []
    assert read_settings({**given, "SERVICEDESK_METRICS_TOKEN": ""}).proxies == 1


def blocks(text: str) -> list[str]:
    """nginx's directives with their arguments, each ended by ; or opening a block; every block is closed."""
    text = re.sub(r"#.*", "", text)
    assert text.count("{") == text.count("}")
    found = [" ".join(part.split()) for part in re.split(r"[;{}]", text)]
    assert text.rstrip().endswith("}")
    return [part for part in found if part]


def test_nginx_passes_on_what_the_program_believes() -> None:
    said = blocks((FOLDER / "nginx.conf").read_text(encoding="utf-8"))
    for header in (
        "X-Forwarded-For $proxy_add_x_forwarded_for",
        "X-Forwarded-Proto $scheme",
        "X-Forwarded-Host $host",
        "X-Request-ID $request_id",
    ):
        assert f"proxy_set_header {header}" in said
    # nginx: 16 random bytes, in hexadecimal.
    assert TAKEN_OVER.fullmatch(os.urandom(16).hex())
    [size] = [int(part.split()[1].removesuffix("m")) for part in said if part.startswith("client_max_body_size")]
    assert size * 1024 * 1024 > LARGEST_REQUEST
    assert "access_log off" in said
    assert {"location = /metrics", "location = /readyz"} <= set(said)
    locations = [part for part in said if part.startswith("location /")]
    assert locations == ["location /", "location /assets/"]
    # A header set within a location would undo all those set outside.
    assert max(said.index(part) for part in said if "proxy_set_header" in part) < said.index("location /")


def test_the_alarms_go_by_what_is_counted(app: Flask) -> None:
    desk: Desk = app.extensions["desk"]
    sweep(desk, pulse=Pulse("here:1"))
    app.test_client().get("/sign-in")
    known = set(re.findall(r"^(servicedesk_\w+)", counted(desk).decode(), re.MULTILINE))
    named = set(re.findall(r"\b(servicedesk_\w+)", (FOLDER / "alerts.yml").read_text(encoding="utf-8")))
    assert len(named) > 5
    assert named - known == set()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Somewhere else than the checkout."""
    made = tmp_path / "elsewhere"
    made.mkdir()
    (made / "counted").mkdir()
    return made


@pytest.fixture
def port(folder: Path, postgres_url: str) -> Iterator[int]:
    """gunicorn as the sample's unit starts it, on PostgreSQL, settings from the environment alone."""
    engine = make_engine(postgres_url)
    upgrade(engine)
    sweep(Desk(engine))
    engine.dispose()
    free = free_port()
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(TOP),
        "SERVICEDESK_INSTANCE": str(folder),
        "SERVICEDESK_DATABASE_URL": postgres_url,
        "SERVICEDESK_SECRET_KEY": "only-for-tests-0123456789",
        "SERVICEDESK_PROXIES": "1",
        "PROMETHEUS_MULTIPROC_DIR": str(folder / "counted"),
    }
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        str(FOLDER / "gunicorn.conf.py"),
        "--graceful-timeout",
        "1",
    ]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--bind", f"127.0.0.1:{free}", "wsgi:app"], cwd=folder, env=environ, stderr=log
        )
    try:
        wait_until_up(free)
        yield free
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(MOST_SECONDS) == 0


def asked(port: int, path: str, **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=MOST_SECONDS)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    said = response.status, response.read().decode()
    connection.close()
    return said


def test_gunicorn_serves_it_from_elsewhere_and_any_worker_tells_of_all(port: int, folder: Path) -> None:
    for _ in range(20):
        assert asked(port, "/sign-in")[0] == 200
    assert asked(port, "/readyz")[0] == 200
    for _ in range(4):
        status, told = asked(port, "/metrics")
        [count] = re.findall(r'seconds_count\{method="GET",route="/sign-in",status="2xx"\} (\S+)', told)
        assert (status, float(count)) == (200, 20)
    assert asked(port, "/metrics", **{"X-Forwarded-For": "203.0.113.9"})[0] == 404
    lines = [json.loads(line) for line in (folder / "log").read_text(encoding="utf-8").splitlines()]
    assert {"gunicorn.error", "servicedesk.watch.requests"} <= {line["logger"] for line in lines}
    assert len([line for line in lines if line["event"] == "request" and line["status"] == 200]) == 20
