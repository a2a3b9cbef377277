"""A mail server on this machine, which answers as it is told to: `with mailbox() as there: …`."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from threading import Event, Thread
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from servicedesk.mail.server import MailServer

OK = "250 OK"
SENDER = "noreply@desk.example"
# What stands in for an answer where the line is cut.
CUT = "cut"
PATIENCE = 120


@dataclass
class Mailbox:
    """`on_sender`, `on_recipient`, `on_mail` answer each; `taken` are the mails that were taken over, with to whom."""

    on_sender: Callable[[str], str] = lambda sender: OK
    on_recipient: Callable[[str], str] = lambda address: OK
    on_mail: Callable[[EmailMessage], str] = lambda mail: OK
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    port: int = 0

    def server(self, **given: Any) -> MailServer:
        return MailServer("127.0.0.1", self.port, False, SENDER, **given)

    @property
    def mails(self) -> list[EmailMessage]:
        return [mail for _, mail in self.taken]

    @property
    def news(self) -> list[str]:
        """What each says it is about, without the number."""
        return [str(mail["Subject"]).rpartition(" (")[0] for mail in self.mails]

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        envelope.mail_from = address
        return self.on_sender(address)

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        answer = self.on_recipient(address)
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        answer = self.on_mail(mail)
        if answer in (OK, CUT):
            self.taken.append((envelope.rcpt_tos[0], mail))
        if answer == CUT and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return OK if answer == CUT else answer


@contextmanager
def mailbox(port: int = 0, **answers: Any) -> Iterator[Mailbox]:
    there, is_up, loop = Mailbox(**answers), Event(), asyncio.new_event_loop()
    stopping = asyncio.Event()

    async def serve() -> None:
        server = await loop.create_server(lambda: SMTP(there, hostname="mail.example"), "127.0.0.1", port)
        there.port = server.sockets[0].getsockname()[1]
        is_up.set()
        await stopping.wait()
        server.close()
        for task in asyncio.all_tasks(loop) - {asyncio.current_task()}:
            task.cancel()

    thread = Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    assert is_up.wait(PATIENCE)
    try:
        yield there
    finally:
        loop.call_soon_threadsafe(stopping.set)
        thread.join(PATIENCE)
        loop.close()


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part is not None
    found: str = part.get_content()
    return found
