"""A scheduler's process that tells and mails as fast as it can, until it is killed."""

import sys
import time

from servicedesk.actions.desk import Desk
from servicedesk.actions.outbox import drain
from servicedesk.core.clock import ControlledClock
from servicedesk.core.codec import moment
from servicedesk.mail.office import MailOffice
from servicedesk.mail.server import MailServer
from servicedesk.store.engine import make_engine
from servicedesk.web.requester.letters import LetterWriter
from tests.mail.sending import PUBLIC, sends
from tests.support.mailbox import SENDER

if __name__ == "__main__":
    url, now, port = sys.argv[1:]
    desk = sends(Desk(make_engine(url), ControlledClock(moment(now))))
    office = MailOffice(desk, MailServer("127.0.0.1", int(port), False, SENDER), LetterWriter(PUBLIC).write)
    print("ready", flush=True)
    while True:
        drain(desk)
        office.run()
        time.sleep(0.01)
