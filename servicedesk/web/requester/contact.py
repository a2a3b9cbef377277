"""The form that says anew how the requester is reached, for those who speak with them."""

from servicedesk.core.requesters import may_give_link
from servicedesk.core.vocabulary import RequesterKind
from servicedesk.store.queries.tickets import TicketView
from servicedesk.web import identity
from servicedesk.web.forms.fields import Choice, Field, Kind
from servicedesk.web.forms.form import Form
from servicedesk.web.reading import Reading
from servicedesk.web.requester.told import RequesterTold, requester_told
from servicedesk.web.speech import _
from servicedesk.web.ticket.changing import form, reason
from servicedesk.web.words import FIELD_NAMES

WITHDRAWS = "withdraws"


def contact_form(view: TicketView, reading: Reading) -> Form | None:
    """None where it is not this person's to say, or nothing is kept of the requester."""
    is_theirs = may_give_link(view.ticket, identity.viewer())
    return form_beside(requester_told(view, reading), view) if is_theirs else None


def form_beside(told: RequesterTold, view: TicketView) -> Form | None:
    """The same for who knows already what the requester has been told."""
    who = view.requester
    if who is None or who.kind is RequesterKind.PROTECTED:
        return None
    help = _(
        "What is mailed from now on goes to the e-mail address that stands here. Nothing else of the ticket changes."
    )
    now, label = who.contact, str(FIELD_NAMES["requester_contact"])
    how = Field("requester_contact", label, Kind.LINE, help=help, value=now, given=now)
    fields = (how, reason(), *_of_link(told))
    return form("contact", _("Correct how the requester is reached"), "set_contact", _("Save"), view, *fields)


def _of_link(told: RequesterTold) -> list[Field]:
    """Where there is a link: ticked where a mail with it has gone out, perhaps to somebody else."""
    if not told.has_link:
        return []
    yes = (Choice("yes", _("Take the old link out of use. The next mail brings a new one.")),)
    value = "yes" if any(mail.tone == "sent" for mail in told.mails) else ""
    label = _("Has the requester's link gone to somebody else?")
    return [Field(WITHDRAWS, label, Kind.CHECKS, choices=yes, value=value, required=False)]
