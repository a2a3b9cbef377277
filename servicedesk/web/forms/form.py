"""A form on a ticket. It stands on the ticket's page, and on a page of its own when something is wrong with it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from flask import url_for

from servicedesk.core.rights import Right
from servicedesk.core.vocabulary import Audience, Category, Verb, WaitsOn
from servicedesk.core.workflows.definition import Step
from servicedesk.core.workflows.needs import takes
from servicedesk.store.queries.tickets import TicketView
from servicedesk.web import language, names
from servicedesk.web.forms.fields import Field, field_of
from servicedesk.web.forms.fields import Kind as FieldKind
from servicedesk.web.forms.nonce import new_nonce
from servicedesk.web.reading import Reading
from servicedesk.web.requester.told import will_be_told
from servicedesk.web.speech import _


@dataclass(frozen=True, slots=True)
class Form:
    """`version` is the ticket's as this person has seen it. `note` says who will read what is written;
    `nonce` is this showing of it; `look` the button that shows what it would change before anything is saved. `keeps`:
    where what is being written in it is kept, `saves`: how often that has been done, `kept`: when last, in words."""

    key: str
    title: str
    action: str
    submit: str
    fields: tuple[Field, ...]
    version: int
    note: str = ""
    audience: Audience | None = None
    nonce: str = field(default_factory=new_nonce)
    look: str = ""
    keeps: str = ""
    saves: int = 0
    kept: str = ""

    def value(self, name: str) -> str:
        return next((each.value for each in self.fields if each.name == name), "")

    @property
    def takes_files(self) -> bool:
        return any(each.kind is FieldKind.FILES for each in self.fields)


@dataclass(frozen=True, slots=True)
class Kind:
    """A form that belongs to rights outside the workflow: any one of them gives it. None where there is nothing to
    choose."""

    rights: frozenset[Right]
    make: Callable[[TicketView, Reading], Form | None]

    def if_allowed(self, view: TicketView, reading: Reading) -> Form | None:
        return self.make(view, reading) if self.rights & set(view.rights) else None


def step_form(step: Step, view: TicketView, reading: Reading) -> Form:
    """What a step of the workflow asks for. One that asks for nothing is a button."""
    label = step.labels[language.current()]
    audience, note = _readers(step, view, reading)
    return Form(
        key=f"step-{step.step}",
        title=label,
        action=url_for("web.take_step", number=view.number, transition=step.step),
        submit=label,
        fields=tuple(field_of(need, view.ticket, reading) for need in takes(step)),
        version=view.version,
        note=note,
        audience=audience,
    )


def _readers(step: Step, view: TicketView, reading: Reading) -> tuple[Audience | None, str]:
    """Whom it is said before they write that the requester reads it: a question to them, and the solution."""
    to = reading.book.definition(view.ticket.workflow_version).states[step.target(view.ticket.state)]
    asks = step.verb is Verb.ASK and to.waits_on is WaitsOn.REQUESTER
    if not asks and not (step.verb is Verb.RESOLVE and to.category in (Category.RESOLVED, Category.CLOSED)):
        return None, ""
    readers = names.listed(names.readers(Audience.REQUESTER, view.ticket, reading.installation))
    seen = _("Seen by %(readers)s.", readers=readers)
    return Audience.REQUESTER, " ".join(filter(None, (seen, will_be_told(view))))


def offered(kinds: Sequence[Kind], view: TicketView, reading: Reading) -> list[Form]:
    """Those of these forms that this person has a right to."""
    forms = (kind.if_allowed(view, reading) for kind in kinds)
    return [form for form in forms if form is not None]
