"""Tests speak to this machine alone."""

import socket
from collections.abc import Callable
from typing import Any

LOCAL = ("127.", "::1", "localhost")


class OutsideWorld(RuntimeError):
    """A test tried to reach another machine."""


def localhost_only() -> None:
    """From now on, sockets of this process connect to this machine or not at all."""
    for name in ("connect", "connect_ex", "sendto"):
        setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))


def _guarded(original: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(self: socket.socket, *arguments: Any) -> Any:
        address = arguments[-1]
        inet = self.family in (socket.AF_INET, socket.AF_INET6)
        if inet and not str(address[0]).startswith(LOCAL):
            raise OutsideWorld(f"tests may not connect to {address[0]}")
        return original(self, *arguments)

    return guarded
