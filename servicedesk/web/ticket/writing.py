"""Writing: a form for each circle of readers, who are named in words before one writes.

On the ticket's page one choice shows one of the forms (`composer`). They share no field and no address, so that no key,
button or script can send what is meant for colleagues to anybody else. On a page of its own, when something was wrong,
the form stands alone (`Kind`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from flask import url_for

from servicedesk.actions.drafts import Draft
from servicedesk.core.attachments import LARGEST, MEGABYTE, MOST_AT_ONCE
from servicedesk.core.errors import NotFound
from servicedesk.core.rights import Right
from servicedesk.core.ticket import TicketState
from servicedesk.core.visibility import Access
from servicedesk.core.vocabulary import Audience, Tier
from servicedesk.store.queries.tickets import TicketView
from servicedesk.web import identity, names
from servicedesk.web.forms.fields import Choice, Field
from servicedesk.web.forms.fields import Kind as FieldKind
from servicedesk.web.forms.form import Form, Kind
from servicedesk.web.reading import Reading
from servicedesk.web.requester.told import will_be_told
from servicedesk.web.speech import Words, _, _l
from servicedesk.web.ticket.drafts import begun, going_on
from servicedesk.web.ticket.templates import offered
from servicedesk.web.words import FIELD_NAMES


@dataclass(frozen=True, slots=True)
class To:
    """One choice of whom to write to: `form` says in its note who reads it. `chosen` is the audience where one address
    takes several; `aside` where the same form stands on a page of its own, with what one asks for before sending."""

    label: str
    help: str
    form: Form
    chosen: str
    is_likely: bool
    aside: str
    ticket: str
    templates: list[Choice]

    @property
    def audience(self) -> Audience:
        assert self.form.audience is not None
        return self.form.audience


@dataclass(frozen=True, slots=True)
class Way:
    """One way of writing: its right, its address, and its words."""

    key: str
    right: Right
    audience: Audience
    endpoint: str
    label: Words
    title: Words
    submit: Words
    help: Words = ""
    chosen: str = ""


WARNING = _l(
    "The supplier reads this and nothing else of what the requester wrote. "
    "Write no names, numbers or addresses of people."
)
WAYS = (
    Way(
        "reply",
        Right.REPLY,
        Audience.REQUESTER,
        "web.add_reply",
        _l("The requester"),
        _l("Reply to the requester"),
        _l("Save the reply"),
        _l("What is said or sent to the requester."),
    ),
    Way(
        "note",
        Right.NOTE,
        Audience.MUNICIPALITY,
        "web.add_note",
        _l("The municipality"),
        _l("Internal note"),
        _l("Save the note"),
        _l("The requester and the supplier never see it."),
        chosen=str(Audience.MUNICIPALITY),
    ),
    Way(
        "joint-note",
        Right.NOTE_TO_JOINT,
        Audience.JOINT,
        "web.add_note",
        _l("The municipality and the board"),
        _l("Internal note"),
        _l("Save the note"),
        _l("The requester and the supplier never see it."),
        chosen=str(Audience.JOINT),
    ),
    Way(
        "supplier-note",
        Right.NOTE_TO_SUPPLIER,
        Audience.SUPPLIER,
        "web.add_supplier_note",
        _l("The supplier"),
        _l("To the supplier"),
        _l("Send"),
    ),
    Way(
        "supplier-description",
        Right.DESCRIBE_FOR_SUPPLIER,
        Audience.SUPPLIER,
        "web.add_supplier_description",
        _l("Description for the supplier"),
        _l("Describe it for the supplier"),
        _l("Save the description"),
        WARNING,
    ),
)
BY_KEY = {way.key: way for way in WAYS}


def composer(view: TicketView, drafts: Sequence[Draft], reading: Reading) -> list[To]:
    """Empty for somebody who may not write anything here."""
    ways = [way for way in WAYS if way.right in view.rights]
    likely = _likely(view, ways, drafts) if ways else None
    templates = [Choice(template.key, template.title) for template in offered(reading)] if ways else []
    made = (_to(way, way is likely, templates, view, reading) for way in ways)
    return [replace(to, form=going_on(to.form, drafts, view, reading)) for to in made]


def written_to(key: str, view: TicketView, reading: Reading) -> To:
    """One of them by its key. NotFound when it is none of this person's here."""
    found = next((to for to in composer(view, begun(view, reading), reading) if to.form.key == key), None)
    if found is None:
        raise NotFound("You cannot write that here. Open the ticket and choose whom to write to.")
    return found


