"""The forms one writes in: replies, notes and words for the supplier. Each says in words who will read it."""

from flask import url_for

from servicedesk.core.rights import Right
from servicedesk.core.visibility import Access
from servicedesk.core.vocabulary import Audience, Tier
from servicedesk.store.queries.tickets import TicketView
from servicedesk.web import names
from servicedesk.web.fields import Choice, Field
from servicedesk.web.fields import Kind as FieldKind
from servicedesk.web.forms import Form, Kind
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _
from servicedesk.web.words import FIELD_NAMES


def reply(view: TicketView, reading: Reading) -> Form:
    return Form(
        key="reply",
        title=_("Reply to the requester"),
        action=url_for("web.add_reply", number=view.number),
        submit=_("Save the reply"),
        fields=(_body(_("What is said or sent to the requester.")),),
        version=view.version,
        note=_seen_by(Audience.REQUESTER, view, reading),
        audience=Audience.REQUESTER,
    )


def note(view: TicketView, reading: Reading) -> Form:
    """For the municipality alone unless the writer chooses otherwise; the board's people have no such choice."""
    allowed = [a for a, right in _NOTES.items() if right in view.rights]
    seen = {a: names.listed(names.readers(a, view.ticket, reading.installation)) for a in allowed}
    options = tuple(Choice(str(a), seen[a]) for a in allowed)
    audience = Field("audience", _("Who sees it?"), FieldKind.RADIO, choices=options, value=str(allowed[0]))
    return Form(
        key="note",
        title=_("Internal note"),
        action=url_for("web.add_note", number=view.number),
        submit=_("Save the note"),
        fields=(_body(), audience),
        version=view.version,
        note=_("The requester and the supplier never see it."),
        audience=allowed[0],
    )


def supplier_note(view: TicketView, reading: Reading) -> Form:
    to_board = view.access is Access.SUPPLIER
    return Form(
        key="supplier-note",
        title=_("To the IT service manager") if to_board else _("To the supplier"),
        action=url_for("web.add_supplier_note", number=view.number),
        submit=_("Send"),
        fields=(_body(),),
        version=view.version,
        note=_seen_by(Audience.SUPPLIER, view, reading),
        audience=Audience.SUPPLIER,
    )


def supplier_description(view: TicketView, reading: Reading) -> Form:
    help = _(
        "The supplier reads this and nothing else of what the requester wrote. "
        "Write no names, numbers or addresses of people."
    )
    return Form(
        key="supplier-description",
        title=_("Describe it for the supplier"),
        action=url_for("web.add_supplier_description", number=view.number),
        submit=_("Save the description"),
        fields=(_body(help),),
        version=view.version,
        note=_seen_by(Audience.SUPPLIER, view, reading),
        audience=Audience.SUPPLIER,
    )


_NOTES = {Audience.MUNICIPALITY: Right.NOTE, Audience.JOINT: Right.NOTE_TO_JOINT}

REPLY = Kind(frozenset({Right.REPLY}), reply)
NOTE = Kind(frozenset(_NOTES.values()), note)
SUPPLIER_NOTE = Kind(frozenset({Right.NOTE_TO_SUPPLIER}), supplier_note)
SUPPLIER_DESCRIPTION = Kind(frozenset({Right.DESCRIBE_FOR_SUPPLIER}), supplier_description)

COMPOSERS = (REPLY, NOTE, SUPPLIER_NOTE, SUPPLIER_DESCRIPTION)


def _body(help: str = "") -> Field:
    return Field("body", str(FIELD_NAMES["body"]), help=help)


def _seen_by(audience: Audience, view: TicketView, reading: Reading) -> str:
    held = view.ticket.holder
    supplier = held.organisation if held.tier is Tier.SUPPLIER else view.ticket.supplier
    readers = names.readers(audience, view.ticket, reading.installation, supplier)
    return _("Seen by %(readers)s.", readers=names.listed(readers))
