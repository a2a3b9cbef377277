"""A PostgreSQL cluster for one test run, on localhost, thrown away afterwards.

PostgreSQL refuses to run as root: then its processes run as the user that Debian's package made, or as nobody.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

DEBIAN = Path("/usr/lib/postgresql/15/bin")
START_SECONDS = 120
# Nothing here outlives the run, so nothing needs to reach the disk.
OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "shared_buffers": "64MB",
}
# As an installation's own would be, on a machine that it shares with the web: everything reaches the disk.
DURABLE = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "1GB",
    "max_wal_size": "4GB",
}


@dataclass
class Cluster:
    port: int
    # None behind a PgBouncer.
    server: "Server | None" = None
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _templates: set[str] = field(default_factory=set)

    def url(self, database: str) -> str:
        return f"postgresql://desk@127.0.0.1:{self.port}/{database}"

    def execute(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    @contextmanager
    def fresh(self, template: str = "template1") -> Iterator[str]:
        """The address of a new database, dropped afterwards whoever still holds it open."""
        name = f"test_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url(name)
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def template(self, name: str, prepare: Callable[[str], None]) -> str:
        """A database that `prepare(url)` fills once per run, to be copied by `fresh`. It must close its connections."""
        if name not in self._templates:
            self.execute(f"CREATE DATABASE {name}")
            prepare(self.url(name))
            self._templates.add(name)
        return name


def binaries() -> Path | None:
    """The folder of PostgreSQL's server programs, or None."""
    if (DEBIAN / "initdb").exists():
        return DEBIAN
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@contextmanager
def running_cluster(programs: Path) -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="desk-postgres-"))
    try:
        with _cluster_in(programs, folder, OPTIONS) as cluster:
            yield cluster
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def durable_cluster(programs: Path, folder: Path | None = None) -> Iterator[Cluster]:
    """For benchmarks: it answers when what it was told is on the disk. In a folder it is found again another time."""
    if folder is None:
        with tempfile.TemporaryDirectory(prefix="desk-postgres-") as name, durable_cluster(programs, Path(name)) as it:
            yield it
        return
    with _cluster_in(programs, folder, DURABLE) as cluster:
        yield cluster


@contextmanager
def _cluster_in(programs: Path, folder: Path, options: Mapping[str, str]) -> Iterator[Cluster]:
    user, data, port = unprivileged(), folder / "data", free_port()
    if user:
        os.chown(folder, user["user"], user["group"])
    if not data.exists():
        settings = ["-U", "desk", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run(
            [programs / "initdb", "-D", data, *settings], check=True, stdout=subprocess.DEVNULL, cwd=folder, **user
        )
    server = Server(programs, data, port, user, options)
    server.start()
    try:
        yield Cluster(port, server)
    finally:
        server.stop()


@dataclass
class Server:
    """The processes of a cluster."""

    programs: Path
    data: Path
    port: int
    user: Mapping[str, Any]
    options: Mapping[str, str]
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        options = [f"--{name}={value}" for name, value in self.options.items()]
        log = self.data.parent / "log"
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [self.programs / "postgres", "-D", self.data, "-p", str(self.port), *options],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.data,
                start_new_session=True,  # Ctrl-C stops the tests, which then stop the server
                **self.user,
            )
        _wait_until_ready(self.process, self.port, log)

    def stop(self) -> None:
        """At once where nothing is kept; otherwise what is in its memory is written first."""
        if self.process:
            self.process.send_signal(signal.SIGQUIT if self.options.get("fsync") == "off" else signal.SIGINT)
            self.process.wait()

    def kill(self) -> None:
        """Every process of it by SIGKILL, as when the machine loses its power; `start` recovers."""
        assert self.process is not None
        pid = self.process.pid
        # Stopped first, or it would mend what is killed around it.
        os.kill(pid, signal.SIGSTOP)
        children = self._children()
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self.process.kill()
        self.process.wait()
        while any(is_alive(child) for child in children):
            time.sleep(0.01)

    def pids(self) -> list[int]:
        """Every process of it."""
        assert self.process is not None
        return [self.process.pid, *self._children()]

    def _children(self) -> list[int]:
        assert self.process is not None
        pid = self.process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_alive(pid: int) -> bool:
    """Whether the process runs: one that only waits to be buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _wait_until_ready(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            psycopg.connect(f"postgresql://desk@127.0.0.1:{port}/postgres").close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")


def unprivileged() -> dict[str, Any]:
    """Arguments of `subprocess` that leave root behind; empty when we are not root."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = known.get("postgres") or known["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
