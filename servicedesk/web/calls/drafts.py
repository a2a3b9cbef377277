"""What the page keeps of a call while it is being written, and how it comes back."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request

from servicedesk.actions.call_drafts import Draft, drafts_of, save_draft
from servicedesk.core.facts import Actor
from servicedesk.extensions import desk
from servicedesk.web import times
from servicedesk.web.forms import nonce
from servicedesk.web.forms.nonce import new_nonce, once_of
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _

SAVES = "saves"
# What somebody has to have written for there to be anything to keep.
WORDS = ("subject", "description", "requester_name", "requester_contact", "solution", "platform_case")
LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class Kept:
    """One in the list of those that wait: what it is called, and when it was written."""

    form: str
    title: str
    when: str


def saves_sent() -> int:
    text = request.form.get(SAVES, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def keep(typed: Mapping[str, str], *, actor: Actor) -> tuple[str, int]:
    """(the form's number, how often it has been written) after this pause. A form that another window has written
    meanwhile is kept under a number of its own: neither is lost."""
    form = request.form.get(nonce.FIELD, "")
    if not any(typed.get(name, "").strip() for name in WORDS) or not nonce.is_form_of(form, actor.key):
        return form, saves_sent()
    saves = save_draft(desk(), form, typed, saves_sent(), actor=actor, once=once_of(form))
    if saves is not None:
        return form, saves
    form = new_nonce()
    return form, save_draft(desk(), form, typed, 0, actor=actor, once=once_of(form)) or 0


def waiting(reading: Reading, *, actor: Actor) -> list[Kept]:
    """Those that have not been logged, the last first."""
    found = drafts_of(desk(), reading.connection, reading.now, actor=actor)
    return [Kept(each.form, _title(each), times.near(each.saved_at, reading.now)) for each in found]


def draft_of(form: str, reading: Reading, *, actor: Actor) -> Draft | None:
    found = drafts_of(desk(), reading.connection, reading.now, actor=actor)
    return next((each for each in found if each.form == form), None)


def _title(draft: Draft) -> str:
    words = (draft.fields.get(name, "").strip().split("\n")[0] for name in WORDS)
    title = next(filter(None, words), "") or _("Without a subject")
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…"
