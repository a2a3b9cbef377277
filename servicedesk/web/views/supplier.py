"""A supplier's own pages: where they begin, and what they tell of a ticket beside its steps."""

from collections.abc import Mapping

from flask import make_response, request
from flask.typing import ResponseReturnValue

from servicedesk.actions import entries
from servicedesk.actions.references import give_reference
from servicedesk.core.errors import NotFound
from servicedesk.extensions import desk
from servicedesk.web.blueprint import bp
from servicedesk.web.forms.nonce import sent_once
from servicedesk.web.forms.submission import submit
from servicedesk.web.identity import viewer
from servicedesk.web.lists.supplier import COOKIE, LONGEST, is_supplier, looked, supplier_page
from servicedesk.web.reading import reading
from servicedesk.web.rendering import render
from servicedesk.web.speech import _
from servicedesk.web.ticket import supplying


@bp.get("/supplier")
def supplier_start() -> ResponseReturnValue:
    if not is_supplier(viewer()):
        raise NotFound("There is no such page, or it is not yours to see.")
    with reading() as now:
        look = looked(request.cookies.get(COOKIE, ""), now.now)
        response = make_response(render("web/supplier.html", now, page=supplier_page(look.since, now)))
    age = int(LONGEST.total_seconds())
    response.set_cookie(COOKIE, look.written, max_age=age, secure=request.is_secure, httponly=True, samesite="Lax")
    return response


@bp.post("/tickets/<number>/updates")
def add_update(number: str) -> ResponseReturnValue:
    def act(typed: Mapping[str, str], version: int) -> object:
        body = typed.get("body", "")
        return entries.update(desk(), number, body, actor=viewer(), expected=version, once=sent_once())

    return submit(number, supplying.update_form, act, _("It is told."))


@bp.post("/tickets/<number>/reference")
def set_reference(number: str) -> ResponseReturnValue:
    def act(typed: Mapping[str, str], version: int) -> object:
        said = typed.get("reference", "")
        return give_reference(desk(), number, said, actor=viewer(), expected=version, once=sent_once())

    return submit(number, supplying.reference_form, act, _("The reference is saved."))
