"""Progress of long work: on a terminal, after two seconds; silent in a pipe."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import ExitStack
from threading import Event, Thread
from time import monotonic
from types import TracebackType
from typing import Any, Generic, Self, TextIO, TypeVar, overload

Item = TypeVar("Item")
QUIET_SECONDS = 2.0
REDRAW_SECONDS = 0.2
CLEAR_LINE = "\r\x1b[K"


class Progress(Generic[Item]):
    """Iterate over it, or use it as a context and call `advance`.

    `with progress(500, "Importing") as done: … done.advance()`
    """

    def __init__(self, items: Iterable[Item], total: int | None, label: str, stream: TextIO, shown: bool) -> None:
        self._items, self._total, self._label, self._stream, self._shown = items, total, label, stream, shown
        self._count = 0
        self._drawn = False
        self._over = Event()
        self._drawer = Thread(target=self._draw_until_over, daemon=True)

    def advance(self, steps: int = 1) -> None:
        self._count += steps

    def __enter__(self) -> Self:
        self._started = monotonic()
        if self._shown:
            self._drawer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._shown:
            self._over.set()
            self._drawer.join()
        if self._drawn:
            self._write(CLEAR_LINE)

    def __iter__(self) -> Iterator[Item]:
        with self:
            for item in self._items:
                yield item
                self.advance()

    def _draw_until_over(self) -> None:
        """In a thread of its own, so that one slow step does not look like a stop."""
        waiting = QUIET_SECONDS
        while not self._over.wait(waiting):
            waiting = REDRAW_SECONDS
            self._drawn = True
            self._write(CLEAR_LINE + self._line())

    def _line(self) -> str:
        seconds = int(monotonic() - self._started)
        if self._total:
            share = 100 * self._count // self._total
            return f"{self._label}: {self._count} of {self._total} ({share} %), {seconds} s"
        return f"{self._label}: {self._count}, {seconds} s" if self._count else f"{self._label}: {seconds} s"

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


class Stages:
    """The progress of work whose parts become known one after the other: `begin` each, the last is over at the end."""

    def __init__(self) -> None:
        self._now = ExitStack()

    def begin(self, label: str, total: int) -> Callable[[int], None]:
        self._now.close()
        return self._now.enter_context(progress(total, label)).advance

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._now.close()


@overload
def progress(work: Iterable[Item], label: str) -> Progress[Item]: ...
@overload
def progress(work: int | None, label: str) -> Progress[None]: ...
def progress(work: Iterable[Any] | int | None, label: str) -> Progress[Any]:
    """Progress over items, or over a number of steps (None: unknown) that the caller counts with `advance`."""
    stream = sys.stderr
    shown = stream.isatty() and sys.stdout.isatty()
    if work is None or isinstance(work, int):
        return Progress((), work, label, stream, shown)
    return Progress(work, len(work) if isinstance(work, Sized) else None, label, stream, shown)
