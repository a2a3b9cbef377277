"""A form that was sent when the session was over comes back, filled in, to the person whose it was.

The browser carries it through the sign-in; nothing of it is kept here. It is shown again and never sent by itself.
"""

import json
from dataclasses import dataclass

from flask import flash, request

from servicedesk.core.errors import Invalid
from servicedesk.web.addresses import safe_next
from servicedesk.web.forms import files, nonce
from servicedesk.web.speech import _

FIELD = "draft"
# Everything that any form of ours takes, and more; a paste beyond that is only shown, to be copied.
LONGEST = 300_000
NOT_CARRIED = frozenset({"csrf_token", FIELD, files.CHOSEN})


@dataclass(frozen=True, slots=True)
class Draft:
    """Where the form was sent, and everything in it."""

    address: str
    fields: list[tuple[str, str]]


def sent() -> str:
    """The form that was sent, as the sign-in page carries it; '' for one that did not come from a page of ours, for one
    that has been brought back already, and for too much."""
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_CARRIED]
    if chosen := files.names_chosen():
        fields.append((files.CHOSEN, "\n".join(chosen)))
    if nonce.FIELD not in request.form or is_brought_back():
        return ""
    text = json.dumps([request.path, fields])
    return text if len(text) <= LONGEST else ""


def for_person(text: str, person: str) -> Draft | None:
    """The draft if it is this person's own: not another's who sits at the same browser, nor another site's."""
    try:
        address, given = json.loads(text)
        fields = [(str(name), str(value)) for name, value in given]
    except (ValueError, TypeError):
        return None
    if not isinstance(address, str) or not safe_next(address, ""):
        return None
    return Draft(address, fields) if nonce.is_form_of(dict(fields).get(nonce.FIELD, ""), person) else None


def not_saved(can_send: bool) -> str:
    if can_send:
        return _("Nothing of this has been saved yet. Look it through, and send it.")
    return _("Nothing of yours was saved, and what you were about to do can no longer be done. Your text is below.")


def is_brought_back() -> bool:
    """Whether this form is sent to be shown again, with nothing done."""
    return FIELD in request.form


def look_through_first() -> None:
    """Before a form is acted on whose view shows it again when something is wrong: Invalid, with no fault, for one that
    was brought back. Its page says so."""
    if is_brought_back():
        flash(not_saved(can_send=True))
        raise Invalid({})
