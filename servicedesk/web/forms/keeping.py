"""What a page keeps of a form while somebody writes in it, asked for by the page itself at a pause in the typing."""

from collections.abc import Iterable, Mapping

from flask import request

from servicedesk.actions.drafts import NO_TICKET, drop_draft, save_draft
from servicedesk.core.facts import Actor
from servicedesk.extensions import desk
from servicedesk.web.forms import nonce
from servicedesk.web.forms.nonce import new_nonce, once_of

SAVES = "saves"


def saves_sent() -> int:
    text = request.form.get(SAVES, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def keep(
    typed: Mapping[str, str], words: Iterable[str], *, actor: Actor, about: str = NO_TICKET, way: str = ""
) -> tuple[str, int]:
    """(the form's number, how often it has been written) after this pause; one in which none of the `words` stands is
    let go. A form that another window has written meanwhile is kept under a number of its own: neither is lost."""
    form = request.form.get(nonce.FIELD, "")
    if not nonce.is_form_of(form, actor.key):
        return form, saves_sent()
    if not any(typed.get(name, "").strip() for name in words):
        let_go(actor=actor)
        return form, 0
    saves = save_draft(desk(), form, typed, saves_sent(), actor=actor, once=once_of(form), about=about, way=way)
    if saves is not None:
        return form, saves
    form = new_nonce()
    return form, save_draft(desk(), form, typed, 0, actor=actor, once=once_of(form), about=about, way=way) or 0


def let_go(*, actor: Actor) -> None:
    """Of the form that was sent: what had been kept of it, if anything had."""
    if saves_sent():
        drop_draft(desk(), request.form.get(nonce.FIELD, ""), actor=actor)
