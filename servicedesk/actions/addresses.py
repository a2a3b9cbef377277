"""Where a webhook's messages may go. A name is looked up and every address that it has must be one that may be called;
whoever calls then calls that very address, so that a name cannot lead elsewhere in between."""

import socket
from collections.abc import Callable, Collection
from queue import Empty, SimpleQueue
from threading import Thread

from servicedesk.core.webhooks import Target, is_public

Resolve = Callable[[str, int], list[str]]
# What looking up a name may take while a client waits for its answer.
PATIENCE = 3.0


class NotToBeCalled(Exception):
    """The sentence says why."""


def look_up(host: str, port: int) -> list[str]:
    """Every address of a name, by the machine's own resolver. OSError when it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def address_of(target: Target, allowed: Collection[str], resolve: Resolve = look_up) -> str:
    """The address to call. `allowed`: places (host:port) that may be called though they are inside, and without TLS.
    NotToBeCalled; OSError when the name is not known."""
    is_excepted = target.place in allowed
    if target.scheme != "https" and not is_excepted:
        raise NotToBeCalled("The address must begin with https://.")
    addresses = resolve(target.host, target.port)
    if not addresses:
        raise OSError("no address")
    if not is_excepted and not all(map(is_public, addresses)):
        raise NotToBeCalled("The address leads to an internal machine. Name one on the open internet.")
    return addresses[0]


def require_callable(target: Target, allowed: Collection[str], resolve: Resolve = look_up) -> None:
    """NotToBeCalled if that can be told within a moment. A name that is not known yet may be known when it is called,
    where it is asked again."""
    answers: SimpleQueue[NotToBeCalled | None] = SimpleQueue()

    def ask() -> None:
        try:
            address_of(target, allowed, resolve)
            answers.put(None)
        except NotToBeCalled as refused:
            answers.put(refused)
        except (OSError, UnicodeError):
            answers.put(None)

    Thread(target=ask, name="look-up", daemon=True).start()
    try:
        refused = answers.get(timeout=PATIENCE)
    except Empty:
        return
    if refused is not None:
        raise refused
