import io
from time import monotonic, sleep
from types import SimpleNamespace

import pytest

from servicedesk.cli import progress as module
from servicedesk.cli.progress import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """stderr as a terminal, with a patience of a twentieth of a second."""
    terminal = Terminal()
    monkeypatch.setattr(module, "sys", SimpleNamespace(stderr=terminal, stdout=Terminal()))
    monkeypatch.setattr(module, "QUIET_SECONDS", 0.05)
    monkeypatch.setattr(module, "REDRAW_SECONDS", 0.02)
    return terminal


def wait_for(screen: Terminal, text: str) -> None:
    """A busy machine draws late."""
    until = monotonic() + 120
    while text not in screen.getvalue():
        assert monotonic() < until, screen.getvalue()
        sleep(0.01)


def test_the_patience_is_two_seconds() -> None:
    assert module.QUIET_SECONDS == 2


def test_short_work_shows_nothing(screen: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "QUIET_SECONDS", 600)  # whatever machine this is, it is done before that
    assert list(progress([1, 2, 3], "Counting")) == [1, 2, 3]
    assert screen.getvalue() == ""


def test_long_work_counts_and_then_clears_its_line(screen: Terminal) -> None:
    for done, _ in enumerate(progress(["a", "b"], "Counting")):
        wait_for(screen, f"Counting: {done} of 2 ({done * 50} %)")
    assert screen.getvalue().endswith("\r\x1b[K")


def test_one_slow_step_is_seen_while_it_lasts(screen: Terminal) -> None:
    with progress(None, "Waiting"):
        wait_for(screen, "Waiting: 0 s")


def test_steps_counted_by_hand_are_shown(screen: Terminal) -> None:
    with progress(200, "Importing") as done:
        done.advance(50)
        wait_for(screen, "Importing: 50 of 200 (25 %)")


def test_a_pipe_stays_silent(screen: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "sys", SimpleNamespace(stderr=screen, stdout=io.StringIO()))
    with progress(200, "Importing"):
        sleep(0.1)
    assert screen.getvalue() == ""


def test_the_line_is_cleared_when_the_work_fails(screen: Terminal) -> None:
    with pytest.raises(ValueError, match="broken"), progress(2, "Counting"):
        wait_for(screen, "Counting")
        raise ValueError("broken")
    assert screen.getvalue().endswith("\r\x1b[K")
