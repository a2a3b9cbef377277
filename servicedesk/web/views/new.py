"""Logging a ticket, and the receipt to read out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from servicedesk.actions.calls import log_call
from servicedesk.actions.drafts import drop_draft
from servicedesk.actions.once import outcome
from servicedesk.core.errors import AlreadyDone, Invalid, KeyReused, Refusal
from servicedesk.core.requesters import may_give_link
from servicedesk.core.visibility import Access
from servicedesk.core.vocabulary import Relation
from servicedesk.extensions import desk
from servicedesk.store.queries.tickets import view_ticket
from servicedesk.web import identity, names, times
from servicedesk.web.blueprint import bp
from servicedesk.web.calls import drafts
from servicedesk.web.calls.offers import attached, attached_major, offers, taken_answer
from servicedesk.web.calls.people import found_people, picked_person
from servicedesk.web.calls.receipt import grouped, solution_of
from servicedesk.web.forms import fields, nonce
from servicedesk.web.forms.drafts import is_brought_back, not_saved
from servicedesk.web.forms.keeping import saves_sent
from servicedesk.web.forms.new_ticket import (
    call_from,
    closes_at_once,
    foreseen_promise,
    narrowed,
    new_ticket_fields,
)
from servicedesk.web.forms.nonce import new_nonce, sent_once
from servicedesk.web.forms.promise import promise_of
from servicedesk.web.reading import reading
from servicedesk.web.rendering import render, render_block, wants_fragment
from servicedesk.web.requester.told import requester_told
from servicedesk.web.speech import _, said, sentence

PARTS = ("promise", "similar", "people", "attach", "solve")
# What a press fills in: the name of a part of the page, a space, and which of what it offers.
PERSON, ANSWER, ATTACH, DRAFT = "person", "answer", "attach", "draft"


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
    """Empty, or one that has been kept, as it stood."""
    wanted, who = request.args.get("draft", ""), identity.viewer()
    with reading() as now:
        waiting = drafts.waiting(now, actor=who)
        draft = drafts.draft_of(wanted, now, actor=who) if wanted else None
    if draft:
        return _form(draft.form, draft.fields, Before(), saves=draft.saves)
    return _form(new_nonce(), {}, Before(), waiting=waiting)


@bp.post("/tickets/new")
def log() -> ResponseReturnValue:
    """Also what the form asks as it is filled in: with `show` a part is renewed, and nothing logged."""
    typed, showing = nonce.said(), request.form.get(nonce.FIELD, "")
    if "show" in request.form:
        return _shown(request.form["show"], showing, typed)
    if is_brought_back():
        return _form(showing, typed, Before(_("You are signed in again"), not_saved(can_send=True)))
    try:
        with reading() as now:
            call = call_from(typed, showing, now.installation)
        number = log_call(desk(), call, actor=identity.viewer(), once=sent_once()).number
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


@bp.post("/tickets/new/draft")
def keep_draft() -> ResponseReturnValue:
    """What stands in the form now, asked for by the page itself at a pause in the typing."""
    try:
        form, saves = drafts.keep(nonce.said(), actor=identity.viewer())
    except Invalid:
        return {}, 422
    with reading() as now:
        words = _("Draft kept %(when)s", when=times.clock(now.now))
    return {"form": form, "saves": saves, "words": words}


@bp.post("/tickets/new/draft/drop")
def let_draft_go() -> ResponseReturnValue:
    drop_draft(desk(), request.form.get("form", ""), actor=identity.viewer())
    return redirect(url_for("web.new_ticket"), 303)


@bp.get("/tickets/<number>/receipt")
def receipt(number: str) -> ResponseReturnValue:
    """For those who log; anybody else who may see the ticket is led to it."""
    with reading() as now:
        view = view_ticket(now.connection, now.book, identity.viewer(), number)
        if view.access is not Access.MUNICIPALITY:
            return redirect(url_for("web.show_ticket", number=number), 303)
        context = {
            "groups": grouped(view.number),
            "promise": promise_of(view.ticket, view.clocks, now),
            "e_service": names.e_service(now.installation, view.ticket.e_service),
            "belongs_to": [number for relation, number in view.links if relation == Relation.CHILD_OF],
            "is_closed": view.ticket.closed_at is not None,
            "solution": solution_of(view),
            "told": requester_told(view, now) if may_give_link(view.ticket, identity.viewer()) else None,
        }
        return render("web/receipt.html", now, view=view, **context)


def _shown(pressed: str, showing: str, typed: dict[str, str]) -> ResponseReturnValue:
    """The form as it stands after one of its buttons."""
    part, _space, which = pressed.partition(" ")
    who = identity.viewer()
    if part == DRAFT:
        form, saves = drafts.keep(typed, actor=who)
        return _form(form, typed, Before(_("The draft is kept"), _("You find it here for three days.")), saves=saves)
    with reading() as now:
        if part == PERSON:
            typed |= picked_person(which, typed, who, now)
        elif part == ANSWER:
            typed |= taken_answer(which, typed, now)
        elif part == ATTACH:
            typed["attach_to"] = which
    return _form(showing, typed, Before(), after=part)


def _form(
    showing: str,
    typed: Mapping[str, str],
    before: Before,
    *,
    saves: int | None = None,
    waiting: Sequence[drafts.Kept] = (),
    after: str = "",
) -> str:
    """The page, or the part of it that htmx asks for. `after`: the part whose button was pressed."""
    with reading() as now:
        viewer, changed = identity.viewer(), request.headers.get("HX-Trigger-Name", "")
        shown = narrowed(typed, changed, now.installation)
        asked = fields.again(new_ticket_fields(viewer, now, shown), shown, before.faults)
        values = {**{each.name: each.value for each in asked}, **_beside(shown)}
        part = next((name for name in PARTS if wants_fragment(name)), "")

        def wanted(*parts: str) -> bool:
            return not part or part in parts

        context = {
            "fields": asked,
            "named": {each.name: each for each in asked},
            "nonce": showing,
            "saves": saves_sent() if saves is None else saves,
            "before": before,
            "waiting": waiting,
            "promise": foreseen_promise(values, viewer, now) if wanted("promise", "solve") else None,
            "offers": offers(values, viewer, now) if wanted("similar") else None,
            "people": found_people(values, viewer, now) if part == "people" or after == "people" else [],
            "attached": attached(values["attach_to"], viewer, now) if wanted("attach") else None,
            "attached_major": attached_major(values["attach_to"], viewer, now) if wanted("attach") else None,
            "attach_to": values["attach_to"],
            "solved": bool(values["solved"]),
            "can_solve": closes_at_once(values, viewer, now),
            "after": after,
            "part": part,
            "renew": _renewed(part, changed),
        }
        if part:
            return render_block("web/new_ticket.html", part, now, **context)
        return render("web/new_ticket.html", now, **context)


def _beside(shown: Mapping[str, str]) -> dict[str, str]:
    """What is sent that is no field: whether it is solved, and what it is attached to."""
    return {name: shown.get(name, "") for name in ("solved", "attach_to")}


# Which fields are shown anew when another has changed.
_FOLLOWS = {"municipality": ("e_service", "service"), "e_service": ("e_service", "service"), "service": ("e_service",)}


def _renewed(part: str, changed: str) -> tuple[str, ...]:
    if part == "solve":
        return _FOLLOWS["municipality"]
    return _FOLLOWS.get(changed, ()) if part == "promise" else ()
