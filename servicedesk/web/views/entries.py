"""What people write on a ticket."""

from collections.abc import Mapping

from flask.typing import ResponseReturnValue

from servicedesk.actions import entries
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Audience
from servicedesk.extensions import desk
from servicedesk.web.blueprint import bp
from servicedesk.web.forms.files import sent_files
from servicedesk.web.forms.nonce import sent_once
from servicedesk.web.forms.submission import submit
from servicedesk.web.identity import viewer
from servicedesk.web.speech import _
from servicedesk.web.ticket import writing

Typed = Mapping[str, str]


@bp.post("/tickets/<number>/replies")
def add_reply(number: str) -> ResponseReturnValue:
    def act(typed: Typed, version: int) -> TicketState:
        return entries.reply(
            desk(),
            number,
            typed.get("body", ""),
            files=sent_files(),
            actor=viewer(),
            expected=version,
            once=sent_once(),
        )

    return submit(number, writing.REPLY.if_allowed, act, _("The reply is saved."))


@bp.post("/tickets/<number>/notes")
def add_note(number: str) -> ResponseReturnValue:
    def act(typed: Typed, version: int) -> TicketState:
        to_joint = typed.get("audience") == Audience.JOINT
        return entries.note(
            desk(),
            number,
            typed.get("body", ""),
            to_joint=to_joint,
            files=sent_files(),
            actor=viewer(),
            expected=version,
            once=sent_once(),
        )

    return submit(number, writing.NOTE.if_allowed, act, _("The note is saved."))


@bp.post("/tickets/<number>/supplier-notes")
def add_supplier_note(number: str) -> ResponseReturnValue:
    def act(typed: Typed, version: int) -> TicketState:
        return entries.note_to_supplier(
            desk(),
            number,
            typed.get("body", ""),
            files=sent_files(),
            actor=viewer(),
            expected=version,
            once=sent_once(),
        )

    return submit(number, writing.SUPPLIER_NOTE.if_allowed, act, _("The note is saved."))


@bp.post("/tickets/<number>/supplier-descriptions")
def add_supplier_description(number: str) -> ResponseReturnValue:
    def act(typed: Typed, version: int) -> TicketState:
        return entries.describe_for_supplier(
            desk(), number, typed.get("body", ""), actor=viewer(), expected=version, once=sent_once()
        )

    return submit(number, writing.SUPPLIER_DESCRIPTION.if_allowed, act, _("The description is saved."))
