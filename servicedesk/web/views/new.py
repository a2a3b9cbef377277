"""Logging a ticket, and the receipt to read out."""

from collections.abc import Mapping, Sequence

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from servicedesk.actions.log import log_ticket
from servicedesk.core.errors import AlreadyDone, Invalid, KeyReused
from servicedesk.extensions import desk
from servicedesk.store.queries.tickets import view_ticket
from servicedesk.web import fields, identity
from servicedesk.web.blueprint import bp
from servicedesk.web.new_ticket import new_ticket_fields, new_ticket_from
from servicedesk.web.nonce import new_nonce, sent_once
from servicedesk.web.nonce import said as typed
from servicedesk.web.reading import reading
from servicedesk.web.rendering import render
from servicedesk.web.speech import _, sentence
from servicedesk.web.ticket_page import ticket_page


@bp.get("/tickets/new")
def new_ticket() -> ResponseReturnValue:
    return _form(new_nonce(), {}, {})


@bp.post("/tickets/new")
def log() -> ResponseReturnValue:
    nonce, said = request.form.get("nonce", ""), typed()
    try:
        number = log_ticket(desk(), new_ticket_from(said), actor=identity.viewer(), once=sent_once()).number
    except AlreadyDone as done:
        number = done.data["result"]
        flash(_("You had already sent this form. The ticket is logged once."), "success")
    except KeyReused as reused:
        return _form(new_nonce(), said, {}, already=reused.data["result"]), 409
    except Invalid as error:
        faults = {name: [sentence(text) for text in texts] for name, texts in error.fields.items()}
        return _form(nonce, said, faults), 422
    return redirect(url_for("web.receipt", number=number), 303)


@bp.get("/tickets/<number>/receipt")
def receipt(number: str) -> ResponseReturnValue:
    with reading() as now:
        view = view_ticket(now.connection, now.book, identity.viewer(), number)
        return render("web/receipt.html", now, page=ticket_page(view, now))


def _form(nonce: str, said: Mapping[str, str], faults: Mapping[str, Sequence[str]], already: str = "") -> str:
    with reading() as now:
        shown = fields.again(new_ticket_fields(identity.viewer(), now), said, faults)
        return render("web/new_ticket.html", now, fields=shown, nonce=nonce, already=already)
