"""Writing: one text field, and whom it is for. Each choice says in words who will read it.

On the ticket's page all the choices share the field and the button pressed decides (`composer`); on a page of its own,
when something was wrong, the choice stands (`Kind`).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from flask import url_for

from servicedesk.core.rights import Right
from servicedesk.core.visibility import Access
from servicedesk.core.vocabulary import Audience, Tier
from servicedesk.store.queries.tickets import TicketView
from servicedesk.web import identity, names
from servicedesk.web.fields import Choice, Field
from servicedesk.web.fields import Kind as FieldKind
from servicedesk.web.forms import Form, Kind
from servicedesk.web.reading import Reading
from servicedesk.web.speech import Words, _, _l
from servicedesk.web.words import FIELD_NAMES


@dataclass(frozen=True, slots=True)
class To:
    """One choice of whom to write to. `note` says who reads it, `help` what to think of; pressing its button sends the
    text to `action`, with `chosen` as the audience where one place takes several."""

    key: str
    label: str
    note: str
    help: str
    submit: str
    action: str
    audience: Audience
    chosen: str = ""
    is_likely: bool = False


@dataclass(frozen=True, slots=True)
class Composer:
    """`form` has the field, the version and the address of the likeliest choice."""

    form: Form
    choices: list[To]


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


def composer(view: TicketView, reading: Reading) -> Composer | None:
    """None for somebody who may not write anything here."""
    ways = [way for way in WAYS if way.right in view.rights]
    if not ways:
        return None
    likely = _likely(view, ways)
    form = _form(likely, view, reading)
    return Composer(form, [_to(way, way is likely, view, reading) for way in ways])


def _likely(view: TicketView, ways: list[Way]) -> Way:
    """The first line speaks with the requester, the second with its own, the board with whoever has the ticket."""
    order = ["reply"] if any(seat.tier is Tier.FIRST_LINE for seat in identity.viewer().seats) else []
    if view.ticket.holder.tier is Tier.SUPPLIER:
        order.append("supplier-note")
    keys = [way.key for way in ways]
    order += ["note", "joint-note", *keys] if view.access is Access.MUNICIPALITY else ["joint-note", *keys]
    return BY_KEY[next(key for key in order if key in keys)]


def _to(way: Way, is_likely: bool, view: TicketView, reading: Reading) -> To:
    return To(
        key=way.key,
        label=_board_or(way.label, way, view),
        note=_note(way, view, reading),
        help=str(way.help),
        submit=str(way.submit),
        action=url_for(way.endpoint, number=view.number),
        audience=way.audience,
        chosen=way.chosen,
        is_likely=is_likely,
    )


def _note(way: Way, view: TicketView, reading: Reading) -> str:
    """Svar till anmälaren. Syns för anmälaren och för Piteå kommun."""
    title = _board_or(way.title, way, view)
    return f"{title}. {_seen_by(way.audience, view, reading)}"


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
        fields=(Field("body", str(FIELD_NAMES["body"]), help=str(way.help)), *fields),
        version=view.version,
        note=_seen_by(way.audience, view, reading),
        audience=way.audience,
    )


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


def _seen_by(audience: Audience, view: TicketView, reading: Reading) -> str:
    held = view.ticket.holder
    supplier = held.organisation if held.tier is Tier.SUPPLIER else view.ticket.supplier
    readers = names.readers(audience, view.ticket, reading.installation, supplier)
    return _("Seen by %(readers)s.", readers=names.listed(readers))
