"""The program served as an operator serves it, for benchmarks that ask it over HTTP."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

COMMAND = [sys.executable, "-c", "from servicedesk.cli import main; main()"]
# A busy machine makes everything slow and nothing wrong.
MOST_SECONDS = 120


@dataclass(frozen=True)
class Served:
    """`up`: seconds from the start of the process to its first answer."""

    port: int
    pid: int
    up: float

    def workers(self) -> list[int]:
        """The processes that answer: the server's children."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [int(child) for child in children]


@contextmanager
def served(folder: Path, workers: int, database_url: str = "") -> Iterator[Served]:
    """`servicedesk serve` on a free port over the installation in `folder`, until the block ends."""
    port = free_port()
    environ = {**os.environ, "SERVICEDESK_INSTANCE": str(folder)}
    if database_url:
        environ |= {"SERVICEDESK_DATABASE_URL": database_url, "SERVICEDESK_SECRET_KEY": "only-for-benchmarks-0123"}
    began = time.perf_counter()
    arguments = ["serve", "--workers", str(workers), "--port", str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*COMMAND, *arguments], env=environ, stderr=log)
    try:
        yield Served(port, process.pid, wait_until_up(port) - began)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(MOST_SECONDS)


def wait_until_up(port: int) -> float:
    deadline = time.perf_counter() + MOST_SECONDS
    while time.perf_counter() < deadline:
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=MOST_SECONDS)) as connection:
                connection.request("GET", "/healthz")
                if connection.getresponse().status == 200:
                    return time.perf_counter()
        except (OSError, http.client.HTTPException):
            time.sleep(0.005)
    raise RuntimeError(f"nothing answered on port {port} within {MOST_SECONDS} s")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def processor_seconds(pids: list[int]) -> float:
    """What these processes have used of the processors until now."""
    ticks = os.sysconf("SC_CLK_TCK")
    used = 0.0
    for pid in pids:
        with suppress(FileNotFoundError):  # it has ended since it was found
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            used += (int(fields[11]) + int(fields[12])) / ticks
    return used
