"""People, changed in pages: who works here, in which roles, and how they get in."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from servicedesk.actions.administering import invitations as inviting
from servicedesk.actions.administering import people as acting
from servicedesk.actions.administering.people import PersonGiven, membership
from servicedesk.core.errors import AlreadyDone, Invalid, KeyReused, NotFound
from servicedesk.core.facts import Membership
from servicedesk.core.vocabulary import Role
from servicedesk.extensions import desk
from servicedesk.web import identity
from servicedesk.web.administration import people as forms
from servicedesk.web.administration.seeing import require_administration
from servicedesk.web.administration.sending import seen, send, sent_once, show, typed
from servicedesk.web.blueprint import bp
from servicedesk.web.forms import drafts
from servicedesk.web.reading import reading
from servicedesk.web.rendering import render, render_plain
from servicedesk.web.speech import _, sentence


@bp.get("/administration/new/person")
def new_person() -> ResponseReturnValue:
    return show(forms.new_person)


@bp.post("/administration/new/person")
def create_person() -> ResponseReturnValue:
    def act() -> str:
        key = acting.add_person(desk(), _given(), _seat(), actor=identity.viewer(), once=sent_once())
        return _page_of(key)

    return send(forms.new_person, act, _("The person is there. Make a link by which they set a password."))


@bp.get("/administration/person/<key>/change")
def edit_person(key: str) -> ResponseReturnValue:
    return show(lambda now: forms.edit_person(key, now))


@bp.post("/administration/person/<key>/change")
def change_person(key: str) -> ResponseReturnValue:
    def act() -> str:
        acting.change_person(desk(), key, _given(), actor=identity.viewer(), seen=seen())
        return _page_of(key)

    return send(lambda now: forms.edit_person(key, now), act, _("Saved."))


@bp.get("/administration/person/<key>/seats")
def offer_seat(key: str) -> ResponseReturnValue:
    return show(lambda now: forms.seat_form(key, now))


@bp.post("/administration/person/<key>/seats")
def give_seat(key: str) -> ResponseReturnValue:
    def act() -> str:
        acting.give_seat(desk(), key, _seat(), actor=identity.viewer(), seen=seen())
        return _page_of(key)

    return send(lambda now: forms.seat_form(key, now), act, _("The role is given, and holds from now on."))


@bp.get("/administration/person/<key>/seats/<team>/<role>")
def ask_take_seat(key: str, team: str, role: str) -> ResponseReturnValue:
    return show(lambda now: forms.take_form(key, team, role, now))


@bp.post("/administration/person/<key>/seats/<team>/<role>")
def take_seat(key: str, team: str, role: str) -> ResponseReturnValue:
    def act() -> str:
        if role not in list(Role):
            raise NotFound("There is no such role to take away.")
        given = {name: typed().get(name, "") for name in ("reason", "to")}
        acting.take_seat(desk(), key, team, Role(role), actor=identity.viewer(), seen=seen(), **given)
        return _page_of(key)

    return send(lambda now: forms.take_form(key, team, role, now), act, _("The role is taken away."))


@bp.get("/administration/person/<key>/end")
def ask_end_person(key: str) -> ResponseReturnValue:
    return show(lambda now: forms.end_form(key, now))


@bp.post("/administration/person/<key>/end")
def end_person(key: str) -> ResponseReturnValue:
    def act() -> str:
        given = {name: typed().get(name, "") for name in ("reason", "to")}
        acting.end_person(desk(), key, actor=identity.viewer(), seen=seen(), **given)
        return _page_of(key)

    return send(lambda now: forms.end_form(key, now), act, _("The account is closed, and the person signed out."))


@bp.post("/administration/person/<key>/invitation")
def invite_person(key: str) -> ResponseReturnValue:
    """The link stands in the answer itself and is shown once."""
    require_administration()
    if drafts.is_brought_back():
        return redirect(_page_of(key), 303)
    try:
        new = inviting.invite(desk(), key, actor=identity.viewer(), once=sent_once())
    except (AlreadyDone, KeyReused):
        flash(_("The link has been made already, and cannot be shown again. Make a new one."), "success")
        return redirect(_page_of(key), 303)
    with reading() as now:
        address = url_for("web.invitation", token=new.token, _external=True)
        name = now.installation.people[key].name
        return render("web/invitation_link.html", now, address=address, name=name, key=key, ends=new.expires_at), 201


@bp.get("/invitations/<token>")
def invitation(token: str) -> ResponseReturnValue:
    person = inviting.invited(desk(), token)
    return render_plain("web/invitation.html", email=person.email, token=token, faults={})


@bp.post("/invitations/<token>")
def accept_invitation(token: str) -> ResponseReturnValue:
    try:
        inviting.accept_invitation(desk(), token, request.form.get("password", ""), request.form.get("again", ""))
    except Invalid as error:
        faults = {name: [sentence(text) for text in texts] for name, texts in error.fields.items()}
        person = inviting.invited(desk(), token)
        return render_plain("web/invitation.html", email=person.email, token=token, faults=faults), 422
    flash(_("The password is set. Sign in with it."), "success")
    return redirect(url_for("web.sign_in"), 303)


def _given() -> PersonGiven:
    said = typed()
    return PersonGiven(said.get("name", ""), said.get("email", ""), said.get("phone", ""), said.get("language", ""))


def _seat() -> Membership | None:
    with desk().reading() as connection:
        installation = desk().book(connection).installation
    return membership(installation, typed().get("seat", ""), lead="lead" in request.form.getlist("lead"))


def _page_of(key: str) -> str:
    return url_for("web.show_part", kind="person", key=key)
