"""Major incidents: those that go on, one of them, and what is decided for it."""

from collections.abc import Callable, Sequence
from contextlib import suppress

from flask import flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from servicedesk.actions.majors import belonging, leading, learning
from servicedesk.actions.majors.declaring import declare_major
from servicedesk.core.errors import AlreadyDone, Invalid, NotFound
from servicedesk.core.majors import follows, require_leads
from servicedesk.extensions import desk
from servicedesk.store.queries.tickets import view_ticket
from servicedesk.web import identity
from servicedesk.web.addresses import safe_next
from servicedesk.web.blueprint import bp
from servicedesk.web.forms import drafts, fields, nonce
from servicedesk.web.forms.fields import Field
from servicedesk.web.lists.live import PART, live_page
from servicedesk.web.majors import forms
from servicedesk.web.majors.listing import majors_page
from servicedesk.web.majors.page import major_page, offered
from servicedesk.web.reading import reading
from servicedesk.web.rendering import render, wants_fragment
from servicedesk.web.speech import _, sentence


@bp.get("/major-incidents")
def majors() -> ResponseReturnValue:
    """With `before` those that are over and older than the one of this key."""
    if not follows(identity.viewer()):
        raise NotFound("There is no such page, or it is not yours to see.")
    with reading() as now:
        return render("web/majors.html", now, page=majors_page(request.args.get("before", ""), now))


@bp.get("/major-incidents/new")
def new_major() -> ResponseReturnValue:
    """Out of the ticket that is named, or anew, of the service that is named."""
    return _declaring(request.args.get("ticket", ""))


@bp.post("/major-incidents")
def declare_major_incident() -> ResponseReturnValue:
    number = request.form.get("number", "")
    try:
        drafts.look_through_first()
        key = declare_major(desk(), forms.new_major(), actor=identity.viewer(), once=forms.sent_once())
    except AlreadyDone as done:
        key = str(done.data["result"])
    except Invalid as error:
        return _declaring(number, error), 422
    flash(_("The major incident is declared. It is now offered first to whoever logs a ticket."), "success")
    return redirect(url_for("web.show_major", key=key), 303)


@bp.get("/major-incidents/<key>")
def show_major(key: str) -> ResponseReturnValue:
    return _page(key)


@bp.post("/major-incidents/<key>/tickets")
def attach_to_major(key: str) -> ResponseReturnValue:
    numbers = forms.typed()["tickets"].split()
    return _decided(
        key,
        "attach",
        lambda: leading.attach_all(desk(), key, numbers, actor=identity.viewer(), once=forms.sent_once()),
        _("The tickets are being attached."),
    )


@bp.post("/major-incidents/<key>/messages")
def tell_affected(key: str) -> ResponseReturnValue:
    said, who = forms.typed(), identity.viewer()
    text, audience, public = said.get("text", ""), said.get("audience", ""), bool(said["public"])
    return _decided(
        key,
        "tell",
        lambda: leading.tell_all(desk(), key, text, audience, actor=who, in_public=public, once=forms.sent_once()),
        _("All who are affected are being told."),
    )


@bp.post("/major-incidents/<key>/resolution")
def resolve_major(key: str) -> ResponseReturnValue:
    said, who = forms.typed(), identity.viewer()
    solution, code = said.get("solution", ""), said.get("resolution_code", "")
    return _decided(
        key,
        "resolve",
        lambda: leading.resolve_all(desk(), key, solution, code, actor=who, once=forms.sent_once()),
        _("The major incident is over, and its solution goes to every ticket."),
    )


@bp.post("/major-incidents/<key>/learned")
def write_learned(key: str) -> ResponseReturnValue:
    said, who = forms.typed(), identity.viewer()
    return _decided(
        key,
        "learn",
        lambda: learning.write_learned(desk(), key, said, actor=who, once=forms.sent_once()),
        _("What was learned is saved. The municipalities that it concerned can read it."),
    )


@bp.post("/major-incidents/<key>/acts/<int:act>/again")
def try_major_again(key: str, act: int) -> ResponseReturnValue:
    leading.try_again(desk(), key, act, actor=identity.viewer())
    return redirect(url_for("web.show_major", key=key), 303)


@bp.post("/tickets/<number>/major-incident")
def attach_ticket(number: str) -> ResponseReturnValue:
    key = request.form.get("incident", "")
    if drafts.is_brought_back():
        return _not_yet(number)
    with suppress(AlreadyDone):
        belonging.attach(desk(), number, key, actor=identity.viewer(), once=nonce.sent_once())
    flash(_("The ticket is attached to the major incident."), "success")
    return _onward(number)


@bp.post("/tickets/<number>/major-incident/detachment")
def detach_ticket(number: str) -> ResponseReturnValue:
    """Whoever loses sight of it by that goes back to where they came from."""
    if drafts.is_brought_back():
        return _not_yet(number)
    with suppress(AlreadyDone):
        belonging.detach(desk(), number, actor=identity.viewer(), once=nonce.sent_once())
    flash(_("The ticket is detached from the major incident."), "success")
    return _onward(number)


def _not_yet(number: str) -> ResponseReturnValue:
    flash(_("You are signed in again. Nothing has been done yet."))
    return redirect(url_for("web.show_ticket", number=number), 303)


def _onward(number: str) -> ResponseReturnValue:
    return redirect(safe_next(request.form.get("next"), url_for("web.show_ticket", number=number)), 303)


def _decided(key: str, form: str, decide: Callable[[], object], done: str) -> ResponseReturnValue:
    try:
        drafts.look_through_first()
        decide()
    except AlreadyDone:
        pass
    except Invalid as error:
        return make_response(_page(key, form, error), 422)
    flash(done, "success")
    return redirect(url_for("web.show_major", key=key), 303)


def _declaring(number: str, error: Invalid | None = None) -> str:
    require_leads(identity.viewer())
    with reading() as now:
        view = view_ticket(now.connection, now.book, identity.viewer(), number) if number else None
        asked = forms.declaring(now, view, request.args.get("service", ""))
        return render("web/major_form.html", now, fields=_again(asked, error), view=view)


def _page(key: str, at: str = "", error: Invalid | None = None) -> ResponseReturnValue:
    """`at`: the form that was at fault."""
    with reading() as now:
        page = major_page(key, now)
        if wants_fragment(PART):
            return live_page("web/major.html", now, page)
        acts = page.is_leader and page.is_open
        told = forms.telling(bool(page.major.disruption)) if acts else ()
        solved = forms.resolving() if acts else ()
        learns = forms.learning(page.learned) if page.is_leader and not page.is_open else ()
        return live_page(
            "web/major.html",
            now,
            page,
            tell=_again(told, error) if at == "tell" else told,
            resolve=_again(solved, error) if at == "resolve" else solved,
            learn=_again(learns, error) if at == "learn" else learns,
            offered=offered(page.major, now) if page.is_open else None,
            fault=error if error and error.fields and at == "attach" else None,
            at=at,
        )


def _again(asked: Sequence[Field], error: Invalid | None) -> Sequence[Field]:
    if error is None:
        return asked
    faults = {name: [sentence(text) for text in texts] for name, texts in error.fields.items()}
    return fields.again(asked, forms.typed(), faults)
