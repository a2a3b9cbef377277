"""How the requester is reached, and the mails to them that failed."""

from collections.abc import Mapping

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from servicedesk.actions.contact import correct_contact, resend_mail
from servicedesk.core.errors import Refusal
from servicedesk.core.ticket import TicketState
from servicedesk.extensions import desk
from servicedesk.web.blueprint import bp
from servicedesk.web.forms.nonce import sent_once
from servicedesk.web.forms.submission import submit
from servicedesk.web.identity import viewer
from servicedesk.web.requester.contact import WITHDRAWS, contact_form
from servicedesk.web.speech import _, said


@bp.post("/tickets/<number>/requester-contact")
def set_contact(number: str) -> ResponseReturnValue:
    def act(typed: Mapping[str, str], version: int) -> TicketState:
        contact, why = typed.get("requester_contact", ""), typed.get("reason", "")
        withdraws = bool(request.form.get(WITHDRAWS))
        return correct_contact(
            desk(), number, contact, why, withdraws=withdraws, actor=viewer(), expected=version, once=sent_once()
        )

    return submit(number, contact_form, act, _("How the requester is reached is corrected."))


@bp.post("/tickets/<number>/mails/<int(max=9223372036854775807):mail>/resends")
def send_mail_again(number: str, mail: int) -> ResponseReturnValue:
    """Refused, it is said on the ticket: there is nothing in the form that could be lost."""
    try:
        resend_mail(desk(), number, mail, actor=viewer())
        flash(_("The mail is sent again."), "success")
    except Refusal as refusal:
        flash(said(refusal), "danger")
    return redirect(url_for("web.show_ticket", number=number), 303)
