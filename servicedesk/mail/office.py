"""The mail room of a scheduler: takes what is due, one mail at a time, and records each before it takes the next."""

import logging
from collections.abc import Callable

from servicedesk.actions.desk import Desk
from servicedesk.actions.mailing import Envelope, Outcome, exchange, is_any_due
from servicedesk.core.letters import Letter
from servicedesk.core.undelivered import Cause, Failure
from servicedesk.mail.message import message_of
from servicedesk.mail.server import MailRefused, MailServer, ServerFault, Talk

log = logging.getLogger(__name__)

# In one conversation: a server may think ill of longer ones.
AT_A_TIME = 100

Write = Callable[[Envelope], tuple[Letter, str]]


class MailOffice:
    """One per scheduler, used by one thread at a time. `write` gives a letter and the name that it comes from."""

    def __init__(self, desk: Desk, server: MailServer, write: Write) -> None:
        self.desk, self.server, self.write = desk, server, write

    def run(self) -> int:
        """Send what is due until nothing is, or the server is not to be used; how many it has taken over."""
        total = 0
        while is_any_due(self.desk):
            sent, goes_on = self._conversation()
            total += sent
            if not goes_on:
                break
        return total

    def _conversation(self) -> tuple[int, bool]:
        """(how many were sent, whether another conversation is worth it)."""
        envelope = exchange(self.desk, None)
        if envelope is None:
            return 0, False
        sent = 0
        try:
            with self.server.talking() as talk:
                for nth in range(1, AT_A_TIME + 1):
                    outcome, is_server_well = self._sent(talk, envelope)
                    sent += outcome.failure is None
                    goes_on = is_server_well and nth < AT_A_TIME
                    envelope = exchange(self.desk, outcome, takes=goes_on)
                    if envelope is None:
                        return sent, is_server_well
        except ServerFault as fault:
            # The one that is at hand has not been tried by any fault of its own, but its turn is over.
            self._tell(fault.failure)
            assert envelope is not None
            exchange(self.desk, Outcome(envelope.id, fault.response, fault.failure), takes=False)
        return sent, False

    def _sent(self, talk: Talk, envelope: Envelope) -> tuple[Outcome, bool]:
        """(what came of it, whether the server can be used for the next one)."""
        try:
            letter, name = self.write(envelope)
            mail = message_of(
                letter,
                sender=self.server.sender,
                name=name,
                address=envelope.address,
                message_id=envelope.message_id,
                first_id=envelope.first_id,
                at=envelope.now,
            )
            return Outcome(envelope.id, talk.send(mail, envelope.address)), True
        except MailRefused as refused:
            self._tell(refused.failure)
            return Outcome(envelope.id, refused.response, refused.failure, refused.is_final), True
        except ServerFault as fault:
            self._tell(fault.failure)
            return Outcome(envelope.id, fault.response, fault.failure), False
        except Exception as error:
            # A mail that cannot be written holds up no other.
            self._tell(Failure(Cause.OTHER, type(error).__name__))
            return Outcome(envelope.id, None, Failure(Cause.OTHER, type(error).__name__), is_hopeless=True), True

    def _tell(self, failure: Failure) -> None:
        """Never to whom, nor about what."""
        log.warning("a mail was not sent", extra={"told": {"cause": str(failure.cause), "detail": failure.detail}})
