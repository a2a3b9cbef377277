"""Systems that use the API: who they are, what they may do, and what they show. Only for the IT service manager."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from servicedesk.actions import clients as acting
from servicedesk.actions import tokens as showing
from servicedesk.actions.tokens import NewToken
from servicedesk.core.errors import AlreadyDone, Conflict, Invalid, KeyReused, Refusal
from servicedesk.extensions import desk
from servicedesk.store.queries.clients import SECRET
from servicedesk.web import identity
from servicedesk.web.blueprint import bp
from servicedesk.web.clients import forms
from servicedesk.web.clients.ending import forget_ending
from servicedesk.web.clients.page import (
    client_page,
    list_page,
    organisation_name,
    require_duty_here,
    said_since,
    the_client,
    the_token,
)
from servicedesk.web.clients.words import KINDS
from servicedesk.web.forms import drafts, fields
from servicedesk.web.forms.fields import Field
from servicedesk.web.forms.submission import other_than_sent
from servicedesk.web.reading import Reading, reading
from servicedesk.web.rendering import render
from servicedesk.web.speech import _, said, sentence

Faults = Mapping[str, Sequence[str]]


@bp.get("/clients")
def clients() -> ResponseReturnValue:
    require_duty_here()
    with reading() as now:
        return render("web/clients.html", now, page=list_page(now))


@bp.get("/clients/new")
def new_client() -> ResponseReturnValue:
    """First for whom, then what: the organisation decides what a system can be allowed."""
    require_duty_here()
    return _new(request.args.get("organisation", ""), None, {})


@bp.post("/clients")
def create_client() -> ResponseReturnValue:
    require_duty_here()
    typed = forms.typed()
    organisation = typed.get("organisation", "")
    if drafts.is_brought_back():
        return _new(organisation, typed, {})
    try:
        given, once = forms.client_given(typed), forms.sent_once()
        key = acting.create_client(desk(), organisation, given, actor=identity.viewer(), once=once).key
    except AlreadyDone as done:
        key = done.data["result"]
    except KeyReused:
        return _new(organisation, typed, {"name": [other_than_sent()]}), 409
    except Invalid as error:
        return _new(organisation, typed, _faults(error)), 422
    _say(_("The system is there. Now make what it shows to come in."))
    return _to(key)


@bp.get("/clients/<key>")
def show_client(key: str) -> ResponseReturnValue:
    require_duty_here()
    return _client(key)


@bp.get("/clients/<key>/change")
def edit_client(key: str) -> ResponseReturnValue:
    require_duty_here()
    return _edit(key, None, {})


@bp.post("/clients/<key>/change")
def change_client(key: str) -> ResponseReturnValue:
    require_duty_here()
    typed = forms.typed()
    if drafts.is_brought_back():
        return _edit(key, typed, {})
    try:
        given = forms.client_given(typed)
        acting.change_client(desk(), key, given, actor=identity.viewer(), expected=forms.version())
    except Invalid as error:
        return _edit(key, typed, _faults(error)), 422
    except Conflict:
        return _edit(key, typed, {}), 409
    _say(_("Changed. It holds from the next request on."))
    return _to(key)


@bp.post("/clients/<key>/suspension")
def suspend_client(key: str) -> ResponseReturnValue:
    require_duty_here()
    if not drafts.is_brought_back():
        acting.suspend_client(desk(), key, actor=identity.viewer())
        _say(_("The system is suspended: it is refused from the next request on."))
    return _to(key)


@bp.post("/clients/<key>/resumption")
def resume_client(key: str) -> ResponseReturnValue:
    require_duty_here()
    if not drafts.is_brought_back():
        acting.resume_client(desk(), key, actor=identity.viewer())
        _say(_("The system is let in again."))
    return _to(key)


@bp.post("/clients/<key>/tokens")
def make_token(key: str) -> ResponseReturnValue:
    require_duty_here()
    typed = forms.typed()

    def make() -> NewToken:
        ends, once = forms.end_of(typed), forms.sent_once()
        kind, name = typed.get("kind", ""), typed.get("name", "")
        return showing.make_token(desk(), key, kind, name, actor=identity.viewer(), expires_at=ends, once=once)

    return _shown_once(key, typed, make)


@bp.post("/clients/<key>/tokens/<int:token>/rotation")
def rotate_token(key: str, token: int) -> ResponseReturnValue:
    require_duty_here()
    typed = forms.typed()
    with reading() as now:
        the_token(key, token, now)

    def make() -> NewToken:
        overlap, once = forms.overlap_of(typed), forms.sent_once()
        return showing.rotate_token(desk(), token, actor=identity.viewer(), overlap=overlap, once=once)

    return _shown_once(key, {}, make)


@bp.post("/clients/<key>/tokens/<int:token>/revocation")
def revoke_token(key: str, token: int) -> ResponseReturnValue:
    require_duty_here()
    with reading() as now:
        the_token(key, token, now)
    if not drafts.is_brought_back():
        showing.revoke_token(desk(), token, actor=identity.viewer())
        _say(_("Revoked. It opens nothing any more."))
    return _to(key)


def _shown_once(key: str, typed: Mapping[str, str], make: Callable[[], NewToken]) -> ResponseReturnValue:
    """What was made, in the answer itself: at no address of its own, so that nothing can show it again. A form that is
    sent once more makes nothing more."""
    if drafts.is_brought_back():
        return _client(key, typed)
    try:
        new = make()
    except (AlreadyDone, KeyReused):
        _say(_("It has been made already, and cannot be shown again. Revoke it if you did not copy it."))
        return _to(key)
    except Invalid as error:
        return _client(key, typed, _faults(error)), 422
    except Refusal as refusal:
        return _client(key, typed, trouble=said(refusal)), 409
    forget_ending()
    with reading() as now:
        secret, kind = new.kind == SECRET, str(KINDS[new.kind])
        return render("web/client_token.html", now, new=new, kind=kind, is_secret=secret, site=request.root_url), 201


def _say(words: str) -> None:
    """On the next page."""
    forget_ending()
    flash(words, "success")


def _to(key: str) -> ResponseReturnValue:
    return redirect(url_for("web.show_client", key=key), 303)


def _client(key: str, typed: Mapping[str, str] | None = None, faults: Faults | None = None, trouble: str = "") -> str:
    with reading() as now:
        page = client_page(key, now)
        asked = _again(forms.token_fields(now.now), typed, faults or {})
        return render("web/client.html", now, page=page, fields=asked, overlap=forms.overlap_field(), trouble=trouble)


def _new(organisation: str, typed: Mapping[str, str] | None, faults: Faults) -> str:
    with reading() as now:
        place = forms.organisation_field(now, organisation)
        known = any(choice.value == organisation for choice in place.choices)
        name = next((choice.label for choice in place.choices if choice.value == organisation), "")
        asked = forms.client_fields(organisation, now) if organisation and known else ()
        if organisation and not known:
            place = replace(place, faults=(_("Choose one of those that are offered."),))
        return _form(now, _again(asked, typed, faults), place=place, organisation=name)


def _edit(key: str, typed: Mapping[str, str] | None, faults: Faults) -> str:
    with reading() as now:
        client = the_client(key, now)
        asked = _again(forms.client_fields(client.organisation, now, client), typed, faults)
        version, meanwhile = said_since(client, forms.version(), now)
        name = organisation_name(client, now)
        return _form(now, asked, client=client, organisation=name, version=version, meanwhile=meanwhile)


def _form(now: Reading, asked: Sequence[Field], **context: object) -> str:
    return render(
        "web/client_form.html", now, **{"fields": asked, "client": None, "place": None, "meanwhile": (), **context}
    )


def _again(asked: Sequence[Field], typed: Mapping[str, str] | None, faults: Faults) -> tuple[Field, ...]:
    return fields.again(asked, typed or {}, faults)


def _faults(error: Invalid) -> dict[str, list[str]]:
    return {name: [sentence(text) for text in texts] for name, texts in error.fields.items()}
