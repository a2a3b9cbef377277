"""Keys counted: how many a task takes beyond what somebody else has said, and how long at telephone speed.

at = Counted(page)
at.hears("Anna Exempel")     # the citizen's own words, typed as they are heard: they cost time and count as no keys
at.press("Tab", "F2")        # every key that is pressed for the tool's sake; of Control+Enter both
at.tell("log a known fault and close it", most=12)

`KEYSTROKES=keys.tsv pytest -m browser tests/browser` gathers them: task, keys, seconds.
"""

import os
from pathlib import Path
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
