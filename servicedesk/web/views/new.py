"""Logging a ticket, and the receipt to read out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from servicedesk.actions.log import log_ticket
from servicedesk.actions.once import outcome
from servicedesk.core.errors import AlreadyDone, Invalid, KeyReused, Refusal
from servicedesk.core.visibility import Access
from servicedesk.extensions import desk
from servicedesk.store.queries.tickets import view_ticket
from servicedesk.web import identity, names
from servicedesk.web.blueprint import bp
from servicedesk.web.forms import drafts, fields, nonce
from servicedesk.web.forms.new_ticket import (
    foreseen_promise,
    like_tickets,
    narrowed,
    new_ticket_fields,
    new_ticket_from,
)
from servicedesk.web.forms.nonce import new_nonce, sent_once
from servicedesk.web.forms.promise import promise_of
from servicedesk.web.reading import reading
from servicedesk.web.rendering import render, render_block, wants_fragment
from servicedesk.web.speech import _, said, sentence

PARTS = ("promise", "similar")


@dataclass(frozen=True, slots=True)
class Before:
    """Why the form is shown with something in it: a heading and a sentence, or faults beside fields, or the ticket that
    it has become `already`."""

    heading: str = ""
    words: str = ""
    already: str = ""
    faults: Mapping[str, Sequence[str]] = field(default_factory=dict)


@bp.get("/tickets/new")
def new_ticket() -> ResponseReturnValue:
    return _form(new_nonce(), {}, Before())


@bp.post("/tickets/new")
def log() -> ResponseReturnValue:
    """Also what the form asks as it is filled in: `show` renews the promise and what is alike, and logs nothing."""
    typed, showing = nonce.said(), request.form.get(nonce.FIELD, "")
    if "show" in request.form:
        return _form(showing, typed, Before())
    if drafts.is_brought_back():
        return _form(showing, typed, Before(_("You are signed in again"), drafts.not_saved(can_send=True)))
    try:
        with reading() as now:
            new = new_ticket_from(typed, now.installation)
        number = log_ticket(desk(), new, actor=identity.viewer(), once=sent_once()).number
    except AlreadyDone as done:
        number = outcome(done.data["result"]).number
        flash(_("You had already sent this form. The ticket is logged once."), "success")
    except KeyReused as reused:
        what = _("What stands below now is something else, and is not saved. Log it if it is a ticket of its own.")
        already = Before(_("This form has already become a ticket"), what, outcome(reused.data["result"]).number)
        return _form(new_nonce(), typed, already), 409
    except Refusal as refusal:
        return _form(showing, typed, Before(_("That cannot be done now"), said(refusal))), 409
    except Invalid as error:
        faults = {name: [sentence(text) for text in texts] for name, texts in error.fields.items()}
        return _form(showing, typed, Before(faults=faults)), 422
    return redirect(url_for("web.receipt", number=number), 303)


@bp.get("/tickets/<number>/receipt")
def receipt(number: str) -> ResponseReturnValue:
    """For those who log; anybody else who may see the ticket is led to it."""
    with reading() as now:
        view = view_ticket(now.connection, now.book, identity.viewer(), number)
        if view.access is not Access.MUNICIPALITY:
            return redirect(url_for("web.show_ticket", number=number), 303)
        own = names.e_service(now.installation, view.ticket.e_service)
        promise = promise_of(view.ticket, view.clocks, now)
        return render("web/receipt.html", now, view=view, promise=promise, e_service=own)


def _form(showing: str, typed: Mapping[str, str], before: Before) -> str:
    with reading() as now:
        viewer, changed = identity.viewer(), request.headers.get("HX-Trigger-Name", "")
        shown = narrowed(typed, changed, now.installation)
        asked = fields.again(new_ticket_fields(viewer, now, shown), shown, before.faults)
        values = {each.name: each.value for each in asked}
        part = next((name for name in PARTS if wants_fragment(name)), "")
        context = {
            "fields": asked,
            "named": {each.name: each for each in asked},
            "nonce": showing,
            "before": before,
            "promise": foreseen_promise(values, viewer, now) if part != "similar" else None,
            "similar": like_tickets(values, viewer, now) if part != "promise" else [],
            "renew": _FOLLOWS.get(changed, ()) if part == "promise" else (),
        }
        if part:
            return render_block("web/new_ticket.html", part, now, **context)
        return render("web/new_ticket.html", now, **context)


# Which fields are shown anew when another has changed.
_FOLLOWS = {"municipality": ("e_service", "service"), "e_service": ("e_service", "service"), "service": ("e_service",)}
