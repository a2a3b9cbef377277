"""Corrections: each can be looked at, with its figures before and after, before it is saved."""

from collections.abc import Callable, Mapping

from flask.typing import ResponseReturnValue

from servicedesk.actions import corrections
from servicedesk.core.figures import Effect
from servicedesk.core.rights import Right
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Level
from servicedesk.extensions import desk
from servicedesk.web.blueprint import bp
from servicedesk.web.forms.form import Kind
from servicedesk.web.forms.nonce import sent_once
from servicedesk.web.forms.parsing import chosen, moment, position
from servicedesk.web.forms.submission import submit
from servicedesk.web.identity import viewer
from servicedesk.web.speech import _
from servicedesk.web.ticket import correcting

Typed = Mapping[str, str]


@bp.post("/tickets/<number>/corrections/priority")
def correct_priority(number: str) -> ResponseReturnValue:
    def asked(typed: Typed) -> corrections.Asked:
        levels = chosen(typed, {"impact": Level, "urgency": Level})
        return corrections.priority(position(typed, "event"), moment(typed, "at"), **levels)

    def act(typed: Typed, version: int) -> TicketState:
        levels = chosen(typed, {"impact": Level, "urgency": Level})
        event, at = position(typed, "event"), moment(typed, "at")
        why = typed.get("reason", "")
        return corrections.correct_priority(
            desk(), number, event, **levels, reason=why, at=at, actor=viewer(), expected=version, once=sent_once()
        )

    return _submit(number, correcting.PRIORITY, Right.CORRECT_PRIORITY, act, asked)


@bp.post("/tickets/<number>/corrections/moment")
def correct_moment(number: str) -> ResponseReturnValue:
    def asked(typed: Typed) -> corrections.Asked:
        return corrections.moment(position(typed, "event"), moment(typed, "at"))

    def act(typed: Typed, version: int) -> TicketState:
        event, at, why = position(typed, "event"), moment(typed, "at"), typed.get("reason", "")
        return corrections.correct_moment(
            desk(), number, event, at, why, actor=viewer(), expected=version, once=sent_once()
        )

    return _submit(number, correcting.MOMENT, Right.CORRECT_MOMENT, act, asked)


@bp.post("/tickets/<number>/corrections/wait")
def tell_wait(number: str) -> ResponseReturnValue:
    def asked(typed: Typed) -> corrections.Asked:
        return corrections.wait(typed.get("step", ""), moment(typed, "at"), moment(typed, "until"))

    def act(typed: Typed, version: int) -> TicketState:
        step, at, why = typed.get("step", ""), moment(typed, "at"), typed.get("reason", "")
        until = moment(typed, "until")
        return corrections.tell_wait(
            desk(), number, step, at, why, until, actor=viewer(), expected=version, once=sent_once()
        )

    return _submit(number, correcting.WAIT, Right.TELL_WAIT, act, asked)


def _submit(
    number: str,
    kind: Kind,
    right: Right,
    act: Callable[[Typed, int], TicketState],
    asked: Callable[[Typed], corrections.Asked],
) -> ResponseReturnValue:
    def look(typed: Typed) -> Effect:
        return corrections.foreseen(desk(), number, right, asked(typed), typed.get("reason", ""), actor=viewer())

    return submit(number, kind.if_allowed, act, _("The correction is saved."), look)
