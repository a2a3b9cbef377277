"""What people write on a ticket."""

from collections.abc import Callable, Mapping

from flask import request
from flask.typing import ResponseReturnValue

from servicedesk.actions import entries
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Audience
from servicedesk.extensions import desk
from servicedesk.web.blueprint import bp
from servicedesk.web.forms.files import sent_files
from servicedesk.web.forms.form import Kind
from servicedesk.web.forms.nonce import sent_once
from servicedesk.web.forms.submission import submit
from servicedesk.web.identity import viewer
from servicedesk.web.speech import _
from servicedesk.web.ticket import writing
from servicedesk.web.ticket.doubts import asking, heed

Typed = Mapping[str, str]
Act = Callable[[Typed, int], TicketState]


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

    return _submit(number, writing.REPLY, Audience.REQUESTER, act, _("The reply is saved."))


@bp.post("/tickets/<number>/notes")
def add_note(number: str) -> ResponseReturnValue:
    """One that was written beside something else goes through: both stand in the timeline, each in its place."""

    def act(typed: Typed, version: int) -> TicketState:
        to_joint = typed.get("audience") == Audience.JOINT
        return entries.note(
            desk(),
            number,
            typed.get("body", ""),
            to_joint=to_joint,
            files=sent_files(),
            actor=viewer(),
            expected=entries.for_the_same_readers(version),
            once=sent_once(),
        )

    audience = Audience.JOINT if request.form.get("audience") == Audience.JOINT else Audience.MUNICIPALITY
    return _submit(number, writing.NOTE, audience, act, _("The note is saved."))


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

    return _submit(number, writing.SUPPLIER_NOTE, Audience.SUPPLIER, act, _("The note is saved."))


@bp.post("/tickets/<number>/supplier-descriptions")
def add_supplier_description(number: str) -> ResponseReturnValue:
    def act(typed: Typed, version: int) -> TicketState:
        return entries.describe_for_supplier(
            desk(), number, typed.get("body", ""), actor=viewer(), expected=version, once=sent_once()
        )

    return _submit(number, writing.SUPPLIER_DESCRIPTION, Audience.SUPPLIER, act, _("The description is saved."))


def _submit(number: str, kind: Kind, audience: Audience, act: Act, done: str) -> ResponseReturnValue:
    """Nothing is sent before whoever wrote it has seen what there is to see to."""

    def heeded(typed: Typed, version: int) -> TicketState:
        heed(number, audience, typed)
        return act(typed, version)

    return submit(number, asking(kind.if_allowed, audience), heeded, done)
