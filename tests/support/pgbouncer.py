"""A PgBouncer before the test run's PostgreSQL, in transaction mode with as few connections as it takes."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.support.postgres import Cluster, free_port, unprivileged

START_SECONDS = 120
SETTINGS = """\
[databases]
* = host=127.0.0.1 port={server} user=desk

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {pool}
max_client_conn = 200
"""


def pgbouncer() -> str | None:
    return shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/bin:/usr/local/sbin")


@contextmanager
def running_pgbouncer(program: str, cluster: Cluster, pool: int) -> Iterator[Cluster]:
    """The same databases by another port."""
    port = free_port()
    folder = Path(tempfile.mkdtemp(prefix="desk-pgbouncer-"))
    folder.chmod(0o755)
    settings = folder / "pgbouncer.ini"
    settings.write_text(SETTINGS.format(server=cluster.port, port=port, pool=pool), encoding="utf-8")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [program, settings], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", **unprivileged()
        )
    try:
        _wait_until_ready(process, port, folder / "log")
        yield Cluster(port)
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_ready(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            psycopg.connect(f"postgresql://desk@127.0.0.1:{port}/postgres", prepare_threshold=None).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise RuntimeError(f"PgBouncer did not start:\n{log.read_text(errors='replace')}")
