"""`servicedesk verify` as it is measured: in a process of its own, by the processor's time and not the clock's."""

import os
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.figures import Figure

LEAST_PROVED, MOST_MEMORY = 12_000.0, 300.0
SECRET = "only-for-benchmarks-01234"


def proved(url: str, folder: Path) -> list[Figure]:
    """It must be clean, so that whatever there is to check has been. The database's own processor is not counted."""
    environ = {"SERVICEDESK_DATABASE_URL": url, "SERVICEDESK_SECRET_KEY": SECRET, "SERVICEDESK_INSTANCE": str(folder)}
    command = [sys.executable, "-c", PROVE]
    told = subprocess.run(command, env={**os.environ, **environ}, capture_output=True, text=True, check=True).stdout
    events, seconds, kilobytes = (float(part) for part in told.splitlines()[-1].split())
    return [
        Figure("verify, of one core", events / seconds, "events/s", LEAST_PROVED, at_most=False),
        Figure("verify, memory at most", kilobytes / 1024, "MB", MOST_MEMORY),
    ]


PROVE = """
import re, time
from pathlib import Path
from servicedesk.cli import run
from servicedesk.cli.opening import open_desk
from servicedesk.store.queries.verification import seal_head
began = time.process_time()
assert run(["verify"]) == 0
took = time.process_time() - began
# Of this program alone: what the system says of a process counts the one that it was begun by.
most = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]
with open_desk().reading() as connection:
    print(seal_head(connection)[0], took, most)
"""
