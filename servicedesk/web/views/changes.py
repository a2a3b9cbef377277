"""Changes to a ticket outside its workflow."""

from collections.abc import Mapping

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from servicedesk.actions import changes, relations
from servicedesk.core.errors import NotFound
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Fault, Level, Relation
from servicedesk.extensions import desk
from servicedesk.store.queries.tickets import find_ticket
from servicedesk.web.blueprint import bp
from servicedesk.web.forms.nonce import sent_once
from servicedesk.web.forms.parsing import chosen
from servicedesk.web.forms.submission import submit
from servicedesk.web.identity import viewer
from servicedesk.web.reading import reading
from servicedesk.web.speech import _
from servicedesk.web.ticket import changing

Typed = Mapping[str, str]


@bp.post("/tickets/<number>/assignments")
def assign_ticket(number: str) -> ResponseReturnValue:
    def act(typed: Typed, version: int) -> TicketState:
        return changes.assign(
            desk(), number, typed.get("assignee", ""), actor=viewer(), expected=version, once=sent_once()
        )

    return submit(number, changing.ASSIGNMENT.if_allowed, act, _("Done."))


@bp.post("/tickets/<number>/priority")
def set_priority(number: str) -> ResponseReturnValue:
    def act(typed: Typed, version: int) -> TicketState:
        levels = chosen(typed, {"impact": Level, "urgency": Level})
        return changes.change_priority(
            desk(), number, **levels, reason=typed.get("reason", ""), actor=viewer(), expected=version, once=sent_once()
        )

    return submit(number, changing.PRIORITY.if_allowed, act, _("The priority is changed."))


@bp.post("/tickets/<number>/classification")
def set_classification(number: str) -> ResponseReturnValue:
    def act(typed: Typed, version: int) -> TicketState:
        fault = chosen(typed, {"fault": Fault})["fault"]
        service, own, why = (typed.get(name, "") for name in ("service", "e_service", "reason"))
        return changes.classify(
            desk(), number, fault, service, own, why, actor=viewer(), expected=version, once=sent_once()
        )

    return submit(number, changing.CLASSIFICATION.if_allowed, act, _("The classification is saved."))


@bp.post("/tickets/<number>/agreements")
def set_agreement(number: str) -> ResponseReturnValue:
    def act(typed: Typed, version: int) -> TicketState:
        to, why = typed.get("agreement", ""), typed.get("reason", "")
        return changes.change_agreement(desk(), number, to, why, actor=viewer(), expected=version, once=sent_once())

    return submit(number, changing.AGREEMENT.if_allowed, act, _("The ticket is moved to that version."))


@bp.post("/tickets/<number>/municipality")
def set_municipality(number: str) -> ResponseReturnValue:
    """Afterwards the ticket is another municipality's: whoever no longer sees it goes back to the queue."""

    def act(typed: Typed, version: int) -> TicketState:
        to, why = typed.get("municipality", ""), typed.get("reason", "")
        return changes.move_municipality(desk(), number, to, why, actor=viewer(), expected=version, once=sent_once())

    answer = submit(number, changing.MUNICIPALITY.if_allowed, act, _("The ticket is moved."))
    return answer if _is_mine(number) else redirect(url_for("web.queue"), 303)


@bp.post("/tickets/<number>/links")
def add_link(number: str) -> ResponseReturnValue:
    """A link takes nothing from anybody, so it asks for no version."""

    def act(typed: Typed, version: int) -> TicketState:
        relation = chosen(typed, {"relation": Relation})["relation"]
        return relations.link(
            desk(), number, relation, typed.get("number", "").strip(), actor=viewer(), once=sent_once()
        )

    return submit(number, changing.LINK.if_allowed, act, _("The tickets are linked."))


@bp.post("/tickets/<number>/merges")
def add_merge(number: str) -> ResponseReturnValue:
    def act(typed: Typed, version: int) -> TicketState:
        into, why = typed.get("number", "").strip(), typed.get("reason", "")
        return relations.merge(desk(), number, into, why, actor=viewer(), expected=version, once=sent_once())

    return submit(number, changing.MERGE.if_allowed, act, _("The ticket is merged and closed."))


def _is_mine(number: str) -> bool:
    with reading() as now:
        try:
            find_ticket(now.connection, viewer(), number)
        except NotFound:
            return False
    return True
