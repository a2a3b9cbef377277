"""What a backup must carry: something in every table, and texts that are hard to carry."""

from datetime import timedelta
from io import BytesIO
from random import Random

from sqlalchemy import insert

from servicedesk.actions.attachments import Upload
from servicedesk.actions.batches import make_batch
from servicedesk.actions.desk import Desk
from servicedesk.actions.disruptions import NewDisruption, declare_disruption
from servicedesk.actions.entries import note, reply
from servicedesk.actions.erase import erase_texts
from servicedesk.actions.links import give_link
from servicedesk.actions.log import NewTicket, log_ticket
from servicedesk.actions.majors.declaring import NewMajor, declare_major
from servicedesk.actions.majors.leading import tell_all
from servicedesk.actions.once import Once
from servicedesk.actions.outbox import drain
from servicedesk.actions.rates import Rates
from servicedesk.actions.sequencing import sequence
from servicedesk.actions.sweep import sweep
from servicedesk.actions.tokens import create_token
from servicedesk.actions.views import save_view, start_with
from servicedesk.actions.webhooks import new_delivery
from servicedesk.core.facts import OPERATOR
from servicedesk.store.access import Invitation, SignInAttempt
from servicedesk.store.drafts import KeptDraft
from servicedesk.store.outbox import DeskNotice
from servicedesk.store.presence import Presence
from servicedesk.store.webhooks import Delivery, Webhook
from tests.actions.life import wait
from tests.support.desk import PLATFORM, new_ticket, persona, ticket_after

# Of every plane, of both directions, joined, and with what lines and quotes mean to JSON, CSV and COPY.
LETTERS = "Å é ß ж 漢 ع ש 👩‍👩‍👧 𝔘 \U0010fffd \u0301 \\N \\. \" ' , ;\n\ttab \\\\ \\x41 {} %s :name null true"


# Of every byte, and in more than one piece.
FILE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) + Random(4).randbytes(300_000)


def live(desk: Desk) -> None:
    closed = ticket_after(desk, "confirm").number
    with_file = [Upload("bild.png", BytesIO(FILE))]
    note(desk, closed, "Med bild.", files=with_file, actor=persona(desk, "first_line_lulea"))
    wait(desk, days=30)
    sweep(desk)
    erase_texts(desk, closed, "Beslut 2026:1", actor=OPERATOR)
    kept = ticket_after(desk, "confirm", "pajala").number
    for number in (kept, new_ticket(desk, subject="漢字と絵文字 👩‍👩‍👧").number):
        who = persona(desk, "first_line_pajala" if number == kept else "first_line_lulea")
        note(desk, number, LETTERS, files=[Upload("bild åäö.png", BytesIO(FILE))], actor=who)
    desk.mails = True
    waiting = ticket_after(desk, "accept_at_supplier", requester_contact="anna@medborgare.example").number
    reply(desk, waiting, LETTERS, actor=persona(desk, "first_line_lulea"))
    wait(desk, days=2)
    sweep(desk)
    drain(desk)
    sequence(desk)
    who = persona(desk, "first_line_lulea")
    once = Once(f"person:{who.key}", "a key", "what it was")
    log_ticket(desk, NewTicket("lulea", PLATFORM, "Begärd en gång"), actor=who, once=once)
    create_token(desk, "leverantor-plattform", "Ärendesystem", actor=OPERATOR)
    Rates(desk).take("client:1", 100, desk.clock.now())
    give_link(desk, waiting, actor=who)
    told = NewDisruption(PLATFORM, ["lulea", "pajala"], "Driftstörning åäö", LETTERS)
    declare_disruption(desk, told, actor=persona(desk, "it_service_manager"))
    manager = persona(desk, "it_service_manager")
    major = declare_major(desk, NewMajor(PLATFORM, ["lulea"], "Åäö", LETTERS, number=waiting), actor=manager)
    tell_all(desk, major, LETTERS, "joint", actor=manager)
    start_with(desk, save_view(desk, "Öppna åäö", "scope=open", "", "", actor=who), actor=who)
    make_batch(desk, "step:take", [(waiting, 1)], actor=who)
    tell(desk)
    with desk.transaction() as connection:
        until = desk.clock.now() + timedelta(microseconds=7)
        connection.execute(insert(SignInAttempt).values(kind="origin", mark="a" * 16, attempts=2, expires_at=until))
        draft = {
            "person": "a",
            "form": "b",
            "about": kept,
            "way": "c",
            "content": LETTERS,
            "saves": 1,
            "saved_at": until,
        }
        connection.execute(insert(KeptDraft).values(draft))
        here = {"number": kept, "person": "a", "seen_at": until, "writes": "joint", "wrote_at": until}
        connection.execute(insert(Presence).values(here))
        link = {"token_hash": "a" * 64, "person": "a", "made_at": until, "made_by": "person:b", "expires_at": until}
        connection.execute(insert(Invitation).values(link))


def tell(desk: Desk) -> None:
    """A webhook with something on its way, and what a person is told of it."""
    with desk.transaction() as connection:
        now = desk.clock.now()
        hook = {"organisation": "lulea", "client": "lulea-1", "face": "v1", "url": "https://kö.example/", "query": ""}
        hook |= {"event_types": "", "description": LETTERS, "secret": "hemligt", "former_secret": "", "state": "on"}
        connection.execute(insert(Webhook).values(id=1, **hook, why="", failures=0, created_at=now))
        connection.execute(insert(Delivery).values(id=1, **new_delivery(1, "ping", now)))
        connection.execute(insert(DeskNotice).values(person="a", kind="webhook_gone", about="b", created_at=now))
