"""What a page about one thing needs: one of each, made beside whatever a desk holds, for whoever looks at every page.

things = Things(desk); address = things.address("/tickets/{open}", viewer)
"""

from functools import cached_property
from string import Formatter

from sqlalchemy import select

from servicedesk.actions.administering.invitations import invite
from servicedesk.actions.batches import make_batch
from servicedesk.actions.desk import Desk
from servicedesk.actions.links import give_link
from servicedesk.actions.majors.belonging import attach
from servicedesk.actions.majors.declaring import NewMajor, declare_major
from servicedesk.actions.reporting import Report, report_matter
from servicedesk.actions.tokens import create_token
from servicedesk.actions.webhooks import create_webhook
from servicedesk.core.actors import client_actor
from servicedesk.core.facts import OPERATOR, Actor
from servicedesk.store.tickets import Ticket, Visibility
from tests.support.desk import PERSONAS, PLATFORM, new_ticket, persona, ticket_after

SUPPLIER = "leverantor-plattform"
CLERK, EMPLOYEE, MANAGER = "first_line_lulea", "developer_lulea", "it_service_manager"


class Things:
    """Of one desk; each is made when an address first names it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def address(self, pattern: str, viewer: str) -> str:
        """With the key of each thing that the pattern names; `{open}` is the longest story among the viewer's own."""
        named = [name for _text, name, _spec, _how in Formatter().parse(pattern) if name]
        return pattern.format(**{name: self._open(viewer) if name == "open" else getattr(self, name) for name in named})

    def _open(self, viewer: str) -> str:
        mine = Visibility.organisation.in_(self.actor(viewer).organisations)
        query = select(Ticket.number).join(Visibility, Visibility.ticket_id == Ticket.id).where(mine, Ticket.is_open)
        with self.desk.reading() as connection:
            return str(connection.execute(query.order_by(Ticket.seq.desc()).limit(1)).scalar_one())

    def actor(self, name: str) -> Actor:
        return persona(self.desk, name)

    @cached_property
    def logged(self) -> str:
        return new_ticket(self.desk).number

    @cached_property
    def held(self) -> str:
        """In the second line's hands, from where it can be handed over."""
        return ticket_after(self.desk, "accept_in_second_line").number

    @cached_property
    def batch(self) -> str:
        return str(make_batch(self.desk, "step:take", [(self.logged, 1)], actor=self.actor(CLERK)))

    @cached_property
    def major(self) -> str:
        new = NewMajor(PLATFORM, ["lulea", "pitea"], "Inloggningen går trögt", "Vi söker.", is_public=True)
        key = declare_major(self.desk, new, actor=self.actor(MANAGER))
        attach(self.desk, self.logged, key, actor=self.actor(CLERK))
        return key

    @cached_property
    def client(self) -> str:
        return str(create_token(self.desk, SUPPLIER, "Ärendesystem", actor=OPERATOR).client.key)

    @cached_property
    def webhook(self) -> str:
        with self.desk.reading() as connection:
            installation = self.desk.book(connection).installation
        who = client_actor(self.client, "Ärendesystem", SUPPLIER, (), installation)
        made = create_webhook(
            self.desk, "https://hook.leverantor.example/in", actor=who, resolve=lambda host, port: ["93.184.216.34"]
        )
        return str(made.id)

    @cached_property
    def invitation(self) -> str:
        return invite(self.desk, PERSONAS[CLERK], actor=self.actor("administrator_lulea")).token

    @cached_property
    def link(self) -> str:
        return give_link(self.desk, self.logged, actor=self.actor(CLERK))

    @cached_property
    def own(self) -> str:
        report = Report("lulea", PLATFORM, "Formuläret sparar inte", "Det står att något saknas.")
        return report_matter(self.desk, report, actor=self.actor(EMPLOYEE))
