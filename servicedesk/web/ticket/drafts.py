"""What somebody has begun to write on a ticket and not sent: it stands in its form again when they open it."""

from collections.abc import Iterable
from dataclasses import replace

from flask import url_for

from servicedesk.actions.drafts import Draft, drafts_of
from servicedesk.actions.once import has_done
from servicedesk.actions.steps import TEXTS
from servicedesk.extensions import desk
from servicedesk.store.queries.tickets import TicketView
from servicedesk.web import identity, times
from servicedesk.web.forms import fields
from servicedesk.web.forms.form import Form
from servicedesk.web.forms.nonce import once_of
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _

# What somebody has to have written for there to be anything to keep; the rest are choices.
WORDS = ("body", *TEXTS)


def begun(view: TicketView, reading: Reading) -> list[Draft]:
    """The reader's own on this ticket, the last first; none of what has been sent, whichever window kept it."""
    found = drafts_of(desk(), reading.connection, reading.now, actor=identity.viewer(), about=view.number)
    return [draft for draft in found if not has_done(reading.connection, once_of(draft.form))]


def going_on(form: Form, drafts: Iterable[Draft], view: TicketView, reading: Reading) -> Form:
    """The form as a page keeps it while somebody writes in it, begun with the last draft of it."""
    kept = replace(form, keeps=url_for("web.keep_ticket_draft", number=view.number, way=form.key))
    draft = next((each for each in drafts if each.way == form.key), None)
    if draft is None:
        return kept
    filled = fields.again(form.fields, draft.fields, {})
    words = _("Your draft from %(when)s.", when=times.near(draft.saved_at, reading.now))
    return replace(kept, fields=filled, nonce=draft.form, saves=draft.saves, kept=words)
