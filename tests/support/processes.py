"""Which processes of this machine there are."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep


def running_with(words: str) -> list[int]:
    """Those whose command line has these words in it."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if words in file.read_bytes().replace(b"\0", b" ").decode(errors="replace"):
                found.append(int(file.parent.name))
    return found


def within(seconds: float, is_so: Callable[[], bool]) -> bool:
    """Whether it is so at last."""
    until = monotonic() + seconds
    while not is_so():
        if monotonic() > until:
            return False
        sleep(0.02)
    return True
