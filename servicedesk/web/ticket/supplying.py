"""What a supplier's people tell of a ticket: how it goes, and what they call it themselves. Their system tells the same
by the API."""

from servicedesk.core.rights import Right
from servicedesk.core.visibility import Access
from servicedesk.core.vocabulary import Audience
from servicedesk.store.queries.tickets import TicketView
from servicedesk.web import names
from servicedesk.web.forms.fields import Field, Kind
from servicedesk.web.forms.form import Form
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _
from servicedesk.web.ticket.changing import form
from servicedesk.web.words import FIELD_NAMES


def supplying(view: TicketView, reading: Reading) -> list[Form]:
    """Those that this person has; none for anybody but a supplier's."""
    made = (update_form(view, reading), reference_form(view, reading))
    return [each for each in made if each is not None]


def update_form(view: TicketView, reading: Reading) -> Form | None:
    """While they have the ticket."""
    if view.access is not Access.SUPPLIER or Right.NOTE_TO_SUPPLIER not in view.rights:
        return None
    who = names.listed(names.readers(Audience.SUPPLIER, view.ticket, reading.installation, view.organisation))
    help = _("What you have found, what you do now, and when you tell more. Seen by %(who)s.", who=who)
    field = Field("body", str(FIELD_NAMES["body"]), help=help)
    return form("update", _("Tell how it goes"), "add_update", _("Tell how it goes"), view, field)


def reference_form(view: TicketView, reading: Reading) -> Form | None:
    """Also when it is no longer with them."""
    if view.access is not Access.SUPPLIER:
        return None
    field = Field(
        "reference",
        _("Own reference"),
        Kind.LINE,
        _("What you call the ticket in your own system. You find it here by that too. Empty takes it away."),
        value=view.ticket.references.get(view.organisation, ""),
        required=False,
    )
    return form("reference", _("Say what you call it"), "set_reference", _("Save the reference"), view, field)
