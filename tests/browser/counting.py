"""Keys counted: how many a task takes beyond what somebody else has said, and how long at telephone speed.

at = Counted(page)
at.hears("Anna Exempel")     # the citizen's own words, typed as they are heard: they cost time and count as no keys
at.press("Tab", "F2")        # every key that is pressed for the tool's sake; of Control+Enter both
at.tell("log a known fault and close it", most=12)

`python -m tests.browser.counting` counts them all and prints the table; `--readme` puts it into README.md.
"""

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.support.hands import arrive

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Somebody who types while listening: 40 words a minute, and half a second to find each other key.
A_LETTER, A_KEY = 0.3, 0.5
GATHERED = "KEYSTROKES"


class Counted:
    """Hands that never leave the keys."""

    def __init__(self, page: "Page") -> None:
        arrive(page)
        self.page, self.keys, self.seconds = page, 0, 0.0

    def hears(self, words: str) -> None:
        self.page.keyboard.type(words)
        self.seconds += A_LETTER * len(words)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            pressed = len(key.split("+"))
            self.keys += pressed
            self.seconds += A_KEY * pressed

    def tell(self, task: str, most: int) -> None:
        """What it took; no more than `most` keys."""
        assert self.keys <= most, f"{task}: {self.keys} keys, and {most} are promised"
        if file := os.environ.get(GATHERED):
            with Path(file).open("a", encoding="utf-8") as gathered:
                gathered.write(f"{task}\t{self.keys}\t{self.seconds:.0f}\n")


TOP = Path(__file__).parents[2]
HEAD = "| task at the keyboard | keys beyond the words | seconds, words included |"
TABLE = re.compile(r"^\| task at the keyboard.*?(?=\n\n)", re.MULTILINE | re.DOTALL)


def table(gathered: str) -> str:
    """As README.md holds it: the fewest keys first."""
    lines = sorted(
        {tuple(line.split("\t")) for line in gathered.splitlines()}, key=lambda line: (int(line[1]), line[0])
    )
    return "\n".join([HEAD, "| --- | --- | --- |", *(f"| {task} | {keys} | {secs} |" for task, keys, secs in lines)])


def main() -> int:
    parser = argparse.ArgumentParser(description="Counts the keys of the commonest tasks, in Chromium.")
    parser.add_argument("--readme", action="store_true", help="put the table into README.md")
    asked = parser.parse_args()
    counted = [
        str(file) for file in TOP.glob("tests/browser/test_*.py") if ".tell(" in file.read_text(encoding="utf-8")
    ]
    with TemporaryDirectory() as folder:
        file = Path(folder) / "keys.tsv"
        command = [sys.executable, "-m", "pytest", "-q", "-n0", "-m", "browser and not long", *counted]
        done = subprocess.run(command, cwd=TOP, env={**os.environ, GATHERED: str(file)}, stdout=sys.stderr, check=False)
        made = table(file.read_text(encoding="utf-8"))
    print(made)
    if asked.readme:
        readme = TOP / "README.md"
        readme.write_text(TABLE.sub(lambda _: made, readme.read_text(encoding="utf-8"), count=1), encoding="utf-8")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
