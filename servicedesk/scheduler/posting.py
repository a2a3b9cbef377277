"""Sending one message to one receiver, whatever that does: it hangs, lies, redirects, or answers without an end."""

import re
import socket
import ssl
from collections.abc import Collection
from contextlib import suppress
from datetime import timedelta
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse
from threading import Timer

from servicedesk import __version__
from servicedesk.actions.addresses import NotToBeCalled, Resolve, Target, address_of, look_up, target_of
from servicedesk.actions.delivering import Outcome, Parcel
from servicedesk.core.undelivered import Cause, Failure
from servicedesk.core.webhooks import signature

TIME_OUT = 15.0
POLITE = 1.0
MOST_READ = 64 * 1024


def post(
    parcel: Parcel,
    timestamp: int,
    *,
    allowed: Collection[str] = (),
    resolve: Resolve = look_up,
    trusted: ssl.SSLContext | None = None,
    seconds: float = TIME_OUT,
) -> Outcome:
    """One attempt, over after so many seconds at most (and what looking up the name takes). A redirect is not followed:
    it is a failure like any other answer than 2xx."""
    try:
        target = target_of(parcel.url)
        address = address_of(target, allowed, resolve)
        return _sent(parcel, timestamp, target, address, trusted, seconds)
    except NotToBeCalled as refused:
        return Outcome(parcel, failure=refused.failure)
    except (OSError, HTTPException, UnicodeError, ValueError) as error:
        return Outcome(parcel, failure=_failure(error))


class Pinned(HTTPConnection):
    """To this very address, whatever the name means by now; TLS is by the name."""

    def __init__(self, target: Target, address: str, seconds: float, trusted: ssl.SSLContext | None) -> None:
        super().__init__(target.host, target.port, timeout=seconds)
        self.address, self.trusted = address, trusted
        self.default_port = 443 if trusted else 80
        self.line: socket.socket | None = None
        self.is_over = False

    def connect(self) -> None:
        self.sock = self.line = socket.create_connection((self.address, self.port), self.timeout)
        if self.is_over:
            raise TimeoutError
        if self.trusted:
            self.sock = self.trusted.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
            self.line = self.sock
            self.sock.do_handshake()

    def hang_up(self) -> None:
        """From another thread: whatever it waits for ends now."""
        self.is_over = True
        if self.line is not None:
            with suppress(OSError):
                # Not TLS's own: that would be taken away under the hands of who is reading.
                socket.socket.shutdown(self.line, socket.SHUT_RDWR)

    def read_politely(self, answer: HTTPResponse) -> None:
        """What there is of the body, so that the receiver can finish; of one without an end only a little."""
        if self.line is not None:
            with suppress(OSError, HTTPException, ValueError):
                self.line.settimeout(POLITE)
                answer.read(MOST_READ)


def _sent(
    parcel: Parcel, timestamp: int, target: Target, address: str, trusted: ssl.SSLContext | None, seconds: float
) -> Outcome:
    context = (trusted or _trusted()) if target.scheme == "https" else None
    connection = Pinned(target, address, seconds, context)
    # A receiver that sends a byte now and then keeps every single wait short, and all of them together endless.
    end = Timer(seconds, connection.hang_up)
    end.daemon = True
    end.start()
    try:
        connection.request("POST", target.path, parcel.body, _headers(parcel, timestamp))
        answer = connection.getresponse()
        connection.read_politely(answer)
        return _outcome(parcel, answer)
    except (OSError, HTTPException):
        if connection.is_over:
            raise TimeoutError from None
        raise
    finally:
        end.cancel()
        connection.close()


def _headers(parcel: Parcel, timestamp: int) -> dict[str, str]:
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": f"servicedesk/{__version__}",
        "Accept": "*/*",
        "Connection": "close",
    }
    if parcel.secrets:
        signed = (signature(secret, parcel.message_id, timestamp, parcel.body) for secret in parcel.secrets)
        headers |= {
            "webhook-id": parcel.message_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": " ".join(signed),
        }
    return headers


def _outcome(parcel: Parcel, answer: HTTPResponse) -> Outcome:
    cause = Cause.REDIRECTED if 300 <= answer.status < 400 else Cause.ANSWERED
    failure = None if 200 <= answer.status < 300 else Failure(cause, str(answer.status))
    return Outcome(parcel, answer.status, failure, _retry_after(answer.headers.get("Retry-After", "")))


def _retry_after(text: str) -> timedelta | None:
    """In seconds; the other form, a date, is by the receiver's clock and is not gone by."""
    return timedelta(seconds=int(text)) if re.fullmatch(r"\d{1,6}", text.strip()) else None


# What it means when the machine says so; a class before those that it is one of.
MEANINGS = (
    (TimeoutError, Cause.TIMED_OUT),
    (socket.gaierror, Cause.UNKNOWN_NAME),
    (ConnectionRefusedError, Cause.REFUSED),
    (ConnectionError, Cause.HUNG_UP),
)


def _failure(error: Exception) -> Failure:
    if isinstance(error, ssl.SSLError):
        return Failure(Cause.TLS, str(error.reason or error))
    meant = next((cause for kind, cause in MEANINGS if isinstance(error, kind)), None)
    return Failure(meant) if meant else Failure(Cause.OTHER, f"{type(error).__name__} {error}".strip())


@cache
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()
