"""Which processes of this machine there are."""

from contextlib import suppress
from pathlib import Path


def running_with(words: str) -> list[int]:
    """Those whose command line has these words in it."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if words in file.read_bytes().replace(b"\0", b" ").decode(errors="replace"):
                found.append(int(file.parent.name))
    return found
