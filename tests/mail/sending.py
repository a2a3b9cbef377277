"""Short words for mail in tests: a desk that sends, a round of its mail room, and what has come of it."""

from typing import Any

from sqlalchemy import select

from servicedesk.actions.desk import Desk
from servicedesk.actions.outbox import drain
from servicedesk.core.ticket import TicketState
from servicedesk.mail.office import MailOffice
from servicedesk.store.mails import Mail
from servicedesk.web.requester.letters import LetterWriter
from tests.support.desk import ticket_after
from tests.support.mailbox import Mailbox

ADDRESS = "anna@medborgare.example"
PUBLIC = "https://desk.example"


def sends(desk: Desk) -> Desk:
    desk.mails = True
    desk.secret = "a-key-for-tests-only"
    return desk


def office(desk: Desk, there: Mailbox, **given: Any) -> MailOffice:
    return MailOffice(desk, there.server(**given), LetterWriter(PUBLIC).write)


def post(desk: Desk, there: Mailbox, **given: Any) -> int:
    """What has happened is told, and what is due is sent; how many were taken over."""
    drain(desk)
    return office(desk, there, **given).run()


def reachable(desk: Desk, last: str = "", **given: Any) -> TicketState:
    """The ticket of somebody with a mail address."""
    return ticket_after(desk, last, **{"requester_contact": f"{ADDRESS}, 070-000 00 00", **given})


def rows(desk: Desk) -> list[Any]:
    with desk.reading() as connection:
        return list(connection.execute(select(Mail.__table__).order_by(Mail.id)))


def states(desk: Desk) -> list[tuple[str, str, int]]:
    return [(row.occasion, row.state, row.attempts) for row in rows(desk)]
