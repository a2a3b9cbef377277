"""Where a webhook's messages may go. A name is looked up and every address that it has must be one that may be called;
whoever calls then calls that very address, so that a name cannot lead elsewhere in between."""

import re
import socket
from collections.abc import Callable, Collection
from queue import Empty, SimpleQueue
from threading import Thread
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from servicedesk.core.undelivered import Cause, Failure
from servicedesk.core.webhooks import is_public

Resolve = Callable[[str, int], list[str]]
LONGEST_URL = 2_048
# What looking up a name may take while a client waits for its answer.
PATIENCE = 3.0


class Target(NamedTuple):
    """Where a URL leads. `host` as it is looked up: letters beyond ASCII in their other form, no brackets."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def place(self) -> str:
        """As an exception to the rules names it."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def target_of(url: str) -> Target:
    """ValueError for what is no http or https URL without a user, a password and a fragment."""
    if len(url) > LONGEST_URL or not url.isprintable() or re.search(r"[\s\\#]", url):
        raise ValueError("no URL")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise ValueError("no URL of that kind")
    host = parts.hostname.rstrip(".")
    host = host if host.isascii() else host.encode("idna").decode()
    port = (443 if parts.scheme == "https" else 80) if parts.port is None else parts.port
    if not host or not port:
        raise ValueError("no place to call")
    path = quote(parts.path or "/", safe=KEPT) + (f"?{quote(parts.query, safe=KEPT)}" if parts.query else "")
    return Target(parts.scheme, host, port, path)


# What a URL's path and query may hold as it is, percent signs of what is written otherwise among them.
KEPT = "/%:@!$&'()*+,;=~-._?"


class NotToBeCalled(Exception):
    def __init__(self, cause: Cause) -> None:
        self.failure = Failure(cause)
        super().__init__(self.failure.sentence)


def look_up(host: str, port: int) -> list[str]:
    """Every address of a name, by the machine's own resolver. OSError when it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def address_of(target: Target, allowed: Collection[str], resolve: Resolve = look_up) -> str:
    """The address to call. `allowed`: places (host:port) that may be called though they are inside, and without TLS.
    NotToBeCalled; OSError when the name is not known."""
    is_excepted = target.place in allowed
    if target.scheme != "https" and not is_excepted:
        raise NotToBeCalled(Cause.NOT_HTTPS)
    addresses = resolve(target.host, target.port)
    if not addresses:
        raise OSError("no address")
    if not is_excepted and not all(map(is_public, addresses)):
        raise NotToBeCalled(Cause.INTERNAL)
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
