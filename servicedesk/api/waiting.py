"""Waiting for something to happen while a client holds on: in bounded places, so that others are always served."""

from collections.abc import Callable
from threading import BoundedSemaphore
from time import monotonic, sleep
from typing import TypeVar

# Of a worker's eight threads.
PLACES = 3
LONGEST = 20
LOOK_EVERY = 0.5

Found = TypeVar("Found")


class Waiting:
    """One per application, shared by its threads."""

    def __init__(self, places: int = PLACES) -> None:
        self._places = BoundedSemaphore(places)

    def until(self, look: Callable[[], Found | None], seconds: float) -> tuple[Found | None, bool]:
        """What `look` finds, None when it is nothing in so many seconds; and whether there was a place to wait in."""
        found = look()
        if found is not None or seconds <= 0:
            return found, True
        if not self._places.acquire(blocking=False):
            return None, False
        try:
            end = monotonic() + seconds
            while found is None and (left := end - monotonic()) > 0:
                sleep(min(LOOK_EVERY, left))
                found = look()
            return found, True
        finally:
            self._places.release()
