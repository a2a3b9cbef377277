"""One act on many tickets: chosen, seen beforehand, done once, looked at, and taken back."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from servicedesk.actions import batches
from servicedesk.core.errors import KeyReused
from servicedesk.extensions import desk
from servicedesk.web import identity
from servicedesk.web.blueprint import bp
from servicedesk.web.forms import drafts
from servicedesk.web.forms.nonce import said, sent_once
from servicedesk.web.forms.submission import other_than_sent
from servicedesk.web.reading import reading
from servicedesk.web.rendering import render
from servicedesk.web.selection.acts import act_of
from servicedesk.web.selection.page import batch_page, selection_page
from servicedesk.web.speech import _


@bp.get("/selection")
def selection() -> ResponseReturnValue:
    """What can be done to the tickets that the address names; with `do`, what that would change."""
    with reading() as now:
        page = selection_page(request.args.getlist("ticket"), request.args.get("do", ""), now)
        return render("web/selection.html", now, page=page)


@bp.post("/selection")
def act_on_selection() -> ResponseReturnValue:
    """With the button that only looks, and where something is missing, the page again; else done, once."""
    seen, name = _seen(request.form.get("tickets", "")), request.form.get("do", "")
    typed = {field: value for field, value in said().items() if field not in ("tickets", "do")}
    is_brought_back = drafts.is_brought_back()
    with reading() as now:
        looks = "look" in request.form or is_brought_back
        trouble = drafts.not_saved(can_send=True) if is_brought_back else ""
        numbers = [number for number, _version in seen]
        page = selection_page(numbers, name, now, typed, sent=True, trouble=trouble)
        if looks or not page.ready:
            return render("web/selection.html", now, page=page), 200 if looks or not page.count else 422
    seen = [each for each in seen if each[0] in page.numbers]
    try:
        made = batches.make_batch(desk(), name, seen, actor=identity.viewer(), once=sent_once())
    except KeyReused:
        with reading() as now:
            page = selection_page(numbers, name, now, typed, sent=True, trouble=other_than_sent())
            return render("web/selection.html", now, page=page), 409
    batches.carry_out(desk(), made, act_of(name, typed), actor=identity.viewer())
    return redirect(url_for("web.show_batch", batch=made), 303)


@bp.get("/selection/<int(max=999999999999):batch>")
def show_batch(batch: int) -> ResponseReturnValue:
    with reading() as now:
        return render("web/batch.html", now, page=batch_page(batch, now))


@bp.post("/selection/<int(max=999999999999):batch>/undo")
def undo_batch(batch: int) -> ResponseReturnValue:
    """However often it is sent: what has been taken back stays so."""
    batches.undo(desk(), batch, _("Taken back: it was done to several tickets at once."), actor=identity.viewer())
    return redirect(url_for("web.show_batch", batch=batch), 303)


def _seen(text: str) -> list[tuple[str, int]]:
    """`number:version` of each, as the page carries them; what is none of ours is left out."""
    pairs = (one.rpartition(":") for one in text.split())
    return [(number, int(v)) for number, _colon, v in pairs if number and v.isascii() and v.isdigit() and len(v) < 10]