def _likely(view: TicketView, ways: list[Way], drafts: Sequence[Draft]) -> Way:
    """What one has begun to write, first of all; the first line speaks with the requester, the second with its own, the
    board with whoever has the ticket."""
    order = [draft.way for draft in drafts]
    order += ["reply"] if any(seat.tier is Tier.FIRST_LINE for seat in identity.viewer().seats) else []
    if view.ticket.holder.tier is Tier.SUPPLIER:
        order.append("supplier-note")
    keys = [way.key for way in ways]
    order += ["note", "joint-note", *keys] if view.access is Access.MUNICIPALITY else ["joint-note", *keys]
    return BY_KEY[next(key for key in order if key in keys)]


def _to(way: Way, is_likely: bool, templates: list[Choice], view: TicketView, reading: Reading) -> To:
    """Svar till anmälaren. Syns för anmälaren och för Piteå kommun."""
    form = _form(way, view, reading)
    said = replace(form, note=f"{form.title}. {form.note}")
    aside, ticket = url_for("web.write", number=view.number, to=way.key), url_for("web.show_ticket", number=view.number)
    return To(_board_or(way.label, way, view), _help(way, view), said, way.chosen, is_likely, aside, ticket, templates)


def _board_or(words: Words, way: Way, view: TicketView) -> str:
    """The supplier's own people write the other way."""
    is_back = way.key == "supplier-note" and view.access is Access.SUPPLIER
    return _("To the IT service manager") if is_back else str(words)


def _form(way: Way, view: TicketView, reading: Reading, *fields: Field) -> Form:
    return Form(
        key=way.key,
        title=_board_or(way.title, way, view),
        action=url_for(way.endpoint, number=view.number),
        submit=str(way.submit),
        fields=(Field("body", str(FIELD_NAMES["body"]), help=_help(way, view)), *fields, *_files(way)),
        version=view.version,
        note=_seen_by(way.audience, view, reading),
        audience=way.audience,
    )


def _files(way: Way) -> list[Field]:
    """A description is what the supplier reads instead of the requester's words, and nothing else."""
    if way.right is Right.DESCRIBE_FOR_SUPPLIER:
        return []
    size = LARGEST // MEGABYTE
    help = _("For the same readers; at most %(most)s files of %(size)s MB each.", most=MOST_AT_ONCE, size=size)
    return [Field("file", _("Attach files"), FieldKind.FILES, help=help, required=False)]


def _alone(key: str) -> Callable[[TicketView, Reading], Form]:
    return lambda view, reading: _form(BY_KEY[key], view, reading)


def _note_form(view: TicketView, reading: Reading) -> Form:
    """For the municipality alone unless the writer chooses otherwise; the board's people have no such choice."""
    ways = [BY_KEY[key] for key in ("note", "joint-note") if BY_KEY[key].right in view.rights]
    options = tuple(Choice(way.chosen, _seen_by(way.audience, view, reading)) for way in ways)
    audience = Field("audience", _("Who sees it?"), FieldKind.RADIO, choices=options, value=ways[0].chosen)
    form = _form(ways[0], view, reading, audience)
    return replace(form, note=_("The requester and the supplier never see it."))


REPLY = Kind(frozenset({Right.REPLY}), _alone("reply"))
NOTE = Kind(frozenset({Right.NOTE, Right.NOTE_TO_JOINT}), _note_form)
SUPPLIER_NOTE = Kind(frozenset({Right.NOTE_TO_SUPPLIER}), _alone("supplier-note"))
SUPPLIER_DESCRIPTION = Kind(frozenset({Right.DESCRIBE_FOR_SUPPLIER}), _alone("supplier-description"))


def supplier_of(ticket: TicketState) -> str:
    """The one that reads what is written to the supplier."""
    return ticket.holder.organisation if ticket.holder.tier is Tier.SUPPLIER else ticket.supplier


def _seen_by(audience: Audience, view: TicketView, reading: Reading) -> str:
    readers = names.readers(audience, view.ticket, reading.installation, supplier_of(view.ticket))
    return _("Seen by %(readers)s.", readers=names.listed(readers))


def _help(way: Way, view: TicketView) -> str:
    """Of what the requester is to read: whether they are told of it by mail."""
    return (will_be_told(view) if way.audience is Audience.REQUESTER else "") or str(way.help)
