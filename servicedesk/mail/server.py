"""The mail server: one conversation with it, and what each of its answers means for a mail."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from threading import Timer
from urllib.parse import unquote, urlsplit

from servicedesk.core.undelivered import Cause, Failure

# For one step of the conversation, and for one mail with whatever comes before it.
ANSWERS_WITHIN = 20.0
TAKES_AT_MOST = 60.0
FOR_GOOD = 500


class ServerFault(Exception):
    """The server cannot be used now, whatever the mail."""

    def __init__(self, failure: Failure, response: int | None = None) -> None:
        super().__init__(failure.written)
        self.failure, self.response = failure, response


class MailRefused(Exception):
    """This mail is not taken; `is_final`: nor would it be later."""

    def __init__(self, failure: Failure, response: int | None, *, is_final: bool) -> None:
        super().__init__(failure.written)
        self.failure, self.response, self.is_final = failure, response, is_final


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where it is and who we are to it. TLS from the start (`smtps`), else as soon as the server offers it, and never
    a password without."""

    host: str
    port: int
    is_tls: bool
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    trusted: ssl.SSLContext | None = field(default=None, repr=False)
    seconds: float = ANSWERS_WITHIN
    at_most: float = TAKES_AT_MOST

    @classmethod
    def at(cls, url: str, sender: str) -> "MailServer":
        parts = urlsplit(url)
        is_tls = parts.scheme == "smtps"
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(parts.hostname or "", parts.port or (465 if is_tls else 587), is_tls, sender, user, password)

    @contextmanager
    def talking(self) -> Iterator["Talk"]:
        """ServerFault when it is not there or does not let us in."""
        talk = Talk(self)
        try:
            with talk.in_time(), _server_faults():
                talk.greet()
            yield talk
        finally:
            talk.end()


class Talk:
    """A conversation, in which one mail follows the other."""

    def __init__(self, server: MailServer) -> None:
        self.server = server
        self.line: smtplib.SMTP | None = None
        self.is_over = False

    def greet(self) -> None:
        server = self.server
        context = server.trusted or ssl.create_default_context()
        if server.is_tls:
            self.line = smtplib.SMTP_SSL(server.host, server.port, timeout=server.seconds, context=context)
        else:
            self.line = smtplib.SMTP(server.host, server.port, timeout=server.seconds)
        self.line.ehlo_or_helo_if_needed()
        if not server.is_tls and (server.user or self.line.has_extn("starttls")):
            self.line.starttls(context=context)
        if server.user:
            self.line.login(server.user, server.password)

    def send(self, mail: EmailMessage, address: str) -> int:
        """The server has taken it over: its answer. MailRefused, ServerFault else."""
        assert self.line is not None
        with self.in_time(), _server_faults():
            self._heard(*self.line.mail(self.server.sender), is_mails=False)
            self._heard(*self.line.rcpt(address))
            code, answer = self.line.data(mail.as_bytes())
            self._heard(code, answer)
            return code

    def _heard(self, code: int, answer: bytes, *, is_mails: bool = True) -> None:
        """What a server says beside its number may name people: it goes nowhere."""
        if 200 <= code < 300:
            return
        failure = Failure(Cause.ANSWERED, str(code))
        if not is_mails or code == 421:
            raise ServerFault(failure, code)
        with suppress(smtplib.SMTPException, OSError):
            assert self.line is not None
            self.line.rset()
        raise MailRefused(failure, code, is_final=code >= FOR_GOOD)

    @contextmanager
    def in_time(self) -> Iterator[None]:
        """A server that says a letter now and then keeps every single wait short, and all of them together endless."""
        end = Timer(self.server.at_most, self.hang_up)
        end.daemon = True
        end.start()
        try:
            yield
        finally:
            end.cancel()

    def hang_up(self) -> None:
        """From another thread: whatever is waited for ends now."""
        self.is_over = True
        line = self.line.sock if self.line else None
        if line is not None:
            with suppress(OSError):
                # Not TLS's own: that would be taken away under the hands of who is reading.
                socket.socket.shutdown(line, socket.SHUT_RDWR)

    def end(self) -> None:
        if self.line is not None:
            with suppress(smtplib.SMTPException, OSError):
                self.line.quit()
            self.line.close()


@contextmanager
def _server_faults() -> Iterator[None]:
    try:
        yield
    except smtplib.SMTPResponseException as error:
        raise ServerFault(Failure(Cause.ANSWERED, str(error.smtp_code)), error.smtp_code) from None
    except smtplib.SMTPServerDisconnected as error:
        # What the library says of a time-out too.
        is_late = isinstance(error.__context__, TimeoutError)
        raise ServerFault(Failure(Cause.TIMED_OUT if is_late else Cause.HUNG_UP)) from None
    except smtplib.SMTPException as error:
        raise ServerFault(Failure(Cause.OTHER, type(error).__name__)) from None
    except ssl.SSLError as error:
        raise ServerFault(Failure(Cause.TLS, str(error.reason or type(error).__name__))) from None
    except OSError as error:
        raise ServerFault(_meaning(error)) from None


# What it means when the machine says so; a class before those that it is one of.
MEANINGS = (
    (TimeoutError, Cause.TIMED_OUT),
    (socket.gaierror, Cause.UNKNOWN_NAME),
    (ConnectionRefusedError, Cause.REFUSED),
    (ConnectionError, Cause.HUNG_UP),
)


def _meaning(error: OSError) -> Failure:
    meant = next((cause for kind, cause in MEANINGS if isinstance(error, kind)), None)
    return Failure(meant) if meant else Failure(Cause.OTHER, type(error).__name__)
